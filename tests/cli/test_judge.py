"""What a reader judges is recorded in the archive's file, told again and undone; nothing is overwritten."""

import json
import re
import shutil
import sqlite3

import pytest

from cli.errors import UsageFault
from cli.judge_desk import checked_kind, checked_period, target_named

CHARGE, DENIAL, APOLOGY = "c-617628c9cb72", "c-0470b04743a2", "c-b6ab9cdf107c"


@pytest.fixture
def judge(library, tmp_path, run_program):
    """Run `judge` in a copy of the library, without loading the graph unless it is asked for."""
    for name in ("yuanliu.db", "yuanliu.toml", "names.toml"):
        shutil.copy(library / name, tmp_path)

    def run(*arguments, load=False):
        more = [] if load or arguments[0] == "list" else ["--no-load"]
        return run_program(tmp_path, "judge", *arguments, *more)

    return run


def done(outcome):
    assert (outcome.code, outcome.out) == (0, ""), outcome
    return outcome.err


def listed(judge, *arguments):
    outcome = judge("list", "-f", "json", *arguments)
    assert outcome.code == 0, outcome
    return json.loads(outcome.out)


def test_a_claim_is_rejected_by_each_of_its_statements_and_only_once(judge, tmp_path):
    told = done(judge("reject", DENIAL[:6], "--reason", "看错了", "--by", "Ina"))
    rows = listed(judge)
    assert told.count("judgement ") == len(rows) == 4 and {row["verdict"] for row in rows} == {"reject"}
    assert {(row["by"], row["reason"], row["dormant"]) for row in rows} == {("Ina", "看错了", False)}
    assert rows[0]["subject"] == DENIAL.replace("c-", "s-") and "Mara Quell" in rows[0]["words"][0]
    again = done(judge("reject", DENIAL))
    assert again.count("says so already, by Ina") == 4 and len(listed(judge, "--all")) == 4
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:
        assert archive.execute("select count(*) from judgement").fetchone() == (4,)


def test_a_statement_is_corrected_in_what_is_given_and_named_by_its_names(judge):
    statement = DENIAL.replace("c-", "s-")
    done(
        judge(
            *("correct", statement, "--kind", "explanation", "--speaker", "林巧云", "--date", "2024-03-01/2024-03-31"),
            *("--target", "晨星-7B:accused", "--target", "org:larkwood-labs"),
        )
    )
    (row,) = listed(judge)
    assert row["subject"] == statement and row["by"] == "reader"
    assert row["value"] == {
        "kind": "explanation",
        "speaker": {"entity": "person:lin-qiaoyun", "kind": "person", "nameEn": "Lin Qiaoyun", "nameZh": "林巧云"},
        "date": "2024-03",
        "targets": [
            {"entity": "model:morningstar-7b", "kind": "model", "nameEn": "Morningstar-7B", "role": "accused"},
            {
                **{"entity": "org:larkwood-labs", "kind": "organization", "role": "about"},
                **{"nameEn": "Larkwood Labs", "nameZh": "云雀实验室"},
            },
        ],
    }
    done(judge("correct", statement, "--no-date", "--no-speaker"))
    assert listed(judge)[1]["value"] == {"speaker": None, "date": None}
    assert "this overrules judgement 2, correct, by reader" in done(judge("correct", statement, "--date", "2024"))


def test_answers_are_given_and_taken_back(judge):
    done(judge("correct", DENIAL, "--answers", CHARGE, "--not-answers", APOLOGY))
    first, second = listed(judge)
    assert (first["verdict"], first["subject"], first["object"]) == ("answers", "s" + DENIAL[1:], "s" + CHARGE[1:])
    assert [len(ids) for ids in second["value"]["statements"]] == [4, 2] and second["verdict"] == "not-answers"
    assert "overrules judgement 2, not-answers" in done(judge("correct", DENIAL, "--answers", APOLOGY))


def test_the_later_of_two_judgements_counts_and_names_the_earlier(judge):
    done(judge("same", DENIAL, APOLOGY))
    assert "judgement 2: different" in (told := done(judge("different", APOLOGY, DENIAL, "--reason", "other words")))
    assert "this overrules judgement 1, same, by reader" in told
    assert [row["verdict"] for row in listed(judge)] == ["different"]
    assert [(row["overruled"], row["undone"]) for row in listed(judge, "--all")] == [(2, None), (None, None)]
    assert "judgement 2 is undone" in done(judge("undo", "2"))
    assert [row["verdict"] for row in listed(judge)] == ["same"]
    assert "was undone by 3 already" in done(judge("undo", "2"))
    shown = judge("list", "--all").out
    assert "undone by 3" in shown and "in force" in shown and "other words" in " ".join(shown.split())


def test_names_of_two_entities_are_judged_also_where_the_graph_has_made_them_one(judge, tmp_path):
    done(judge("same", "reader_two", "READER_ONE"))
    (row,) = listed(judge)
    ids = ["person:forum.example/reader_two", "person:forum.example/reader_one"]
    assert [row["subject"], row["object"]] == ids and not row["dormant"]
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:  # as if the next load had joined them
        archive.execute("delete from node_entity where id = ?", (ids[1],))
        archive.execute("update or ignore name set entity = ? where entity = ?", ids)
        archive.execute("delete from name where entity = ?", ids[1:])
    assert "overrules judgement 1" in done(judge("different", "reader_one", "reader_two"))
    assert [row["subject"] for row in listed(judge)] == ids[1:] and not listed(judge)[0]["dormant"]
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:  # and nobody had judged it before
        archive.execute("delete from judgement")
    done(judge("different", "reader_one", "reader_two"))
    assert {listed(judge)[0][end] for end in ("subject", "object")} == set(ids)


def test_what_is_not_found_any_more_is_dormant(judge, tmp_path):
    done(judge("reject", CHARGE))
    done(judge("same", "reader_two", "reader_one"))
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:
        for table in ("node_statement", "annotation", "edge", "node_entity", "name"):
            archive.execute(f"delete from {table}")
    rows = listed(judge)
    assert len(rows) == 4 and all(row["dormant"] for row in rows)
    assert "dormant" in judge("list").out


def test_the_graph_is_brought_up_to_date_unless_there_is_nothing_new(judge):
    assert "read 0 of" in judge("reject", APOLOGY, load=True).err
    done(judge("reject", CHARGE))
    again = judge("reject", CHARGE, load=True)
    assert "nothing was added" in again.err and "read " not in again.err


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["reject", "c-ffffffffffff"], 1, "nothing is known of 'c-ffffffffffff'"),
        (["same", "Mara Quell", "Larkwood Labs"], 1, "'Mara Quell' is of kind person"),
        (["same", "Mara Quell", "Mara Quelk"], 1, "did you mean Mara Quell"),
        (["same", DENIAL, "Mara Quell"], 2, "are a claim and a name"),
        (["correct", DENIAL], 2, "there is nothing to correct; give --kind"),
        (["correct", DENIAL, "--date", "2024", "--no-date"], 2, "--date '2024' and --no-date contradict each other"),
        (["correct", DENIAL, "--speaker", "Nobody Known"], 1, "nothing is known of 'Nobody Known'"),
        (["undo", "7"], 1, "there is no judgement 7; the numbers are none yet"),
    ],
)
def test_what_cannot_be_judged_is_named_and_nothing_recorded(judge, tmp_path, arguments, code, words):
    outcome = judge(*arguments)
    assert (outcome.code, outcome.out) == (code, "") and words in outcome.err
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:
        known = archive.execute("select 1 from sqlite_master where name = 'judgement'").fetchone()
        assert not known or archive.execute("select count(*) from judgement").fetchone() == (0,)


@pytest.mark.parametrize(
    ("check", "value", "words"),
    [
        (checked_kind, "lie", "--kind 'lie' is not one of accusation, question"),
        (checked_period, "last week", "--date 'last week' is no day"),
        (lambda text: target_named(None, text), "Mara Quell:victim", "'victim' is not one of accused, origin, about"),
    ],
)
def test_a_value_that_cannot_be_is_named_with_what_is_allowed(check, value, words):
    with pytest.raises(UsageFault, match=re.escape(words)):
        check(value)


def test_a_rejected_statement_says_which_judgement_rejects_it(judge, tmp_path):
    done(judge("reject", APOLOGY))
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:  # as the next load leaves it
        archive.execute("delete from edge where start = ? and type = 'REPORTS'", ("s" + APOLOGY[1:],))
    outcome = judge("correct", "s" + APOLOGY[1:], "--kind", "denial")
    assert outcome.code == 1 and "is rejected by judgement 1; `yuanliu judge undo 1`" in outcome.err
    assert not listed(judge)[0]["dormant"]


def test_nothing_judged_is_said(judge):
    outcome = judge("list")
    assert (outcome.code, outcome.out, outcome.err) == (0, "", "nothing was judged yet\n")
