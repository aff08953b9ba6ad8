"""Claim cards: one claim with its words, its sources, what it answers and what answers it.

A claim's or statement's id, or the beginning of one, flows in; a card flows out to the command line.
"""

from __future__ import annotations

import json
from typing import Any

from graph.errors import UnknownName
from graph.store import Row, Store
from graph.timeline import reference


def claim_card(store: Store, identifier: str, *, names: str | None = None) -> dict[str, Any]:
    """Return the card of a claim.

    Raises:
        UnknownName: when no claim or several have such an id.
    """
    claim = find_claim(store, identifier)
    parties = store.query("claim_parties", ids=[claim["id"]])
    return {
        "claim": claim["id"],
        "kind": claim["kind"],
        "group": claim["group"],
        "date": claim["date"],
        "dates": json.loads(claim["dates"]),
        "speaker": speaker_of(claim, parties, names),
        "targets": [
            {**reference(party, names), "role": party["role"], "basis": party["basis"]}
            for party in parties
            if party["type"] == "ABOUT"
        ],
        "sources": claim["sources"],
        "confidence": claim["confidence"],
        "disputes": [row["title"] for row in store.query("claim_disputes", ids=[claim["id"]])],
        "statements": [statement_row(row) for row in store.query("claim_statements", ids=[claim["id"]])],
        "links": [link_row(store, row, names) for row in store.query("claim_links", ids=[claim["id"]])],
    }


def find_claim(store: Store, identifier: str) -> Row:
    """Return the claim of an id; the id of any of its statements, or a beginning that fits one claim, is enough."""
    prefix = identifier.strip().lower()
    body = prefix[2:] if prefix[:2] in ("c-", "s-") else prefix
    claims = store.query("claim_by_statement", prefix=f"s-{body}") if body else []
    exact = [claim for claim in claims if claim["id"] == f"c-{body}"]
    if len(exact or claims) != 1:
        raise UnknownName(
            identifier, [claim["id"] for claim in claims[:5]], see="the ids in `yuanliu timeline SUBJECT`"
        )
    return (exact or claims)[0]


def speaker_of(claim: Row, parties: list[Row], names: str | None) -> dict[str, str] | None:
    """Return the claim's first speaker."""
    found = next((p for p in parties if p["type"] == "MADE" and p["id"] == claim["speaker"]), None)
    return dict(reference(found, names)) if found else None  # type: ignore[arg-type]


def statement_row(row: Row) -> dict[str, Any]:
    """Return one telling of a claim."""
    kept = ("id", "quote", "kind", "date", "dateBasis", "dateQuote", "cue", "speakerFrom", "confidence", "recorded")
    return {key: row[key] for key in kept} | {
        "document": row["document"],
        "digest": row["digest"],
        "title": row["title"],
        "url": row["url"],
        "published": row["published"],
        "source": row["sourceName"],
        "copyOf": row["origin"] if row["origin"] != row["document"] else None,
        "grounds": json.loads(row["grounds"] or "{}"),
        "spans": [{"part": part, "start": start, "end": end} for part, start, end in json.loads(row["spans"])],
    }


def link_row(store: Store, link: Row, names: str | None) -> dict[str, Any]:
    """Return a linked claim in short."""
    other = store.query("claims", ids=[link["id"]])[0]
    parties = store.query("claim_parties", ids=[link["id"]])
    return {
        "type": link["type"],
        "direction": link["direction"],
        "cue": link["cue"],
        "claim": other["id"],
        "kind": other["kind"],
        "date": other["date"],
        "speaker": speaker_of(other, parties, names),
        "quote": other["quote"],
    }
