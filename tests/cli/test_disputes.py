"""disputes, lineage, path and who's cards: the real program on a small invented graph, in every format, with its mistakes."""

import csv
import io
import json
import runpy
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest

from graph.model import Graph
from graph.sqlite_store import SqliteStore

SMALL = Path(__file__).parent.with_name("graph") / "small_graph.py"
BIRCH, ALDER = "birch-ai--alder-labs", "alder-labs--cedar-works"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("small")
    for name, graph in (("yuanliu.db", runpy.run_path(str(SMALL))["make_graph"]()), ("empty.db", Graph())):
        store = SqliteStore(folder / name)
        store.apply(graph)
        store.close()
    return folder


@pytest.fixture
def ask(folder, run_program):
    return lambda *arguments: run_program(folder, *arguments)


def rows_of(outcome):
    assert (outcome.code, outcome.err) == (0, ""), outcome
    return json.loads(outcome.out)


def test_disputes_are_listed_alike_in_every_format(ask):
    rows = rows_of(ask("disputes", "-f", "json"))
    assert [row["slug"] for row in rows] == [ALDER, BIRCH]
    assert [json.loads(line) for line in ask("disputes", "-f", "jsonl").out.splitlines()] == rows
    heading, *lines = csv.reader(io.StringIO(ask("disputes", "-f", "csv").out))
    assert heading == "dispute,title,accused,origin,status,opened,last activity,claims,sources".split(",")
    assert lines[1] == [
        BIRCH,
        "Birch AI / Alder Labs",
        "Birch AI",
        "Alder Labs",
        *("contested 2024-03-04 2024-05-18 4 4").split(),
    ]
    table = ask("disputes", "--names", "zh")
    assert (table.code, table.err) == (0, "") and "白桦智能 / 桤木实验室" in table.out
    assert "白桦智能" in ask("disputes", "--lang", "zh").out


def test_filters_of_the_list_take_names(ask):
    def slugs(*options):
        return [row["slug"] for row in rows_of(ask("disputes", "-f", "json", *options))]

    assert slugs("--about", "雪松工坊") == [ALDER] and slugs("--by", "Mo Lin") == [BIRCH]
    assert slugs("--status", "open") == [ALDER] and slugs("-n", "1") == [ALDER]
    assert slugs("--as-of", "2024-04-15") == [BIRCH] and slugs("--since", "2024-05-19") == [ALDER]


def test_an_empty_list_says_so_and_is_no_failure(ask):
    for options in (["--status", "admitted"], ["--as-of", "2020-01-01"], ["--store", "sqlite:empty.db"]):
        told = ask("disputes", *options)
        assert (told.code, told.out) == (0, "") and "no dispute is told of" in told.err
    assert json.loads(ask("disputes", "--status", "admitted", "-f", "json").out) == []


def test_a_card_is_found_by_the_names_of_both_parties(ask):
    card = rows_of(ask("disputes", "桤木实验室 白桦智能", "-f", "json", "--names", "zh"))
    assert (card["slug"], card["accused"]["name"], card["firstCharge"]["claim"]) == (BIRCH, "白桦智能", "c-01")
    told = ask("disputes", "birch")
    assert (told.code, told.err) == (0, "")
    for words in (
        "Birch AI / Alder Labs  birch-ai--alder-labs",
        "contested: it was denied, and it was admitted or something was put right",
        "Heron-7B is said to derive from Egret-3B: weights, contested",
        "The Weekly after The Gazette: 2 claims",
        "c-02",
    ):
        assert words in told.out
    early = ask("disputes", "birch", "--as-of", "2024-04-15").out
    assert "denied: it was denied" in early and "c-03" not in early
    none = ask("disputes", "birch", "--as-of", "2020-01-01")
    assert (none.code, none.out) == (0, "") and "nobody was known to be accused by 2020-01-01" in none.err


def test_lineage_is_a_tree_that_states_nothing_itself(ask):
    told = ask("lineage", "苍鹭")
    assert (told.code, told.err) == (0, "")
    for words in (
        "said to derive from",
        "Egret-3B · weights · contested",
        "alleged by Alder Labs, 2024-03-04 (c-01)",
        "denied by Mo Lin, 2024-03-05 (c-02)",
        'longest chain of allegations: Heron-7B → Egret-3B → Stork → Wren "2"',
    ):
        assert words in told.out
    assert "(a cycle: each from the other)" in ask("lineage", "stork", "--depth", "9").out
    assert "Egret-3B · weights · denied" in ask("lineage", "Heron", "--as-of", "2024-04-15").out
    below = ask("lineage", "Egret-3B", "--depth", "1").out
    assert "said to derive from it" in below and "Heron-7B · weights · contested" in below


def test_a_lineage_in_other_formats(ask):
    rows = rows_of(ask("lineage", "Heron", "-f", "json"))
    assert [json.loads(line) for line in ask("lineage", "Heron", "-f", "jsonl").out.splitlines()] == rows
    heading, first, *_ = csv.reader(io.StringIO(ask("lineage", "Heron", "-f", "csv").out))
    assert heading[:2] == ["model", "is said to derive from"]
    assert first[-1].startswith("alleged by Alder Labs, 2024-03-04 (c-01); denied by Mo Lin")
    mermaid = ask("lineage", "Heron", "-f", "mermaid").out.splitlines()
    assert mermaid[0] == "flowchart LR" and '    m0 -->|"contested: weights"| m1' in mermaid
    root = ElementTree.fromstring(ask("lineage", "Heron", "-f", "graphml").out)
    assert len(root.findall(".//{*}edge")) == len(rows)
    assert ask("lineage", "Heron", "-f", "markdown").out.startswith("| model | is said to derive from |")


def test_a_model_of_which_nothing_is_said(ask):
    told = ask("lineage", "Heron", "--as-of", "2020-01-01")
    assert (told.code, told.out) == (0, "") and "nothing is told of where Heron comes from" in told.err


def test_a_path_is_told_step_by_step(ask):
    told = ask("path", "Ina Vale", "白鹭-3B", "--names", "zh")
    assert (told.code, told.err) == (0, "")
    assert told.out.splitlines() == [
        "1. Ina Vale said accusation c-04",
        "   “Words of c-04.”",
        "   The Weekly, 2024-05-20: https://weekly.example/d-late",
        "2. accusation c-04 is about 白鹭-3B",
    ]
    rows = rows_of(ask("path", "Ina Vale", "Egret-3B", "-f", "json"))
    assert [(row["type"], row["claim"]) for row in rows] == [("MADE", "c-04"), ("ABOUT", "c-04")]
    none, same = ask("path", "Ina Vale", "Lone Wolf"), ask("path", "Ina Vale", "ina vale")
    assert (none.code, none.out, same.code, same.out) == (0, "", 0, "")
    assert "nothing leads from Ina Vale to Lone Wolf" in none.err and "are both Ina Vale" in same.err


def test_who_shows_a_card_of_one_and_a_list_of_several(ask):
    told = ask("who", "mo lin", "--names", "zh")
    assert (told.code, told.err) == (0, "")
    lines = told.out.splitlines()
    assert lines[0] == "莫林 / Mo Lin  person  person:mo-lin"
    assert "works for     白桦智能 (chief scientist)" in lines
    assert "said          1 claim: 1 answering" in lines
    assert "speaks in     白桦智能 / 桤木实验室 (contested)" in lines
    assert "active        2024-03-05 to 2024-03-05" in lines
    several = ask("who", "her").out.splitlines()
    assert several[0].split()[:3] == ["name", "kind", "id"] and len(several) == 4


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["disputes", "--status", "foggy"], 2, "--status 'foggy' is not one of open, answered, denied"),
        (["disputes", "--names", "fr"], 2, "--names 'fr' is not one of zh, en"),
        (["disputes", "--since", "soon"], 2, "--since 'soon' is not a day"),
        (["disputes", "birch", "--status", "open"], 2, "leave it out, or leave out 'birch'"),
        (["disputes", "birch", "-f", "csv"], 2, "--format csv is not known for one dispute"),
        (["disputes", "brich-ai"], 1, f"did you mean {BIRCH}"),
        (["disputes", "--about", "Brich AI"], 1, "did you mean Birch AI"),
        (["lineage", "Herom"], 1, "did you mean Heron"),
        (
            ["lineage", "Birch AI"],
            1,
            "an organization, and lineage is about models; ask for one of its models: Heron, Heron-7B",
        ),
        (["lineage", "Heron", "--depth", "0"], 2, "--depth"),
        (["lineage", "Heron", "-f", "dot"], 2, "graphml"),
        (["path", "Ina Vale", "Brich AI"], 1, "did you mean Birch AI"),
    ],
)
def test_mistakes_name_the_value_and_what_to_do(ask, arguments, code, said):
    told = ask(*arguments)
    assert (told.code, told.out) == (code, "") and said in " ".join(told.err.replace("│", " ").split())


PROGRAM = """
import sys
from cli.main import run
try:
    run()
finally:
    print(*sorted({"networkx", "neo4j", "spacy"} & set(sys.modules)), file=sys.stderr)
"""


@pytest.mark.parametrize(
    ("arguments", "needed"),
    [
        (["disputes"], ""),
        (["lineage", "Egret-3B", "--depth", "1"], ""),
        (["path", "Ina Vale", "Egret-3B"], ""),
        (["disputes", "birch"], "networkx"),
    ],
    ids=["disputes", "lineage", "path", "card"],
)
def test_only_what_analyses_imports_networkx(folder, arguments, needed):
    told = subprocess.run([sys.executable, "-c", PROGRAM, *arguments], cwd=folder, capture_output=True, check=False)
    assert (told.returncode, told.stderr.decode().strip()) == (0, needed)
