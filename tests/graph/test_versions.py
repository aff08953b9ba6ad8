"""A store that an older yuanliu wrote is brought up to date; one of a newer yuanliu is refused and left alone."""

import sqlite3

import pytest

from graph.errors import StoreError
from graph.model import Graph
from graph.sqlite_store import VERSION, SqliteStore


@pytest.fixture
def graph():
    made = Graph()
    made.add_node("Statement", "s-1", quote="不是抄袭", kind="denial", spans="[]", grounds='{"kind": 0.8}')
    return made


def test_the_columns_of_a_newer_version_are_added_and_filled_by_the_next_load(tmp_path, graph):
    path = tmp_path / "old.db"
    store = SqliteStore(path)
    store.apply(graph)
    store.close()
    with sqlite3.connect(path) as old:
        old.execute("alter table node_statement drop column grounds")
        old.execute("update graph_version set version = 1")
    old.close()
    store = SqliteStore(path)
    assert store.version() == VERSION
    assert store.apply(graph)["changed"] == 1
    assert store.apply(graph) == {"added": 0, "changed": 0, "removed": 0}
    store.close()


def test_a_newer_store_is_refused(tmp_path):
    path = tmp_path / "new.db"
    SqliteStore(path).close()
    with sqlite3.connect(path) as new:
        new.execute("update graph_version set version = ?", (VERSION + 1,))
    new.close()
    with pytest.raises(StoreError, match=f"graph version {VERSION + 1}"):
        SqliteStore(path)
