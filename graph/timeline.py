"""Timelines: what was said and done about a subject, in order, each row with the words and pages it rests on.

A subject and filters flow in, rows flow out to the command line; `Row` has the fields of the machine-readable
interface. Only named queries are asked, so every store gives the same rows.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from graph.claim_dates import DateTold, dates_of
from graph.store import Row, Store
from graph.subjects import EntityRef, display_name
from nlp.edtf import Period


class Filters(TypedDict, total=False):
    """What narrows a timeline: days (ISO 8601), a day of recording, a kind or group, a speaker's id, a language, the least confidence."""

    since: str | None
    until: str | None
    as_of: str | None
    kind: str | None
    by: str | None
    language: str | None
    confidence: float | None


class TimelineRow(TypedDict):
    """One claim in a timeline."""

    date: str | None
    precision: str | None
    basis: str | None
    kind: str
    group: str
    speaker: EntityRef | None
    targets: list[EntityRef]
    claim: str
    quote: str
    url: str | None
    document: str
    documents: list[str]
    published: str | None
    source: str
    sources: int
    answers: list[str]
    dispute: str | None
    language: str
    confidence: float
    recorded: str
    dates: list[DateTold]


def timeline(
    store: Store,
    subject: str,
    filters: Filters | None = None,
    *,
    names: str | None = None,
    limit: int | None = None,
) -> list[TimelineRow]:
    """Return the claims about a subject (an entity's or dispute's id) in order of time, undated ones last.

    `names` is the language in which entities are named.
    """
    chosen = filters or {}
    as_of = chosen.get("as_of")
    if as_of and len(as_of) == len("2023-11-06"):
        as_of = f"{as_of}T23:59:59+00:00"
    bound = {key: chosen.get(key) for key in ("since", "until", "kind", "by", "language", "confidence")}
    claims = store.query("timeline", subject=subject, as_of=as_of, limit=limit, **bound)  # type: ignore[arg-type]
    ids = [claim["id"] for claim in claims]
    parties = by_claim(store.query("claim_parties", ids=ids))
    told = by_claim(store.query("claim_statements", ids=ids))
    links = by_claim(store.query("claim_links", ids=ids))
    disputes = by_claim(store.query("claim_disputes", ids=ids))
    return [
        row_of(
            claim,
            Around(parties[claim["id"]], told[claim["id"]], links[claim["id"]], disputes[claim["id"]]),
            names=names,
            as_of=as_of,
        )
        for claim in claims
    ]


def by_claim(found: Sequence[Row]) -> defaultdict[str, list[Row]]:
    """Return the rows of a query about claims, by claim."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        rows[row["claim"]].append(row)
    return rows


class Around(NamedTuple):
    """What stands around a claim in the graph."""

    parties: list[Row]
    told: list[Row]
    links: list[Row]
    disputes: list[Row]


def row_of(claim: Row, around: Around, *, names: str | None, as_of: str | None = None) -> TimelineRow:
    """Complete a claim to a row, with what was recorded by a time if one is given."""
    parties, links, disputes = around.parties, around.links, around.disputes
    told = [row for row in around.told if not as_of or row["recorded"] <= as_of]
    first = min(told, key=lambda row: (row["document"] != claim["document"], row["published"] or "9999", row["id"]))
    speaker = next((p for p in parties if p["type"] == "MADE" and p["id"] == claim["speaker"]), None)
    dates = dates_of((row["date"], row["dateBasis"], row["origin"]) for row in told)
    return TimelineRow(
        date=dates[0]["date"] if dates else None,
        precision=Period.parse(dates[0]["date"]).precision if dates else None,
        basis=dates[0]["basis"] if dates else None,
        kind=claim["kind"],
        group=claim["group"],
        speaker=reference(speaker, names) if speaker else None,
        targets=[reference(party, names) for party in parties if party["type"] == "ABOUT"],
        claim=claim["id"],
        quote=first["quote"],
        url=first["url"],
        document=first["document"],
        documents=list(dict.fromkeys(row["document"] for row in told)),
        published=first["published"],
        source=first["sourceName"],
        sources=len({row["origin"] for row in told}),
        answers=[link["id"] for link in links if link["direction"] == "in"],
        dispute=disputes[0]["slug"] if disputes else None,
        language=first["language"],
        confidence=max(row["confidence"] for row in told),
        recorded=min(row["recorded"] for row in told),
        dates=dates,
    )


def reference(party: Row, names: str | None) -> EntityRef:
    """Return a party as an id with a name."""
    return EntityRef(id=party["id"], name=display_name(party, names))


def other_dates(dates: Sequence[DateTold]) -> list[str]:
    """Return the days that disagree with the first: stated or counted by some source, and not merely less precise.

    >>> given = [{"date": "2023-11-13", "basis": "relative", "sources": 1}, {"date": "2023-11-14", "basis": "stated", "sources": 1}]
    >>> other_dates(given), other_dates(given[:1])
    (['2023-11-14'], [])
    """
    if not dates:
        return []
    first = dates[0]["date"]
    told = {d["date"] for d in dates[1:] if d["basis"] != "published"}
    return sorted(date for date in told if not first.startswith(date) and not date.startswith(first))
