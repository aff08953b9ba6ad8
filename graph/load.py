"""Loading: bring a store up to date with the archive.

Revisions flow in from the archive, annotations are taken from the annotation table or made and stored there, and the
graph of all of them is written into the store. A kill at any moment loses nothing: annotations are committed in
batches, and the store changes in one transaction. A document that its extractor has to leave for another run is told of and
has no part in the graph yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Protocol

from crawler.archive import Archive, Revision
from crawler.document import Document
from graph.build import build
from graph.evidence import Reading
from graph.store import Store
from nlp.annotation import Annotation
from nlp.annotation_table import AnnotationTable
from nlp.errors import DocumentLeft

BATCH = 50


class Annotates(Protocol):
    """What makes annotations: nlp.pipeline.Annotator."""

    def annotate(self, document: Document) -> Annotation:
        """Return the annotation of one document."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class LoadReport:
    """What a load did: documents read, annotations made, and records added, changed and removed in the store.

    `left` documents could not be read in this run.
    """

    documents: int
    annotated: int
    left: int
    added: int
    changed: int
    removed: int


def ignore(_: object) -> None:
    """Do nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Steps:
    """What is told of progress: documents read, the reason why one was left, records written."""

    read: Callable[[int], None] = ignore
    left: Callable[[str], None] = ignore
    written: Callable[[int], None] = ignore


def load(
    archive: Archive,
    store: Store,
    table: AnnotationTable,
    *,
    annotator: Callable[[], Annotates],
    steps: Steps | None = None,
) -> LoadReport:
    """Annotate what is new in the archive and make the store hold the graph of all of it.

    `annotator` is called only if there is something to annotate.
    """
    steps = steps or Steps()
    made, left = annotate_new(archive, table, annotator=annotator, steps=steps)
    readings = [Reading(revision, annotation) for revision, annotation in stored(archive, table)]
    if left and not readings:  # an endpoint that is away empties no graph
        return LoadReport(documents=0, annotated=0, left=left, added=0, changed=0, removed=0)
    titles = {source.name: source.title for source in archive.sources()}
    changes = store.apply(build(readings, titles), progress=steps.written)
    return LoadReport(documents=len(readings), annotated=made, left=left, **changes)


def annotate_new(
    archive: Archive, table: AnnotationTable, *, annotator: Callable[[], Annotates], steps: Steps
) -> tuple[int, int]:
    """Annotate the current revisions that have no annotation yet; return how many were and how many were left."""
    missing = [
        revision.document
        for revision in archive.revisions()
        if not table.has(revision.document.id, revision.document.digest)
    ]
    if not missing:
        return 0, 0
    worker = annotator()
    made = 0
    for start in range(0, len(missing), BATCH):
        annotations: list[Annotation] = []
        try:
            for document in missing[start : start + BATCH]:
                try:
                    annotations.append(worker.annotate(document))
                except DocumentLeft as reason:
                    steps.left(str(reason))
                steps.read(1)
        finally:  # what was made before a run is stopped was perhaps paid for
            table.add(annotations)
        made += len(annotations)
    return made, len(missing) - made


def stored(archive: Archive, table: AnnotationTable) -> Iterator[tuple[Revision, Annotation]]:
    """Yield the current revisions with their annotations."""
    for revision in archive.revisions():
        annotation = table.get(revision.document.id, revision.document.digest)
        if annotation:
            yield revision, annotation
