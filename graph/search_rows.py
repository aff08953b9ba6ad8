"""Search rows: what is shown of a claim or a document that was found.

Hits flow in, each with the row of the store that tells of it; rows with who speaks and where the words stand flow out to graph.search.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from typing import Any, TypedDict

from graph.search_question import Question
from graph.store import Row, Store
from graph.subjects import EntityRef, display_name
from nlp.search_words import find_phrases


class SearchRow(TypedDict):
    """A claim by its best passage, or a document by its title; `highlights` are offsets in `quote`, in code points."""

    found: str
    score: float
    date: str | None
    basis: str | None
    dates: list[Any]
    kind: str | None
    group: str | None
    speaker: EntityRef | None
    claim: str | None
    statement: str | None
    quote: str
    highlights: list[tuple[int, int]]
    language: str | None
    url: str | None
    document: str
    title: str | None
    published: str | None
    source: str
    sources: int


class Hit(TypedDict):
    """A claim or document with its score and the row of the store that tells of it."""

    kind: str
    id: str
    score: float
    date: str
    row: Row


def complete(store: Store, hits: Sequence[Hit], question: Question, *, names: str | None) -> list[SearchRow]:
    """Complete hits to rows: who speaks, and where the words stand."""
    claims = [hit["id"] for hit in hits if hit["kind"] == "statement"]
    parties: Iterable[Row] = store.query("claim_parties", ids=claims) if claims else ()
    speakers = {
        (row["claim"], row["id"]): EntityRef(id=row["id"], name=display_name(row, names))
        for row in parties
        if row["type"] == "MADE"
    }
    phrases = [phrase for group in question.groups for phrase in group.phrases]
    makers: dict[str, Callable[[Hit], SearchRow]] = {
        "statement": lambda hit: claim_row(hit, speakers.get((hit["id"], hit["row"]["speaker"]))),
        "document": document_row,
    }
    rows = [makers[hit["kind"]](hit) for hit in hits]
    for row in rows:
        row["highlights"] = find_phrases(row["quote"], phrases)
    return rows


def claim_row(hit: Hit, speaker: EntityRef | None) -> SearchRow:
    """Return the row of a claim."""
    row = hit["row"]
    return SearchRow(
        found="statement",
        score=hit["score"],
        date=row["date"],
        basis=row["dateBasis"],
        dates=json.loads(row["dates"] or "[]"),
        kind=row["kind"],
        group=row["group"],
        speaker=speaker,
        claim=row["claim"],
        statement=row["id"],
        quote=row["quote"] or "",
        highlights=[],
        language=row["language"],
        url=row["url"],
        document=row["document"],
        title=row["title"],
        published=row["published"],
        source=row["sourceName"],
        sources=row["sources"],
    )


def document_row(hit: Hit) -> SearchRow:
    """Return the row of a document."""
    row = hit["row"]
    return SearchRow(
        found="document",
        score=hit["score"],
        date=hit["date"] or None,
        basis=None,
        dates=[],
        kind=None,
        group=None,
        speaker=None,
        claim=None,
        statement=None,
        quote=row["title"] or "",
        highlights=[],
        language=row["language"],
        url=row["url"],
        document=row["id"],
        title=row["title"],
        published=row["published"],
        source=row["sourceName"],
        sources=1,
    )
