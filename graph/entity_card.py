"""Entity cards: who or what goes by a name, and how it occurs in the graph.

A name or a part of one flows in; cards flow out to the command line, the best known first.
"""

from __future__ import annotations

from typing import Any

from graph.errors import UnknownName
from graph.store import Row, Store
from graph.subjects import entities_alike, entities_named, near_names
from nlp.folding import fold

MOST = 10


def find_cards(store: Store, text: str) -> list[dict[str, Any]]:
    """Return the cards of the entities that go by a name, else of those whose names hold it, else are one with it.

    Raises:
        UnknownName: when there is none; names near ones.
    """
    folded = fold(text.strip())
    rows = entities_named(store, text) if folded else []
    rows = rows or (store.query("entities_like", folded=folded, limit=MOST) if folded else [])
    rows = rows or entities_alike(store, text)
    if not rows:
        raise UnknownName(text, near_names(store, text))
    cards = [card_of(store, row) for row in rows]
    return sorted(cards, key=lambda card: (-(card["documents"] + card["made"] + card["about"]), card["id"]))


def card_of(store: Store, row: Row) -> dict[str, Any]:
    """Return the card of one entity."""
    names = [name["surface"] for name in store.query("entity_names", id=row["id"])]
    related = store.query("entity_relations", id=row["id"])
    return {
        "id": row["id"],
        "kind": row["kind"],
        "name": row["name"],
        "nameEn": row["nameEn"],
        "nameZh": row["nameZh"],
        **store.query("entity_numbers", id=row["id"])[0],
        "names": names,
        "related": [
            {"relation": other["type"], "direction": other["direction"], "id": other["id"], "name": other["name"]}
            for other in related
        ],
    }
