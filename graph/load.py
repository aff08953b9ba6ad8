"""Loading: bring a store up to date with the archive.

Revisions flow in from the archive, annotations are taken from the annotation table or made and stored there, and what is new,
changed or gone is built into the graph (graph.build) in batches, each in one transaction; a server that mirrors the graph follows (graph.mirror).
A kill at any moment loses nothing, and the next load goes on. A document that its extractor has to leave for another run is told of and
has no part in the graph yet.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from crawler.archive import Archive, Revision
from crawler.document import Document
from graph.batches import in_batches
from graph.build import RULES, Batch, Builder, Judged
from graph.corrections import Corrections
from graph.document_nodes import DocumentNodes
from graph.errors import StoreError
from graph.evidence import Reading
from graph.judgements import JudgementTable
from graph.ledger import Ledger
from graph.mirror import drop_stale, mirror
from graph.sqlite_store import SqliteStore
from graph.store import Store
from nlp.annotation import Annotation
from nlp.annotation_table import AnnotationTable
from nlp.aspects import aspects_digest
from nlp.errors import DocumentLeft

ANNOTATED = 50  # documents after which annotations are stored
BUILT = 200  # documents that are built into the graph at once


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
    """What is told of progress: documents read, the reason why one was left, documents built in, records written to a server."""

    read: Callable[[int], None] = ignore
    left: Callable[[str], None] = ignore
    built: Callable[[int], None] = ignore
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

    `annotator` is called only if there is something to annotate. The graph of a server is built in the archive's file first.
    """
    steps = steps or Steps()
    made, left = annotate_new(archive, table, annotator=annotator, steps=steps)
    base = store if isinstance(store, SqliteStore) else SqliteStore(archive.path)
    try:
        loader = Loader(archive, table, base)
        annotated = table.digests()
        heads = {each: head for each, head in archive.heads().items() if (each, head[0]) in annotated}
        if left and not heads:  # an endpoint that is away empties no graph
            return LoadReport(documents=0, annotated=0, left=left, added=0, changed=0, removed=0)
        changes = loader.build(heads, built=steps.built)
        drop_stale(base)
        if base is not store:
            changes = mirror(base, store, progress=steps.written)
    finally:
        if base is not store:
            base.close()
    return LoadReport(documents=len(heads), annotated=made, left=left, **changes)


class Loader:
    """Builds what differs between an archive and a store into the store.

    Other processes may write into both meanwhile, so that whatever a batch depends on is read in its transaction; nothing that
    another load built since this one began is taken back.
    """

    def __init__(self, archive: Archive, table: AnnotationTable, store: SqliteStore) -> None:
        self.archive = archive
        self.table = table
        self.store = store
        self.judgements = JudgementTable(archive.connection)
        self.heads: Mapping[str, tuple[str, str]] = {}
        # before the archive is looked at: what another load adds from now on is not taken for gone
        self.known = DocumentNodes(Ledger(store.connection)).stamps()

    def build(self, heads: Mapping[str, tuple[str, str]], *, built: Callable[[int], None]) -> dict[str, int]:
        """Build documents in, the first published first; return how many records were added, changed and removed.

        `heads` are the documents with the digests of their annotated revisions and when these were published.
        """
        self.heads = heads
        corrections = Corrections.of(self.judgements.all())
        changed = [
            each for each, head in heads.items() if self.known.get(each) != self.stamp(each, head[0], corrections)
        ]
        changed.sort(key=lambda each: (heads[each][1] or "9999", each))
        removed = sorted(self.known.keys() - heads.keys())
        totals: Counter[str] = Counter()
        for start in range(0, max(len(changed), 1), BUILT):
            some = changed[start : start + BUILT]
            with self.store.transaction():
                totals.update(self.build_some(some, removed))
            removed = []
            built(len(some))
        return {name: totals[name] for name in ("added", "changed", "removed")}

    def build_some(self, documents: Sequence[str], removed: Sequence[str]) -> Mapping[str, int]:
        """Build some documents in and take others out, within a transaction of the caller's; return the ledger's totals."""
        judgements = self.judgements.all()
        corrections = Corrections.of(judgements)
        builder = Builder(self.store, Judged(judgements, corrections))
        if not builder.ledger.rows("select 1 from read_document limit 1"):
            self.store.clear()  # what is there was not built here
        wanted = "select id, stamp from (select value from json_each(?)) wanted join read_document on id = wanted.value"
        known = dict(builder.ledger.rows(wanted, documents))

        def read(document: str) -> Reading:
            return self.read(document, corrections)

        readings = {each: read(each) for each in documents}
        stamps = {
            each: self.stamp(each, reading.revision.document.digest, corrections) for each, reading in readings.items()
        }
        changed = {each: reading for each, reading in readings.items() if known.get(each) != stamps[each]}
        titles = {source.name: source.title for source in self.archive.sources()}
        builder.update(Batch(changed, {each: stamps[each] for each in changed}, read, removed=removed, titles=titles))
        return builder.ledger.totals

    def stamp(self, document: str, digest: str, corrections: Corrections) -> str:
        """Return what tells one reading of a document from another."""
        judged = f" {corrections.digest}" if document in corrections.documents else ""
        return f"{digest} {' '.join(self.table.key)} {RULES} {aspects_digest()}{judged}"

    def read(self, document: str, corrections: Corrections) -> Reading:
        """Return the newest annotated revision of a document with its annotation.

        Raises:
            StoreError: when the document has gone from the archive since the load began.
        """
        revision = self.archive.current(document)
        annotation = self.table.get(document, revision.document.digest) if revision else None
        if annotation is None:  # it was edited since the load began
            before = self.heads[document][0] if document in self.heads else None
            found = [each for each in self.archive.revisions_of(document) if each.document.digest == before]
            revision = found[0] if found else None
            annotation = self.table.get(document, revision.document.digest) if revision else None
        if revision is None or annotation is None:
            raise StoreError(f"{document} went from {self.archive.path} during this load; run `yuanliu load` again")
        return Reading(revision, corrections.correct(annotation), self.first_recorded(revision, annotation))

    def first_recorded(self, revision: Revision, annotation: Annotation) -> dict[str, str]:
        """Return when an older revision that has the words of a statement was recorded, by statement; none for a first revision."""
        recorded: dict[str, str] = {}
        for older in self.archive.revisions_of(revision.document.id) if revision.sequence > 1 else ():
            document = older.document
            for statement in annotation.statements if older.sequence < revision.sequence else ():
                if all(span.quote in document.part(span.part) for span in statement.spans):
                    recorded.setdefault(statement.id, older.recorded)
        return recorded


def annotate_new(
    archive: Archive, table: AnnotationTable, *, annotator: Callable[[], Annotates], steps: Steps
) -> tuple[int, int]:
    """Annotate the current revisions that have no annotation yet; return how many were and how many were left."""
    known = table.digests()
    missing = [each for each, head in archive.heads().items() if (each, head[0]) not in known]
    if not missing:
        return 0, 0
    worker = annotator()
    made = 0
    for some in in_batches(sorted(missing), ANNOTATED):
        annotations: list[Annotation] = []
        try:
            for document in some:
                revision = archive.current(document)
                try:
                    if revision:
                        annotations.append(worker.annotate(revision.document))
                except DocumentLeft as reason:
                    steps.left(str(reason))
                steps.read(1)
        finally:  # what was made before a run is stopped was perhaps paid for
            table.add(annotations)
        made += len(annotations)
    return made, len(missing) - made
