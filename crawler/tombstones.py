"""Tombstones: what the archive was asked to forget, as hashes that say nothing of it.

A document's id, an address or an author's handle flows in when it is forgotten, a salted hash is kept with the time and the reason.
crawler.archive asks before it stores anything whether it is forgotten, and takes removed authors out.
"""

from __future__ import annotations

import hashlib
import secrets
import sqlite3
from collections.abc import Collection
from dataclasses import dataclass
from typing import Literal

from crawler.document import Document
from crawler.page_table import now
from crawler.removed_author import handles_in, is_all_by, without_authors

What = Literal["document", "page", "author"]
TABLES = (
    "create table if not exists tombstone (hash text primary key, what text not null, at text not null, reason text) "
    "without rowid",
    "create table if not exists tombstone_salt (salt text not null)",
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Tombstone:
    """When something was forgotten (ISO 8601, UTC), and why."""

    what: str
    at: str
    reason: str | None


class Tombstones:
    """The tombstones of an archive, over its connection; a transaction that is open is joined."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        for table in TABLES:
            connection.execute(table)

    def add(self, what: What, value: str, *, reason: str | None = None) -> None:
        """Remember that something is to be forgotten; the time and the reason of the first request stay."""
        self.connection.execute(
            "insert or ignore into tombstone values (?, ?, ?, ?)", (self.hashed(what, value), what, now(), reason)
        )

    def find(self, what: What, value: str) -> Tombstone | None:
        """Return the tombstone of something, None where it is not forgotten."""
        if self.are_none():
            return None
        row = self.connection.execute(
            "select what, at, reason from tombstone where hash = ?", (self.hashed(what, value),)
        ).fetchone()
        return Tombstone(what=row[0], at=row[1], reason=row[2]) if row else None

    def are_none(self) -> bool:
        """Whether nothing was ever forgotten."""
        return self.connection.execute("select 1 from tombstone limit 1").fetchone() is None

    def refuse(self, document: Document) -> bool:
        """Whether a document is forgotten, by its id or its address."""
        return self.find("document", document.id) is not None or (
            document.url is not None and self.find("page", document.url) is not None
        )

    def admit(self, document: Document) -> Document | None:
        """Return what may be stored of a document: without the authors who are forgotten, None where nothing may be."""
        if self.are_none():
            return document
        if self.refuse(document):
            return None
        handles = self.forgotten_among(handles_in(document), source=document.source)
        if not handles:
            return document
        return None if is_all_by(document, handles) else without_authors(document, handles)

    def forgotten_among(self, handles: Collection[str], *, source: str) -> set[str]:
        """Return which folded handles are forgotten, everywhere or in a source."""
        return {
            handle
            for handle in handles
            if any(self.find("author", author_key(handle, source=place)) for place in (source, None))
        }

    def hashed(self, what: What, value: str) -> str:
        """Return the salted hash under which something is remembered."""
        row = self.connection.execute("select salt from tombstone_salt").fetchone()
        if row is None:
            self.connection.execute("insert into tombstone_salt values (?)", (secrets.token_hex(16),))
            return self.hashed(what, value)
        return hashlib.sha256(f"{row[0]}\n{what}\n{value}".encode("utf-8", "surrogatepass")).hexdigest()


def author_key(handle: str, *, source: str | None) -> str:
    """Return what is hashed for a folded handle, in one source or everywhere.

    >>> author_key("mossy_kettle", source="forum.example"), author_key("山中客", source=None)
    ('mossy_kettle\\nforum.example', '山中客\\n')
    """
    return f"{handle}\n{source or ''}"
