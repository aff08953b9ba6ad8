"""The table of pages: which addresses are to be fetched, how each fetch ended, and whether a page vanished.

Addresses flow in from the spiders' listings, what is known of them flows out to the requests. `PageTable` is the part
of `crawler.archive.Archive` that keeps them; both write through one connection and its transactions.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

VANISHED = re.compile(r"HTTP (?:404|410)\b")  # how the spiders tell of a page that is no more
PAGE_COLUMNS = (
    "select url, source, state, etag, last_modified, fetched, failures, error, document, published, raw, "
    "modified, modified_when_fetched, judge from page"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class PageState:
    """What the frontier knows of one URL: its state (due, done, failed, skipped) and its validators.

    `published` is the time that the listing gave, `raw` the digest of the bytes that came last. `modified` is when the
    page was changed as the last listing says, `modified_when_fetched` the same when it was last asked for; `judge` stands
    for the keywords that it was skipped by.
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
    modified: str | None = None
    modified_when_fetched: str | None = None
    judge: str | None = None


class PageTable:
    """The frontier of an archive; a transaction that is open is joined."""

    connection: sqlite3.Connection

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

    def enqueue(self, url: str, *, source: str, referrer: str | None = None, published: str | None = None) -> bool:
        """Put a URL into the frontier; False if it is there already (a page done long ago stays done)."""
        with self.transaction():
            cursor = self.connection.execute(
                "insert or ignore into page (url, source, referrer, published) values (?, ?, ?, ?)",
                (url, source, referrer, published),
            )
        return cursor.rowcount == 1

    def note_modified(self, url: str, modified: str | None) -> None:
        """Note when a page was changed, as a listing says now."""
        with self.transaction():
            self.connection.execute(
                "update page set modified = :time where url = :url and modified is not :time",
                {"url": url, "time": modified},
            )

    def page(self, url: str) -> PageState | None:
        """Return what the frontier knows of a URL."""
        row = self.connection.execute(PAGE_COLUMNS + " where url = ?", (url,)).fetchone()
        return PageState(**dict(row)) if row else None

    def pages(self, *, source: str, state: str = "due") -> list[PageState]:
        """Return the pages of a source in a state, by URL."""
        rows = self.connection.execute(PAGE_COLUMNS + " where source = ? and state = ? order by url", (source, state))
        return [PageState(**dict(row)) for row in rows]

    def settle(self, url: str, *, state: str, **outcome: str | None) -> None:
        """Record how the fetch of a page ended: etag, last_modified, error, document, raw, judge.

        A failure is counted and leaves the validators and the listing's time as they were; any other state clears the failures. A page that
        is not found any more (404, 410) marks its document as gone, one that is there again takes the mark away.
        """
        with self.transaction():
            before = self.connection.execute("select document, raw from page where url = ?", (url,)).fetchone()
            self.connection.execute(
                "update page set state = :state, fetched = :now, error = :error, "
                "etag = case when :state = 'failed' then etag else coalesce(:etag, etag) end, "
                "last_modified = case when :state = 'failed' then last_modified "
                "else coalesce(:last_modified, last_modified) end, "
                "modified_when_fetched = case when :state = 'failed' then modified_when_fetched else modified end, "
                "judge = :judge, failures = case when :state = 'failed' then failures + 1 else 0 end, "
                "document = coalesce(:document, document), raw = coalesce(:raw, raw) where url = :url",
                {"etag": None, "last_modified": None, "error": None, "document": None, "raw": None, "judge": None}
                | outcome
                | {"url": url, "state": state, "now": now()},
            )
            if before is None:
                return
            if before["document"] and (state == "done" or VANISHED.match(outcome.get("error") or "")):
                self.mark_gone(before["document"], since=None if state == "done" else now())
            if before["raw"] and outcome.get("raw") not in (None, before["raw"]):
                self.connection.execute("insert or ignore into loose values (?)", (before["raw"],))

    def mark_gone(self, document: str, *, since: str | None) -> None:
        """Mark a document whose page vanished, unless it is marked; None says that the page is there."""
        with self.transaction():
            self.connection.execute(
                "update document set gone = :since where id = :document and (gone is null) = (:since is not null)",
                {"document": document, "since": since},
            )


def now() -> str:
    """Return the current time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).isoformat(timespec="seconds")
