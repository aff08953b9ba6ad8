"""Known by a day: what a claim, its parties and its links were to somebody who had only what was recorded by then.

Rows of the store and a time flow in; rows of the same shape, made of the earlier statements alone, flow out to
graph.timeline and graph.claim_card. A claim all of whose statements were there already is the stored one.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from graph.claim import Claim, Told, grounds_of
from graph.store import Row, Store


def end_of(day: str | None) -> str | None:
    """Return the last moment of a day (ISO 8601, UTC), as times of recording are written; anything longer as it is.

    >>> end_of("2023-11-06"), end_of(None)
    ('2023-11-06T23:59:59.999999+00:00', None)
    """
    return f"{day}T23:59:59.999999+00:00" if day and len(day) == len("2023-11-06") else day


def by_claim(found: Iterable[Row]) -> defaultdict[str, list[Row]]:
    """Return the rows of a query about claims, by claim."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in found:
        rows[row["claim"]].append(row)
    return rows


def recorded_by(told: Sequence[Row], as_of: str | None) -> list[Row]:
    """Return the statements that were recorded by a time."""
    return [row for row in told if not as_of or row["recorded"] <= as_of]


def known_claim(claim: Row, told: Sequence[Row]) -> Row:
    """Return a claim as these of its statements make it: the first told shows it, most of them give its kind.

    >>> told = [{"id": "s-2", "kind": "denial", "published": "2023-11-14", "confidence": 0.9, "quote": "零一万物否认。",
    ...          "language": "zh", "speaker": None, "document": "a", "date": "2023-11", "dateBasis": "stated",
    ...          "origin": "a", "recorded": "2024-01-01"}]
    >>> known = known_claim({"id": "c-1", "kind": "other", "quote": "01.AI said nothing."}, told)
    >>> known["kind"], known["group"], known["quote"], known["sortDate"]
    ('denial', 'answering', '零一万物否认。', '2023-11-01')
    """
    known = Claim.of(map(Told.of, told)).node
    return {**claim, **known, "group": known["group"] or claim.get("group")}


def known_parties(parties: Sequence[Row], told: Sequence[Row]) -> list[Row]:
    """Return the speakers and targets that these statements name, each target with the role that they give it.

    Statements that do not say what their targets rest on leave the claim's targets as they are.
    """
    known = Claim.of(map(Told.of, told))
    made = [party for party in parties if party["type"] == "MADE" and party["id"] in known.speakers]
    if not all("targets" in grounds_of(row) for row in told):
        return [party for party in parties if party["type"] != "MADE" or party in made]
    return made + [
        party | dict(zip(("role", "basis"), known.targets[party["id"]], strict=True))
        for party in parties
        if party["type"] == "ABOUT" and party["id"] in known.targets
    ]


def known_links(store: Store, ids: Sequence[str], as_of: str | None) -> defaultdict[str, list[Row]]:
    """Return the links of claims, by claim, that were known by a time.

    Both claims must have been told by then; and a link that a document makes, in a document recorded by then.
    """
    links = by_claim(store.query("claim_links", ids=list(ids)))
    if not as_of:
        return links
    ends = {row["id"] for rows in links.values() for row in rows} | links.keys()
    told = by_claim(store.query("claim_statements", ids=sorted(ends)))
    documents = {end: {row["document"] for row in recorded_by(told[end], as_of)} for end in ends}

    def known(claim: str, link: Mapping[str, Any]) -> bool:
        one, other = documents[claim], documents[link["id"]]
        return bool(one & other) if link["basis"] != "across" else bool(one and other)

    return defaultdict(list, {claim: [row for row in rows if known(claim, row)] for claim, rows in links.items()})


def known_disputes(store: Store, disputes: Iterable[str], as_of: str | None) -> set[str]:
    """Return those of some disputes in which somebody had been accused by a time; all of them without a time."""
    listed = sorted(set(disputes))
    if not as_of or not listed:
        return set(listed)
    return {row["id"] for row in store.query("timeline_opened", ids=listed, as_of=as_of)}
