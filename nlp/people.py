"""People whom no vocabulary lists: found by a role beside the name, a verb of saying after it, or their post.

A reading flows in, spans with new entities flow out to nlp.names. A role before a name (零一万物开源总监 Richard Lin,
"CEO Matt Shumer") or behind it ("Matt Shumer, CEO of"), in either language; Chinese names need a known surname. Once a
full Latin name is known, its surname alone stands for it in the same document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise

from nlp.annotation import Entity
from nlp.folding import fold
from nlp.people_words import word_lists
from nlp.reading import NameSpan, Reading

WORD = r"[A-Z][a-zà-ÿ]+(?:-[A-Z]?[a-zà-ÿ]+)?(?:['’][A-Z][a-z]+)?"
LATIN_NAME = rf"{WORD}(?: (?:[A-Z]\.|van|von|de|der|el|al|{WORD})){{1,2}}"
SOCIAL_NAME = rf"{WORD}(?: (?:{WORD}|[A-Z])\.?){{1,2}}"
GLOSS = re.compile(r"\s?[（(]\s?")
LONGEST = 40
LEAST_SURNAME = 3
LEAST_PART = 2  # characters of a transliterated surname that may stand alone
TRANSLITERATION_DOT = re.compile(r"[·•・]")
HAN = r"[\u4e00-\u9fff]"


@dataclass(frozen=True, slots=True)
class PeopleWords:
    """The patterns made of nlp/data/people_words.toml."""

    latin: tuple[re.Pattern[str], ...]
    han: tuple[re.Pattern[str], ...]
    transliterated: re.Pattern[str]
    surnames: frozenset[str]
    not_names: frozenset[str]


@lru_cache(maxsize=1)
def people_words() -> PeopleWords:
    """Return the patterns, read once."""
    lists = {name: sorted(words, key=len, reverse=True) for name, words in word_lists().items()}
    either = {name: "|".join(map(re.escape, words)) for name, words in lists.items()}
    letters = "".join(lists["transliteration"])
    latin = (
        rf"(?:\b(?:{either['roles_en']})|(?:{either['roles_zh']}))[,:]? ?({LATIN_NAME})(?![A-Za-z0-9-])",
        rf"(?<![A-Za-z0-9-])({LATIN_NAME}), (?:the |a |an |former )?(?:[\w-]+ ){{0,3}}(?:{either['roles_en']})(?!\w)",
        rf"(?<![A-Za-z0-9-])({LATIN_NAME}) (?:{either['speech_en']})\b",
        rf"(?<![A-Za-z0-9-])({LATIN_NAME}) ?(?:{either['speech_zh']})",
        rf"[”\"’,] (?:{either['speech_en']}) ({LATIN_NAME})(?![A-Za-z0-9-])",
        rf"(?<![A-Za-z0-9-])({SOCIAL_NAME}) ?(?:\([^()\n]{{1,20}}\) ?)?[(（]@[A-Za-z0-9_]{{2,30}}[)）]",
        rf"(?m:^)(?:Author|Committer|Co-authored-by|Signed-off-by|Reviewed-by): ({SOCIAL_NAME}) <",
        rf"(?:[Tt]weet|[Pp]ost|[Cc]omment|[Rr]eply)(?:ed)? (?:from|by) @?({SOCIAL_NAME})(?= ?[(（<:\n]|'s)",
        rf"(?<![A-Za-z0-9-])({SOCIAL_NAME})['’]s (?:{either['posts_en']})(?![A-Za-z])",
    )
    han = (
        rf"(?:{either['roles_zh']})({HAN}{{2,3}}?)(?=在|于|对|也|则|就|随|通过|等|{either['speech_zh']}|[，,。、：:（(“”\s])",
        rf"(?<!{HAN})({HAN}{{2,3}}?)(?={either['speech_zh']})",
    )
    return PeopleWords(
        latin=tuple(map(re.compile, latin)),
        han=tuple(map(re.compile, han)),
        transliterated=re.compile(rf"[{letters}]{{1,6}}(?:[·•・][{letters}]{{1,6}}){{1,3}}"),
        surnames=frozenset(lists["surnames"]),
        not_names=frozenset(lists["not_names"]),
    )


@lru_cache(maxsize=1)
def role_words() -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the words for roles in Chinese and in English, the longest first."""
    chinese, english = (
        sorted(word_lists()[name], key=lambda word: (-len(word), word)) for name in ("roles_zh", "roles_en")
    )
    return tuple(chinese), tuple(english)


def person_entity(name: str) -> Entity:
    """Return the entity of a person nobody listed: the same name is the same person.

    >>> person_entity("Richard Lin").id, person_entity("张 明").id
    ('person:richard-lin', 'person:张-明')
    """
    latin = name.lstrip("@").isascii()
    return Entity(
        id="person:" + re.sub(r"\s+", "-", fold(name).strip()),
        kind="person",
        name_en=name if latin else None,
        name_zh=None if latin else name,
    )


def forum_entity(forum: str, author: str) -> Entity:
    """Return the entity of a forum's poster: the same name in another forum is somebody else.

    >>> forum_entity("forum.example", "mossy_kettle").id
    'person:forum.example/mossy_kettle'
    """
    return Entity(id=f"person:{forum}/{fold(author)}", kind="person", name_en=author)


def find_people(reading: Reading, *, taken: Sequence[tuple[int, int]]) -> list[tuple[NameSpan, Entity]]:
    """Return the people that their context gives away, outside of what is taken already, everywhere they stand."""
    words = people_words()
    occupied = sorted(taken)
    names: dict[str, float] = {match.group(): 0.7 for match in words.transliterated.finditer(reading.text)}
    for pattern in words.latin:
        for match in pattern.finditer(reading.text):
            if is_latin_name(match.group(1)) and not reading.masked(*match.span(1)):
                names.setdefault(match.group(1), 0.7)
    for pattern in words.han:
        for match in pattern.finditer(reading.text):
            if is_han_name(match.group(1)) and not touches(occupied, *match.span(1)):
                names.setdefault(match.group(1), 0.6)
    for name in list(names):
        for match in re.finditer(rf"{re.escape(name)}\s?[（(]\s?({LATIN_NAME})\s?[)）]", reading.text):
            if is_latin_name(match.group(1)):
                names.setdefault(match.group(1), 0.7)
    found = []
    for name, confidence in names.items():
        entity = person_entity(name)
        for match in re.finditer(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", reading.text):
            if not touches(occupied, *match.span()) and not reading.masked(*match.span()):
                span = NameSpan(
                    start=match.start(),
                    end=match.end(),
                    kind="person",
                    entity=entity.id,
                    confidence=confidence,
                    by="role",
                )
                found.append((span, entity))
    return found


def surname_spans(reading: Reading, spans: Sequence[NameSpan]) -> Iterator[tuple[NameSpan, Entity]]:
    """Yield where the surname of a person named in full stands alone."""
    owners: dict[str, set[str]] = {}
    for span in spans:
        written = reading.text[span.start : span.end]
        words, parts = written.split(), TRANSLITERATION_DOT.split(written)
        if span.kind == "person" and len(words) > 1 and re.fullmatch(WORD, words[-1]):
            owners.setdefault(words[-1], set()).add(span.entity)
        elif span.kind == "person" and len(parts) > 1 and len(parts[-1]) >= LEAST_PART:
            owners.setdefault(parts[-1], set()).add(span.entity)
    taken = sorted((span.start, span.end) for span in spans)
    for surname, entities in owners.items():
        if len(entities) > 1 or len(surname) < (LEAST_SURNAME if surname.isascii() else LEAST_PART):
            continue
        (identifier,) = entities
        entity = Entity(id=identifier, kind="person")
        for match in re.finditer(rf"(?<![A-Za-z-])(?:(?:Mr|Ms|Mrs|Dr)\. )?{surname}(?![A-Za-z-])", reading.text):
            at_sign = reading.text[match.start() - 1 : match.start()] == "@"
            if at_sign or touches(taken, *match.span()) or reading.masked(*match.span()):
                continue
            yield (
                NameSpan(
                    start=match.start(),
                    end=match.end(),
                    kind="person",
                    entity=identifier,
                    confidence=0.75,
                    by="surname",
                ),
                entity,
            )


def is_latin_name(name: str) -> bool:
    """Whether Latin words may be a person's name."""
    return not any(word in people_words().not_names for word in name.split()) and len(name) < LONGEST


def join_glosses(text: str, spans: Sequence[tuple[NameSpan, Entity]]) -> list[tuple[NameSpan, Entity]]:
    """Make one person of a name and the name in brackets behind it: 埃里克·哈特福德（Eric Hartford）.

    The listed one gives the entity, else the Latin one; the other becomes a learnt name of it.
    """
    entities = {span.entity: entity for span, entity in spans}
    joined: dict[str, str] = {}
    for (before, _), (inside, _) in pairwise(spans):
        gap = text[before.end : inside.start]
        if before.kind == inside.kind == "person" and before.entity != inside.entity and GLOSS.fullmatch(gap):
            kept, other = (before, inside) if before.by == "gazetteer" else (inside, before)
            if other.by != "gazetteer":
                joined[other.entity] = kept.entity
                names = (*entities[kept.entity].names, text[other.start : other.end])
                entities[kept.entity] = replace(entities[kept.entity], names=tuple(dict.fromkeys(names)))
    if not joined:
        return list(spans)
    ids = [joined.get(span.entity, span.entity) for span, _ in spans]
    return [
        (replace(span, entity=identifier), entities[identifier])
        for (span, _), identifier in zip(spans, ids, strict=True)
    ]


@lru_cache(maxsize=4096)
def is_han_name(name: str) -> bool:
    """Whether Han characters may be a person's name: a known surname, and no word of the dictionary as a whole."""
    if name[0] not in people_words().surnames:
        return False
    from nlp.words import is_word  # noqa: PLC0415 - loads a dictionary

    return not is_word(name)


def touches(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether start:end overlaps one of the sorted spans."""
    index = bisect_left(taken, (start, end))
    return (index > 0 and taken[index - 1][1] > start) or (index < len(taken) and taken[index][0] < end)
