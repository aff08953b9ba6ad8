"""Loads during which another process edits, forgets or loads documents of the same file."""

import pytest

import graph.load
from crawler.archive import Archive
from crawler.document import Document
from crawler.forgetting import carry_out, plan_documents
from graph.errors import StoreError
from graph.judgements import Judgement, JudgementTable
from graph.load import Steps, load
from tests.graph.conftest import Library


class Interrupted:
    """Something that another process does when a load has built its first batch."""

    def __init__(self, work):
        self.work = work

    def __call__(self, _):
        work, self.work = self.work, None
        if work:
            work()


def loaded_with(library, work):
    """Load a library, and let something be done to its files after the first batch."""
    steps = Steps(built=Interrupted(work))
    return load(library.archive, library.store, library.table, annotator=lambda: library.annotator, steps=steps)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(graph.load, "BUILT", 3)


def test_documents_that_are_edited_during_a_load_are_loaded_as_they_were_and_anew_by_the_next(
    library, retellings, small_batches
):
    one, early = library(), library()
    one.add(retellings)
    last = max(retellings, key=lambda each: each.published or "9999")
    edited = Document.create(
        "Nothing is left but a line of text.", id=last.id, source=last.source, published=last.published
    )

    def edit():
        with Archive(one.archive.path) as archive:
            archive.add(edited)

    assert loaded_with(one, edit).documents == len(retellings)
    early.add(retellings)
    early.load()
    assert one.records() == early.records()
    one.load()
    early.add([edited])
    early.load()
    assert one.records() == early.records()


def test_a_document_that_is_forgotten_during_a_load_is_told_of_and_gone_after_the_next(
    library, retellings, small_batches
):
    one, early = library(), library()
    one.add(retellings)
    last = max(retellings, key=lambda each: each.published or "9999")

    def forget():
        with Archive(one.archive.path) as archive, archive.transaction():
            carry_out(archive, plan_documents(archive, [last.id]), reason=None)

    with pytest.raises(StoreError, match=f"{last.id} went from .* run `yuanliu load` again"):
        loaded_with(one, forget)
    one.load()
    early.add(each for each in retellings if each is not last)
    early.load()
    assert one.records() == early.records()


def test_a_load_takes_nothing_back_that_a_later_one_built_meanwhile(library, retellings, annotator, small_batches):
    one, early = library(), library()
    late, *rest = retellings
    edited = Document.create(
        "Only this line is left.", id=rest[-1].id, source=rest[-1].source, published=rest[-1].published
    )
    judged = annotator.annotate(rest[0]).statements[0].id
    rejected = Judgement(verdict="reject", subject=judged, value={"documents": [rest[0].id]})
    one.add(rest)

    def overtake():
        other = Library(one.archive.path, annotator)
        try:
            other.add([late, edited])
            JudgementTable(other.archive.connection).add(rejected, at="2024-05-01")
            other.load()
        finally:
            other.close()

    loaded_with(one, overtake)
    early.add([*rest, late])
    early.add([edited])
    JudgementTable(early.archive.connection).add(rejected, at="2024-05-01")
    early.load()
    assert one.records() == early.records()
    assert one.changes() == (0, 0, 0)
