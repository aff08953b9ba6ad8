"""The gazetteer: every form of every known person and organisation, matched in one pass.

A vocabulary flows in; matches with exact offsets flow out to nlp.names. One Aho-Corasick automaton over folded text
(nlp.folding) finds the longest form at each place; boundaries and case are checked afterwards on the original.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

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


@dataclass(frozen=True, slots=True)
class Match:
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

    def find(self, text: str, folded: str) -> Iterator[Match]:
        """Yield the matches in order; they do not overlap."""
        for pattern, start, end in self._automaton.find_matches_as_indexes(folded):
            if not on_boundaries(folded, start, end):
                continue
            written = text[start:end]
            in_chinese = is_han(text[start - 1 : start]) or is_han(text[end : end + 1])
            known = self.forms[self._patterns[pattern]]
            forms = known if in_chinese else tuple(form for form in known if case_fits(form.surface, written))
            if forms:
                yield Match(start, end, forms)

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


def case_fits(surface: str, written: str) -> bool:
    """Whether a name may be written in this case.

    Names with a digit, a dot or a capital inside (01.AI, OpenAI) may be written in any case, since no ordinary word
    looks like them; a plain capitalised word (Meta, Apple) must not be in lower case, nor must an abbreviation.
    Between Chinese characters there is nothing to confuse them with.
    """
    if surface == written or not any(c.isascii() and c.isalpha() for c in surface):
        return True
    if any(c.isdigit() or c in ".-_ " for c in surface) or (not surface.isupper() and not surface[1:].islower()):
        return True
    return not written[0].islower() or surface[0].islower()
