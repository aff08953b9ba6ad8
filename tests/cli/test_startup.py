"""What a command does not need it does not import: asking the graph is as quick as reading it."""

import json
import subprocess
import sys

import pytest

HEAVY = {"scrapy", "twisted", "spacy", "onnxruntime", "neo4j", "networkx", "jieba", "pypinyin", "trafilatura", "rensa"}
PROGRAM = """
import json, sys
from cli.main import run
try:
    run()
finally:
    print(json.dumps(sorted(sys.modules)), file=sys.stderr)
"""


def imported(folder, *arguments):
    """Return the modules that a run of the program has imported."""
    finished = subprocess.run(
        [sys.executable, "-c", PROGRAM, *arguments], cwd=folder, capture_output=True, timeout=60, check=False
    )
    assert finished.returncode == 0, finished.stderr.decode()[-2000:]
    return set(json.loads(finished.stderr.decode().splitlines()[-1]))


@pytest.mark.parametrize(
    "arguments",
    [
        ["--help"],
        ["--version"],
        ["timeline", "Morningstar-7B"],
        ["timeline", "马乐珂", "-f", "json"],
        ["claim", "c-", "--help"],
        ["who", "mara quell"],
        ["stats"],
        ["stats", "-f", "json"],
        ["crawl", "--help"],
        ["annotate", "--help"],
    ],
    ids=" ".join,
)
def test_a_command_imports_nothing_heavy_that_it_does_not_need(library, arguments):
    assert sorted(HEAVY & imported(library, *arguments)) == []


def test_a_claim_is_shown_without_anything_heavy(library, ask):
    claim = json.loads(ask("timeline", "Morningstar-7B", "-f", "json", "-n", "1").out)[0]["claim"]
    assert sorted(HEAVY & imported(library, "claim", claim, "--why")) == []


def test_help_opens_no_database_and_draws_no_tables(library):
    modules = imported(library, "--help")
    assert {"sqlite3", "rich.table", "opencc", "graph", "crawler", "nlp"} & modules == set()


def test_only_tables_need_rich(library):
    assert "rich.table" not in imported(library, "stats", "-f", "json")


def test_the_test_sees_what_is_imported(library):
    assert "rich.table" in imported(library, "stats")
