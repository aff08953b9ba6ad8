"""Dispute lists: the disputes of the graph, each in one row, as they stand now or stood on an earlier day.

Filters flow in; rows flow out to the command line and to graph.dispute_card. For an earlier day, status, days and
counts are derived anew from the statements recorded by then, and a dispute in which nobody had been accused is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypedDict

from graph.batches import in_batches
from graph.claims_known import BATCH, as_known
from graph.disputes import status_of
from graph.known_by import end_of
from graph.store import Row, Store
from graph.subjects import EntityRef, display_name

STATUSES = ("open", "answered", "denied", "contested", "admitted", "remedied")
AT_ONCE = 50  # disputes whose claims are held in memory together


class DisputeFilters(TypedDict, total=False):
    """What narrows a list: a status, a day of last activity, ids of an entity and of a speaker, a day of recording."""

    status: str | None
    since: str | None
    about: str | None
    by: str | None
    as_of: str | None


class DisputeRow(TypedDict):
    """One dispute in a list."""

    slug: str
    title: str
    accused: EntityRef | None
    origin: EntityRef | None
    status: str
    opened: str | None
    lastActivity: str | None
    claims: int
    sources: int


def list_disputes(
    store: Store, filters: DisputeFilters | None = None, *, names: str | None = None, limit: int | None = None
) -> list[DisputeRow]:
    """Return the disputes with the newest activity first, those without any day last."""
    chosen = filters or {}
    as_of = end_of(chosen.get("as_of"))
    about, by = chosen.get("about"), chosen.get("by")
    status, since = chosen.get("status"), chosen.get("since")
    if as_of is None:
        found = store.query("disputes", status=status, since=since, about=about, by=by, limit=limit)
    else:
        every = store.query("disputes", status=None, since=None, about=about, by=by, limit=None)
        known = [row for row in as_they_stood(store, every, as_of) if fits(row, status=status, since=since)]
        found = newest_first(known)[:limit]
    return rows_of(store, found, names=names, as_of=as_of)


def as_they_stood(store: Store, disputes: Sequence[Row], as_of: str) -> list[Row]:
    """Return the disputes in which somebody had been accused by a time, with their status and days of then."""
    by_id = {row["id"]: row for row in disputes}
    stood: list[Row] = []
    for some in in_batches(list(by_id), AT_ONCE):
        claims: dict[str, list[Row]] = {identifier: [] for identifier in some}
        for claim in as_known(store, store.query("dispute_claims", ids=some), as_of):
            claims[claim["dispute"]].append(claim)
        stood += [
            by_id[identifier] | state_of(claims[identifier])
            for identifier in some
            if any(claim["group"] == "accusing" for claim in claims[identifier])
        ]
    return stood


def state_of(claims: Sequence[Row]) -> Row:
    """Return what a dispute's claims make of it: its status, its first and its last day.

    >>> state_of([{"kind": "accusation", "date": "2024-03-04"}, {"kind": "denial", "date": "2024-03-05"}])
    {'status': 'denied', 'opened': '2024-03-04', 'lastActivity': '2024-03-05'}
    """
    dates = [claim["date"] for claim in claims if claim["date"]]
    return {
        "status": status_of([claim["kind"] for claim in claims]),
        "opened": min(dates, default=None),
        "lastActivity": max(dates, default=None),
    }


def fits(row: Row, *, status: str | None, since: str | None) -> bool:
    """Tell whether a dispute is of a status and was active since a day, as the query disputes does.

    >>> fits({"status": "open", "lastActivity": "2024-03"}, status="open", since="2024-03-05")
    True
    """
    last = row["lastActivity"]
    recent = since is None or (last is not None and (last >= since or since.startswith(last)))
    return recent and status in (None, row["status"])


def newest_first(rows: Sequence[Row]) -> list[Row]:
    """Return disputes in the order of the query disputes."""
    ordered = sorted(rows, key=lambda row: row["id"])
    ordered.sort(key=lambda row: row["lastActivity"] or "", reverse=True)
    return sorted(ordered, key=lambda row: row["lastActivity"] is None)


def rows_of(store: Store, disputes: Sequence[Row], *, names: str | None, as_of: str | None) -> list[DisputeRow]:
    """Complete disputes to rows: titles and parties in the reader's language, numbers of claims and true sources."""
    parties = {party for row in disputes for party in (row["accused"], row["origin"]) if party}
    known = {row["id"]: row for row in store.query("entities", ids=sorted(parties))}
    numbers: dict[str, Row] = {}
    for some in in_batches([row["id"] for row in disputes], BATCH):
        numbers |= {row["dispute"]: row for row in store.query("dispute_numbers", ids=some, as_of=as_of)}
    return [
        DisputeRow(
            slug=row["slug"],
            title=title_of(row, known, names),
            accused=refer(row["accused"], known, names),
            origin=refer(row["origin"], known, names),
            status=row["status"],
            opened=row["opened"],
            lastActivity=row["lastActivity"],
            claims=numbers[row["id"]]["claims"] if row["id"] in numbers else 0,
            sources=numbers[row["id"]]["sources"] if row["id"] in numbers else 0,
        )
        for row in disputes
    ]


def title_of(dispute: Row, entities: Mapping[str, Row], names: str | None) -> str:
    """Return a dispute's title in the reader's language; where it has none, the parties' names make one.

    >>> meta = {"org:meta": {"name": "Meta", "nameZh": "元"}}
    >>> title_of({"title": "Meta", "titleZh": None, "accused": "org:meta", "origin": None}, meta, "zh")
    '元'
    >>> title_of({"title": "Meta", "accused": "org:meta", "origin": None}, meta, None)
    'Meta'
    """
    if names is None:
        return str(dispute["title"])
    own = dispute.get("titleZh" if names == "zh" else "titleEn")
    parties = [party for party in (dispute["accused"], dispute["origin"]) if party]
    if own or not all(party in entities for party in parties):
        return str(own or dispute["title"])
    return " / ".join(display_name(entities[party], names) for party in parties)


def refer(identifier: str | None, entities: Mapping[str, Row], names: str | None) -> EntityRef | None:
    """Return an entity as an id with a name; one that the store does not hold goes by its id."""
    if identifier is None:
        return None
    known = entities.get(identifier)
    return EntityRef(id=identifier, name=display_name(known, names) if known else identifier)
