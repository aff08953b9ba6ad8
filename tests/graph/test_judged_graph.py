"""What readers judge changes the graph at the next load, whatever was loaded before; what they take back leaves no trace."""

import random

import pytest

from graph.judgements import Judgement, JudgementTable
from graph.timeline import timeline

MODEL = "model:morningstar-7b"


class Desk:
    """A loaded library, and its judgements."""

    def __init__(self, library, retellings):
        self.library = library()
        self.library.add(retellings)
        self.library.load()
        self.table = JudgementTable(self.library.archive.connection)

    def judge(self, *judgements):
        """Record judgements, bring the graph up to date, and return their numbers."""
        numbers = [self.table.add(each).sequence for each in judgements]
        self.library.load()
        return numbers

    def rows(self):
        return timeline(self.library.store, MODEL)

    def row(self, document):
        (row,) = [row for row in self.rows() if document in row["documents"]]
        return row

    def statement(self, document):
        query = "select id from node_statement where document = ?"
        return self.library.store.connection.execute(query, (document,)).fetchone()[0]


@pytest.fixture
def desk(library, retellings):
    return Desk(library, retellings)


def of_documents(verdict, one, *, other=None, value=None, documents):
    return Judgement(verdict=verdict, subject=one, object=other, value={**(value or {}), "documents": documents})


def every_verdict(desk):
    """Return judgements of every verdict about statements and entities that the graph holds."""
    charge, denial, remedy = (desk.statement(each) for each in ("en-charge", "en-denial", "en-remedy"))
    again = desk.statement("en-charge-again")
    return [
        of_documents("reject", remedy, documents=["en-remedy"]),
        of_documents("correct", denial, value={"kind": "explanation", "date": "2024-02-29"}, documents=["en-denial"]),
        of_documents(
            "correct",
            again,
            value={"speaker": {"entity": "person:宋岚", "kind": "person", "nameZh": "宋岚"}},
            documents=["en-charge-again"],
        ),
        of_documents("different", charge, other=again, documents=["en-charge", "en-charge-again"]),
        of_documents("same", remedy, other=denial, documents=["en-remedy", "en-denial"]),
        of_documents("answers", remedy, other=charge, documents=["en-remedy", "en-charge"]),
        of_documents("not-answers", denial, other=charge, documents=["en-denial", "en-charge"]),
        Judgement(verdict="same", subject="org:larkwood-labs", object="org:polestar-intelligence"),
    ]


def test_a_rejected_statement_tells_nothing(desk):
    before = desk.row("en-remedy")
    desk.judge(of_documents("reject", desk.statement("en-remedy"), documents=["en-remedy"]))
    assert before["claim"] not in {row["claim"] for row in desk.rows()}


def test_a_corrected_kind_and_date_show_in_the_timeline(desk):
    denial = of_documents(
        "correct",
        desk.statement("en-denial"),
        value={"kind": "explanation", "date": "2024-02-29"},
        documents=["en-denial"],
    )
    desk.judge(denial)
    row = desk.row("en-denial")
    assert (row["kind"], row["date"], row["basis"]) == ("explanation", "2024-02-29", "stated")


def test_claims_judged_different_are_two_and_those_judged_the_same_are_one(desk):
    together = desk.row("en-charge")
    assert "en-charge-again" in together["documents"]
    charge, again = desk.statement("en-charge"), desk.statement("en-charge-again")
    desk.judge(of_documents("different", charge, other=again, documents=["en-charge", "en-charge-again"]))
    assert "en-charge-again" not in desk.row("en-charge")["documents"]
    remedy, denial = desk.statement("en-remedy"), desk.statement("en-denial")
    desk.judge(of_documents("same", remedy, other=denial, documents=["en-remedy", "en-denial"]))
    assert {"en-remedy", "en-denial"} <= set(desk.row("en-remedy")["documents"])


def test_companies_judged_the_same_are_one_entity_everywhere(desk):
    desk.judge(Judgement(verdict="same", subject="org:larkwood-labs", object="org:polestar-intelligence"))
    held = {row[0] for row in desk.library.store.connection.execute("select id from node_entity")}
    assert len(held & {"org:larkwood-labs", "org:polestar-intelligence"}) == 1


def test_an_answer_between_documents_is_added_and_taken_away(desk):
    remedy, charge = desk.statement("en-remedy"), desk.statement("en-charge")
    documents = ["en-remedy", "en-charge"]
    desk.judge(of_documents("not-answers", remedy, other=charge, documents=documents))
    assert desk.row("en-remedy")["claim"] not in desk.row("en-charge")["answers"]
    desk.judge(of_documents("answers", remedy, other=charge, documents=documents))
    assert desk.row("en-remedy")["claim"] in desk.row("en-charge")["answers"]


@pytest.mark.parametrize("seed", range(12))
def test_judgements_in_any_order_of_loads_give_one_graph_and_undone_they_leave_no_trace(
    desk, library, retellings, seed
):
    before = desk.library.records()
    chance = random.Random(seed)
    chosen = every_verdict(desk)
    chance.shuffle(chosen)
    numbers = [number for judgement in chosen for number in desk.judge(judgement)]
    assert desk.library.records() != before
    at_once = library()
    table = JudgementTable(at_once.archive.connection)
    for judgement in chosen:
        table.add(judgement)
    at_once.add(retellings)
    at_once.load()
    assert set(at_once.records()) == desk.library.records()
    chance.shuffle(numbers)
    for number in numbers:
        desk.judge(Judgement(verdict="undo", subject=str(number)))
    assert desk.library.records() == before
