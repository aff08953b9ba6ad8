"""The runs of each source, and which sources were seen to work.

What the spiders did flows in when a run begins and when it ends; the commands read from it when a source is due, what its
last run gave and whether a source of the catalogue was tested. The tables lie in the archive's file.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from crawler.redaction import without_secrets
from crawler.sources import Source

TABLES = (
    """create table if not exists run (
        source text not null, started text not null, finished text, counts text, error text, newest text,
        primary key (source, started)
    ) without rowid""",
    """create table if not exists tested_source (
        source text primary key, kind text not null, url text not null, tested text not null
    ) without rowid""",
)
KEPT = 200  # runs of a source that are remembered


@dataclass(frozen=True, kw_only=True, slots=True)
class Run:
    """One run of a source: ISO 8601 times in UTC; `finished` is None where it was killed or still goes on.

    `newest` is the latest day that a listing gave until then. What was fetched from `own` on belongs to this run: a run
    that goes on with a killed one counts what that one fetched, and times are kept to the second.
    """

    source: str
    started: str
    finished: str | None
    counts: Mapping[str, int]
    error: str | None
    newest: str | None
    own: str = ""


class RunTable:
    """The runs and the tested sources, over an open archive's connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        for table in TABLES:
            connection.execute(table)

    def last(self, source: str, *, finished: bool = False) -> Run | None:
        """Return the last run of a source, or the last one that ended by itself; None if there is none."""
        condition = "and finished is not null" if finished else ""
        row = self.connection.execute(
            f"select * from run where source = ? {condition} order by started desc limit 1",  # noqa: S608
            (source,),
        ).fetchone()
        return Run(**dict(row) | {"counts": json.loads(row["counts"] or "{}")}) if row else None

    def begin(self, source: Source, *, now: datetime | None = None) -> Run:
        """Begin a run, or go on with one that was killed less than an interval ago."""
        moment = now or datetime.now(UTC)
        last = self.last(source.name)
        if last is not None and last.finished is None:
            age = moment - datetime.fromisoformat(last.started)
            if age < source.interval:
                return replace(last, own=last.started)
        started = moment.isoformat(timespec="seconds")
        before = self.last(source.name, finished=True)
        self.connection.execute(
            "insert or replace into run (source, started, newest) values (?, ?, ?)",
            (source.name, started, before.newest if before else None),
        )
        newest = before.newest if before else None
        own = (moment + timedelta(seconds=1)).isoformat(timespec="seconds")
        return Run(source=source.name, started=started, finished=None, counts={}, error=None, newest=newest, own=own)

    def end(self, run: Run, *, counts: Mapping[str, int], error: str | None, newest: str | None) -> None:
        """Write down how a run ended; older ones than the last `KEPT` are forgotten."""
        self.connection.execute(
            "update run set finished = ?, counts = ?, error = ?, newest = coalesce(?, newest) "
            "where source = ? and started = ?",
            (
                datetime.now(UTC).isoformat(timespec="seconds"),
                json.dumps(dict(counts)),
                without_secrets(error) if error else None,
                newest,
                run.source,
                run.started,
            ),
        )
        self.connection.execute(
            "delete from run where source = ? and started not in "
            "(select started from run where source = ? order by started desc limit ?)",
            (run.source, run.source, KEPT),
        )

    def is_due(self, source: Source, *, now: datetime | None = None) -> bool:
        """Tell whether the time for a source's next run has come."""
        due = self.next_due(source)
        return due is None or due <= (now or datetime.now(UTC))

    def next_due(self, source: Source) -> datetime | None:
        """Return when a source is to be run next; None for at once: it never ran, or its last run was killed."""
        last = self.last(source.name)
        if last is None or last.finished is None:
            return None
        return datetime.fromisoformat(last.started) + source.interval

    def note_tested(self, source: Source) -> None:
        """Remember that a source was tested and gave articles."""
        self.connection.execute(
            "insert or replace into tested_source values (?, ?, ?, ?)",
            (source.name, source.kind, source.url, datetime.now(UTC).isoformat(timespec="seconds")),
        )

    def is_tested(self, source: Source) -> bool:
        """Tell whether a source was tested as it is described now."""
        row = self.connection.execute(
            "select 1 from tested_source where source = ? and kind = ? and url = ?",
            (source.name, source.kind, source.url),
        ).fetchone()
        return row is not None
