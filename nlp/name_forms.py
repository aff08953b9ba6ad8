"""How names vary: titles, short forms, legal forms and romanised surnames, from data/name_forms.toml.

The file flows in, once; a `NameForms` flows out to the comparisons of nlp.identity.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

FILE = "name_forms.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class NameForms:
    """The tables of nlp/data/name_forms.toml, folded."""

    titles_before: frozenset[str]
    titles_after: frozenset[str]
    titles_zh: tuple[str, ...]  # the longest first
    nicknames: Mapping[str, frozenset[str]]  # a given name -> the names that share a short form with it
    settled: Mapping[str, frozenset[str]]  # a given name in characters -> its Latin forms
    polyphonic: Mapping[str, tuple[str, ...]]
    surnames: Mapping[str, frozenset[str]]  # a romanised surname -> characters
    initials: Mapping[str, tuple[str, ...]]  # a Jyutping initial -> spellings
    finals: Mapping[str, tuple[str, ...]]
    legal: frozenset[str]
    legal_zh: tuple[str, ...]
    places_zh: tuple[str, ...]
    descriptors: Mapping[str, str]  # a word in either language -> its class
    descriptors_zh: tuple[str, ...]
    light: frozenset[str]  # the classes that a name may carry or leave out


@cache
def name_forms() -> NameForms:
    """Return the tables, read once."""
    table = tomllib.loads((files("nlp") / "data" / FILE).read_text(encoding="utf-8"))
    people, organisations, cantonese = table["people"], table["organisations"], table["cantonese"]
    light, heavy = rows(organisations["light"]), rows(organisations["heavy"])
    descriptors = {word.replace("-", ""): row[0] for row in (*light, *heavy) for word in row}
    surnames: dict[str, set[str]] = {}
    for name, *characters in rows(people["surnames"]):
        surnames.setdefault(name, set()).update(characters)
    return NameForms(
        titles_before=frozenset(people["titles_before"].split()),
        titles_after=frozenset(people["titles_after"].split()),
        titles_zh=longest_first(people["titles_zh"].split()),
        nicknames=nicknames(rows(people["nicknames"])),
        settled={row[0]: frozenset(row[1:]) for row in rows(people["settled"])},
        polyphonic={row[0]: tuple(row[1:]) for row in rows(people["polyphonic"])},
        surnames={name: frozenset(characters) for name, characters in surnames.items()},
        initials={row[0]: tuple(row[1:]) for row in rows(cantonese["initials"])},
        finals={row[0]: tuple(row[1:]) for row in rows(cantonese["finals"])},
        legal=frozenset(word for row in rows(organisations["legal"]) for word in row),
        legal_zh=longest_first(organisations["legal_zh"].split()),
        places_zh=longest_first(organisations["places_zh"].split()),
        descriptors=descriptors,
        descriptors_zh=longest_first(word for word in descriptors if not word.isascii()),
        light=frozenset(row[0] for row in light),
    )


def rows(text: str) -> list[list[str]]:
    """Return the entries between bars, each as its words."""
    return [entry.split() for entry in text.split("|") if entry.strip()]


def longest_first(words: object) -> tuple[str, ...]:
    """Return distinct words, the longest first."""
    return tuple(sorted(set(words), key=lambda word: (-len(word), word)))  # type: ignore[call-overload]


def nicknames(entries: list[list[str]]) -> dict[str, frozenset[str]]:
    """Map each given name to the full names that it may stand for: two names are alike where these meet.

    >>> table = nicknames([["matthew", "matt"], ["samuel", "sam"], ["samantha", "sam"]])
    >>> table["matt"] & table["matthew"], table["samuel"] & table["samantha"]
    (frozenset({'matthew'}), frozenset())
    """
    table: dict[str, set[str]] = {}
    for full, *short in entries:
        for name in (full, *short):
            table.setdefault(name, set()).add(full)
    return {name: frozenset(fulls) for name, fulls in table.items()}
