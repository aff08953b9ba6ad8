"""Claim cards: one claim with its words, its sources, what it answers and what answers it.

A claim's or statement's id, or the beginning of one, flows in; a card flows out to the command line.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from graph.answers import linked
from graph.claim_dates import dates_of
from graph.errors import UnknownName
from graph.known_by import end_of, known_claim, known_disputes, known_links, known_parties, recorded_by
from graph.store import Row, Store
from graph.timeline import ANYBODY, Reader, reference, rows_of


def claim_card(store: Store, identifier: str, *, reader: Reader = ANYBODY, as_of: str | None = None) -> dict[str, Any]:
    """Return the card of a claim, as it was on a day (ISO 8601) if one is given.

    Raises:
        UnknownName: when no claim or several have such an id, or nothing of the claim was recorded by that day.
    """
    claim, until = find_claim(store, identifier), end_of(as_of)
    own = claim["id"]
    every = store.query("claim_statements", ids=[own])
    told = recorded_by(every, until)
    if not told:
        raise UnknownName(own, [], see=f"it without --as-of {as_of}, it was first recorded at {claim['recorded']}")
    parties = store.query("claim_parties", ids=[own])
    if len(told) < len(every):
        claim, parties = known_claim(claim, told), known_parties(parties, told)
    disputes = store.query("claim_disputes", ids=[own])
    known = known_disputes(store, (row["id"] for row in disputes), until)
    above, below = (linked(store, own, direction=direction, as_of=until, reader=reader) for direction in ("out", "in"))
    return {
        "claim": own,
        "kind": claim["kind"],
        "group": claim["group"],
        "date": claim["date"],
        "dates": dates_of((row["date"], row["dateBasis"], row["origin"]) for row in told),
        "speaker": speaker_of(claim, parties, reader.names),
        "targets": [
            {**reference(party, reader.names), "role": party["role"], "basis": party["basis"]}
            for party in parties
            if party["type"] == "ABOUT"
        ],
        "sources": claim["sources"],
        "confidence": claim["confidence"],
        "disputes": [title_of(row, reader.names) for row in disputes if row["id"] in known],
        "statements": [statement_row(row) for row in told],
        "trueSources": true_sources(told),
        "links": link_rows(store, known_links(store, [own], until)[own], until, reader),
        "answersTo": above["claims"],
        "answers": below["claims"],
        "cut": above["cut"] or below["cut"],
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


def title_of(dispute: Row, language: str | None) -> str:
    """Return a dispute's title in the reader's language where it has one."""
    return str({"en": dispute["titleEn"], "zh": dispute["titleZh"]}.get(language or "") or dispute["title"])


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
        "spans": [{"part": part, "start": start, "end": end} for part, start, end in json.loads(row["spans"] or "[]")],
    }


def true_sources(told: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the documents that tell a claim, each with its near copies under it ("copies").

    Where the document that others copy does not tell the claim itself, its first copy stands for it.

    >>> names = ("id", "document", "origin", "title", "url", "published", "sourceName")
    >>> told = [dict(zip(names, row)) for row in (("s-1", "乙", "甲", "转载", None, None, "晚报"),
    ...         ("s-2", "甲", "甲", "原文", None, "2023-11-14", "日报"), ("s-3", "x", "x", "Own", None, None, "Post"))]
    >>> [(each["document"], [copy["document"] for copy in each["copies"]]) for each in true_sources(told)]
    [('甲', ['乙']), ('x', [])]
    """
    together: dict[str, list[Row]] = {}
    for row in told:
        together.setdefault(row["origin"], []).append(row)

    def short(row: Row) -> dict[str, Any]:
        return {"statement": row["id"], "source": row["sourceName"]} | {
            name: row[name] for name in ("document", "title", "url", "published")
        }

    found = []
    for origin, rows in together.items():
        first, *copies = sorted(rows, key=lambda row: row["document"] != origin)
        found.append(short(first) | {"copies": [short(copy) for copy in copies]})
    return found


def link_rows(store: Store, links: Sequence[Row], as_of: str | None, reader: Reader) -> list[dict[str, Any]]:
    """Return the claims that a claim is directly linked with, in short."""
    claims = store.query("claims", ids=sorted({link["id"] for link in links}))
    rows = {row["claim"]: row for row in rows_of(store, claims, as_of=as_of, reader=reader)}
    return [
        {
            **{name: link[name] for name in ("type", "direction", "cue")},
            "claim": link["id"],
            **{name: rows[link["id"]][name] for name in ("kind", "date", "speaker", "quote")},
        }
        for link in links
        if link["id"] in rows
    ]
