"""Every command: its help, its rows in every format, its options, and what it never lets through to a terminal."""

import csv
import io
import json
import re
import shutil
import subprocess
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from types import SimpleNamespace

import pytest
from rich.cells import cell_len
from typer.testing import CliRunner

from cli import __version__
from cli.main import app, run
from cli.output import CONTROL

COMMANDS = [[info.name or info.callback.__name__] for info in app.registered_commands]
GROUPED = [
    [group.name, info.name or info.callback.__name__]
    for group in app.registered_groups
    for info in group.typer_instance.registered_commands
]
FORMATS = ("table", "json", "jsonl", "csv", "markdown")
ROW = (
    "date precision basis kind group speaker targets claim quote url document documents published source sources "
    "answers dispute language confidence recorded"
).split()
STATS = "documents revisions posts entities statements claims links disputes hash version".split()
DOCUMENT = "id url title authors published language kind text posts".split()
POST = "author published reply_to start end".split()
COLUMNS = ["date", "who", "what", "about", "claim", "words", "source"]


@pytest.fixture
def ask(library, monkeypatch):
    """Run the program in the folder of the library, in this process: test_bad_input runs it as a process."""

    def call(*arguments):
        out, err = io.StringIO(), io.StringIO()
        monkeypatch.chdir(library)
        monkeypatch.setattr(sys, "argv", ["yuanliu", *arguments])
        with redirect_stdout(out), redirect_stderr(err), pytest.raises(SystemExit) as ended:
            run()
        return SimpleNamespace(code=ended.value.code or 0, out=out.getvalue(), err=err.getvalue())

    return call


def rows_of(outcome):
    assert (outcome.code, outcome.err) == (0, ""), outcome
    return json.loads(outcome.out)


@pytest.fixture(scope="module")
def rows(library, run_program):
    """The timeline of the model that the retellings are about."""
    return rows_of(run_program(library, "timeline", "Morningstar-7B", "-f", "json"))


def timeline(ask, *options, subject="Morningstar-7B"):
    outcome = ask("timeline", subject, "-f", "json", *options)
    assert outcome.code == 0, outcome.err
    return json.loads(outcome.out)


def test_every_command_is_listed(yuanliu):
    listed = yuanliu("--help")
    names = re.findall(r"^  (\w+)  ", listed.out.split("Commands:")[1], re.M)
    assert (listed.code, listed.err, set(names)) == (
        *(0, ""),
        {name for (name,) in COMMANDS} | {group for group, _ in GROUPED},
    )
    assert yuanliu("-h").out == listed.out
    assert yuanliu("--version").out == f"yuanliu {__version__}\n"
    assert listed.out.splitlines()[0].startswith("Usage: yuanliu")


@pytest.mark.parametrize("command", [*COMMANDS, *GROUPED], ids=" ".join)
def test_the_help_of_a_command_has_an_example_with_options_that_it_has(command):
    told = CliRunner().invoke(app, [*command, "-h"], terminal_width=200)
    assert told.exit_code == 0
    examples = re.findall(rf"^ *Example: yuanliu ({' '.join(command)})(?= |$)(.*)$", told.output, re.M)
    assert [words for words, _ in examples] == [" ".join(command)]
    options = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", told.output.split("Options:")[1]))
    assert set(re.findall(r" (--?[a-z][\w-]*)", examples[0][1])) <= options


def test_init_ingest_load_and_ask(yuanliu, library, tmp_path):
    shutil.copy(library / "documents.jsonl", tmp_path)
    first = yuanliu("init")
    assert (first.code, first.out) == (0, "") and "wrote yuanliu.toml" in first.err
    assert yuanliu("stats", "-f", "json").code == 0
    stored = yuanliu("ingest", "documents.jsonl")
    assert (stored.code, stored.out, stored.err) == (0, "", "archived: 12 new, 0 changed, 0 unchanged\n")
    loaded = yuanliu("load")
    assert (loaded.code, loaded.out) == (0, "") and loaded.err.startswith("read 12 of 12 documents; the graph has ")
    counted = rows_of(yuanliu("stats", "-f", "json"))
    assert (counted["documents"], counted["claims"] > 3) == (12, True)
    for place in (tmp_path, tmp_path.parent):
        found = yuanliu("who", "Larkwing", "--config", tmp_path / "yuanliu.toml", "-f", "json", in_folder=place)
        assert any(card["kind"] == "model" for card in rows_of(found))
    assert (
        rows_of(yuanliu("stats", "-f", "json", YUANLIU_CONFIG=str(tmp_path / "yuanliu.toml"), in_folder="/")) == counted
    )


def test_the_rows_of_a_timeline(rows):
    assert rows and {tuple(row) for row in rows} == {(*ROW, "dates")}
    for row in rows:
        assert set(row["speaker"] or {"id": 0, "name": 0}) == {"id", "name"}
        assert all(set(target) == {"id", "name"} for target in row["targets"])
        assert row["document"] in row["documents"] and row["claim"].startswith("c-")
    assert [row["date"] for row in rows] == sorted(row["date"] for row in rows)
    claims = {row["claim"] for row in rows}
    assert {answer for row in rows for answer in row["answers"]} & claims


def test_every_format_tells_the_same_rows(ask, rows):
    told = {form: ask("timeline", "Morningstar-7B", "-f", form) for form in FORMATS}
    assert {(each.code, each.err) for each in told.values()} == {(0, "")}
    assert json.loads(told["json"].out) == rows == [json.loads(line) for line in told["jsonl"].out.splitlines()]
    heading, *lines = csv.reader(io.StringIO(told["csv"].out))
    assert heading == COLUMNS and [line[4] for line in lines] == [row["claim"] for row in rows]
    assert [line[5] for line in lines] == [" ".join(row["quote"].split()) for row in rows]
    marked = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in told["markdown"].out.splitlines()]
    assert marked[0] == COLUMNS and marked[1] == ["---"] * 7 and marked[2:] == lines
    assert re.findall(r"c-[0-9a-f]{12}", told["table"].out) == [row["claim"] for row in rows]


def test_a_table_shows_every_date_that_is_given(ask, rows):
    (denial,) = [row for row in rows if "en-denial" in row["documents"]]
    assert "en-denial-late" in denial["documents"]
    assert {told["date"] for told in denial["dates"]} >= {"2024-03-05", "2024-03-06"}
    assert "2024-03-05, other sources: 2024-03-06" in ask("timeline", "Morningstar-7B").out


def test_the_days_narrow_a_timeline(ask, rows):
    days = [row["date"] for row in rows]
    assert [row["date"] for row in timeline(ask, "--since", "2024-03-05")] == [d for d in days if d >= "2024-03-05"]
    assert [row["date"] for row in timeline(ask, "--until", "2024-03-05")] == [d for d in days if d <= "2024-03-05"]
    assert timeline(ask, "--as-of", "2999-01-01") == rows
    assert timeline(ask, "--as-of", "2000-01-01") == []
    assert timeline(ask, "-n", "2") == rows[:2]


def test_kind_speaker_and_language_narrow_a_timeline(ask, rows):
    assert timeline(ask, "--kind", "denial") == [row for row in rows if row["kind"] == "denial"]
    answering = timeline(ask, "--kind", "answering")
    assert answering == [row for row in rows if row["group"] == "answering"] and len(answering) < len(rows)
    told_in_chinese = [row["claim"] for row in timeline(ask, "--in", "zh")]
    assert told_in_chinese == [row["claim"] for row in timeline(ask, "--lang", "zh") if row["language"] == "zh"]
    assert 0 < len(told_in_chinese) < len(rows)
    theirs = [row for row in rows if row["speaker"] and row["speaker"]["id"] == "person:mara-quell"]
    assert theirs and timeline(ask, "--by", "马乐珂") == theirs == timeline(ask, "--by", "mara quell")


def test_names_are_told_in_the_language_asked_for(ask):
    chinese = {row["speaker"]["name"] for row in timeline(ask, "--names", "zh")}
    english = {row["speaker"]["name"] for row in timeline(ask, "--names", "en")}
    assert {"马乐珂", "云雀实验室"} <= chinese and {"Mara Quell", "Larkwood Labs"} <= english


@pytest.mark.parametrize("subject", ["morningstar 7b", "Morningstar7B", "晨星-7B", "model:morningstar-7b"])
def test_a_subject_goes_by_any_name(ask, rows, subject):
    assert timeline(ask, subject=subject) == rows


def test_stats_have_their_fields(ask):
    counted = rows_of(ask("stats", "-f", "json"))
    assert list(counted) == STATS
    assert (counted["documents"], counted["posts"], counted["version"]) == (14, 16, __version__)
    assert re.fullmatch(r"[0-9a-f]{64}", counted["hash"])
    assert ask("stats").out.split()[:2] == ["what", "value"] and counted["hash"] in ask("stats").out


def test_a_dry_run_shows_documents_and_stores_nothing(yuanliu, library, tmp_path):
    shutil.copy(library / "documents.jsonl", tmp_path)
    shown = yuanliu("ingest", "--dry-run", "-f", "jsonl", "documents.jsonl")
    assert (shown.code, shown.err) == (0, "")
    found = [json.loads(line) for line in shown.out.splitlines()]
    assert {frozenset(row) for row in found} == {frozenset(DOCUMENT)}
    assert {frozenset(post) for row in found for post in row["posts"]} == {frozenset(POST)}
    thread = found[-1]
    assert thread["authors"] == ["reader_one", "reader_two", "reader_three"] and len(thread["posts"]) == 3
    assert [path.name for path in tmp_path.iterdir()] == ["documents.jsonl"]


def test_what_the_options_say_of_a_document(yuanliu, write):
    write("a.txt", "The Larkwing-6B weights are public.")
    options = ["--url", "https://a.example/x?utm_source=y", "--title", "Larkwing", "--published", "2024-03-01"]
    (row,) = map(json.loads, yuanliu("ingest", "a.txt", "--dry-run", "--lang", "en", *options).out.splitlines())
    assert [row[name] for name in ("url", "title", "published", "language")] == [
        "https://a.example/x",
        "Larkwing",
        "2024-03-01",
        "en",
    ]
    piped = yuanliu("ingest", "-", "--dry-run", given="The Larkwing-6B weights are public.")
    assert json.loads(piped.out)["text"] == row["text"]


def test_a_claim_by_its_id_by_a_beginning_and_by_any_of_its_statements(ask, rows):
    (denial,) = [row for row in rows if "en-denial" in row["documents"]]
    card = rows_of(ask("claim", denial["claim"], "-f", "json"))
    assert (card["claim"], card["kind"], card["sources"]) == (denial["claim"], "denial", denial["sources"])
    assert [told["document"] for told in card["statements"]] == denial["documents"]
    other = next(told["id"] for told in card["statements"] if told["id"][2:] != denial["claim"][2:])
    for identifier in (other, denial["claim"][:10], denial["claim"][2:].upper()):
        assert rows_of(ask("claim", identifier, "-f", "json")) == card


def test_a_claim_is_told_with_its_words_its_sources_and_what_it_rests_on(ask, rows):
    (denial,) = [row for row in rows if "en-denial" in row["documents"]]
    plain, why = ask("claim", denial["claim"]), ask("claim", denial["claim"], "--why")
    assert plain.out.startswith(f"{denial['claim']}  denial by Mara Quell, 2024-03-05\n")
    for words in (denial["quote"], denial["url"], "near copy of zh-denial", "昨日，北辰智能首席科学家马乐珂否认"):
        assert words in plain.out and words in why.out
    assert "kind denial by 'denied'" in why.out and ": '昨日' at " in why.out and " at " not in plain.out
    assert re.search(r"speaker from words: '[^']+' at \d+:\d+", why.out)
    assert re.search(r"target \S+, about, from words: '[^']+' at \d+:\d+", why.out)
    assert "马乐珂" in ask("claim", denial["claim"], "--names", "zh").out.splitlines()[0]


def test_who_finds_by_any_name_and_by_a_part(ask):
    for name in ("Mara Quell", "马乐珂", "馬樂珂", "mara quell"):
        (card,) = rows_of(ask("who", name, "-f", "json"))
        assert (card["id"], card["nameZh"], card["made"] > 0) == ("person:mara-quell", "马乐珂", True)
    (company,) = rows_of(ask("who", "北辰", "-f", "json"))
    assert {"Morningstar-7B"} <= {other["name"] for other in company["related"]}
    assert len(rows_of(ask("who", "mor", "-f", "json"))) > 1


def hostile_claim(ask):
    (row,) = [row for row in timeline(ask, subject="Nightjar-3B") if row["document"] == "hostile"]
    return row


def harmless(outcome):
    """Check that nothing that a terminal would obey was written."""
    return not CONTROL.search(outcome.out + outcome.err) and "\t" not in outcome.out + outcome.err


def test_a_hostile_document_reaches_no_terminal(ask):
    claim = hostile_claim(ask)
    told = [ask("timeline", "Nightjar-3B", "-f", form) for form in FORMATS]
    told += [ask("claim", claim["claim"], *options) for options in ([], ["--why"], ["-f", "json"])]
    told += [ask("who", "mal", "-f", form) for form in ("table", "json")]
    told += [ask("annotate", "hostile.jsonl"), ask("ingest", "--dry-run", "hostile.jsonl")]
    assert [each.code for each in told] == [0] * len(told)
    assert [harmless(each) for each in told] == [True] * len(told)
    assert all("Nightjar-3B" in each.out for each in told[:8])


def test_json_keeps_what_it_escapes(ask):
    assert "\x1b[31mthe red\x1b[0m" in hostile_claim(ask)["quote"] and "\u202e" in hostile_claim(ask)["source"]


def test_messages_are_harmless_too(ask, yuanliu, write):
    write("bad\x1b[31m\u202e.txt", "")
    told = [ask("timeline", "Night\x1b[2J\u202ejar"), ask("who", "\x9b"), ask("claim", "\x1b")]
    told += [yuanliu("ingest", "bad\x1b[31m\u202e.txt"), ask("timeline", "Morningstar-7B", "--since", "\x1b[2J")]
    assert [each.code for each in told] == [1, 1, 1, 1, 2]
    assert [harmless(each) for each in told] == [True] * 5


def places(line):
    """Return the characters of a line by the terminal cells that they begin at."""
    found, at = {}, 0
    for character in line:
        found[at] = character
        at += cell_len(character)
    return found


@pytest.mark.parametrize("arguments", [["who", "o"]], ids=" ".join)
def test_a_table_with_chinese_cells_is_aligned(ask, arguments):
    heading, rule, *lines = ask(*arguments).out.splitlines()
    starts = [match.start() for match in re.finditer(r"(?<=   )\S", heading)]
    assert len(starts) >= 5 and set(rule) == {"─"}
    assert any(cell_len(line) > len(line) for line in lines)
    assert max(map(cell_len, lines)) <= len(rule) == 120
    for line in lines:
        cells = places(line)
        for start in starts:
            assert start in cells, "a wide character lies across the edge of a column"
            assert {cells.get(start - back, " ") for back in (1, 2)} == {" "}, line


@pytest.mark.parametrize(
    "arguments",
    [
        ["timeline", "Morningstar-7B"],
        ["timeline", "Morningstar-7B", "-f", "json"],
        ["timeline", "Morningstar-7B", "-f", "jsonl"],
        ["claim", "person"],
        ["stats"],
        ["resolve", "names.jsonl"],
        ["ingest", "--dry-run", "documents.jsonl"],
        ["--help"],
    ],
    ids=" ".join,
)
def test_a_reader_that_went_away_is_no_reason_to_complain(library, rows, arguments, start):
    if arguments[0] == "resolve":
        (library / "names.jsonl").write_text('{"surface": "01.AI", "type": "ORG"}\n' * 20_000, encoding="utf-8")
    if arguments[0] == "claim":
        arguments = ["claim", rows[0]["claim"]]
    process = start(*arguments, stdout=subprocess.PIPE)
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(timeout=60), told) == (1, "")


@pytest.mark.parametrize("arguments", [["timeline", "Morningstar-7B"], ["stats", "-f", "json"], ["--version"]])
def test_a_full_disk_is_told_in_one_line(start, arguments):
    with Path("/dev/full").open("wb") as full:
        process = start(*arguments, stdout=full)
        told = process.communicate(timeout=60)[1].decode()
    assert (process.returncode, told.count("\n")) == (1, 1)
    assert "No space left on device" in told
