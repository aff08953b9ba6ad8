"""Our own annotated texts are sound, and the model that is trained on two thirds of them reads the other third."""

import json
from pathlib import Path

import pytest

from nlp.annotation import GROUPS
from nlp.gazetteer import Gazetteer
from nlp.sentence_kinds import NONE, kinds_of_sentences
from nlp.training import links as link_training
from nlp.training.statements import labels_of, read_pairs, readings, split, train
from nlp.vocabulary import load_vocabulary

FOLDER = Path(__file__).parent / "statements"


@pytest.fixture(scope="module")
def pairs():
    return read_pairs(FOLDER)


def test_there_are_enough_texts_in_both_languages(pairs):
    ids = [record["id"] for record, _ in pairs]
    assert len(set(ids)) == len(ids)
    for prefix, least in (("zs-", 200), ("es-", 200), ("zd-", 30), ("ed-", 30)):
        assert sum(identifier.startswith(prefix) for identifier in ids) >= least


def test_every_annotation_is_grounded(pairs):
    for record, gold in pairs:
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


def test_the_model_reads_texts_that_it_was_not_trained_on(pairs):
    _, held = split(pairs)
    right = total = spotted = due = 0
    for reading, gold in readings(held):
        for label, probabilities in zip(labels_of(reading, gold), kinds_of_sentences(reading), strict=True):
            likeliest = max(probabilities, key=probabilities.get)
            right += likeliest == label
            total += 1
            due += label != NONE
            spotted += label != NONE and likeliest != NONE
            assert abs(sum(probabilities.values()) - 1) < 1e-6
    assert right / total > 0.5
    assert spotted / due > 0.65


def test_training_is_reproducible(pairs, tmp_path):
    for name in ("one", "two"):
        train(tmp_path / name, pairs[::12])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_the_held_out_texts_are_a_third_and_stay_apart(pairs):
    trained, held = split(pairs)
    assert len(held) == -(-len(pairs) // 3)
    names = [json.dumps(record) for record, _ in trained]
    assert not any(json.dumps(record) in names for record, _ in held)


def test_links_between_annotated_statements_are_found(pairs):
    precision, recall = link_training.measure(split(pairs)[1])
    assert 2 * precision * recall / (precision + recall) > 0.55


def test_training_of_links_is_reproducible(pairs, tmp_path):
    for name in ("one", "two"):
        link_training.train(tmp_path / name, pairs[::12])
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_nobody_in_the_texts_is_a_real_person_or_organisation_that_we_know(pairs):
    gazetteer = Gazetteer(load_vocabulary())
    known = [
        (record["id"], entity["surface"])
        for record, gold in pairs
        for entity in gold["entities"]
        if entity["type"] != "MODEL"
        for form in gazetteer.lookup(entity["surface"])
        if form.strength != "weak"
    ]
    assert known == []
