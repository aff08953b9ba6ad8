"""What the archive has kept of a document, and what changed in it."""

import json
import sqlite3

import pytest

URL = "https://courier.example/2023/naming"
FIRST = (
    "On November 15, Richard Lin of 01.AI said that the naming of the tensors was an oversight.\n\n"
    "The company denied that Yi-34B was copied from LLaMA."
)
SECOND = (
    "On November 14, Richard Lin of 01.AI said that the naming of the tensors was an oversight.\n\n"
    "The company denied that Yi-34B was copied from LLaMA.\n\nCorrection: an earlier version gave a wrong day."
)


@pytest.fixture
def edition(write):
    def store(text, title="Lin answers"):
        return write("a.jsonl", json.dumps({"url": URL, "title": title, "published": "2023-11-15", "text": text}))

    return store


@pytest.fixture
def edited(yuanliu, edition):
    """Archive two revisions of a document; return its id."""
    for text in (FIRST, SECOND):
        assert yuanliu("ingest", edition(text)).code == 0
    return json.loads(yuanliu("history", URL, "-f", "json").out)[0]["document"]


def rows(outcome):
    assert (outcome.code, outcome.err) == (0, ""), outcome
    return json.loads(outcome.out)


def test_the_revisions_are_listed_by_id_and_by_address(yuanliu, edited):
    for name in (edited, edited[:7], URL, f"{URL}?utm_source=x"):
        listed = rows(yuanliu("history", name, "-f", "json"))
        assert [(row["revision"], row["length"], row["current"]) for row in listed] == [
            (1, len(FIRST), False),
            (2, len(SECOND), True),
        ]
        assert all(row["recorded"] and len(row["digest"]) == 64 and row["gone"] is None for row in listed)
    table = yuanliu("history", edited).out
    assert listed[0]["digest"][:12] in table and "Lin answers" in table
    lines = yuanliu("history", edited, "-f", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == listed


def test_what_changed_is_shown_by_paragraphs_and_words(yuanliu, edited):
    shown = yuanliu("history", edited, "--diff")
    assert shown.code == 0 and shown.err == ""
    assert "On November [-15-]{+14+}, Richard Lin" in shown.out
    assert "paragraph 1 changed" in shown.out and "paragraph 3 added\n{+Correction:" in shown.out
    assert "denied" not in shown.out
    change = rows(yuanliu("history", edited, "--diff", "2", "-f", "json"))
    assert [(hunk["before"], hunk["after"]) for hunk in change["hunks"]] == [(1, 1), (None, 3)]
    assert change["digests"] == [row["digest"] for row in rows(yuanliu("history", edited, "-f", "json"))]
    assert json.loads(yuanliu("history", edited, "--diff", "-f", "jsonl").out) == change


def test_a_changed_title_is_shown(yuanliu, edited, edition):
    yuanliu("ingest", edition(SECOND, title="Lin corrects"))
    assert "title: Lin answers → Lin corrects\n" in yuanliu("history", edited, "--diff").out
    assert rows(yuanliu("history", edited, "--diff", "3", "-f", "json"))["hunks"] == []


def test_an_earlier_revision_stays_readable(yuanliu, edited):
    assert FIRST.split("\n", maxsplit=1)[0] in yuanliu("history", edited, "1").out
    assert rows(yuanliu("history", edited, "1", "-f", "json"))["text"] == FIRST


def test_a_vanished_page_says_since_when_it_is_gone(yuanliu, edited, tmp_path):
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:
        archive.execute("update document set gone = '2024-02-01T00:00:00+00:00'")
    assert {row["gone"] for row in rows(yuanliu("history", edited, "-f", "json"))} == {"2024-02-01T00:00:00+00:00"}
    assert (
        "2024-02-01" in yuanliu("history", edited).out
        and SECOND.split("\n", maxsplit=1)[0] in yuanliu("history", URL, "2").out
    )


def test_a_claim_of_a_changed_document_leads_to_the_revision_it_was_read_from(yuanliu, edition):
    yuanliu("ingest", edition(FIRST))
    assert yuanliu("load").code == 0
    claim = rows(yuanliu("timeline", "Yi-34B", "-f", "json"))[0]["claim"]
    yuanliu("ingest", edition(SECOND))
    (told,) = rows(yuanliu("claim", claim, "-f", "json"))["statements"]
    read = {row["digest"]: row["revision"] for row in rows(yuanliu("history", told["document"], "-f", "json"))}
    assert read[told["digest"]] == 1 and len(read) == 2
    text = rows(yuanliu("history", told["document"], "1", "-f", "json"))["text"]
    assert told["quote"] in text and told["digest"][:12] in yuanliu("claim", claim, "--why").out


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["nothing"], 1, "no document 'nothing'"),
        (["u-"], 1, "may mean"),
        ([URL, "3"], 2, "2 revisions; there is no revision 3"),
        ([URL, "1", "--diff"], 1, "nothing before revision 1"),
        ([URL, "--diff", "-f", "csv"], 2, "use table, json or jsonl"),
    ],
)
def test_what_cannot_be_shown_is_named(yuanliu, edited, write, arguments, code, words):
    yuanliu("ingest", write("b.jsonl", json.dumps({"url": "https://courier.example/b", "text": "Another page."})))
    outcome = yuanliu("history", *arguments)
    assert (outcome.code, outcome.out) == (code, "") and words in outcome.err


def test_without_an_archive_nothing_is_made(yuanliu, tmp_path):
    outcome = yuanliu("history", URL)
    assert outcome.code == 1 and "there is no archive" in outcome.err and list(tmp_path.iterdir()) == []


def test_the_archive_is_written_as_warc_and_read_again(yuanliu, edited, tmp_path):
    wrote = yuanliu("archive", "export", "out.warc.gz")
    assert (wrote.code, wrote.out, wrote.err) == (0, "", "wrote out.warc.gz; pages: 2, documents: 1\n")
    assert yuanliu("ingest", "out.warc.gz", "--archive", "again.db").err == "archived: 1 new, 1 changed, 0 unchanged\n"
    before, after = (
        rows(yuanliu("history", edited, "-f", "json", "--archive", name)) for name in ("yuanliu.db", "again.db")
    )
    assert [row["digest"] for row in before] == [row["digest"] for row in after]


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["out.zip"], "ends in .warc.gz or .warc"),
        (["a.jsonl.warc"], "exists already"),
        (["none/out.warc"], "there is no folder"),
        (["out.warc", "--since", "long ago"], "--since 'long ago' is not a day"),
        (["out.warc", "--source", "nobody"], "no document from 'nobody'; the sources are courier.example"),
    ],
)
def test_an_export_that_cannot_be_writes_nothing(yuanliu, edited, write, tmp_path, arguments, words):
    write("a.jsonl.warc", "mine")
    outcome = yuanliu("archive", "export", *arguments)
    assert outcome.code == 2 and words in outcome.err
    assert [path.name for path in tmp_path.glob("*.warc*")] == ["a.jsonl.warc"]
