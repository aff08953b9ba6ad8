"""search: rows and formats, options, what is said beside the rows, and words that are marked on a terminal."""

import csv
import io
import json
import shutil
import sqlite3
import subprocess
import sys

import pytest

from cli.search import found_lines
from graph import search_index

COLUMNS = ["date", "who", "what", "claim", "words", "source"]
ROW = (
    "found score date basis dates kind group speaker claim statement quote highlights language url document title "
    "published source sources"
).split()


@pytest.fixture(scope="module")
def folder(library, tmp_path_factory):
    """The library with an index of its words."""
    copy = tmp_path_factory.mktemp("search") / "library"
    shutil.copytree(library, copy)
    connection = sqlite3.connect(copy / "yuanliu.db")
    with connection:
        search_index.rebuild(connection)
    connection.close()
    return copy


@pytest.fixture
def ask(folder, run_program):
    def run(*words, **options):
        return run_program(folder, "search", *words, **options)

    return run


def rows_of(outcome):
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_rows_have_the_words_marked_and_say_who_where_and_when(ask):
    rows = rows_of(ask("抄襲", "-f", "json", "--only", "statements"))
    assert rows and {tuple(row) for row in rows} == {tuple(ROW)}
    for row in rows:
        assert [row["quote"][start:end] for start, end in row["highlights"]] == ["抄袭"]
        assert row["claim"].startswith("c-") and row["url"] and row["source"] and row["sources"] >= 1
    assert len({row["claim"] for row in rows}) == len(rows)
    assert any(row["speaker"] == {"id": "org:larkwood-labs", "name": "Larkwood Labs"} for row in rows)


def test_every_format_has_the_same_rows(ask):
    rows = rows_of(ask("抄袭", "-f", "json"))
    assert [json.loads(line) for line in ask("抄袭", "-f", "jsonl").out.splitlines()] == rows
    listed = list(csv.reader(io.StringIO(ask("抄袭", "-f", "csv").out)))
    assert listed[0] == COLUMNS and [line[4] for line in listed[1:]] == [row["quote"] for row in rows]
    assert ask("抄袭", "-f", "markdown").out.splitlines()[0] == "| " + " | ".join(COLUMNS) + " |"
    table = ask("抄袭").out
    assert all(row["url"] in table and (row["claim"] or "title of a document") in table for row in rows)
    assert "\x1b" not in table


def test_a_name_finds_the_other_names_and_says_so(ask):
    told = ask("马乐珂", "-f", "json", "--only", "statements")
    quotes = [row["quote"] for row in rows_of(told)]
    assert any("Mara Quell" in quote for quote in quotes) and "马乐珂 is searched as Mara Quell" in told.err
    written = ask("“马乐珂”", "-f", "json")
    assert all("马乐珂" in row["quote"] for row in rows_of(written)) and written.err == ""


def test_the_speaker_is_named_in_the_language_asked_for(ask):
    names = {row["speaker"]["name"] for row in rows_of(ask("抄袭", "--names", "zh", "-f", "json")) if row["speaker"]}
    assert "云雀实验室" in names


@pytest.mark.parametrize(
    ("options", "holds"),
    [
        (["--kind", "denial"], lambda row: row["kind"] == "denial"),
        (["--in", "en"], lambda row: row["language"] == "en"),
        (["--since", "2024-03-05"], lambda row: row["date"] >= "2024-03-05"),
        (["--until", "2024-03-04"], lambda row: row["date"] <= "2024-03-04"),
        (["--by", "马乐珂"], lambda row: row["speaker"]["id"] == "person:mara-quell"),
    ],
)
def test_options_narrow_what_is_found(ask, options, holds):
    every = rows_of(ask("Larkwing-6B", "--only", "statements", "-f", "json"))
    assert {holds(row) for row in every if row["speaker"] and row["date"]} == {True, False}
    rows = rows_of(ask("Larkwing-6B", "--only", "statements", "-f", "json", *options))
    assert rows and all(holds(row) for row in rows)


def test_documents_by_their_titles(ask):
    rows = rows_of(ask("scientist", "answers", "--only", "documents", "-f", "json"))
    assert [(row["found"], row["quote"], row["claim"]) for row in rows] == [
        ("document", "Chief scientist answers", None)
    ]
    assert "title of a document" in ask("scientist", "answers").out


def test_what_is_not_shown_is_told(ask):
    few = ask("Larkwing-6B", "-n", "1", "-f", "json")
    assert len(rows_of(few)) == 1 and "1 of " in few.err and "shows all" in few.err
    some = ask("rain", "抄袭", "-f", "json")
    assert rows_of(some) and "nothing has all of these words; these have some of rain, 抄袭" in some.err
    nothing = ask("zebra", "--in", "en")
    assert (nothing.code, nothing.out, nothing.err) == (0, "", "nothing has these words within these limits\n")


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ([], 2, "WORDS"),
        (["！"], 2, "WORDS is '！'"),
        (["套" * 100], 2, "at most 64"),
        (["a", "--only", "posts"], 2, "--only 'posts' is not one of statements, documents"),
        (["a", "--only", "documents", "--by", "x"], 2, "of statements only"),
        (["a", "--kind", "gossip"], 2, "--kind 'gossip' is not one of"),
        (["a", "--since", "soon"], 2, "--since 'soon'"),
        (["a", "--lang", "fr"], 2, "--lang 'fr' is not one of zh, en"),
        (["a", "--by", "Mara Quall"], 1, "did you mean Mara Quell"),
    ],
)
def test_what_cannot_be_is_refused(ask, arguments, code, said):
    told = ask(*arguments)
    assert (told.code, told.out) == (code, "") and said in told.err


def test_the_words_are_marked_on_a_terminal():
    row = {"date": "2024-03-04", "basis": "stated", "dates": [], "speaker": None, "kind": "accusation"}
    row |= {"group": "accusing", "claim": "c-1", "url": "http://p.example/", "document": "u-1"}
    row |= {"quote": "It\x1b[31m is\n a wrapper, 套壳。", "highlights": [(14, 21), (23, 25)]}
    row |= {"source": "Paper", "sources": 1, "published": None}
    lines = found_lines(row, 40)
    marked = [line.plain[span.start : span.end] for line in lines for span in line.spans if span.style == "bold yellow"]
    assert marked == ["wrapper", "套", "壳"], "a word that two lines share is marked on both"
    assert "\x1b" not in "".join(line.plain for line in lines)


def test_a_search_imports_nothing_heavy(folder):
    program = (
        "import sys\nfrom cli.main import run\ntry:\n    run()\nfinally:\n    print(*sys.modules, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", program, "search", "马乐珂 抄袭", "-f", "json"]
    told = subprocess.run(command, cwd=folder, capture_output=True, timeout=60, check=True)
    heavy = {"scrapy", "spacy", "neo4j", "networkx", "jieba", "pypinyin", "numpy", "rich.table"}
    assert set(told.stderr.decode().split()) & heavy == set()
