"""A document or an author is taken out for good, when that is confirmed."""

import json
import os
import pty
import shutil
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

URL = "https://courier.example/en-denial"
MARKED = "Mara Quell, chief scientist of Polestar Intelligence"


@pytest.fixture
def forget(library, tmp_path, run_program):
    """Run `forget` in a copy of the library."""
    for name in ("yuanliu.db", "yuanliu.raw.db", "yuanliu.toml", "names.toml", "documents.jsonl"):
        shutil.copy(library / name, tmp_path)

    def run(*arguments, command="forget"):
        return run_program(tmp_path, command, *arguments)

    return run


def bytes_of(folder):
    return b"\n".join(each.read_bytes() for each in folder.iterdir() if ".db" in each.name)


def test_a_document_goes_from_every_file_and_from_the_graph(forget, tmp_path):
    assert forget("reject", "c-0470", "--no-load", command="judge").code == 0
    with sqlite3.connect(tmp_path / "yuanliu.llm.db") as replies, sqlite3.connect(tmp_path / "yuanliu.db") as archive:
        (digest,) = archive.execute("select current from document where id = 'en-denial'").fetchone()
        replies.execute("create table reply (document text, content blob)")
        replies.execute("insert into reply values (?, ?)", (digest, MARKED))
    replies.close()
    archive.close()
    assert MARKED.encode() in bytes_of(tmp_path)
    outcome = forget(URL, "--yes", "--reason", "request of 3 May")
    assert (outcome.code, outcome.out) == (0, ""), outcome
    assert "forgotten: documents: 1, revisions: 1, raw pages: 1, annotations: 1; it is not stored again" in outcome.err
    left = bytes_of(tmp_path)
    assert MARKED.encode() not in left and URL.encode() + b'"' not in left and b"request of 3 May" in left
    with sqlite3.connect(tmp_path / "yuanliu.db") as archive:
        assert archive.execute("select count(*) from node_document where id = 'en-denial'").fetchone() == (0,)
        row = archive.execute("select verdict, subject, value from judgement where sequence = 1").fetchone()
    assert row == ("reject", "s-0470b04743a2", '{"documents":["en-denial"]}')
    again = forget("documents.jsonl", command="ingest")
    assert "skipped: 1 that `yuanliu forget` took out" in again.err and again.code == 0
    assert MARKED.encode() not in bytes_of(tmp_path)


def test_an_author_goes_and_the_thread_stays(forget, tmp_path):
    planned = json.loads(forget("--author", "@Reader_One", "--dry-run", "-f", "json").out)
    assert {row["what"]: row["number"] for row in planned if row["number"]} == {
        **{"threads rewritten": 1, "posts": 1, "revisions": 1, "raw pages": 1, "annotations": 1}
    }
    outcome = forget("--author", "@Reader_One", "--yes", "--source", "forum.example")
    assert outcome.code == 0 and "threads rewritten: 1, posts: 1" in outcome.err
    assert b"reader_one" not in bytes_of(tmp_path).lower()
    (row,) = json.loads(forget("zh-thread", "-f", "json", command="history").out)
    shown = json.loads(forget("zh-thread", "1", "-f", "json", command="history").out)
    assert [post["author"] for post in shown["posts"]][:2] == ["[removed]", "reader_two"] and row["current"]
    assert "1 changed" not in forget("documents.jsonl", command="ingest").err
    assert b"reader_one" not in bytes_of(tmp_path).lower()


def test_a_dry_run_changes_nothing(forget, tmp_path):
    before = {each.name: each.read_bytes() for each in tmp_path.glob("*.jsonl")}
    outcome = forget("en-denial", "--dry-run")
    assert outcome.code == 0 and outcome.err == "" and "raw pages" in outcome.out
    assert forget("en-denial", command="history").code == 0
    assert {each.name: each.read_bytes() for each in tmp_path.glob("*.jsonl")} == before


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (["en-denial"], 2, "write --yes to go on, or --dry-run"),
        ([], 2, "give a document's id or address, or --author HANDLE"),
        (["en-denial", "--author", "reader_one"], 2, "and not both"),
        (["--author", "reader_onee", "--yes"], 1, "did you mean reader_one"),
        (["--author", "reader_one", "--source", "nowhere", "--yes"], 2, "no document from 'nowhere'; the sources are"),
        (["https://courier.example/nothing", "--yes"], 1, "no document 'https://courier.example/nothing'"),
        (["en-", "--yes"], 1, "'en-' may mean en-"),
    ],
)
def test_what_cannot_be_forgotten_is_named_and_nothing_goes(forget, tmp_path, arguments, code, words):
    before = bytes_of(tmp_path).count(MARKED.encode())
    outcome = forget(*arguments)
    assert (outcome.code, outcome.out) == (code, "") and words in outcome.err
    assert bytes_of(tmp_path).count(MARKED.encode()) == before > 0


@pytest.mark.parametrize(("answer", "code"), [("no", 1), ("yes", 0)])
def test_a_terminal_is_asked(forget, tmp_path, answer, code):
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [Path(sys.executable).with_name("yuanliu"), "forget", "en-denial"],
        cwd=tmp_path,
        stdin=theirs,
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
    ) as program:
        os.close(theirs)
        os.write(ours, f"{answer}\n".encode())
        told = program.stderr.read().decode()
    os.close(ours)
    assert program.returncode == code and "this removes for good: documents: 1" in told
    assert (MARKED.encode() in bytes_of(tmp_path)) == (answer == "no")


def test_where_the_graph_cannot_be_made_it_is_emptied(forget, tmp_path):
    (tmp_path / "names.toml").write_text("this is not TOML", encoding="utf-8")
    outcome = forget("en-denial", "--yes")
    assert outcome.code != 0 and "names.toml" in outcome.err
    assert MARKED.encode() not in bytes_of(tmp_path)
