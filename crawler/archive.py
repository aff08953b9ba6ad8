"""The archive: every revision of every document, the raw bytes they came from, and the frontier of what to fetch.

Documents flow in from the spiders and from files, revisions flow out to nlp. One SQLite file in WAL mode holds the
tables of crawler.archive_tables; the raw bytes lie in a file of their own beside it (crawler.raw_bytes), so that the
first stays small enough to copy. A commit is durable: synchronous=FULL.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from crawler.archive_tables import connect, make_tables
from crawler.document import Document, Post, document_id, post_record
from crawler.page_table import PageState, PageTable, now
from crawler.raw_bytes import Raw, RawFile
from crawler.tombstones import Tombstones
from crawler.url import canonical_url

__all__ = ["Archive", "DocumentState", "PageState", "Revision", "SourceRecord", "Stored", "now"]

Stored = Literal["new", "changed", "unchanged", "forgotten"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """A document as it was when it was recorded: `sequence` counts its revisions from 1."""

    document: Document
    sequence: int
    recorded: str
    raw: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class DocumentState:
    """What the archive knows of a document as a whole: its current revision, and since when its page is gone."""

    current: str
    gone: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRecord:
    """What the archive remembers of a source that documents came from."""

    name: str
    title: str
    kind: str
    url: str | None = None
    language: str | None = None


class Archive(PageTable):
    """The archive file; use it as a context manager, from one thread.

    Raises:
        ArchiveError: on opening a file that is no archive, or one that a newer yuanliu wrote.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.connection = connect(self.path)
        self.raw_file = RawFile(self.path.with_name(f"{self.path.stem}.raw{self.path.suffix}"))
        with self.transaction():
            make_tables(self.connection, self.path)
            self.tombstones = Tombstones(self.connection)
        self.withheld: set[str] = set()  # digests of raw bytes that hold what is forgotten

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close both files; raw bytes that nothing refers to are removed first."""
        with suppress(sqlite3.Error):  # the next run does it too
            if self.raw_file.kept:
                self.settle_raw()
        self.connection.close()
        self.raw_file.close()

    def add(
        self,
        document: Document,
        *,
        raw: bytes | str | None = None,
        recorded: str | None = None,
        seen: bool = True,
    ) -> Stored:
        """Store a document as a new revision if it says something new; the raw bytes are written first.

        `raw` is the bytes, or their digest where they are kept already. A document that goes back to an older text
        makes that older revision the current one again. One that was `seen` is not gone. What is forgotten is not stored,
        nor are the raw bytes of a document that names a forgotten author.
        """
        admitted = self.screen(document, raw=raw if isinstance(raw, str) else None)
        if admitted is None:
            return "forgotten"
        if admitted is not document:
            document, raw = admitted, None
        raw_digest = self.keep_raw(raw) if isinstance(raw, bytes) else raw
        with self.transaction():
            known = self.state_of(document.id)
            if seen and known and known.gone:
                self.mark_gone(document.id, since=None)
            if known and known.current == document.digest:
                return "unchanged"
            self.connection.execute(
                "insert into document (id, current) values (?, ?) "
                "on conflict (id) do update set current = excluded.current",
                (document.id, document.digest),
            )
            self.connection.execute(
                "insert or ignore into revision select ?, ?, coalesce(max(sequence), 0) + 1, "
                "?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? from revision where document = ?",
                (
                    *(document.id, document.digest, document.url, document.source, document.kind, document.language),
                    *(document.title, document.published, document.modified, document.fetched, recorded or now()),
                    *(document.text, encode([post_record(post) for post in document.posts]), raw_digest, document.id),
                ),
            )
        return "changed" if known else "new"

    def screen(self, document: Document, *, raw: str | None = None) -> Document | None:
        """Return what may be stored of a document, None for one that is forgotten.

        Raw bytes that hold what is forgotten are let go of, though they were kept before they were read.
        """
        admitted = self.tombstones.admit(document)
        with self.transaction():
            if admitted is not document and raw is not None:
                self.withheld.add(raw)
                self.connection.execute("insert or ignore into loose values (?)", (raw,))
            if admitted is None:
                self.tombstones.add("document", document.id)
        return admitted

    def enqueue(self, url: str, *, source: str, referrer: str | None = None, published: str | None = None) -> bool:
        """Put a URL into the frontier; False if it is there already, or is to be forgotten."""
        if self.tombstones.find("page", url):
            return False
        return super().enqueue(url, source=source, referrer=referrer, published=published)

    def settle(self, url: str, *, state: str, **outcome: str | None) -> None:
        """Record how the fetch of a page ended; one that led to a forgotten document is forgotten too."""
        if (document := outcome.get("document")) and self.tombstones.find("document", document):
            with self.transaction():
                self.tombstones.add("page", url)
                self.connection.execute("delete from page where url = ?", (url,))
            return
        if outcome.get("raw") in self.withheld:
            outcome = {**outcome, "raw": None}
        super().settle(url, state=state, **outcome)

    def keep_raw(self, content: bytes) -> str:
        """Store raw bytes, compressed, under their digest and return the digest; `Raw` bears a Content-Type too."""
        if not self.raw_file.kept and not self.connection.in_transaction:  # the first of a run
            self.settle_raw()
        return self.raw_file.keep(content)

    def raw(self, digest: str) -> Raw | None:
        """Return raw bytes by their digest, with the Content-Type they came with, or None."""
        return self.raw_file.get(digest)

    def settle_raw(self) -> int:
        """Remove raw bytes that no revision and no page refers to, such as a killed run left; return how many."""
        loose = [row[0] for row in self.connection.execute("select digest from loose")]
        removed = self.raw_file.settle(self.refers_to, loose=loose)
        if loose:
            with self.transaction():
                self.connection.executemany("delete from loose where digest = ?", [(digest,) for digest in loose])
        return removed

    def refers_to(self, raw: str) -> bool:
        """Tell whether a revision or a page came from raw bytes."""
        query = "select exists (select 1 from revision where raw = ?) or exists (select 1 from page where raw = ?)"
        return bool(self.connection.execute(query, (raw, raw)).fetchone()[0])

    def revisions(self) -> Iterator[Revision]:
        """Yield the current revision of every document, by id."""
        query = "select revision.* from revision join document on id = document and digest = current order by document"
        for row in self.connection.execute(query):
            yield revision_of(row)

    def heads(self) -> dict[str, tuple[str, str]]:
        """Return of each document the digest of its current revision and when that was published, "" where unknown."""
        query = "select id, current, published from document join revision on document = id and digest = current"
        return {row["id"]: (row["current"], row["published"] or "") for row in self.connection.execute(query)}

    def revisions_of(self, document: str) -> list[Revision]:
        """Return all revisions of a document, the oldest first; none for an unknown id."""
        rows = self.connection.execute("select * from revision where document = ? order by sequence", (document,))
        return [revision_of(row) for row in rows]

    def all_revisions(self, *, source: str | None = None, since: str | None = None) -> Iterator[Revision]:
        """Yield the revisions of every document in the order in which they were recorded, from `since` on.

        Of two that were read in the same bytes only the later one.
        """
        query = (
            "select * from revision as each where (:source is null or source = :source) "
            "and (:since is null or recorded >= :since) and not exists (select 1 from revision as later where "
            "later.document = each.document and later.raw = each.raw and later.sequence > each.sequence) "
            "order by recorded, document, sequence"
        )
        for row in self.connection.execute(query, {"source": source, "since": since}):
            yield revision_of(row)

    def document_ids(self, *, source: str | None = None) -> list[str]:
        """Return the ids of all documents, or of those whose current revision came from a source."""
        query = (
            "select id from document join revision on document = id and digest = current "
            "where :source is null or source = :source order by id"
        )
        return [row[0] for row in self.connection.execute(query, {"source": source})]

    def current(self, document: str) -> Revision | None:
        """Return the current revision of a document; None for an unknown id."""
        query = "select revision.* from revision join document on id = document and digest = current where id = ?"
        row = self.connection.execute(query, (document,)).fetchone()
        return revision_of(row) if row else None

    def state_of(self, document: str) -> DocumentState | None:
        """Return which revision of a document is current and whether its page is gone; None for an unknown id."""
        row = self.connection.execute("select current, gone from document where id = ?", (document,)).fetchone()
        return DocumentState(**dict(row)) if row else None

    def find(self, name: str) -> list[str]:
        """Return the ids of the documents that a name may mean: an id, the beginning of one, or an address."""
        if "//" in name:
            url = canonical_url(name)
            query = (
                "select id from document where id = ? union select document from revision where url in (?, ?) "
                "union select document from page where url in (?, ?) and document is not null order by 1"
            )
            rows = self.connection.execute(query, (document_id(url=url, title="", text=""), url, name, url, name))
            return [row[0] for row in rows]
        if self.state_of(name):
            return [name]
        rows = self.connection.execute(
            "select id from document where substr(id, 1, ?) = ? order by id limit 20", (len(name), name)
        )
        return [row[0] for row in rows] if name else []

    def add_source(self, source: SourceRecord) -> None:
        """Remember a source; a later description replaces an earlier one."""
        with self.transaction():
            self.connection.execute(
                "insert or replace into source values (?, ?, ?, ?, ?)",
                (source.name, source.title, source.kind, source.url, source.language),
            )

    def sources(self) -> list[SourceRecord]:
        """Return the remembered sources, by name."""
        rows = self.connection.execute("select * from source order by name")
        return [SourceRecord(**dict(row)) for row in rows]

    def document_sources(self) -> list[str]:
        """Return the names of the sources that revisions came from, by name."""
        return [row[0] for row in self.connection.execute("select distinct source from revision order by source")]

    def counts(self) -> dict[str, int]:
        """Return how many documents, revisions and posts (of current revisions) there are."""
        row = self.connection.execute(
            "select (select count(*) from document) as documents, (select count(*) from revision) as revisions, "
            "(select coalesce(sum(json_array_length(posts)), 0) from revision join document "
            "on id = document and digest = current) as posts"
        ).fetchone()
        return dict(row)


def revision_of(row: sqlite3.Row) -> Revision:
    """Build a revision from its row."""
    text: str = row["text"]
    posts = [Post(text=text[post["start"] : post["end"]], **post) for post in json.loads(row["posts"])]
    document = Document(
        id=row["document"],
        posts=tuple(posts),
        **{name: row[name] for name in ("url", "source", "kind", "language", "title", "text", "digest")},
        **{name: row[name] for name in ("published", "modified", "fetched")},
    )
    return Revision(document=document, sequence=row["sequence"], recorded=row["recorded"], raw=row["raw"])


def encode(value: object) -> str:
    """Return compact JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
