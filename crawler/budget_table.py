"""The budget of requests: how many each host was sent today, by all runs together.

A host's name flows in, leave to send a request or none flows out to crawler.hosts. The counts lie in the archive's file.
Requests are written down some at a time before they are sent, and what was not used is given back, so that a killed run
has counted too many rather than too few.
"""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime

from crawler.archive import Archive

RESERVED = 20  # requests that are written down at once

TABLE = """create table if not exists request_budget (
    host text not null, day text not null, spent integer not null, primary key (host, day)
) without rowid"""


class BudgetTable:
    """The requests of each host and day (UTC) in an open archive; a `limit` of 0 is none."""

    def __init__(self, archive: Archive, *, limit: int) -> None:
        self.archive = archive
        self.limit = limit
        self.reserved: Counter[tuple[str, str]] = Counter()
        archive.connection.execute(TABLE)

    def take(self, host: str) -> bool:
        """Take leave for one request to a host; False when today's are used up."""
        if not self.limit:
            return True
        key = (host, datetime.now(UTC).date().isoformat())
        if not self.reserved[key]:
            self.reserved[key] = self.add(key, RESERVED)
        if not self.reserved[key]:
            return False
        self.reserved[key] -= 1
        return True

    def close(self) -> None:
        """Give back what was written down and not sent."""
        for key, count in self.reserved.items():
            if count:
                self.add(key, -count)
        self.reserved.clear()

    def spent(self, host: str) -> int:
        """Return how many requests of today are written down for a host."""
        key = (host, datetime.now(UTC).date().isoformat())
        row = self.archive.connection.execute(
            "select spent from request_budget where host = ? and day = ?", key
        ).fetchone()
        return int(row[0]) if row else 0

    def add(self, key: tuple[str, str], count: int) -> int:
        """Change what is written down by a count, at most up to the limit; return by how much it changed."""
        with self.archive.transaction():
            row = self.archive.connection.execute(
                "select spent from request_budget where host = ? and day = ?", key
            ).fetchone()
            before = int(row[0]) if row else 0
            after = max(before, min(before + count, self.limit)) if count > 0 else max(0, before + count)
            self.archive.connection.execute("insert or replace into request_budget values (?, ?, ?)", (*key, after))
        return after - before
