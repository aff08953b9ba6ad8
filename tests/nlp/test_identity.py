"""Are two names one? Lists of pairs by kind of variation, half of them outside the vocabulary, and what must never be joined."""

from collections import Counter
from pathlib import Path

import pytest

from nlp.clusters import Named, cluster
from nlp.identity import Identity
from nlp.resolve import Resolver
from nlp.vocabulary import load_vocabulary

KINDS = {"PERSON": "person", "ORG": "organization", "MODEL": "model"}
LISTS = ("pairs.tsv", "pairs_held_out.tsv")  # the second was never read by those who wrote the rules


def read_pairs(name):
    lines = Path(__file__).with_name(name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines]


@pytest.fixture(scope="module")
def identity():
    return Identity(load_vocabulary())


@pytest.fixture(scope="module")
def resolver():
    return Resolver(load_vocabulary())


@pytest.fixture(scope="module")
def counts(identity):
    """How often each answer was given, by list, half and type."""
    told = Counter()
    for name in LISTS:
        for kind, _, half, wanted, one, other in read_pairs(name):
            same = identity.decide(one, other, KINDS[kind]).same
            told[name, half, kind, wanted == "same", same] += 1
    return told


@pytest.mark.parametrize("half", ["known", "unlisted"])
@pytest.mark.parametrize("name", LISTS)
def test_pairs_are_decided_as_an_editor_would(counts, name, half):
    def number(wanted, same):
        return sum(n for key, n in counts.items() if key[:2] == (name, half) and key[3:] == (wanted, same))

    right, wrong, missed = number(True, True), number(False, True), number(True, False)
    precision, recall = right / (right + wrong), right / (right + missed)
    print(f"{name}, {half}: precision {precision:.3f}, recall {recall:.3f}")
    assert precision >= 0.98
    assert recall >= 0.89


def test_the_lists_are_long_and_half_outside_the_vocabulary():
    for name in LISTS:
        halves = Counter(row[2] for row in read_pairs(name))
        assert halves["known"] == halves["unlisted"] >= 100


def test_a_decision_is_the_same_both_ways(identity):
    for kind, _, _, _, one, other in read_pairs("pairs.tsv"):
        there, back = (identity.decide(*pair, KINDS[kind]) for pair in ((one, other), (other, one)))
        assert (there.same, there.reason == "listed apart") == (back.same, back.reason == "listed apart"), (one, other)


@pytest.mark.parametrize(
    ("kind", "one", "other", "reason"),
    [
        ("person", "贾扬清", "Yangqing Jia", "listed"),
        ("person", "范若溪", "Ruoxi Fan", "pinyin"),
        ("person", "范若溪", "FAN Ruo-Xi", "pinyin"),
        ("person", "蔡轩芸", "Tsai Hsuan-Yun", "Wade-Giles"),
        ("person", "梁绮珊", "Leung Yee Shan", "Cantonese"),
        ("person", "托马斯·奥杜雅", "Thomas Oduya", "transliteration"),
        ("person", "Matthew Oduya", "Matt Oduya", "short given name"),
        ("person", "@tamsinoduya", "Tamsin Oduya", "account name"),
        ("organization", "阿里", "Alibaba Group", "listed"),
        ("organization", "杭州澄舟智能科技有限公司", "澄舟智能", "descriptor"),
        ("organization", "Lumenfold Labs, Inc.", "Lumenfold Labs", "legal form"),
        ("organization", "Lumenfold (formerly Paperlarch)", "Paperlarch", "former name"),
        ("model", "LLaMA-2", "Llama 2", "parts"),
        ("model", "通义千问 2.5 14B", "Qwen2.5-14B", "parts"),
        ("model", "霜序2-7B", "Shuangxu2-7B", "pinyin"),
        ("model", "nordholm/Marlowen-7B-Chat-GGUF", "marlowen 7b chat", "parts"),
    ],
)
def test_two_names_of_one_and_why(identity, kind, one, other, reason):
    decision = identity.decide(one, other, kind)
    assert (decision.same, decision.reason) == (True, reason)
    assert decision.why
    assert decision.confidence > 0.5


@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        ("person", "张弛", "张驰"),
        ("person", "Tamsin Oduya", "Femi Oduya"),
        ("person", "James Scott", "Scott James"),
        ("person", "Hugo Brandt Jr.", "Hugo Brandt Sr."),
        ("organization", "百度", "百川智能"),
        ("organization", "DeepSeek", "DeepMind"),
        ("organization", "智谱", "智源"),
        ("organization", "Google", "Google DeepMind"),
        ("organization", "Alibaba", "Alibaba Cloud"),
        ("organization", "Lumenfold", "Lumenfold Research"),
        ("organization", "澄舟智能", "澄舟科技"),
        ("model", "Llama 2", "Llama 3"),
        ("model", "Baichuan-7B", "Baichuan2-7B"),
        ("model", "Marlowen-7B", "Marlowen-7B-Chat"),
        ("model", "Marlowen-8x7B", "Marlowen-7B"),
    ],
)
def test_two_names_of_two(identity, kind, one, other):
    assert not identity.decide(one, other, kind).same


def test_a_name_that_fits_two_people_joins_neither(resolver):
    names = ["范若溪", "范若曦", "Ruoxi Fan", "Ruoxi Fan"]
    ids = [entity.id for entity in resolver.resolve_all([(name, "person") for name in names])]
    assert len(set(ids)) == 3
    assert ids[2] == ids[3]


def test_the_ids_of_a_list_do_not_depend_on_its_order(resolver):
    asked = [(name, KINDS[row[0]]) for row in read_pairs("pairs.tsv") for name in row[4:]]
    forward = dict(zip(asked, resolver.resolve_all(asked), strict=True))
    backward = dict(zip(asked[::-1], resolver.resolve_all(asked[::-1]), strict=True))
    assert {key: entity.id for key, entity in forward.items()} == {key: entity.id for key, entity in backward.items()}


def test_what_is_listed_stays_apart_whatever_links_it():
    listed = [Named(id=f"person:{n}", kind="person", names=(f"Ana {n}",), fixed=True) for n in ("one", "two")]
    between = Named(id="person:x", kind="person", names=("安娜", "Ana one", "Ana two"))
    joined = cluster([*listed, between])
    assert "person:one" not in joined
    assert "person:two" not in joined
