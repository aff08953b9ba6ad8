"""Raw bytes: what pages were read from, compressed, once for each content, in a file of their own.

Bytes flow in from crawler.archive before the transaction that refers to them, and out to whoever reads a page again.
The two files cannot be written in one step. What is written here therefore stays noted as unsettled until the archive
refers to it; what a killed process left so is settled by the next one: kept if it is referred to, else removed.
"""

from __future__ import annotations

import hashlib
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from crawler.archive_tables import connect

TABLES = (
    "create table if not exists raw (digest text primary key, content blob not null, content_type text) without rowid",
    "create table if not exists unsettled (digest text, writer integer, primary key (digest, writer)) without rowid",
)


class Raw(bytes):
    """The bytes of a page together with the Content-Type that they were served with."""

    content_type: str | None

    def __new__(cls, content: bytes, *, content_type: str | None = None) -> Self:
        """Make the bytes and note the type beside them."""
        made = super().__new__(cls, content)
        made.content_type = content_type
        return made


class RawFile:
    """The file of raw bytes; `path` is made with the first bytes that are kept.

    Raises:
        ArchiveError: when the file cannot be opened.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.kept: dict[str, str | None] = {}  # what this process wrote and has not settled, with its Content-Type
        self._connection: sqlite3.Connection | None = None

    def close(self) -> None:
        """Close the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def keep(self, content: bytes) -> str:
        """Store bytes under their digest and return the digest; bytes that are there already are not stored again.

        Of several Content-Types that the same bytes came with the last one is kept, for they were read by it last;
        one without a charset does not replace one that names it.
        """
        digest = hashlib.sha256(content).hexdigest()
        content_type = content.content_type if isinstance(content, Raw) else None
        if digest in self.kept and content_type in (None, self.kept[digest]):
            return digest
        with self.writing() as connection:
            row = connection.execute("select content_type from raw where digest = ?", (digest,)).fetchone()
            if row is None:
                connection.execute(
                    "insert into raw values (?, ?, ?)", (digest, zlib.compress(content, 6), content_type)
                )
            elif content_type and content_type != row[0] and names_charset(content_type) >= names_charset(row[0]):
                connection.execute("update raw set content_type = ? where digest = ?", (content_type, digest))
            connection.execute("insert or ignore into unsettled values (?, ?)", (digest, os.getpid()))
        self.kept[digest] = content_type
        return digest

    def get(self, digest: str) -> Raw | None:
        """Return bytes by their digest, or None."""
        if self._connection is None and not self.path.exists():
            return None
        row = self.connection.execute("select content, content_type from raw where digest = ?", (digest,)).fetchone()
        return Raw(zlib.decompress(row[0]), content_type=row[1]) if row else None

    def settle(self, is_referred: Callable[[str], bool], *, loose: Iterable[str] = ()) -> int:
        """Remove what nothing refers to; return how much that was.

        Looked at are the bytes that this process and dead ones wrote, and `loose`, digests that lost a reference.
        What another living process wrote is left to it, since it may be about to refer to it.
        """
        if self._connection is None and not self.path.exists():
            return 0
        removed = 0
        with self.writing() as connection:
            rows = connection.execute("select digest, writer from unsettled").fetchall()
            busy = {digest for digest, writer in rows if writer != os.getpid() and is_alive(writer)}
            ours = {digest for digest, writer in rows if writer == os.getpid() or not is_alive(writer)}
            for digest in sorted((ours | set(loose)) - busy):
                if not is_referred(digest):
                    removed += connection.execute("delete from raw where digest = ?", (digest,)).rowcount
            for digest, writer in rows:
                if writer == os.getpid() or not is_alive(writer):
                    connection.execute("delete from unsettled where digest = ? and writer = ?", (digest, writer))
        self.kept.clear()
        return removed

    @property
    def connection(self) -> sqlite3.Connection:
        """The open file, brought up to date."""
        if self._connection is None:
            self._connection = connect(self.path)
            for table in TABLES:
                self._connection.execute(table)
            columns = {row[1] for row in self._connection.execute("pragma table_info(raw)")}
            if "content_type" not in columns:  # a file of the first version
                self._connection.execute("alter table raw add column content_type text")
        return self._connection

    @contextmanager
    def writing(self) -> Iterator[sqlite3.Connection]:
        """Run a block in one write transaction."""
        self.connection.execute("begin immediate")
        try:
            yield self.connection
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")


def names_charset(content_type: str | None) -> bool:
    """Tell whether a Content-Type says how its text is encoded."""
    return "charset" in (content_type or "").lower()


def is_alive(process: int) -> bool:
    """Tell whether a process of this number runs on this machine."""
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # somebody else's
        return True
    return True
