"""Unlisted names: people, organisations and models that nobody listed, wherever a document has them.

A reading and the spans that are taken flow in, spans with new entities flow out to nlp.names. The tagger (nlp.tagger) finds names by
the words around them; one that it is sure of somewhere counts everywhere in the document, under the kind that speaks for it most,
and so do the short forms that follow from it: 澄舟 for 澄舟数据, Saltmarsh for Saltmarsh AI, Corvane for Corvane-13B.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence, Set
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import repeat

from nlp.accounts import is_field
from nlp.annotation import Entity, EntityKind
from nlp.company_names import HAN, read_company
from nlp.features import frequency
from nlp.folding import fold, is_latin
from nlp.model_names import blank
from nlp.people import is_latin_name, person_entity, touches
from nlp.people_words import word_lists
from nlp.reading import NameSpan, Reading
from nlp.spacy_taggers import find_with
from nlp.tagger import Tagged, built_in_tagger
from nlp.words import is_common_word, segmenter

LEAST = 0.45  # of a tagged name's probability, for the place where it stands
SURE = 0.6  # for all other places of it
LEAST_LATIN = 3
LEAST_HAN = 2
LEAST_ORDINARY = 0.8  # of one that is made of ordinary words
LEAST_SHORT = 0.9  # of a company or model of two characters
FREQUENT = 4  # of nlp.features.frequency
LEAD = re.compile(r"(?:[Tt]he|[Aa]n?|[Ii]ts|[Oo]ur|[Tt]heir) (?:[a-z]+(?:-[a-z]+)* ){1,3}(?=[A-Z])")
POSSESSIVE = re.compile(r"['’]s?\Z")


@dataclass(frozen=True, slots=True)
class Surface:
    """What the tagger thinks of one form in all its places."""

    text: str
    kind: EntityKind
    weight: float
    best: float


@dataclass(frozen=True, slots=True)
class Stems:
    """The stems of models that a document names for sure, and surfaces that may name one but are words too (Kimi, Phi)."""

    named: Iterable[str]
    doubtful: Set[str]


def find_unlisted(
    reading: Reading,
    *,
    taken: Sequence[tuple[int, int]],
    models: Stems | None = None,
    taggers: Iterable[str] = (),
) -> list[tuple[NameSpan, Entity]]:
    """Return the names that the taggers find outside of what is taken, and their further places and short forms.

    `models` are the stems of models that the document names or may name: none of them is a company. `taggers` are spaCy
    pipelines to be asked besides our own.
    """
    models = models or Stems((), frozenset())
    occupied = sorted(taken)
    text = unmasked(reading)
    found_by_all = [*built_in_tagger().find(text, reading.folded)]
    for name in taggers:
        found_by_all += find_with(name, text)
    tagged = [
        each
        for each in map(trimmed, found_by_all, repeat(reading.text))
        if not touches(occupied, each.start, each.end)
        and plausible(reading.text[each.start : each.end], each)
        and not (each.kind == "person" and reading.text[each.start : each.end] in models.doubtful)
    ]
    stems = {stem.lower() for stem in (*models.named, *models.doubtful)}
    surfaces = judge(reading.text, tagged, stems)
    found: list[tuple[NameSpan, Entity]] = []
    claimed = list(occupied)
    for surface in sorted(surfaces.values(), key=lambda surface: (-len(surface.text), surface.text)):
        entity = entity_of(surface)
        here = {(each.start, each.end) for each in tagged if reading.text[each.start : each.end] == surface.text}
        places = here | (set(places_of(reading, surface.text)) if surface.best >= SURE else set())
        for start, end in sorted(places):
            if not touches(claimed, start, end) and not reading.masked(start, end):
                found.append((span_of(start, end, entity, surface.best), entity))
        claimed = sorted({*claimed, *((span.start, span.end) for span, _ in found)})
    return found


def unmasked(reading: Reading) -> str:
    """Return the text with URLs, tags and code blanked out."""
    return blank(reading.text, reading.masks).replace("\0", " ")


def trimmed(tagged: Tagged, text: str) -> Tagged:
    """Return a tagged span without "the startup" before it and a possessive ending behind it."""
    ending = POSSESSIVE.search(text, tagged.start, tagged.end)
    lead = LEAD.match(text, tagged.start, tagged.end)
    return tagged._replace(start=lead.end() if lead else tagged.start, end=ending.start() if ending else tagged.end)


def plausible(surface: str, tagged: Tagged) -> bool:
    """Whether a tagged span may be a name by its form: the more ordinary its words, the surer the tagger has to be."""
    if len(surface) < LEAST_HAN or not any(c.isalpha() for c in surface):
        return False
    if "_" in surface and (tagged.kind != "person" or is_field(surface)):  # an identifier in a program
        return False
    if tagged.kind == "person" and not HAN.search(surface) and not is_latin_name(surface):
        return False
    ordinary = ordinary_han(surface) if HAN.search(surface) else ordinary_latin(surface)
    if tagged.kind != "person" and len(surface) == LEAST_HAN:
        return tagged.probability >= LEAST_SHORT
    return not ordinary_only(surface) and tagged.probability >= (LEAST_ORDINARY if ordinary else LEAST)


def ordinary_han(surface: str) -> bool:
    """Whether a form of Han characters is made of words of the dictionary alone."""
    return all(len(word) > 1 or not HAN.match(word) for word in segmenter().cut(surface, HMM=False))


def ordinary_latin(surface: str) -> bool:
    """Whether a Latin form is a frequent word, or in lower case without being an account's name."""
    words = re.findall(r"[^\W_]+", surface)
    small = surface == surface.lower() and not re.search(r"[\d_]", surface)
    return all(frequency(word.lower()) >= FREQUENT for word in words) or (small and any(map(frequency, words)))


def ordinary_only(surface: str) -> bool:
    """Whether nothing is left of a form without countries, adjectives made of them and words such as model or community."""
    rest = fold(surface)
    generic = generic_words()
    if HAN.search(rest):
        for word in generic.han:
            rest = rest.replace(word, "")
        return not re.search(r"\w", rest)
    return all(word in generic.latin for word in re.findall(r"[^\W_]+", rest))


@dataclass(frozen=True, slots=True)
class GenericWords:
    """Words that make no name by themselves; those in Han characters the longest first."""

    latin: frozenset[str]
    han: tuple[str, ...]


@lru_cache(maxsize=1)
def generic_words() -> GenericWords:
    """Return the words of nlp/data/people_words.toml that make no name."""
    words = word_lists()["generic"]
    han = sorted((word for word in words if HAN.search(word)), key=len, reverse=True)
    return GenericWords(frozenset(word for word in words if not HAN.search(word)), tuple(han))


def judge(text: str, tagged: Sequence[Tagged], stems: set[str]) -> dict[str, Surface]:
    """Give each form one kind: the one with the most probability over its places; a model's stem is the model."""
    votes: dict[str, dict[EntityKind, float]] = defaultdict(lambda: defaultdict(float))
    best: dict[str, float] = defaultdict(float)
    for each in tagged:
        surface = text[each.start : each.end]
        votes[surface][each.kind] += each.probability
        best[surface] = max(best[surface], each.probability)
    surfaces = {}
    for surface, kinds in votes.items():
        if surface.lower() in stems:
            kinds["model"] += 1.0
        kind = max(kinds, key=lambda kind: (kinds[kind], kind))
        surfaces[surface] = Surface(surface, kind, kinds[kind], best[surface])
    return surfaces


def places_of(reading: Reading, surface: str) -> Iterator[tuple[int, int]]:
    """Yield where a form stands, not within a longer Latin word."""
    if len(surface) < (LEAST_HAN if HAN.search(surface) else LEAST_LATIN):
        return
    text, start = reading.text, -1
    while (start := text.find(surface, start + 1)) >= 0:
        end = start + len(surface)
        cut = (is_latin(surface[0]) and start and is_latin(text[start - 1])) or (
            is_latin(surface[-1]) and end < len(text) and is_latin(text[end])
        )
        if not cut:
            yield start, end


def entity_of(surface: Surface) -> Entity:
    """Return the entity of a form that nobody listed."""
    if surface.kind == "person":
        return person_entity(surface.text)
    return (
        organization_entity(surface.text) if surface.kind == "organization" else Entity(id=surface.text, kind="model")
    )


def organization_entity(name: str) -> Entity:
    """Return the entity of an organisation that nobody listed: the same name is the same organisation.

    >>> organization_entity("Lumen Labs").id, organization_entity("澄舟数据").name_zh
    ('org:lumen-labs', '澄舟数据')
    """
    from nlp.names import slug  # noqa: PLC0415 - names imports this module

    chinese = HAN.search(name) is not None
    return Entity(
        id=f"org:{slug(name)}",
        kind="organization",
        name_en=None if chinese else name,
        name_zh=name if chinese else None,
    )


def span_of(start: int, end: int, entity: Entity, probability: float) -> NameSpan:
    """Return a span of the tagger's."""
    sure = round(min(0.3 + 0.45 * probability, 0.74), 2)
    return NameSpan(start=start, end=end, kind=entity.kind, entity=entity.id, confidence=sure, by="tagger")


def with_short_forms(reading: Reading, spans: Sequence[tuple[NameSpan, Entity]]) -> list[tuple[NameSpan, Entity]]:
    """Return the names with the places where an organisation stands by its core alone: 澄舟 after 澄舟数据.

    What the tagger took for a name of its own there becomes the organisation's.
    """
    owners: dict[str, dict[str, Entity]] = defaultdict(dict)
    for span, entity in spans:
        if entity.kind == "organization":
            for form in cores(reading.text[span.start : span.end]):
                owners[form][entity.id] = entity
    short = {form: next(iter(entities.values())) for form, entities in owners.items() if len(entities) == 1}
    kept: list[tuple[NameSpan, Entity]] = []
    for span, entity in spans:
        owner = short.get(reading.text[span.start : span.end])
        if owner and span.by == "tagger" and span.kind == "organization":
            kept.append((replace(span, entity=owner.id), owner))
        else:
            kept.append((span, entity))
    taken = sorted((span.start, span.end) for span, _ in kept)
    for form, owner in short.items():
        for start, end in places_of(reading, form):
            if not touches(taken, start, end) and not reading.masked(start, end):
                span = NameSpan(
                    start=start, end=end, kind="organization", entity=owner.id, confidence=0.6, by="short form"
                )
                kept.append((span, owner))
    return kept


def cores(name: str) -> list[str]:
    """Return the short forms that an organisation's name lends itself to.

    >>> cores("澄舟数据"), cores("Saltmarsh AI"), cores("OpenAI"), cores("Bank of Lakes")
    (['澄舟'], ['Saltmarsh'], [], [])
    """
    read = read_company(name)
    if not (read.light or read.heavy) or "university" in read.heavy:
        return []
    if HAN.search(name):
        place = name.find(read.core)
        short = name[place : place + len(read.core)] if place >= 0 else ""
        return [short] if LEAST_HAN <= len(short) < len(name) and not is_common_word(short) else []
    first = name.split(maxsplit=1)[0]
    return (
        [first]
        if " " in name and first.lower() == read.core and len(first) > LEAST_LATIN and first[0].isupper()
        else []
    )
