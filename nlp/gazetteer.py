"""The gazetteer: every form of every known person and organisation, matched in one pass.

A vocabulary flows in; matches with exact offsets flow out to nlp.names. One Aho-Corasick automaton over folded text
(nlp.folding) finds the longest form at each place; boundaries and case are checked afterwards on the original.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.annotation import Entity
from nlp.folding import fold, is_han, on_boundaries
from nlp.variants import person_variants
from nlp.vocabulary import Organization, Person, Vocabulary

Strength = Literal["strong", "generated", "handle", "weak"]


@dataclass(frozen=True, slots=True)
class Form:
    """One way in which an entity is written; a weak one counts only beside a strong one of the same entity."""

    surface: str
    entity: Entity
    strength: Strength


class Match(NamedTuple):
    """Forms that stand at start:end; several where namesakes share the name."""

    start: int
    end: int
    forms: tuple[Form, ...]


class Gazetteer:
    """Find known people and organisations in text."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.forms: dict[str, tuple[Form, ...]] = collect_forms(vocabulary)
        self._patterns = list(self.forms)
        self._automaton = AhoCorasick(self._patterns, matchkind=MatchKind.LeftmostLongest)
        self._han = [is_han(pattern[0]) and is_han(pattern[-1]) for pattern in self._patterns]

    def find(self, text: str, folded: str) -> list[Match]:
        """Return the matches in order; they do not overlap."""
        matches: list[Match] = []
        patterns, han, forms = self._patterns, self._han, self.forms
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded):
            if han[pattern]:  # Han characters have neither boundaries nor case
                matches.append(Match(start, end, forms[patterns[pattern]]))
            else:
                matches += self.check(text, folded, (pattern, start, end)) or self.shorter(text, folded, (start, end))
        return matches

    def check(self, text: str, folded: str, place: tuple[int, int, int]) -> list[Match]:
        """Return a match if it stands on boundaries and in a case that its name may have."""
        pattern, start, end = place
        if not on_boundaries(folded, start, end):
            return []
        known = self.forms[self._patterns[pattern]]
        written = text[start:end]
        if not (is_han(text[start - 1 : start]) or is_han(text[end : end + 1])):
            known = tuple(form for form in known if form.surface == written or case_fits(form, written))
        if known and written.startswith("the "):  # the article is the sentence's, not the name's
            start += len("the ")
        return [Match(start, end, known)] if known else []

    def shorter(self, text: str, folded: str, place: tuple[int, int]) -> list[Match]:
        """Return the matches within one that was refused: Apple in "Apple Intelligences"."""
        found: list[Match] = []
        start, stop = place
        for pattern, first, last in self._overlapping.find_matches_as_indexes(folded[start:stop], overlapping=True):
            if last - first < stop - start:
                found += self.check(text, folded, (pattern, start + first, start + last))
        found.sort(key=lambda match: (match.start, -match.end))
        kept: list[Match] = []
        for match in found:
            if not kept or match.start >= kept[-1].end:
                kept.append(match)
        return kept

    @cached_property
    def _overlapping(self) -> AhoCorasick:
        """The automaton that yields overlapping matches, built when a text first needs it."""
        return AhoCorasick(self._patterns, matchkind=MatchKind.Standard)

    def lookup(self, name: str) -> tuple[Form, ...]:
        """Return the forms that a name alone may be."""
        return self.forms.get(fold(name.strip().removeprefix("@")), ())


def collect_forms(vocabulary: Vocabulary) -> dict[str, tuple[Form, ...]]:
    """Return all forms by their folded text; a generated form never competes with a listed one."""
    table: dict[str, list[Form]] = defaultdict(list)
    for person in vocabulary.people:
        for form in person_forms(person):
            table[fold(form.surface)].append(form)
    for organization in vocabulary.organizations:
        for form in organization_forms(organization):
            table[fold(form.surface)].append(form)
    return {key: strongest(forms) for key, forms in table.items() if key}


def person_forms(person: Person) -> Iterator[Form]:
    """Yield the listed and generated forms of a person."""
    entity = Entity(id=f"person:{person.id}", kind="person", name_en=person.en, name_zh=person.zh, listed=True)
    listed = {name for name in (person.en, person.zh, *person.aliases) if name}
    yield from (Form(name, entity, "strong") for name in sorted(listed))
    yield from (Form(name, entity, "handle") for name in person.handles)
    generated = person_variants(en=person.en, zh=person.zh) - listed
    yield from (Form(name, entity, "generated") for name in sorted(generated))


def organization_forms(organization: Organization) -> Iterator[Form]:
    """Yield the listed forms of an organisation."""
    entity = Entity(
        id=f"org:{organization.id}", kind="organization", name_en=organization.en, name_zh=organization.zh, listed=True
    )
    listed = {name for name in (organization.en, organization.zh, *organization.aliases) if name}
    yield from (Form(name, entity, "strong") for name in sorted(listed))
    yield from (Form(name, entity, "weak") for name in organization.weak)


def strongest(forms: list[Form]) -> tuple[Form, ...]:
    """Drop generated forms where a listed one is written the same, and repeats of one entity."""
    order: dict[Strength, int] = {"strong": 0, "handle": 1, "weak": 2, "generated": 3}
    listed = [form for form in forms if form.strength != "generated"]
    kept = listed or forms
    kept.sort(key=lambda form: (order[form.strength], form.entity.id))
    return tuple({form.entity.id: form for form in reversed(kept)}.values())


def case_fits(form: Form, written: str) -> bool:
    """Whether a name may be written in this case.

    Names with a digit, a dot or a capital inside (01.AI, OpenAI) may be written in any case, since no ordinary word
    looks like them; so may people's names of several words. A plain capitalised word (Meta, Apple) must not be in lower
    case, nor must an abbreviation, nor an organisation's name of several words (The Economist).
    """
    surface = form.surface
    if surface == written or not any(c.isascii() and c.isalpha() for c in surface):
        return True
    if any(c.isdigit() or c in ".-_" for c in surface):
        return True
    if " " in surface:
        return form.entity.kind == "person" or not written.islower() or surface.islower()
    if not surface.isupper() and not surface[1:].islower():
        return True
    return not written[0].islower() or surface[0].islower()
