"""Invented retellings of one dispute, annotated once, and stores to put them into."""

import json
from pathlib import Path

import pytest

from crawler.archive import Archive, Revision
from crawler.records import document_from_record
from graph.evidence import Reading
from graph.load import load
from graph.sqlite_store import SqliteStore
from nlp.annotation_table import AnnotationTable
from nlp.pipeline import VERSION, Annotator
from nlp.vocabulary import load_vocabulary

RETELLINGS = Path(__file__).with_name("retellings")


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
