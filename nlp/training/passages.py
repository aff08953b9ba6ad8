"""Passages: text with marked names, made of passages with slots.

passages.LANGUAGE.*.txt and invented names (nlp.training.invent) flow in; marked texts flow out to nlp.training.__main__. A slot is
{kind}, {kind:sort} or {kind#number}; slots of one kind and number are one entity.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from nlp.training.invent import Inventor, Model, Person

FOLDER = Path(__file__).parent
SLOT = re.compile(r"\{(?P<kind>[a-z]+)(?::(?P<sort>[a-z]+))?(?:#(?P<number>\d))?\}")
ORGANISATIONS = ("univ", "lab", "outlet", "gov", "fund", "forum", "team")
WORDS = {"role", "place", "date", "weekday", "money", "tech", "product", "lang"}  # in the language of the passage
PLAIN = {"num", "size", "bench", "chip", "lib", "url"}
MARK = re.compile(r"\[\[(PER|ORG|MOD)\|([^\]]+)\]\]")


Found = Person | Model | str


@dataclass(frozen=True, slots=True)
class Marked:
    """A text and its names as (start, end, PER | ORG | MOD)."""

    text: str
    names: tuple[tuple[int, int, str], ...]


def read_passages() -> list[tuple[str, str]]:
    """Return all passages with their language, in the order of the files."""
    rows = []
    for path in sorted(FOLDER.glob("passages.*.txt")):
        language = path.name.split(".")[1]
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                rows.append((language, line.replace("\\n", "\n").strip("\n")))
    return rows


def fill(passage: str, inventor: Inventor) -> Marked:
    """Fill the slots of a passage."""
    known: dict[tuple[str, str], Found] = {}
    text, names, position = "", [], 0
    for match in SLOT.finditer(passage):
        text += passage[position : match.start()]
        position = match.end()
        words, label = value_of(match, inventor, known)
        if label:
            names.append((len(text), len(text) + len(words), label))
        text += words
    text += passage[position:]
    if inventor.often(0.04) and text.isascii():
        text = text.lower()
    return Marked(text, tuple(names))


def value_of(match: re.Match[str], inventor: Inventor, known: dict[tuple[str, str], Found]) -> tuple[str, str]:
    """Return the words of a slot and the label of its name, empty for what is none."""
    kind, sort, number = match["kind"], match["sort"] or "", match["number"] or ""
    if kind in WORDS:
        return inventor.pick(f"{kind}_{inventor.language}"), ""
    if kind in PLAIN:
        return inventor.pick(kind), ""
    if kind == "handle":
        return str(remembered(known, ("handle", number), inventor.handle)), "PER"
    if kind in ("per", "sur", "given") or (kind == "alias" and sort == "per"):
        return person_of(kind, sort, inventor, lambda make: remembered(known, ("per", number), make)), "PER"
    if kind == "alias":
        return inventor.company("en" if inventor.language == "zh" else "zh"), "ORG"
    if kind == "org":
        return str(remembered(known, ("org", number), lambda: inventor.company(sort))), "ORG"
    if kind in ORGANISATIONS:
        return str(remembered(known, (kind, number), lambda: inventor.organisation(kind))), "ORG"
    if kind == "model":
        model = remembered(known, ("model", number), lambda: inventor.model("zh" if sort == "zh" else ""))
        assert isinstance(model, Model)
        return {"bare": model.bare, "zh": model.bare, "ver": model.version}.get(sort, model.full), "MOD"
    raise ValueError(f"unknown slot {match.group()!r}")


def person_of(kind: str, sort: str, inventor: Inventor, remember: Callable[[Callable[[], Person]], object]) -> str:
    """Return the words of a person's slot."""
    wanted = {"sur": "zh" if sort == "zh" else "en", "given": "en", "alias": ""}.get(kind, sort)
    person = remember(lambda: inventor.person(wanted))
    assert isinstance(person, Person)
    return {"sur": person.surname, "given": person.given, "alias": person.other}.get(kind, person.full)


def remembered(known: dict[tuple[str, str], Found], key: tuple[str, str], make: Callable[[], Found]) -> Found:
    """Return what a numbered slot stands for, made at its first place; an unnumbered one is always new."""
    if not key[1]:
        return make()
    if key not in known:
        known[key] = make()
    return known[key]


def generate(passages: list[tuple[str, str]], *, rounds: int, seed: int) -> Iterator[tuple[str, Marked]]:
    """Yield each passage filled `rounds` times, once if it has no slot, with its language."""
    chance = random.Random(seed)
    inventors = {language: Inventor(chance, language) for language in ("zh", "en")}
    for language, passage in passages:
        for _ in range(rounds if SLOT.search(passage) else max(1, rounds // 3)):
            yield language, fill(passage, inventors[language])


def read_marked(path: Path) -> list[tuple[str, Marked]]:
    """Read texts whose names are marked inline: language, tab, text with [[PER|...]]."""
    rows = []
    for line in path.read_text(encoding="utf-8").splitlines():
        language, _, source = line.partition("\t")
        text, names, position = "", [], 0
        source = source.replace("\\n", "\n")
        for match in MARK.finditer(source):
            text += source[position : match.start()]
            names.append((len(text), len(text) + len(match[2]), match[1]))
            text += match[2]
            position = match.end()
        rows.append((language, Marked(text + source[position:], tuple(names))))
    return rows
