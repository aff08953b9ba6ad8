"""Entity cards: who or what goes by a name, and how it occurs in the graph.

A name or a part of one flows in; cards flow out to the command line, the best known first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from graph.dispute_list import title_of
from graph.errors import UnknownName
from graph.store import Row, Store
from graph.subjects import display_name, entities_alike, entities_named, near_names
from nlp.folding import fold

MOST = 10
MADE_BY = (("DEVELOPED_BY", "in"), ("MEMBER_OF", "in"))  # how a maker or a family holds a model


def find_cards(store: Store, text: str, *, names: str | None = None) -> list[dict[str, Any]]:
    """Return the cards of the entities that go by a name, else of those whose names hold it, else are one with it.

    An id is a name too.

    Raises:
        UnknownName: when there is none; names near ones.
    """
    folded = fold(text.strip())
    rows = (store.query("entity", id=text.strip()) or entities_named(store, text)) if folded else []
    rows = rows or (store.query("entities_like", folded=folded, limit=MOST) if folded else [])
    rows = rows or entities_alike(store, text)
    if not rows:
        raise UnknownName(text, near_names(store, text))
    cards = [card_of(store, row, names) for row in rows]
    return sorted(cards, key=lambda card: (-(card["documents"] + card["made"] + card["about"]), card["id"]))


def card_of(store: Store, row: Row, names: str | None) -> dict[str, Any]:
    """Return the card of one entity, with names in the reader's language."""
    related = store.query("entity_relations", id=row["id"])
    claims = store.query("entity_claims", id=row["id"])
    disputes = store.query("entity_disputes", id=row["id"])
    return {
        "id": row["id"],
        "kind": row["kind"],
        "name": display_name(row, names),
        "nameEn": row["nameEn"],
        "nameZh": row["nameZh"],
        **store.query("entity_numbers", id=row["id"])[0],
        "names": [name["surface"] for name in store.query("entity_names", id=row["id"])],
        "related": [related_row(other, names) for other in related],
        "posts": [
            {"id": other["id"], "name": display_name(other, names), "role": other["role"]}
            for other in related
            if (other["type"], other["direction"]) == ("WORKS_FOR", "out")
        ],
        "models": [
            {"id": other["id"], "name": display_name(other, names)}
            for other in related
            if (other["type"], other["direction"]) in MADE_BY
        ],
        "claimsMade": by_group(claims, "MADE"),
        "claimsReceived": by_group(claims, "ABOUT"),
        "disputes": disputes_of(disputes, entities_in(store, disputes) if names else {}, names),
        "firstActivity": min((claim["first"] for claim in claims if claim["first"]), default=None),
        "lastActivity": max((claim["last"] for claim in claims if claim["last"]), default=None),
    }


def related_row(other: Row, names: str | None) -> dict[str, Any]:
    """Return a related entity in short."""
    named = {"id": other["id"], "name": display_name(other, names)}
    return {"relation": other["type"], "direction": other["direction"], **named, "role": other["role"]}


def by_group(claims: Iterable[Row], kind: str) -> dict[str, int]:
    """Return how many claims of each group an entity made or received.

    >>> rows = [{"type": "MADE", "group": "answering", "claims": 2}, {"type": "ABOUT", "group": "accusing", "claims": 1}]
    >>> by_group(rows, "MADE"), by_group([], "ABOUT")
    ({'answering': 2}, {})
    """
    return {row["group"]: row["claims"] for row in claims if row["type"] == kind and row["group"]}


def entities_in(store: Store, disputes: Sequence[Row]) -> dict[str, Row]:
    """Return the parties of disputes by id."""
    ids = sorted({party for row in disputes for party in (row["accused"], row["origin"]) if party})
    return {row["id"]: row for row in store.query("entities", ids=ids)}


def disputes_of(rows: Sequence[Row], entities: dict[str, Row], names: str | None) -> list[dict[str, Any]]:
    """Return each dispute once, with all that an entity is in it.

    >>> row = {"slug": "甲--b", "title": "甲 / b", "accused": "甲", "origin": "b", "status": "open", "lastActivity": None}
    >>> disputes_of([row | {"role": "accused"}, row | {"role": "speaker"}], {}, None)[0]["roles"]
    ['accused', 'speaker']
    """
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        title = title_of(row, entities, names)
        kept = {"slug": row["slug"], "title": title, "status": row["status"], "lastActivity": row["lastActivity"]}
        found.setdefault(row["slug"], {**kept, "roles": []})["roles"].append(row["role"])
    return list(found.values())
