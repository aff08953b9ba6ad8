"""Our own annotated texts are sound, and the models that are trained on most of them read the others."""

from itertools import chain
from pathlib import Path

import pytest

from nlp.annotation import GROUPS
from nlp.gazetteer import Gazetteer
from nlp.links import find_links
from nlp.speakers import SpeakerFinder
from nlp.statement_kinds import kinds_of
from nlp.statement_spans import find_spans
from nlp.training.annotated import KINDS, UNSEEN, read_marked, read_pairs, readings, statements_of
from nlp.training.statements import FILES, as_statement, train_all
from nlp.vocabulary import load_vocabulary

FOLDER = Path(__file__).parent / "statements"
LINKS = {"responds_to", "supports", "disputes", "repeats"}


@pytest.fixture(scope="module")
def pairs():
    return read_pairs(FOLDER)


@pytest.fixture(scope="module")
def marked():
    return read_marked(FOLDER)


@pytest.fixture(scope="module")
def unseen():
    return read_pairs(UNSEEN)


@pytest.fixture(scope="module")
def held(unseen):
    """A third of the texts that nothing was trained on, with their annotation."""
    return list(readings(unseen[::3]))


def test_there_are_enough_texts_in_both_languages(pairs, marked):
    ids = [record["id"] for record, _ in pairs]
    assert len(set(ids)) == len(ids)
    for prefix, least in (("zs-", 200), ("es-", 200), ("z", 450), ("e", 450)):
        assert sum(identifier.startswith(prefix) for identifier in ids) >= least
    for language in ("zh", "en"):
        assert sum(record["lang"] == language for record, _ in marked) >= 3000


def test_every_annotation_is_grounded(pairs, unseen):
    for record, gold in pairs + unseen:
        assert record["id"] == gold["id"]
        text, known = record["text"], {entity["canonical"] for entity in gold["entities"]}
        assert all(entity["surface"] in text for entity in gold["entities"]), record["id"]
        numbers = {statement["n"] for statement in gold["statements"]}
        for statement in gold["statements"]:
            assert statement["kind"] in GROUPS, record["id"]
            assert statement["evidence"] in text, (record["id"], statement["n"])
            assert {statement["actor"], *statement["targets"]} - {None} <= known, (record["id"], statement["n"])
        for link in gold["links"]:
            assert {link["from"], link["to"]} <= numbers and link["from"] != link["to"], record["id"]
            assert link["type"] in LINKS, record["id"]


def test_marked_sentences_are_sound(marked):
    texts = [record["text"] for record, _ in marked]
    assert len(set(texts)) == len(texts)
    for record, gold in marked:
        assert not set("[]") & set(record["text"]), record["id"]
        assert all(entity["type"] in KINDS and entity["surface"] in record["text"] for entity in gold["entities"])
        assert all(statement["kind"] in GROUPS for statement in gold["statements"]), record["id"]


def test_ordinary_news_holds_no_charge(pairs, unseen):
    for record, gold in pairs + unseen:
        if record["dispute"] == "none" and len(record["text"]) > 300:
            kinds = {GROUPS[statement["kind"]] for statement in gold["statements"]}
            assert kinds <= {"announcing", "other"}, record["id"]


def test_the_spans_of_unseen_texts_are_found(held):
    told = due = met = 0
    for reading, gold in held:
        annotated = statements_of(reading, gold)
        spans = find_spans(reading)
        told, due = told + len(spans), due + len(annotated)
        whole = [(span.pieces[0][0], span.pieces[-1][1]) for span in spans]
        met += sum(any(2 * (min(y, a.end) - max(x, a.start)) > a.end - a.start for x, y in whole) for a in annotated)
        assert all(0 < span.probability <= 1 for span in spans)
    assert met / due > 0.5 and told < 0.8 * due


def test_the_kinds_of_unseen_statements_are_found(held):
    right = same = total = 0
    for reading, gold in held:
        annotated = statements_of(reading, gold)
        for each, weighed in zip(annotated, kinds_of(reading, [(a.start, a.end) for a in annotated]), strict=True):
            likeliest = max(weighed, key=weighed.get)
            right += likeliest == each.kind
            same += GROUPS[likeliest] == GROUPS[each.kind]
            total += 1
            assert abs(sum(weighed.values()) - 1) < 1e-6
    assert right / total > 0.74 and same / total > 0.79


def test_the_speakers_of_unseen_statements_are_found(held):
    right = total = 0
    for reading, gold in held:
        finder = SpeakerFinder(reading)
        for each in statements_of(reading, gold):
            speaker = finder.find((each.start, each.end), each.kind)
            right += speaker.entity in each.actors if speaker.entity else not each.actors
            total += 1
    assert right / total > 0.75


def test_links_between_annotated_statements_are_found(held):
    right = told = due = 0
    for reading, gold in held:
        found = statements_of(reading, gold)
        reading.statements = [as_statement(reading, gold, each) for each in found]
        links = {(str(link["from"]), str(link["to"])) for link in gold["links"]}
        told_links = {(link.source, link.target) for link in find_links(reading)}
        right, told, due = right + len(links & told_links), told + len(told_links), due + len(links)
    assert 2 * right / (told + due) > 0.57


def test_training_is_reproducible(pairs, marked, tmp_path):
    for copy in ("1", "2"):
        (tmp_path / copy).mkdir()
        list(train_all(tmp_path / copy, pairs[::12], marked[::12]))
    for name in FILES:
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


def test_no_text_and_hardly_a_name_of_the_unseen_ones_is_trained_on(pairs, unseen):
    """A word that is a name in both sets may well be: there are only so many plain ones."""
    assert len(unseen) >= 300
    assert not {record["text"] for record, _ in pairs} & {record["text"] for record, _ in unseen}
    names, others = ({e["surface"] for _, gold in rows for e in gold["entities"]} for rows in (pairs, unseen))
    assert len(names & others) < 0.05 * len(others)


def test_nobody_in_the_texts_is_a_real_person_or_organisation_that_we_know(pairs, unseen, marked):
    gazetteer = Gazetteer(load_vocabulary())
    known = [
        (record["id"], entity["surface"])
        for record, gold in chain(pairs, unseen, marked)
        for entity in gold["entities"]
        if entity["type"] != "MODEL"
        for form in gazetteer.lookup(entity["surface"])
        if form.strength != "weak"
    ]
    assert known == []
