"""Lineage: what is said to derive from what, through families and along chains, now and as of a day, in every format."""

import runpy
from pathlib import Path
from xml.etree import ElementTree

import pytest

from graph.lineage import derivation_status, lineage
from graph.lineage_formats import graphml_of, mermaid_of, tree_of
from graph.sqlite_store import SqliteStore

SMALL = runpy.run_path(str(Path(__file__).with_name("small_graph.py")))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = SqliteStore(tmp_path_factory.mktemp("lineage") / "yuanliu.db")
    opened.apply(SMALL["make_graph"]())
    yield opened
    opened.close()


def short(rows):
    return [(row["direction"], row["depth"], row["model"]["id"][6:], row["origin"]["id"][6:]) for row in rows]


def test_a_family_stands_for_its_members_and_chains_are_followed_to_a_depth(store):
    assert short(lineage(store, "model:heron")) == [
        ("out", 1, "heron-7b", "egret-3b"),
        ("out", 2, "egret-3b", "stork"),
        ("out", 3, "stork", "wren"),
    ]
    assert short(lineage(store, "model:heron", depth=1)) == [("out", 1, "heron-7b", "egret-3b")]


def test_both_directions_and_a_cycle_end(store):
    rows = short(lineage(store, "model:stork", depth=20))
    assert [row for row in rows if row[0] == "out"] == [("out", 1, "stork", "wren"), ("out", 2, "wren", "stork")]
    assert [row for row in rows if row[0] == "in"] == [
        ("in", 1, "egret-3b", "stork"),
        ("in", 1, "wren", "stork"),
        ("in", 2, "heron-7b", "egret-3b"),
        ("in", 2, "stork", "wren"),
    ]


def test_a_row_says_who_says_so_and_when(store):
    (row,) = lineage(store, "model:heron-7b", names="zh", depth=1)
    assert (row["aspect"], row["status"], row["model"]["name"]) == ("weights", "contested", "苍鹭-7B")
    assert (row["opened"], row["lastActivity"]) == ("2024-03-04", "2024-05-18")
    assert [(one["claim"], one["kind"], one["speaker"]["name"]) for one in row["claims"]] == [
        ("c-01", "accusation", "桤木实验室"),
        ("c-02", "denial", "莫林"),
        ("c-03", "admission", "白桦智能"),
    ]


def test_as_of_a_day_only_what_was_recorded_by_then_counts(store):
    (row,) = lineage(store, "model:heron-7b", as_of="2024-04-15")
    assert (row["status"], row["lastActivity"]) == ("denied", "2024-03-05")
    assert [one["claim"] for one in row["claims"]] == ["c-01", "c-02"]
    assert [one["sources"] for one in row["claims"]] == [2, 1]
    assert lineage(store, "model:heron-7b", as_of="2024-03-31") == []
    assert lineage(store, "model:heron-7b", as_of="2030-01-01") == lineage(store, "model:heron-7b")


def test_a_remedy_admits_nothing():
    assert derivation_status(["accusation", "remedy"]) == "alleged"
    assert derivation_status(["remedy", "admission"]) == "admitted"
    assert derivation_status(["denial", "remedy"]) == "denied"
    assert derivation_status(["question"]) == "alleged"


def texts(branches):
    return [text for branch in branches for text in (branch.text, *texts(branch.branches))]


def test_the_tree_opens_each_model_once_and_names_a_cycle(store):
    lines = texts(tree_of(lineage(store, "model:stork", depth=20), "out"))
    assert lines[0] == "Stork" and any("a cycle" in line for line in lines)
    assert lines[1] == 'Wren "2" · unspecified · alleged'
    assert lines.count(lines[1]) == 1 and len(lines) < 10
    said = texts(tree_of(lineage(store, "model:heron-7b"), "out"))
    assert "denied by Mo Lin, 2024-03-05 (c-02)" in said and "itself said to derive from" in said


def test_mermaid_escapes_quotes_and_labels_every_edge(store):
    text = mermaid_of(lineage(store, "model:heron"))
    assert text.startswith("flowchart LR\n") and '["Wren #quot;2#quot;"]' in text
    assert '-->|"contested: weights"|' in text and '-->|"alleged: architecture"|' in text
    assert mermaid_of([]) == "flowchart LR"


def test_graphml_can_be_read_and_says_that_an_edge_is_an_allegation(store):
    rows = lineage(store, "model:stork", depth=20)
    root = ElementTree.fromstring(graphml_of([rows[0] | {"model": {"id": "a", "name": "\x1b<&\u0001晨"}}, *rows[1:]]))
    edges = root.findall(".//{*}edge")
    assert len(edges) == len({row["derivation"] for row in rows})
    assert any(each.text == "<&晨" for each in root.findall(".//{*}data"))
    assert [each.text for each in root.findall(".//{*}data")].count("is said to derive from") == len(edges)
