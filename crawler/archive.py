"""The archive: every revision of every document, the raw bytes they came from, and the frontier of what to fetch.

Documents flow in from the spiders and from files, revisions flow out to nlp. One SQLite file in WAL mode holds the
tables that this package owns (source, document, revision, page); the compressed raw bytes lie in a file of their own
beside it, so that the first stays small enough to copy. A commit is durable: synchronous=FULL.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal, Self

from crawler.document import Document, Post, post_record
from crawler.errors import ArchiveError

VERSION = 1
Stored = Literal["new", "changed", "unchanged"]

TABLES = """
create table if not exists archive_version (version integer not null);
create table if not exists source (
    name text primary key, title text not null, kind text not null, url text, language text
) without rowid;
create table if not exists document (
    id text primary key, current text not null, gone text
) without rowid;
create table if not exists revision (
    document text not null references document, digest text not null, sequence integer not null,
    url text, source text not null, kind text not null, language text not null, title text not null,
    published text, modified text, fetched text, recorded text not null, text text not null, posts text not null,
    raw text,
    primary key (document, digest)
) without rowid;
create table if not exists page (
    url text primary key, source text not null, state text not null default 'due', referrer text,
    etag text, last_modified text, fetched text, next_due text, failures integer not null default 0, error text,
    document text, published text, raw text
) without rowid;
create index if not exists page_by_state on page (source, state);
"""
RAW_TABLES = "create table if not exists raw (digest text primary key, content blob not null) without rowid;"


@dataclass(frozen=True, kw_only=True, slots=True)
class Revision:
    """A document as it was when it was recorded: `sequence` counts its revisions from 1."""

    document: Document
    sequence: int
    recorded: str
    raw: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRecord:
    """What the archive remembers of a source that documents came from."""

    name: str
    title: str
    kind: str
    url: str | None = None
    language: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class PageState:
    """What the frontier knows of one URL: its state (due, done, failed, skipped) and its validators.

    `published` is the time that the listing gave, `raw` the digest of the bytes that came last.
    """

    url: str
    source: str
    state: str
    etag: str | None
    last_modified: str | None
    fetched: str | None
    failures: int
    error: str | None
    document: str | None
    published: str | None = None
    raw: str | None = None


class Archive:
    """The archive file; use it as a context manager, from one thread.

    Raises:
        ArchiveError: on opening a file that is no archive, or one that a newer yuanliu wrote.
    """

    def __init__(self, path: str | Path) -> None:
        self.path = Path(path)
        self.connection = connect(self.path)
        self._raw: sqlite3.Connection | None = None
        with self.transaction():
            for statement in filter(str.strip, TABLES.split(";")):
                self.connection.execute(statement)
            check_version(self.connection, self.path)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close both files."""
        self.connection.close()
        if self._raw is not None:
            self._raw.close()

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block in one write transaction; nested blocks join the outer one."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    def add(self, document: Document, *, raw: bytes | str | None = None, recorded: str | None = None) -> Stored:
        """Store a document as a new revision if it says something new; the raw bytes are written first.

        `raw` is the bytes, or their digest where they are kept already.
        A document that goes back to an older text makes that older revision the current one again.
        """
        raw_digest = self.keep_raw(raw) if isinstance(raw, bytes) else raw
        with self.transaction():
            known = self.connection.execute("select current from document where id = ?", (document.id,)).fetchone()
            if known and known[0] == document.digest:
                self.connection.execute("update document set gone = null where id = ?", (document.id,))
                return "unchanged"
            self.connection.execute(
                "insert into document (id, current) values (?, ?) "
                "on conflict (id) do update set current = excluded.current, gone = null",
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

    def keep_raw(self, content: bytes) -> str:
        """Store raw bytes, compressed, under their digest and return the digest."""
        if self._raw is None:
            self._raw = connect(self.path.with_name(f"{self.path.stem}.raw{self.path.suffix}"))
            self._raw.executescript(RAW_TABLES)
        digest = hashlib.sha256(content).hexdigest()
        self._raw.execute("insert or ignore into raw values (?, ?)", (digest, zlib.compress(content, 6)))
        return digest

    def raw(self, digest: str) -> bytes | None:
        """Return raw bytes by their digest, or None."""
        path = self.path.with_name(f"{self.path.stem}.raw{self.path.suffix}")
        if self._raw is None and path.exists():
            self._raw = connect(path)
        row = self._raw.execute("select content from raw where digest = ?", (digest,)).fetchone() if self._raw else None
        return zlib.decompress(row[0]) if row else None

    def revisions(self, document: str | None = None) -> Iterator[Revision]:
        """Yield the current revision of every document by id, or all revisions of one document by sequence."""
        query = "select revision.* from revision join document on id = document and digest = current order by document"
        if document is not None:
            query = "select * from revision where document = ? order by sequence"
        for row in self.connection.execute(query, (document,) if document is not None else ()):
            yield revision_of(row)

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

    def counts(self) -> dict[str, int]:
        """Return how many documents, revisions and posts (of current revisions) there are."""
        row = self.connection.execute(
            "select (select count(*) from document) as documents, (select count(*) from revision) as revisions, "
            "(select coalesce(sum(json_array_length(posts)), 0) from revision join document "
            "on id = document and digest = current) as posts"
        ).fetchone()
        return dict(row)

    def enqueue(self, url: str, *, source: str, referrer: str | None = None, published: str | None = None) -> bool:
        """Put a URL into the frontier; False if it is there already (a page done long ago stays done)."""
        with self.transaction():
            cursor = self.connection.execute(
                "insert or ignore into page (url, source, referrer, published) values (?, ?, ?, ?)",
                (url, source, referrer, published),
            )
        return cursor.rowcount == 1

    def page(self, url: str) -> PageState | None:
        """Return what the frontier knows of a URL."""
        row = self.connection.execute(PAGE_COLUMNS + " where url = ?", (url,)).fetchone()
        return PageState(**dict(row)) if row else None

    def pages(self, *, source: str, state: str = "due") -> list[PageState]:
        """Return the pages of a source in a state, by URL."""
        rows = self.connection.execute(PAGE_COLUMNS + " where source = ? and state = ? order by url", (source, state))
        return [PageState(**dict(row)) for row in rows]

    def settle(self, url: str, *, state: str, **outcome: str | None) -> None:
        """Record how the fetch of a page ended: etag, last_modified, error, document, raw.

        A failure is counted and leaves the validators as they were; any other state clears the failures.
        """
        with self.transaction():
            self.connection.execute(
                "update page set state = :state, fetched = :now, error = :error, "
                "etag = case when :state = 'failed' then etag else coalesce(:etag, etag) end, "
                "last_modified = case when :state = 'failed' then last_modified "
                "else coalesce(:last_modified, last_modified) end, "
                "failures = case when :state = 'failed' then failures + 1 else 0 end, "
                "document = coalesce(:document, document), raw = coalesce(:raw, raw) where url = :url",
                {"etag": None, "last_modified": None, "error": None, "document": None, "raw": None}
                | outcome
                | {"url": url, "state": state, "now": now()},
            )


PAGE_COLUMNS = (
    "select url, source, state, etag, last_modified, fetched, failures, error, document, published, raw from page"
)


def connect(path: Path) -> sqlite3.Connection:
    """Open a SQLite file in WAL mode, autocommit, with durable commits and a patient lock.

    Raises:
        ArchiveError: when the folder does not exist or the file is not a SQLite database.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        connection.row_factory = sqlite3.Row
        for pragma in ("journal_mode = wal", "synchronous = full", "busy_timeout = 30000", "foreign_keys = on"):
            connection.execute(f"pragma {pragma}")
    except sqlite3.Error as error:
        raise ArchiveError(f"cannot open {path}: {error}; name another file with --archive") from error
    return connection


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Stamp a fresh archive with the version; refuse one of a newer yuanliu."""
    row = connection.execute("select version from archive_version").fetchone()
    if row is None:
        connection.execute("insert into archive_version values (?)", (VERSION,))
    elif row[0] > VERSION:
        raise ArchiveError(
            f"{path} has archive version {row[0]}, this yuanliu reads up to {VERSION}; "
            "upgrade yuanliu (nothing was changed)"
        )


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


def now() -> str:
    """Return the current time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
