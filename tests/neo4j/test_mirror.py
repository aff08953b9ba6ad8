"""A server that follows the embedded graph: only what changed is written, and whoever was interrupted or disturbed is compared as a whole."""

import signal
import subprocess
import sys
import threading
from collections import Counter
from contextlib import contextmanager

import pytest

import graph.load
from crawler.archive import Archive
from crawler.forgetting import carry_out, plan_documents
from graph.judgements import Judgement, JudgementTable
from graph.load import Steps, load
from graph.mirror import mirror
from graph.model import Graph
from graph.neo4j_store import Neo4jStore
from graph.neo4j_writer import Writer, edge_rows, node_rows
from graph.sqlite_store import SqliteStore
from graph.store import Credentials
from nlp.annotation_table import AnnotationTable
from tests.graph.corpora import Corpus

CORPUS = Corpus()
TOLD = [number for number in range(30) if CORPUS.reading(number).annotation.statements]  # that state something


class Annotated:
    """An annotator that knows the annotations of made-up documents."""

    def __init__(self):
        self.known = {}

    def annotate(self, document):
        return self.known[document.digest]


class Shelf:
    """An archive of made-up documents with their graph in the same file."""

    def __init__(self, path):
        self.path = path
        self.archive = Archive(path)
        self.base = SqliteStore(path)
        self.table = AnnotationTable(self.archive.connection, vocabulary="made up", version="1")
        self.annotated = Annotated()

    def add(self, numbers, version=1):
        for number in numbers:
            reading = CORPUS.reading(number, version)
            self.annotated.known[reading.revision.document.digest] = reading.annotation
            self.archive.add(reading.revision.document, recorded=reading.revision.recorded)

    def forget(self, *identifiers):
        with self.archive.transaction():
            carry_out(self.archive, plan_documents(self.archive, identifiers), reason=None)

    def reject(self, number):
        """Judge that a document's first statement is none."""
        statement = CORPUS.reading(number).annotation.statements[0].id
        judgement = Judgement(verdict="reject", subject=statement, value={"documents": [f"d{number}"]})
        JudgementTable(self.archive.connection).add(judgement)

    def load(self, store=None, **steps):
        return load(
            self.archive, store or self.base, self.table, annotator=lambda: self.annotated, steps=Steps(**steps)
        )

    def logged(self):
        return self.base.connection.execute("select count(*) from change").fetchone()[0]

    def close(self):
        self.base.close()
        self.archive.close()


class Watched(Neo4jStore):
    """The store of a server that counts how often it was compared as a whole and how often it was told what changed."""

    wholes = 0
    patches = 0

    def apply(self, graph, **options):
        self.wholes += 1
        return super().apply(graph, **options)

    def patch(self, patch, **options):
        self.patches += 1
        return super().patch(patch, **options)

    @contextmanager
    def counted(self, *, wholes=0, patches=0):
        """Check how often it is compared and told in a block."""
        before = self.wholes, self.patches
        yield
        assert (self.wholes - before[0], self.patches - before[1]) == (wholes, patches)


def login(server):
    user, password = server.auth or ("neo4j", "")
    return Credentials(user=user, password=password)


@pytest.fixture
def shelf(tmp_path):
    made = Shelf(tmp_path / "yuanliu.db")
    yield made
    made.close()


@pytest.fixture
def server(neo4j_server):
    """The store of a server that holds no graph, before and after."""
    store = Watched(neo4j_server.uri, login(neo4j_server))
    Neo4jStore.apply(store, Graph())
    yield store
    Neo4jStore.apply(store, Graph())
    store.close()


def written(before, after):
    """Count what differs between two graphs as a server has it."""
    totals = Counter(added=0, changed=0, removed=0)
    for rows in (node_rows, edge_rows):
        for old, new in zip(rows(before).values(), rows(after).values(), strict=True):
            totals["added"] += len(new.keys() - old.keys())
            totals["removed"] += len(old.keys() - new.keys())
            totals["changed"] += sum(old[key] != new[key] for key in old.keys() & new.keys())
    return dict(totals)


def test_only_what_changed_is_written_and_both_are_equal_after_every_load(shelf, server, monkeypatch):
    shelf.add(range(30))
    with server.counted(wholes=1):
        first = shelf.load(server)
    assert first.added > 200 and (first.changed, first.removed) == (0, 0)
    assert server.content_hash() == shelf.base.content_hash()
    asked = []
    marks = Writer.marks
    monkeypatch.setattr(Writer, "marks", lambda writer, text, **ids: asked.append(text) or marks(writer, text, **ids))
    changes = {
        "nothing": lambda: None,
        "some come": lambda: shelf.add(range(30, 36)),
        "one is edited": lambda: shelf.add([7], version=2),
        "some are forgotten": lambda: shelf.forget("d3", "d30"),
        "a statement is rejected": lambda: shelf.reject(TOLD[9]),
        "a name of two scripts comes": lambda: shelf.add(range(36, 60)),
        "all at once": lambda: (shelf.add([1, 70], version=3), shelf.forget("d40"), shelf.reject(TOLD[11])),
    }
    for name, change in changes.items():
        before, progress = shelf.base.graph(), []
        change()
        with server.counted(patches=1):
            report = shelf.load(server, written=progress.append)
        after = shelf.base.graph()
        totals = {each: getattr(report, each) for each in ("added", "changed", "removed")}
        assert totals == written(before, after), name
        assert sum(totals.values()) == sum(progress) and (sum(totals.values()) > 0) == (name != "nothing"), name
        assert server.content_hash() == shelf.base.content_hash(), name
        assert shelf.logged() == 0
    assert asked and all(text.startswith("UNWIND $ids") for text in asked)
    with server.counted(wholes=1):
        assert set(server.apply(shelf.base.graph()).values()) == {0}


def test_what_was_loaded_into_the_embedded_store_only_follows_later(shelf, server):
    shelf.add(range(12))
    shelf.load(server)
    for numbers in (range(12, 15), range(15, 18)):
        shelf.add(numbers)
        shelf.load()
    assert shelf.logged() > 0 and server.content_hash() != shelf.base.content_hash()
    with server.counted(patches=1):
        shelf.load(server)
    assert server.content_hash() == shelf.base.content_hash() and shelf.logged() == 0


KILLED = """
import os, sys
from pathlib import Path
from graph.mirror import mirror
from graph.neo4j_store import Neo4jStore
from graph.sqlite_store import SqliteStore
from graph.store import Credentials

path, address, user, password, moment = sys.argv[1:]
server = Neo4jStore(address, Credentials(user=user, password=password))
set_token = server.set_token

def kill(_=None):
    os.kill(os.getpid(), 9)

def set_and_kill(token):
    if token is None or moment == "after the token":
        set_token(token)
    if token is not None:
        kill()

if moment != "first batch":
    server.set_token = set_and_kill
mirror(SqliteStore(Path(path)), server, progress=kill if moment == "first batch" else id)
"""


@pytest.mark.parametrize("moment", ["first batch", "before the token", "after the token"])
def test_a_killed_run_is_followed_by_a_whole_comparison(shelf, server, neo4j_server, moment):
    shelf.add(range(12))
    shelf.load(server)
    shelf.add(range(12, 15))
    shelf.add([4], version=2)
    shelf.load()
    user, password = login(neo4j_server).user, login(neo4j_server).password
    arguments = [str(shelf.path), server.address, user, password, moment]
    killed = subprocess.run([sys.executable, "-c", KILLED, *arguments], check=False, capture_output=True)
    assert killed.returncode == -signal.SIGKILL, killed.stderr.decode()
    shelf.forget("d2")
    with server.counted(wholes=1):
        shelf.load(server)
    assert server.content_hash() == shelf.base.content_hash()
    shelf.add([20])
    with server.counted(patches=1):
        shelf.load(server)
    assert server.content_hash() == shelf.base.content_hash()


def test_a_server_that_somebody_else_changed_or_emptied_is_compared_as_a_whole(shelf, server, tmp_path):
    other = Shelf(tmp_path / "other.db")
    other.add(range(20, 26))
    shelf.add(range(12))
    try:
        for each in (shelf, other, shelf):
            with server.counted(wholes=1):
                each.load(server)
            assert server.content_hash() == each.base.content_hash()
    finally:
        other.close()
    for disturb in (
        lambda: server.run("MATCH (n) DETACH DELETE n"),
        lambda: server.apply(Graph()),
        lambda: server.set_token("of somebody else"),
    ):
        disturb()
        shelf.add([len(shelf.archive.document_ids())])
        with server.counted(wholes=1):
            shelf.load(server)
        assert server.content_hash() == shelf.base.content_hash()
    with server.counted(patches=1):
        shelf.load(server)


def test_an_embedded_store_that_was_filled_otherwise_is_compared_as_a_whole(shelf, server):
    shelf.add(range(12))
    shelf.load(server)
    shelf.base.apply(Graph())
    with server.counted(wholes=1):
        shelf.load(server)
    assert server.content_hash() == shelf.base.content_hash()
    shelf.forget(*shelf.archive.document_ids())
    shelf.load(server)
    assert server.content_hash() == shelf.base.content_hash() and server.query("counts")[0]["statements"] == 0


def test_two_servers_follow_one_archive_independently(shelf, server, open_neo4j_server):
    second = Watched(open_neo4j_server.uri, Credentials())
    try:
        shelf.add(range(12))
        shelf.load(server)
        with second.counted(wholes=1):
            shelf.load(second)
        shelf.add(range(12, 16))
        with server.counted(patches=1):
            shelf.load(server)
        assert shelf.logged() > 0  # for the second one
        shelf.add([3], version=2)
        with server.counted(patches=1):
            shelf.load(server)
        with second.counted(patches=1):
            shelf.load(second)
        assert shelf.logged() == 0
        assert server.content_hash() == second.content_hash() == shelf.base.content_hash()
        second.set_token(None)
        shelf.forget("d1")
        with server.counted(patches=1), second.counted(wholes=1):
            shelf.load(second)
            shelf.load(server)
        assert server.content_hash() == second.content_hash() == shelf.base.content_hash()
        assert shelf.logged() == 0
    finally:
        second.close()


def test_a_second_run_waits_for_the_first_and_brings_what_is_newest(shelf, server, neo4j_server):
    shelf.add(range(12))
    shelf.load(server)
    told = []

    def follow():
        base, other = SqliteStore(shelf.path), Neo4jStore(neo4j_server.uri, login(neo4j_server))
        try:
            told.append(mirror(base, other, progress=id))
        finally:
            other.close()
            base.close()

    run = threading.Thread(target=follow)
    with server.lock():
        run.start()
        run.join(1)
        assert run.is_alive() and told == []
        shelf.add(range(12, 16))
        shelf.load(server)
        before = shelf.base.graph()
        shelf.add([16])
        shelf.load()
    run.join(60)
    assert told == [written(before, shelf.base.graph())]
    assert server.content_hash() == shelf.base.content_hash()


def test_a_server_that_is_filled_while_another_load_is_at_work_gets_the_rest_later(shelf, server, monkeypatch):
    monkeypatch.setattr(graph.load, "BUILT", 5)
    shelf.add(range(12))
    filled = []

    def fill(_):
        if not filled:
            base = SqliteStore(shelf.path)
            filled.append(mirror(base, server, progress=id)["added"])
            base.close()

    shelf.load(built=fill)
    assert filled[0] > 0 and server.content_hash() != shelf.base.content_hash()
    with server.counted(patches=1):
        shelf.load(server)
    assert server.content_hash() == shelf.base.content_hash()
