"""Timelines: what was said and done about a subject, in order, each row with the words and pages it rests on.

One subject or two and filters flow in, rows flow out to graph.answers and the command line; `TimelineRow` has the fields
of the machine-readable interface. Only named queries are asked, so every store gives the same rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypedDict

from graph.claim_dates import DateTold, dates_of
from graph.known_by import by_claim, end_of, known_claim, known_disputes, known_links, known_parties, recorded_by
from graph.store import Row, Store
from graph.subjects import EntityRef, Scope, display_name, scope_of
from nlp.edtf import Period

MANY = 10_000  # claims of a subject from which on the first ones are looked for day by day
STRIDE = 3_000  # claims of anything that are walked for them before all of the subject's are gathered after all


class Filters(TypedDict, total=False):
    """What narrows a timeline: days (ISO 8601), a day of recording, a kind or group, a speaker's id, a language in which
    some source tells it, the least confidence."""

    since: str | None
    until: str | None
    as_of: str | None
    kind: str | None
    by: str | None
    language: str | None
    confidence: float | None


class Reader(NamedTuple):
    """The languages, zh or en, of the one who reads: in which entities are named, and which telling is quoted if a claim
    has one in it."""

    names: str | None = None
    quotes: str | None = None


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


ANYBODY = Reader()


def timeline(
    store: Store,
    subject: str | Sequence[str],
    filters: Filters | None = None,
    *,
    reader: Reader = ANYBODY,
    limit: int | None = None,
) -> list[TimelineRow]:
    """Return the claims about a subject (an entity's or dispute's id) in order of time, undated ones last.

    Of two subjects, the claims that concern both: about or by one, and about, by or in a dispute with the other.
    """
    asked = [subject] if isinstance(subject, str) else list(dict.fromkeys(subject))
    chosen = Filters(**(filters or {}))
    chosen["as_of"] = as_of = end_of(chosen.get("as_of"))
    scopes = [known_scope(store, each, as_of) for each in asked]
    claims = select(store, scopes, chosen, limit)
    if as_of:
        claims = sorted([*claims, *select_changed(store, scopes, chosen)], key=order_of)[:limit]
    return rows_of(store, claims, as_of=as_of, reader=reader)


def known_scope(store: Store, subject: str, as_of: str | None) -> Scope:
    """Return what a subject covers, without disputes that began after a time."""
    scope = scope_of(store, subject)
    known = known_disputes(store, (*scope.stood, *scope.party), as_of)
    return scope.within(known) if as_of else scope


def select(store: Store, scopes: Sequence[Scope], chosen: Filters, limit: int | None) -> list[Row]:
    """Return the claims of one scope or of two; as of a day, those that were then as they are now."""
    if len(scopes) == 1:
        return select_first(store, scopes[0], chosen, limit) or select_all(store, scopes[0], chosen, limit)
    one, other = scopes
    return store.query(
        "timeline_pair",
        about=one.about,
        speakers=one.family,
        disputes=one.party,
        with_about=other.about,
        with_speakers=other.family,
        with_disputes=other.party,
        limit=limit,
        **bound(chosen),
    )


def select_all(store: Store, scope: Scope, chosen: Filters, limit: int | None) -> list[Row]:
    """Return the claims of a scope by gathering and sorting all of them."""
    return store.query(
        "timeline", about=scope.about, speakers=scope.family, disputes=scope.stood, limit=limit, **bound(chosen)
    )


def select_first(store: Store, scope: Scope, chosen: Filters, limit: int | None) -> list[Row]:
    """Return the first claims of a scope that has very many, from the first days of all claims; nothing where these days
    hold too few, or there is no limit."""
    if limit is None or is_small(store, scope):
        return []
    days = store.query("timeline_day", since=chosen.get("since"), skip=STRIDE)
    if not days:
        return []
    found = store.query(
        "timeline_walk",
        about=scope.about,
        speakers=scope.family,
        disputes=scope.stood,
        before=days[0]["day"],
        limit=limit,
        **bound(chosen),
    )
    return found if len(found) == limit else []


def is_small(store: Store, scope: Scope) -> bool:
    """Whether a scope has few enough claims to sort them all."""
    sizes = store.query("timeline_size", about=scope.about, speakers=scope.family, limit=MANY)
    return int(sizes[0]["number"]) < MANY


def bound(chosen: Filters) -> dict[str, str | float | None]:
    """Return every filter, None where it is not given."""
    return {name: chosen.get(name) for name in Filters.__annotations__}  # type: ignore[misc]


def select_changed(store: Store, scopes: Sequence[Scope], chosen: Filters) -> list[Row]:
    """Return the claims that were told before a day and told again after it, as they were on that day."""
    first, as_of = scopes[0], chosen["as_of"]
    disputes = sorted({*first.stood, *first.party})
    claims = store.query("timeline_changed", about=first.about, speakers=first.family, disputes=disputes, as_of=as_of)
    ids = [claim["id"] for claim in claims]
    told = by_claim(store.query("claim_statements", ids=ids))
    parties = by_claim(store.query("claim_parties", ids=ids))
    disputes_of = by_claim(store.query("claim_disputes", ids=ids))
    found = []
    for claim in claims:
        then = recorded_by(told[claim["id"]], as_of)
        known = known_claim(claim, then)
        named = known_parties(parties[claim["id"]], then)
        within = {row["id"] for row in disputes_of[claim["id"]]}
        if concerns(scopes, named, within) and passes(known, named, then, chosen):
            found.append(known)
    return found


def concerns(scopes: Sequence[Scope], parties: Sequence[Row], disputes: set[str]) -> bool:
    """Whether a claim of these parties and disputes concerns a subject, or both of two."""
    speakers = {party["id"] for party in parties if party["type"] == "MADE"}
    targets = {party["id"] for party in parties if party["type"] == "ABOUT"}
    direct = [bool(speakers & set(scope.family) or targets & set(scope.about)) for scope in scopes]
    if len(scopes) == 1:
        return direct[0] or bool(disputes & set(scopes[0].stood))
    inside = [bool(disputes & set(scope.party)) for scope in scopes]
    of_disputes = not any(scope.about for scope in scopes)
    return (any(direct) and all(map(max, direct, inside))) or (of_disputes and all(inside))


def passes(claim: Row, parties: Sequence[Row], told: Sequence[Row], chosen: Filters) -> bool:
    """Whether a claim as it was passes the filters, as the queries apply them to claims as they are."""
    since, until, kind = chosen.get("since"), chosen.get("until"), chosen.get("kind")
    by, language, confidence = chosen.get("by"), chosen.get("language"), chosen.get("confidence")
    day = claim["sortDate"] or ""
    return (
        (since is None or day >= since)
        and (until is None or "" < day <= until)
        and (kind is None or kind in (claim["kind"], claim["group"]))
        and (confidence is None or claim["confidence"] >= confidence)
        and (by is None or any(p["type"] == "MADE" and p["id"] == by for p in parties))
        and (language is None or any(row["language"] == language for row in told))
    )


def order_of(claim: Row) -> tuple[bool, str, int, str]:
    """Order claims as the queries do: by day, the more precise first, undated ones last."""
    return claim["sortDate"] is None, claim["sortDate"] or "", -len(claim["date"] or ""), claim["id"]


def rows_of(store: Store, claims: Sequence[Row], *, as_of: str | None, reader: Reader) -> list[TimelineRow]:
    """Complete claims to rows, with what was recorded by a time if one is given; without those of which nothing was."""
    ids = [claim["id"] for claim in claims]
    parties = by_claim(store.query("claim_parties", ids=ids))
    told = by_claim(store.query("claim_statements", ids=ids))
    links = known_links(store, ids, as_of)
    disputes = by_claim(store.query("claim_disputes", ids=ids))
    known = known_disputes(store, (row["id"] for rows in disputes.values() for row in rows), as_of)
    rows = []
    for claim in claims:
        own = claim["id"]
        then = recorded_by(told[own], as_of)
        whole = len(then) == len(told[own])
        if then:
            named = parties[own] if whole else known_parties(parties[own], then)
            within = [row for row in disputes[own] if row["id"] in known]
            shown = claim if whole else known_claim(claim, then)
            rows.append(row_of(shown, Around(named, then, links[own], within), reader))
    return rows


class Around(NamedTuple):
    """What stands around a claim in the graph."""

    parties: list[Row]
    told: list[Row]
    links: list[Row]
    disputes: list[Row]


def row_of(claim: Row, around: Around, reader: Reader) -> TimelineRow:
    """Complete a claim to a row."""
    parties, told = around.parties, around.told
    readable = [row for row in told if row["language"] == reader.quotes] if reader.quotes else []
    first = min(
        readable or told, key=lambda row: (row["document"] != claim["document"], row["published"] or "9999", row["id"])
    )
    speaker = next((p for p in parties if p["type"] == "MADE" and p["id"] == claim["speaker"]), None)
    dates = dates_of((row["date"], row["dateBasis"], row["origin"]) for row in told)
    return TimelineRow(
        date=dates[0]["date"] if dates else None,
        precision=Period.parse(dates[0]["date"]).precision if dates else None,
        basis=dates[0]["basis"] if dates else None,
        kind=claim["kind"],
        group=claim["group"],
        speaker=reference(speaker, reader.names) if speaker else None,
        targets=[reference(party, reader.names) for party in parties if party["type"] == "ABOUT"],
        claim=claim["id"],
        quote=first["quote"],
        url=first["url"],
        document=first["document"],
        documents=list(dict.fromkeys(row["document"] for row in told)),
        published=first["published"],
        source=first["sourceName"],
        sources=len({row["origin"] for row in told}),
        answers=list(dict.fromkeys(link["id"] for link in around.links if link["direction"] == "in")),
        dispute=around.disputes[0]["slug"] if around.disputes else None,
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
