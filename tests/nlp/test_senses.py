"""The lexicon of senses keeps its schema, holds no names, and says the same of both languages."""

import tomllib
from collections import Counter
from importlib.resources import files
from itertools import chain, pairwise

import pytest

from nlp.cues import expand
from nlp.errors import VocabularyError
from nlp.folding import fold
from nlp.senses import SenseFinder, built_in_senses, read_senses
from nlp.vocabulary import load_vocabulary

GOOD = {"name": "similarity", "gloss": "being alike", "en": ["match{,es}"], "zh": ["雷同"]}
MOST_WORDS_OF_A_PHRASE = 4


@pytest.fixture(scope="module")
def table():
    return tomllib.loads((files("nlp") / "data" / "senses.toml").read_text(encoding="utf-8"))


def words_of(sense, *languages):
    return [word for language in languages or ("en", "zh") for pattern in sense[language] for word in expand(pattern)]


def senses_of(text):
    return {sense for _, _, sense in built_in_senses().find(fold(text))}


def test_a_good_table_is_read():
    assert read_senses({"sense": [GOOD]}) == {
        "match": ("similarity",),
        "matches": ("similarity",),
        "雷同": ("similarity",),
    }


def test_a_word_may_belong_to_several_senses():
    words = read_senses({"sense": [GOOD, GOOD | {"name": "copying"}]})
    assert words["雷同"] == ("similarity", "copying")


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"colour": "red"}, "unknown field 'colour'"),
        ({"en": []}, "en has no words"),
        ({"zh": []}, "zh has no words"),
        ({"zh": "雷同"}, "write a list of words"),
        ({"en": ["match", 1]}, "write a list of words"),
        ({"en": None}, "write a list of words"),
        ({"en": ["Match"]}, "not in lower case"),
        ({"zh": ["實錘"]}, "not in lower case and plain signs; write '实锤'"),
        ({"en": ["match", "match{,es}"]}, "'match' is given twice"),
        ({"en": ["match", ""]}, "is empty"),
        ({"en": [" match"]}, "spaces around"),
        ({"name": "Being alike"}, "short noun in lower case"),
        ({"name": None}, "short noun in lower case"),
        ({"gloss": " "}, "needs a gloss"),
    ],
)
def test_a_bad_sense_is_named(change, message):
    with pytest.raises(VocabularyError, match=message):
        read_senses({"sense": [GOOD | change]})


def test_a_name_is_given_once():
    with pytest.raises(VocabularyError, match="sense 2: the name 'similarity' is given twice"):
        read_senses({"sense": [GOOD, GOOD]})


def test_other_tables_are_refused():
    with pytest.raises(VocabularyError, match="unknown table 'senses'"):
        read_senses({"senses": [GOOD]})
    with pytest.raises(VocabularyError, match="two brackets"):
        read_senses({"sense": GOOD})


def test_english_is_matched_as_whole_words_and_chinese_anywhere():
    finder = SenseFinder({"match": ("similarity",), "雷同": ("similarity",)})
    assert finder.find("mismatch rematched match_all match2") == []
    assert finder.find("a match, match-making") == [(2, 7, "similarity"), (9, 14, "similarity")]
    assert finder.find("match雷同match") == [(0, 5, "similarity"), (5, 7, "similarity"), (7, 12, "similarity")]
    assert finder.find("高度雷同的") == [(2, 4, "similarity")]
    assert finder.find("") == []


def test_the_longest_of_a_sense_wins_and_senses_may_overlap():
    finder = SenseFinder(
        {"甲乙": ("one",), "乙丙丁": ("one", "two"), "丁戊": ("one",), "戊己": ("one",), "丙": ("two",)}
    )
    assert finder.find("甲乙丙丁戊己") == [(1, 4, "one"), (1, 4, "two"), (4, 6, "one")]
    assert SenseFinder({"哈哈": ("mockery",)}).find("哈哈哈哈哈") == [(0, 2, "mockery"), (2, 4, "mockery")]


def test_matches_are_in_order_and_those_of_a_sense_apart():
    text = fold(
        "该团队回应称，所谓抄袭并不存在，模型从零训练。They denied it, but the weights are nearly identical. " * 200
    )
    found = built_in_senses().find(text)
    assert found == sorted(found)
    for sense in {sense for _, _, sense in found}:
        spans = [(start, end) for start, end, name in found if name == sense]
        assert all(end <= start for (_, end), (start, _) in pairwise(spans)), sense


def test_the_lexicon_is_large_in_both_languages(table):
    assert len(table["sense"]) >= 70
    sizes = {
        (sense["name"], language): len(words_of(sense, language))
        for sense in table["sense"]
        for language in ("en", "zh")
    }
    assert {key: size for key, size in sizes.items() if size < 40} == {}


def test_each_language_is_written_in_its_own_words(table):
    for sense in table["sense"]:
        assert [word for word in words_of(sense, "zh") if not any("\u4e00" <= sign <= "\u9fff" for sign in word)] == []
        assert [word for word in words_of(sense, "en") if any("\u4e00" <= sign <= "\u9fff" for sign in word)] == []


def test_no_word_stands_twice_in_a_sense(table):
    for sense in table["sense"]:
        assert [word for word, number in Counter(words_of(sense)).items() if number > 1] == [], sense["name"]


def test_english_phrases_are_short(table):
    words = chain.from_iterable(words_of(sense, "en") for sense in table["sense"])
    assert [word for word in words if len(word.split()) > MOST_WORDS_OF_A_PHRASE] == []


def test_no_entry_is_a_name(table):
    vocabulary = load_vocabulary()
    names = {
        fold(name)
        for entry in (*vocabulary.people, *vocabulary.organizations)
        for name in (entry.en, entry.zh, *entry.aliases)
        if name
    }
    names |= {fold(handle) for person in vocabulary.people for handle in person.handles}
    names |= {fold(name) for organization in vocabulary.organizations for name in organization.weak}
    names |= {fold(name) for family in vocabulary.families for name in (*family.names, *family.members)}
    assert {word for sense in table["sense"] for word in words_of(sense)} & names == set()


@pytest.mark.parametrize(
    ("zh", "en", "senses"),
    [
        ("两份代码如出一辙", "the two files are indistinguishable", {"similarity"}),
        (
            "该公司矢口否认，称指控毫无根据",
            "the firm flatly denied it and called it baseless",
            {"denying", "contesting"},
        ),
        ("我们诚恳道歉，这是一次疏忽", "we apologise; it was an oversight", {"apology", "fault", "first_person"}),
        ("有人扒出这是套壳", "somebody found it is a thin wrapper", {"relabelling", "discovery", "crowd"}),
        (
            "仓库已删除，创始人拒绝置评",
            "the repo was deleted and its founder declined to comment",
            {"withdrawal", "silence", "role"},
        ),
        (
            "据传他们白嫖了训练数据",
            "rumour has it they stole the training data",
            {"hearsay", "stealing", "training_use"},
        ),
        ("这是行业惯例，没什么大不了", "it is common practice and no big deal", {"common_practice", "minimising"}),
        ("正式发布，性能超越", "now available, and it outperforms", {"release", "performance"}),
        ("笑死，啪啪打脸", "lmao, what a joke", {"mockery"}),
        ("承诺三天内补充署名", "they promise to add attribution within days", {"promise", "attribution"}),
    ],
)
def test_the_same_is_said_in_both_languages(zh, en, senses):
    assert senses <= senses_of(zh), senses - senses_of(zh)
    assert senses <= senses_of(en), senses - senses_of(en)


def test_a_statement_that_holds_nothing_has_no_sense():
    assert senses_of("xyzzy 鑫淼") == set()
