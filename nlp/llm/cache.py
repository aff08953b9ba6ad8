"""The cache of replies: what was answered once is never asked for again.

The words of replies flow in from nlp.llm.extractor, under the digest of the document, the digest of what was shown of it, the
version of the prompt and the model; they flow out when the same is wanted again. Each is committed as it comes, so that a kill at any moment
loses nothing that was answered. The SQLite file is of its own, beside the archive, and made on first use.
"""

from __future__ import annotations

import sqlite3
import zlib
from dataclasses import dataclass
from pathlib import Path

from nlp.errors import ExtractorFailed

TABLE = """create table if not exists reply (
    document text not null, piece text not null, prompt text not null, model text not null,
    content blob,
    primary key (document, piece, prompt, model)
) without rowid"""
WAIT = 30.0  # seconds for another process that writes


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """What a reply depends on."""

    document: str
    piece: str
    prompt: str
    model: str

    def row(self) -> tuple[str, str, str, str]:
        """Return the columns."""
        return (self.document, self.piece, self.prompt, self.model)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cached:
    """A reply that was kept; no content tells that the piece is too long for one reply and goes in halves."""

    content: str | None


class ReplyCache:
    """The replies in one file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None

    def get(self, key: Key) -> Cached | None:
        """Return the reply that is kept under a key; None where there is none or it cannot be read."""
        row = self._execute(
            "select content from reply where document = ? and piece = ? and prompt = ? and model = ?", key.row()
        ).fetchone()
        if row is None:
            return None
        try:
            return Cached(content=None if row[0] is None else unpack(row[0]))
        except (zlib.error, UnicodeDecodeError, TypeError):
            return None

    def add(self, key: Key, content: str | None) -> None:
        """Keep a reply."""
        blob = None if content is None else zlib.compress(content.encode("utf-8", "surrogatepass"))
        self._execute("insert or replace into reply values (?, ?, ?, ?, ?)", (*key.row(), blob))

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _execute(self, statement: str, values: tuple[str | bytes | None, ...]) -> sqlite3.Cursor:
        try:
            if self._connection is None:
                self._connection = self._open()
            return self._connection.execute(statement, values)
        except sqlite3.Error as error:
            raise ExtractorFailed(
                f"the cache of replies {self.path} cannot be used: {error}; see that its folder can be written, or move it away"
            ) from error

    def _open(self) -> sqlite3.Connection:
        connection = sqlite3.connect(self.path, timeout=WAIT, isolation_level=None)
        try:
            connection.execute("pragma journal_mode=wal")
            connection.execute("pragma synchronous=full")
            connection.execute(TABLE)
        except BaseException:
            connection.close()
            raise
        return connection


def unpack(blob: bytes) -> str:
    """Return the words of a compressed reply.

    >>> unpack(zlib.compress("源流".encode())), unpack(zlib.compress(b"{}"))
    ('源流', '{}')
    """
    return zlib.decompress(blob).decode("utf-8", "surrogatepass")
