"""The named queries: each is used, each is there, each gets the parameters that it names and runs on an empty store."""

import ast
import re
from collections import defaultdict
from pathlib import Path

import pytest

import graph
from graph import search_index
from graph.sqlite_store import SqliteStore
from graph.store import PART, read_query
from graph.timeline import Filters

PACKAGE = Path(graph.__file__).parent
QUERIES = sorted((PACKAGE / "queries").glob("*.sql"))
LITERAL = re.compile(r"'(?:[^']|'')*'|--[^\n]*")


def parameters_of(path):
    return set(re.findall(r":(\w+)", LITERAL.sub("", read_query(path.stem, language="sql"))))


def calls():
    """Yield the name and the parameters of every call of store.query; of ** the keys are those of a timeline's filters."""
    for path in sorted([*PACKAGE.glob("*.py"), *PACKAGE.with_name("cli").rglob("*.py")]):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "query":
                name = node.args[0]
                assert isinstance(name, ast.Constant), f"{path.name}:{node.lineno}: the name of a query is written out"
                given = {keyword.arg for keyword in node.keywords}
                yield name.value, given - {None} | (Filters.__annotations__.keys() if None in given else set())


def test_every_query_is_asked_somewhere_and_every_query_asked_is_there():
    assert {name for name, _ in calls()} == {path.stem for path in QUERIES}


def test_every_call_binds_what_its_query_names():
    given = defaultdict(set)
    for name, parameters in calls():
        given[name].add(frozenset(parameters))
    assert given == {path.stem: {frozenset(parameters_of(path))} for path in QUERIES}


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
def test_every_query_says_what_it_gives(path):
    assert re.match(r"-- [A-Z].*\.\n", path.read_text(encoding="utf-8"))


def test_every_shared_part_is_there_in_both_languages_and_shared():
    parts = {path.name for path in (PACKAGE / "queries" / "parts").iterdir()}
    for language in ("sql", "cypher"):
        texts = [path.read_text(encoding="utf-8") for path in (PACKAGE / "queries").glob(f"*.{language}")]
        used = [part for text in texts for part in PART.findall(text)]
        assert {f"{part}.{language}" for part in used} == {part for part in parts if part.endswith(f".{language}")}
        assert all(used.count(part) > 1 for part in used)


def bound(path, value):
    lists = re.findall(r"json_each\(:(\w+)\)", read_query(path.stem, language="sql"))
    special = {"limit": 1, "skip": 1} | dict.fromkeys(lists, [] if value is None else [value])
    return {name: special.get(name, value) for name in parameters_of(path)}


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    store = SqliteStore(tmp_path_factory.mktemp("empty") / "yuanliu.db")
    search_index.create(store.connection)
    yield store
    store.close()


@pytest.mark.parametrize("path", QUERIES, ids=lambda path: path.stem)
@pytest.mark.parametrize("value", [None, 1, "x"], ids=["null", "number", "text"])
def test_every_query_runs_on_an_empty_store(empty, path, value):
    rows = empty.query(path.stem, **bound(path, value))
    numbers_only = path.stem in ("counts", "entity_numbers", "timeline_size")
    assert [set(row.values()) for row in rows] == ([{0}] if numbers_only else [])


def test_no_query_changes_anything(loaded):
    search_index.create(loaded.store.connection)
    before = loaded.store.connection.total_changes
    for path in QUERIES:
        loaded.store.query(path.stem, **bound(path, "x"))
    assert loaded.store.connection.total_changes == before
