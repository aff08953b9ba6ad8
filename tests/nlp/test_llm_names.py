"""Speakers and targets that a language model gives are those that we find near the words, and no others."""

import pytest

from tests.nlp.llm_server import reply, statement
from tests.nlp.llm_texts import (
    CHARGE,
    DENIAL,
    DOUBT,
    EN,
    HOME,
    LARKWOOD,
    MORNINGSTAR,
    QUELL,
    TRAINED,
    targets,
    thrown,
    told,
)


def test_the_name_of_a_speaker_need_only_be_written_alike(ground):
    answers = reply(
        *(
            statement(DENIAL, kind=kind, speaker=name)
            for kind, name in [("denial", "MARA QUELL"), ("other", " Mara\u3000Quell")]
        )
    )
    assert {each.speaker for each in ground(EN, answers)[0].statements} == {QUELL}


def test_a_reference_is_whom_we_take_it_for_and_only_close_by(ground):
    assert told(ground(EN, reply(statement(TRAINED, kind="explanation", speaker="The company")))[0])[0][1:3] == (
        LARKWOOD,
        "reference",
    )
    annotation, tally = ground(EN, reply(statement(HOME, kind="other", speaker="The company")))
    assert annotation.statements[0].speaker is None
    assert thrown(tally) == {"named whom we do not know": 1}


@pytest.mark.parametrize(
    ("name", "cause"),
    [
        ("Several engineers", "named whom we do not know"),
        ("weights", "named whom we do not know"),
        ("Zed Quibble", "named who does not stand in the text"),
        ("马乐珂", "named who does not stand in the text"),
        ("person:mara-quell", "named who does not stand in the text"),
        ("Morningstar-7B", "spoken by a model"),
        (7, "of no name's shape"),
        ({"name": "Mara Quell"}, "of no name's shape"),
    ],
)
def test_a_speaker_whom_we_did_not_find_is_nobody(ground, name, cause):
    annotation, tally = ground(EN, reply(statement(DOUBT, speaker=name)))
    assert told(annotation) == [("accusation", None, "nowhere", DOUBT)]
    assert thrown(tally) == {cause: 1}
    assert {entity.id for entity in annotation.entities} == {entity.id for entity in ground(EN, reply())[0].entities}


def test_targets_that_we_did_not_find_are_dropped_one_by_one(ground):
    names = [
        ("Zed-9B", "origin"),
        ("Morningstar-7B", "accused"),
        ("the weights", "origin"),
        ("Larkwood Labs", "origin"),
    ]
    row = statement(CHARGE, speaker="Larkwood Labs", targets=names)
    row["targets"] += [
        {"name": "Larkwing-6B", "role": "thief"},
        {"role": "about"},
        "Larkwing-6B",
        {"name": 3, "role": "about"},
    ]
    annotation, tally = ground(EN, reply(row))
    assert targets(annotation.statements[0]) == [(MORNINGSTAR, "accused", "words")]
    assert thrown(tally) == {
        "named who does not stand in the text": 1,
        "named whom we do not know": 1,
        "of an unknown role": 1,
        "of no name's shape": 3,
    }


def test_only_charges_have_an_accused(ground):
    row = statement(DENIAL, kind="denial", targets=[("Morningstar-7B", "accused"), ("Larkwing-6B", "origin")])
    assert {role for _, role, _ in targets(ground(EN, reply(row))[0].statements[0])} == {"about"}
