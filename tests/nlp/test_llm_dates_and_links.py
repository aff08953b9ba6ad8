"""Dates, kinds and links that a language model gives are held to the text and to each other."""

import pytest

from tests.nlp.llm_server import reply, statement
from tests.nlp.llm_texts import CHARGE, DENIAL, DOUBT, EN, TRAINED, thrown


@pytest.mark.parametrize(
    ("date", "cause"),
    [
        ("2024-03-05", "dated by what does not stand beside the quote"),
        ("March 5, 2024", "dated by what does not stand beside the quote"),
        ("March 4, 2024", "dated by what does not stand beside the quote"),  # it stands in the text, but far off
        ("Several engineers", "dated by what is no date to us"),
        ("word", "dated by what is no date to us"),
        (20240305, "dated by what does not stand beside the quote"),
        ("x" * 10_000, "dated by what does not stand beside the quote"),
    ],
)
def test_invented_dates_are_thrown_away(ground, date, cause):
    annotation, tally = ground(EN, reply(statement(DOUBT, kind="question", date=date)))
    assert (annotation.statements[0].happened.period, annotation.statements[0].happened.basis) == (
        "2024-03-07",
        "published",
    )
    assert thrown(tally) == {cause: 1}


def test_a_date_may_stand_in_the_sentence_beside_the_quote(ground):
    (found,) = ground(EN, reply(statement(TRAINED, kind="explanation", date="The next day")))[0].statements
    assert (found.happened.period, found.happened.basis, found.happened.span.quote) == (
        "2024-03-05",
        "relative",
        "The next day",
    )


def test_unknown_kinds_and_links_are_thrown_away(ground):
    answer = reply(
        statement(CHARGE),
        statement(DENIAL, n=2, kind="lie"),
        statement(DOUBT, n=3, kind="question"),
        links=[
            (3, 1, "responds_to"),
            (2, 1, "disputes"),
            (1, 1, "repeats"),
            (3, 9, "supports"),
            (3, 1, "loves"),
            ("3", 1, "supports"),
        ],
    )
    answer["statements"] += ["text", None, [], {}, {"kind": ["denial"]}]
    answer["links"] += ["3-1", None, {"type": ["supports"]}]
    annotation, tally = ground(EN, answer)
    assert [each.kind for each in annotation.statements] == ["accusation", "question"]
    assert [link.type for link in annotation.links] == ["responds_to"]
    assert thrown(tally) == {
        "of an unknown kind": 3,
        "of no statement's shape": 3,
        "linked without two statements": 4,
        "linked by an unknown type": 4,
    }


def test_links_do_not_run_both_ways_between_two_statements(ground):
    answer = reply(
        statement(CHARGE),
        statement(DENIAL, n=2, kind="denial"),
        links=[(2, 1, "disputes"), (1, 2, "disputes"), (2, 1, "supports")],
    )
    annotation, _ = ground(EN, answer)
    assert [(link.source, link.type) for link in annotation.links] == [(annotation.statements[1].id, "disputes")]
