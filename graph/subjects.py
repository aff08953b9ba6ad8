"""Subjects: from a name that somebody types to the entity, dispute or claim that it means.

A name flows in, rows of the store flow out; an unknown name raises UnknownName with near ones.
"""

from __future__ import annotations

import difflib
import re
from typing import TypedDict

from graph.errors import UnknownName
from graph.store import Row, Store
from nlp.folding import fold


class EntityRef(TypedDict):
    """An entity as rows and JSON name it."""

    id: str
    name: str


LEAST = 2  # characters of a name that is worth comparing
KINDS = {"model": 0, "organization": 1, "person": 2}


def find_subject(store: Store, name: str) -> Row:
    """Return the entity that a name means: an id, an exact name in any spelling, else the only one that holds it or is one with it.

    Raises:
        UnknownName: when nothing goes by the name.
    """
    by_id = store.query("entity", id=name)
    if by_id:
        return by_id[0]
    exact = entities_named(store, name)
    if exact:
        return min(exact, key=lambda row: (weight(store, row), KINDS[row["kind"]], row["id"]))
    like = store.query("entities_like", folded=fold(name.strip()), limit=6) if len(name.strip()) > 1 else []
    found = like or entities_alike(store, name)
    if len(found) == 1:
        return found[0]
    raise UnknownName(name, [row["name"] for row in like] or near_names(store, name))


def entities_named(store: Store, name: str) -> list[Row]:
    """Return the entities of a name; where there is none, of those written alike but for spaces and hyphens."""
    folded = fold(name.strip())
    if rows := store.query("entities_by_name", folded=folded):
        return rows
    alike = {row["folded"] for row in store.query("all_names") if joined(row["folded"]) == joined(folded) != ""}
    found = [row for other in sorted(alike) for row in store.query("entities_by_name", folded=other)]
    return list({row["id"]: row for row in found}.values())


def entities_alike(store: Store, name: str) -> list[Row]:
    """Return the people and organisations of which some name is one with it as names vary: another romanisation, a legal form."""
    from nlp.identity import contradict, keys_of, same_name  # noqa: PLC0415 - tables that a known name never needs

    if len(name.strip()) < LEAST:
        return []
    found: dict[str, Row] = {}
    surfaces = [row["surface"] for row in store.query("all_names")]
    for kind in ("person", "organization"):
        keys = keys_of(name, kind)
        alike = [surface for surface in surfaces if keys & keys_of(surface, kind) and same_name(name, surface, kind)]
        for surface in alike:
            rows = store.query("entities_by_name", folded=fold(surface))
            found |= {
                row["id"]: row
                for row in rows
                if row["kind"] == kind and not (row["nameZh"] and contradict(name, row["nameZh"], kind))
            }
    return list(found.values())


def joined(folded: str) -> str:
    """Return a folded name without its spaces and hyphens.

    >>> joined("yi 34b"), joined("云雀 实验室"), joined("gpt-4")
    ('yi34b', '云雀实验室', 'gpt4')
    """
    return re.sub(r"[\s_-]+", "", folded)


def weight(store: Store, row: Row) -> int:
    """Return minus how often an entity occurs: of several with one name the best known is meant."""
    numbers = store.query("entity_numbers", id=row["id"])[0]
    return -int(numbers["documents"] + numbers["made"] + numbers["about"])


def near_names(store: Store, name: str) -> list[str]:
    """Return known names that are written nearly alike."""
    known = {row["folded"]: row["surface"] for row in store.query("all_names")}
    return [known[folded] for folded in difflib.get_close_matches(fold(name.strip()), known, n=3, cutoff=0.6)]


def display_name(row: Row, language: str | None) -> str:
    """Return an entity's name in the reader's language where it has one.

    >>> row = {"name": "Kai-Fu Lee", "nameEn": "Kai-Fu Lee", "nameZh": "李开复"}
    >>> display_name(row, "zh"), display_name(row, None)
    ('李开复', 'Kai-Fu Lee')
    """
    if language == "zh" and row.get("nameZh"):
        return str(row["nameZh"])
    if language == "en" and row.get("nameEn"):
        return str(row["nameEn"])
    return str(row["name"])
