"""The timeline and claim commands as processes: trees, diagrams, languages, days of recording, and what a terminal gets."""

import csv
import io
import json
import os
import pty
import re
import struct
import subprocess
import sys
import termios
from fcntl import ioctl
from pathlib import Path

import pytest
from rich.cells import cell_len

from cli.events import event_lines, wrap
from cli.mermaid import BREAK, WIDEST, mermaid_text, safe
from cli.tree import branches

YUANLIU = Path(sys.executable).with_name("yuanliu")
MODEL = "Morningstar-7B"
LINK = re.compile(r"\x1b\]8;[^;]*;([^\x1b]+)\x1b\\")
CONTROL = re.compile(r"\x1b\][^\x1b]*\x1b\\|\x1b\[[0-9;]*m")


@pytest.fixture(scope="module")
def told(library, run_program):
    """Answer once for each question of this module."""
    known = {}

    def tell(*arguments):
        if arguments not in known:
            known[arguments] = run_program(library, *arguments)
        return known[arguments]

    return tell


@pytest.fixture(scope="module")
def rows(told):
    return json.loads(told("timeline", MODEL, "-f", "json").out)


@pytest.fixture
def terminal(library):
    """Run the program on a terminal of so many columns and return what it wrote there."""

    def show(columns, *arguments):
        ours, theirs = pty.openpty()
        ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
        kept = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
        process = subprocess.Popen(
            [YUANLIU, *arguments],
            **{"cwd": library, "stdout": theirs, "stdin": theirs, "stderr": subprocess.PIPE},
            env=kept | {"TERM": "xterm-256color", "COLORTERM": "truecolor"},
        )
        os.close(theirs)
        parts = []
        while True:
            try:
                part = os.read(ours, 65536)
            except OSError:
                break
            if not part:
                break
            parts.append(part)
        assert (process.wait(60), process.stderr.read()) == (0, b"")
        process.stderr.close()
        os.close(ours)
        return b"".join(parts).decode().replace("\r\n", "\n")

    return show


def test_a_tree_has_the_same_rows_with_their_places(told, rows):
    placed = json.loads(told("timeline", MODEL, "--tree", "-f", "json").out)
    assert [list(row) for row in placed] == [[*rows[0], "depth", "under"]] * len(rows)
    bare = [{name: row[name] for name in rows[0]} for row in placed]
    assert sorted(map(json.dumps, bare)) == sorted(map(json.dumps, rows))
    depths = {row["claim"]: row["depth"] for row in placed}
    for row in placed:
        assert (row["under"] is None) == (row["depth"] == 0)
        if row["under"]:
            assert row["claim"] in next(r["answers"] for r in rows if r["claim"] == row["under"])
            assert depths[row["under"]] == row["depth"] - 1
    assert max(depths.values()) > 0
    lines = told("timeline", MODEL, "--tree", "-f", "jsonl").out.splitlines()
    assert [json.loads(line) for line in lines] == placed
    heading, *cells = csv.reader(io.StringIO(told("timeline", MODEL, "--tree", "-f", "csv").out))
    assert heading[-2:] == ["depth", "under"]
    assert [line[-2:] for line in cells] == [[str(row["depth"]), row["under"] or ""] for row in placed]


def test_a_tree_in_a_terminal_is_drawn_with_branches_and_names_again_what_stands_above(told):
    shown = told("timeline", MODEL, "--tree")
    assert (shown.code, shown.err) == (0, "")
    lines = shown.out.splitlines()
    assert any(line.startswith(("├ ", "└ ")) for line in lines)
    again = [line for line in lines if "see above c-" in line]
    for line in again:
        claim = re.search(r"c-\w+", line)[0]
        assert any(claim in earlier for earlier in lines[: lines.index(line)])
    assert all(cell_len(line) <= 120 for line in lines if "http" not in line)


def test_branches():
    drawn = [lead.first for lead in branches([0, 1, 2, 2, 1, 2, 0, 1])]
    assert drawn == ["", "├ ", "│ ├ ", "│ └ ", "└ ", "  └ ", "", "└ "]
    assert [lead.rest for lead in branches([0, 1, 2, 1])] == ["", "│ ", "│   ", "  "]
    deep = branches(list(range(40)))[-1]
    assert deep.first.endswith("└ (39) ") and cell_len(deep.first) < 24


ROW = {
    **{"date": "2023-11-13", "basis": "stated", "kind": "denial", "group": "answering", "claim": "c-0123456789ab"},
    "speaker": {"id": "org:a", "name": "云雀林实验室有限责任公司"},
    "targets": [{"id": f"model:{n}", "name": f"鸮模型-{n}B"} for n in range(9)],
    "quote": "云雀林说：“《鸮》模型与此无关；数据是自己收集的，训练方法也是自己做的。” It said so twice, without a doubt. "
    * 3,
    "source": "晨报 Morning Courier",
    "published": "2023-11-15T08:00:00+08:00",
    "sources": 3,
    "url": "https://courier.example/2023/11/15/a-long-address-of-a-page-that-takes-much-room.html",
    "dates": [
        {"date": "2023-11-13", "basis": "stated", "sources": 2},
        {"date": "2023-11-14", "basis": "stated", "sources": 1},
        {"date": "2023-11", "basis": "stated", "sources": 1},
    ],
}


@pytest.mark.parametrize("width", [80, 100, 120])
def test_an_event_fits_a_terminal_with_chinese_counted_double(width):
    lines = [line.plain for line in event_lines(ROW, width)]
    address = [line for line in lines if ROW["url"] in line]
    assert len(address) == 1
    assert max(cell_len(line) for line in lines if line not in address) <= width
    assert cell_len(address[0]) <= width or address[0].strip() == ROW["url"]
    words = "".join(line.strip() for line in lines).replace(" ", "")
    for part in (ROW["quote"], "2023-11-13, other sources: 2023-11-14", "2023-11-15, and 2 more", "c-0123456789ab"):
        assert part.replace(" ", "") in words
    assert all(line.startswith(" " * 14) for line in lines[1:])
    assert not any(re.match(r"\s*[，。；：？！”》]", line) for line in lines), "no line begins with a closing mark"


def test_a_word_longer_than_a_line_is_cut_and_nothing_is_lost():
    text = f"短 {'x' * 30}云 y"
    assert "".join(wrap(text, 10)).replace(" ", "") == text.replace(" ", "")
    assert max(map(cell_len, wrap(text, 10))) <= 10


@pytest.mark.parametrize("columns", [80, 120])
def test_a_terminal_gets_links_and_colours(terminal, rows, columns):
    shown = terminal(columns, "timeline", MODEL)
    assert {row["url"] for row in rows} <= set(LINK.findall(shown))
    assert "\x1b[31maccusation" in shown and "\x1b[32mdenial" in shown
    plain = CONTROL.sub("", shown).splitlines()
    assert max(cell_len(line) for line in plain if "http" not in line) <= columns
    assert any(cell_len(line) > 90 for line in plain) == (columns == 120)


@pytest.mark.parametrize("form", ["table", "markdown", "csv", "mermaid"])
def test_what_is_piped_has_no_codes(told, form):
    shown = told("timeline", MODEL, "-f", form)
    assert shown.code == 0 and "\x1b" not in shown.out and shown.out


def test_every_date_is_shown_in_every_format_for_people(told):
    for form in ("table", "markdown", "csv", "mermaid"):
        shown = told("timeline", MODEL, "-f", form).out
        assert re.search("2024-03-05, other sources[:：] 2024-03-06", shown), form


def test_a_mermaid_diagram_has_sections_and_no_character_that_breaks_it(told, rows):
    heading, title, *lines = told("timeline", MODEL, "-f", "mermaid").out.splitlines()
    assert (heading, title) == ("timeline", f"    title {MODEL}")
    assert lines[0] == "    section 2024-03"
    events = [line for line in lines if not line.startswith("    section ")]
    assert len(events) == len(rows)
    for line in events:
        assert re.fullmatch(r" {8,12}([^:;#%\"]+ )?: [^:;#%\"<>{}`\\]+", line), line
    for row in rows:
        assert any(safe(row["quote"])[:60] in line.replace(BREAK, "") for line in events)
    runs = [run for line in events for run in line.split()]
    assert max(len(re.findall("[\u4e00-\u9fff]", run)) for run in runs) <= WIDEST // 2  # or it would leave its box
    refused = told("timeline", MODEL, "--tree", "-f", "mermaid")
    assert (refused.code, refused.out) == (2, "") and "--tree and -f mermaid" in refused.err


def test_quotes_of_every_kind_stay_one_event_of_a_diagram():
    nasty = 'a: b; "c" #d\n%%{init}%% <script> `e` \\ & ~\u2028 section x'
    text = mermaid_text([ROW | {"quote": nasty}, ROW | {"quote": nasty, "date": None, "dates": []}], title="x: #1")
    assert [line.split(" : ")[0].strip() for line in text.splitlines()] == [
        *("timeline", "title x： ＃1", "section 2023-11", "2023-11-13, other sources： 2023-11-14"),
        *("section undated", "undated"),
    ]
    many = [ROW | {"date": f"20{year}-0{month}", "dates": []} for year in (21, 22) for month in range(1, 9)]
    sections = re.findall("section (.+)", mermaid_text(many, title="x"))
    assert sections == ["2021", "2022"]


def test_lang_is_the_language_of_the_reader_and_in_that_of_the_sources(told, rows):
    chinese = json.loads(told("timeline", MODEL, "--lang", "zh", "-f", "json").out)
    assert [row["claim"] for row in chinese] == [row["claim"] for row in rows]
    both = [(a, b) for a, b in zip(rows, chinese, strict=True) if a["language"] != b["language"]]
    assert both and all(a["documents"] == b["documents"] and b["language"] == "zh" for a, b in both)
    assert {"马乐珂", "云雀实验室"} <= {row["speaker"]["name"] for row in chinese if row["speaker"]}
    told_in = json.loads(told("timeline", MODEL, "--in", "zh", "-f", "json").out)
    assert [row["claim"] for row in told_in] == [row["claim"] for row in chinese if row["language"] == "zh"]
    assert {row["language"] for row in told_in} == {"zh"} and len(told_in) < len(rows)
    mixed = json.loads(told("timeline", MODEL, "--lang", "zh", "--names", "en", "-f", "json").out)
    assert [row["quote"] for row in mixed] == [row["quote"] for row in chinese]
    assert "Mara Quell" in {row["speaker"]["name"] for row in mixed if row["speaker"]}
    wrong = told("timeline", MODEL, "--in", "fr")
    assert wrong.code == 2 and "--in 'fr'" in wrong.err and "zh, en" in wrong.err


def test_two_subjects_and_a_dispute(told, rows):
    both = json.loads(told("timeline", MODEL, "Larkwing-6B", "-f", "json").out)
    assert {row["claim"] for row in both} < {row["claim"] for row in rows}
    slug = next(row["dispute"] for row in rows if row["dispute"])
    inside = [row["claim"] for row in rows if row["dispute"] == slug]
    for name in (slug, f"dispute:{slug}", slug[:-3] if "--" in slug[:-3] else slug):
        found = json.loads(told("timeline", name, "-f", "json").out)
        assert set(inside) <= {row["claim"] for row in found}
    unknown = told("timeline", f"{slug}x")
    assert (unknown.code, unknown.out) == (1, "") and f"did you mean {slug}" in unknown.err
    assert told("timeline", MODEL, "Larkwing-6Z").code == 1


def test_a_claim_shows_its_tree_and_its_copies_under_their_source(told, rows):
    denial = next(row for row in rows if "zh-denial-copy" in row["documents"])
    shown = told("claim", denial["claim"])
    lines = shown.out.splitlines()
    original = next(n for n, line in enumerate(lines) if line.startswith("  “昨日"))
    assert lines[original + 3].startswith("    “") and "near copy of zh-denial" in lines[original + 5]
    card = json.loads(told("claim", denial["claim"], "-f", "json").out)
    assert [len(source["copies"]) for source in card["trueSources"] if source["document"] == "zh-denial"] == [1]
    assert {"answers", "answersTo", "links", "statements"} <= set(card)
    charge = next(row for row in rows if row["answers"])
    below = json.loads(told("claim", charge["claim"], "-f", "json").out)["answers"]
    assert {each["claim"] for each in below} == set(charge["answers"])
    text = told("claim", charge["claim"]).out
    assert re.search(rf"answered or taken up by\n[├└] \w.* {below[0]['claim']} ", text)


def test_a_claim_as_of_a_day_before_it_was_recorded_is_not_known(told, rows):
    early = told("claim", rows[0]["claim"], "--as-of", "2000-01-01")
    assert (early.code, early.out) == (1, "") and "first recorded" in early.err
    later = told("claim", rows[0]["claim"], "--as-of", "2999-01-01", "-f", "json")
    assert later.out == told("claim", rows[0]["claim"], "-f", "json").out
    assert told("claim", rows[0]["claim"], "--as-of", "soon").code == 2
