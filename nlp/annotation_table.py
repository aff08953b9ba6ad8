"""The annotation table: what was annotated once is never annotated again.

Annotations are pure functions of a revision, a vocabulary and an annotator version; the table keeps each under those
three in the archive's file, so that a new vocabulary or a better annotator makes new rows and the old ones stay
comparable until `prune` removes them.
"""

from __future__ import annotations

import json
import sqlite3
import zlib
from collections.abc import Iterable

from nlp.annotation import Annotation

TABLE = """create table if not exists annotation (
    document text not null, digest text not null, vocabulary text not null, version text not null,
    content blob not null,
    primary key (document, digest, vocabulary, version)
) without rowid"""


class AnnotationTable:
    """The annotations made with one vocabulary and annotator version, over an open archive's connection."""

    def __init__(self, connection: sqlite3.Connection, *, vocabulary: str, version: str) -> None:
        self.connection = connection
        self.key = (vocabulary, version)
        connection.execute(TABLE)

    def get(self, document: str, digest: str) -> Annotation | None:
        """Return the stored annotation of a revision, or None."""
        row = self.connection.execute(
            "select content from annotation where document = ? and digest = ? and vocabulary = ? and version = ?",
            (document, digest, *self.key),
        ).fetchone()
        return Annotation.from_record(json.loads(zlib.decompress(row[0]))) if row else None

    def digests(self) -> set[tuple[str, str]]:
        """Return the revisions that are annotated, each as document and digest."""
        query = "select document, digest from annotation where vocabulary = ? and version = ?"
        return {(row[0], row[1]) for row in self.connection.execute(query, self.key)}

    def add(self, annotations: Iterable[Annotation]) -> None:
        """Store annotations in one transaction; the caller batches."""
        self.connection.execute("begin immediate")
        try:
            self.connection.executemany(
                "insert or replace into annotation values (?, ?, ?, ?, ?)",
                [(a.document, a.digest, a.vocabulary, a.version, pack(a)) for a in annotations],
            )
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    def prune(self) -> int:
        """Remove annotations of other vocabularies and versions; return how many."""
        cursor = self.connection.execute("delete from annotation where (vocabulary, version) != (?, ?)", self.key)
        return cursor.rowcount


def pack(annotation: Annotation) -> bytes:
    """Return an annotation as compressed JSON."""
    return zlib.compress(json.dumps(annotation.to_record(), ensure_ascii=False).encode("utf-8", "surrogatepass"), 1)
