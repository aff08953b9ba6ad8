"""What the tests of the graph share: invented retellings of one dispute, annotated once, and stores to put them into; small
graphs, told by hand; a web server with the pages of an invented newspaper.
"""

import json
from pathlib import Path

import pytest

from crawler.archive import Archive, Revision
from crawler.records import document_from_record
from graph.evidence import Reading
from graph.load import load
from graph.model import Graph, Name
from graph.sqlite_store import SqliteStore
from nlp.annotation_table import AnnotationTable
from nlp.pipeline import VERSION, Annotator
from nlp.vocabulary import load_vocabulary
from tests.crawler.loopback import Loopback
from tests.graph.gazette import ALL, page
from tests.graph.told_graph import Made

RETELLINGS = Path(__file__).with_name("retellings")
pytest.register_assert_rewrite("tests.graph.same_graph")  # its failures show the values, as those of tests do


@pytest.fixture(scope="session")
def retellings():
    lines = (RETELLINGS / "documents.jsonl").read_text(encoding="utf-8").splitlines()
    return [document_from_record(json.loads(line), where="documents.jsonl", header={}) for line in lines]


@pytest.fixture(scope="session")
def annotator():
    return Annotator(load_vocabulary([RETELLINGS / "names.toml"]))


@pytest.fixture(scope="session")
def readings(retellings, annotator):
    return [
        Reading(Revision(document=document, sequence=1, recorded="2024-04-01", raw=None), annotator.annotate(document))
        for document in retellings
    ]


class Library:
    """An archive and a store in one file."""

    def __init__(self, path, annotator):
        self.annotator = annotator
        self.archive = Archive(path)
        self.store = SqliteStore(path)
        self.table = AnnotationTable(self.archive.connection, vocabulary=annotator.vocabulary.digest, version=VERSION)

    def add(self, documents, *, recorded=None):
        for document in documents:
            self.archive.add(document, recorded=recorded)

    def load(self):
        return load(self.archive, self.store, self.table, annotator=lambda: self.annotator)

    def changes(self):
        report = self.load()
        return report.added, report.changed, report.removed

    def records(self):
        return set(self.store.records())

    def close(self):
        self.archive.close()
        self.store.close()


@pytest.fixture
def library(tmp_path, annotator):
    """Make libraries; each call gives a new one."""
    made = []

    def make():
        made.append(Library(tmp_path / f"library{len(made)}.db", annotator))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture(scope="session")
def loaded(tmp_path_factory, annotator, retellings):
    """The library of all retellings; only for reading."""
    library = Library(tmp_path_factory.mktemp("loaded") / "yuanliu.db", annotator)
    library.add(retellings)
    library.load()
    yield library
    library.close()


@pytest.fixture(scope="module")
def small():
    """A graph with parallel edges, two labels of one id, and every kind of value."""
    made = Graph()
    made.add_node("Entity", "model:heron-7b", kind="model", name="Heron-7B", nameZh="苍鹭-7B")
    made.add_node("Entity", "organization:reedbed", kind="organization", name="Reedbed Labs")
    made.add_node("Claim", "model:heron-7b", quote="“套壳”\x07\nsaid\x1b[31m somebody", sources=2, confidence=1)
    made.add_node("Post", "doc", author="", start=0, end=12)
    made.add_edge("ABOUT", "model:heron-7b", "model:heron-7b", role="accused")
    made.add_edge("ABOUT", "model:heron-7b", "model:heron-7b", key="2", role="origin", confidence=0.25)
    made.add_edge("DEVELOPED_BY", "model:heron-7b", "organization:reedbed")
    made.add_edge("MEMBER_OF", "model:heron-7b", "organization:reedbed", role=None, weight=3)
    made.names |= {Name("heron-7b", "model:heron-7b", "Heron-7B"), Name("苍鹭", "model:heron-7b", "苍鹭")}
    return made


@pytest.fixture
def made():
    return Made()


@pytest.fixture
def stored(tmp_path):
    """Put graphs into stores."""
    opened = []

    def put(graph_):
        opened.append(SqliteStore(tmp_path / f"{len(opened)}.db"))
        opened[-1].apply(graph_)
        return opened[-1]

    yield put
    for each in opened:
        each.close()


@pytest.fixture(scope="session")
def web():
    with Loopback() as server:
        for number in range(ALL):
            server.pages[f"/a/{number}"] = page(number)
        yield server
