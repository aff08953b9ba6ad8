"""Entity lines: the card of a person, company or model as people read it in a terminal.

A card of graph.entity_card flows in; lines flow out to cli.names.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from cli.output import clean_all

MARGIN = 14
MOST = 12  # names, models or disputes on one line
RELATIONS = {
    ("DEVELOPED_BY", "out"): "developed by",
    ("MEMBER_OF", "out"): "belongs to",
    ("WORKS_FOR", "out"): "works for",
    ("DEVELOPED_BY", "in"): "develops",
    ("MEMBER_OF", "in"): "members",
    ("WORKS_FOR", "in"): "people",
}


def entity_lines(card: Mapping[str, Any]) -> list[str]:
    """Return the lines that show an entity."""
    card = clean_all(card)
    names = list(dict.fromkeys(name for name in (card["name"], card["nameEn"], card["nameZh"]) if name))
    lines = [f"{' / '.join(names)}  {card['kind']}  {card['id']}"]
    lines += [f"{label.ljust(MARGIN)}{text}" for label, text in facts(card, names)]
    return lines


def facts(card: Mapping[str, Any], names: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield what a card says, as a label and a text each."""
    others = [name for name in card["names"] if name not in names]
    if others:
        yield "also written", few(others)
    for relation, label in RELATIONS.items():
        related = [other for other in card["related"] if (other["relation"], other["direction"]) == relation]
        if related:
            yield label, few([f"{other['name']}{post(other['role'])}" for other in related])
    yield "named in", counted(card["documents"], "document")
    for label, number, groups in (
        ("said", card["made"], card["claimsMade"]),
        ("spoken of in", card["about"], card["claimsReceived"]),
    ):
        if number:
            told = ", ".join(f"{count} {group}" for group, count in groups.items())
            yield label, counted(number, "claim") + (f": {told}" if told else "")
    for role, label in (("accused", "accused in"), ("origin", "origin in"), ("speaker", "speaks in")):
        stood = [f"{each['title']} ({each['status']})" for each in card["disputes"] if role in each["roles"]]
        if stood:
            yield label, few(stood)
    if card["firstActivity"]:
        yield "active", f"{card['firstActivity']} to {card['lastActivity']}"


def post(role: str | None) -> str:
    """Return a person's post, nothing where it is unknown.

    >>> post("首席科学家"), post(None)
    (' (首席科学家)', '')
    """
    return f" ({role})" if role else ""


def few(texts: Sequence[str]) -> str:
    """Return the first of some texts, and how many more there are.

    >>> few(["a", "乙"]), few(["a"] * 14)[-12:]
    ('a, 乙', ', and 2 more')
    """
    more = len(texts) - MOST
    return ", ".join(texts[:MOST]) + (f", and {more} more" if more > 0 else "")


def counted(number: int, word: str) -> str:
    """Return a number with its word.

    >>> counted(1, "claim"), counted(2, "claim")
    ('1 claim', '2 claims')
    """
    return f"{number} {word}{'' if number == 1 else 's'}"
