"""Tellings: what is compared of statements to find out which of them tell the same claim.

A statement with its document flows in; what it is compared by flows out to graph.claims, together with how alike two of them are and
the keys under which copies are found. Copies are sought by MinHash in bands (Broder 1997), within a span of days.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import lru_cache
from typing import Self
from zlib import crc32

from crawler.document import local_day
from graph.evidence import Reading
from graph.ledger import encode
from nlp.annotation import Statement, normalise_quote
from nlp.edtf import Period
from nlp.words import content_words

DAYS_APART = 2
WINDOW = 30  # days between two tellings of one claim, by what is known of their time
ALIKE = 0.2  # overlap of content words, of the smaller set
ALIKE_UNDATED = 0.35
ALIKE_ACROSS = 0.5
COPIED = 0.8  # statements of nobody in particular, or of no known time, are joined only when they are copies
PRIME = 2**31 - 1
FACTORS = tuple(pow(48271, power, PRIME) for power in range(101, 113))  # multipliers that spread well modulo PRIME
BAND = 3  # of the hashes
EPOCHS = 4096  # spans of days that are told apart
LONGEST = 31  # days of a period that says when, rather than in which year


@dataclass(frozen=True, slots=True)
class Telling:
    """What is compared of a statement: its words, the parties it is about, and when it can have been made.

    `speaker` is "" for nobody in particular; `first`, `last` and `published` are proleptic ordinals of days, `anchor` the best of them;
    `sort` is the order of publication.
    """

    statement: str
    document: str
    speaker: str
    group: str
    kind: str
    language: str
    sort: str
    anchor: int
    first: int | None
    last: int | None
    published: int | None
    words: str
    plain: str
    targets: str
    parties: str
    leader: str = ""

    @classmethod
    def of(cls, statement: Statement, reading: Reading, parties: Mapping[str, str]) -> Self:
        """Take what is compared of a statement."""
        document = reading.revision.document
        happened = statement.happened
        period = Period.parse(happened.period) if happened and happened.basis != "published" else None
        day = local_day(document.published)
        targets = sorted({target.entity for target in statement.targets})
        return cls(
            statement=statement.id,
            document=document.id,
            speaker=statement.speaker or "",
            group=statement.group,
            kind=statement.kind,
            language=document.language,
            sort=f"{day.isoformat() if day else '9999'} {statement.id}",
            anchor=anchor_of(period, day),
            first=period.earliest.toordinal() if period else None,
            last=period.latest.toordinal() if period else None,
            published=day.toordinal() if day else None,
            words=" ".join(sorted(content_words(statement.quote))),
            plain=normalise_quote(statement.quote),
            targets=encode(targets),
            parties=encode(sorted({parties[target] for target in targets})),
        )

    @property
    def placed(self) -> bool:
        """Whether anything is known of its time."""
        return self.anchor > 0

    def of_parties(self, parties: Mapping[str, str]) -> Telling:
        """Return the telling where the parties of its targets are these."""
        return replace(self, parties=encode(sorted({parties[target] for target in json.loads(self.targets)})))


def anchor_of(period: Period | None, published: date | None) -> int:
    """Return the day by which tellings are sought: of a short period the first, else that of publication."""
    if period and (period.latest - period.earliest).days <= LONGEST:
        return period.earliest.toordinal()
    return published.toordinal() if published else 0


COLUMNS = tuple(field.name for field in fields(Telling))
LISTED = ", ".join(f'"{name}"' for name in COLUMNS)


def same_content(one: Telling | None, other: Telling | None) -> bool:
    """Whether two tellings are equal in all that decides."""
    return bool(one and other and replace(one, leader="") == replace(other, leader=""))


def copy_keys(telling: Telling) -> list[int]:
    """Return the numbers under which a telling is kept, so that copies are found: its bands, and its span of days."""
    return [band * EPOCHS + telling.anchor // WINDOW % EPOCHS for band in shelf_of(telling)]


def sought_keys(telling: Telling) -> list[int]:
    """Return the numbers under which copies of a telling are kept that are near it in time."""
    spans = [(telling.anchor // WINDOW + step) % EPOCHS for step in (-1, 0, 1)]
    return [band * EPOCHS + span for band in shelf_of(telling) for span in spans]


def shelf_of(telling: Telling) -> list[int]:
    """Return the bands of a telling among those that it may be a copy of.

    What nobody in particular says is compared within its group, and what a party says at a time that nobody knows, with what it
    says besides; what parties say alike, within kind and language.
    """
    shelf = f"{telling.kind} {telling.language}" if telling.speaker else telling.group
    if telling.speaker and not telling.placed:
        shelf = f"{telling.speaker} {telling.group}"
    return [band ^ crc32(shelf.encode()) for band in bands_of(telling.words)]


@lru_cache(maxsize=20_000)
def bands_of(words: str) -> tuple[int, ...]:
    """Return numbers of which copies share one: a MinHash of the words, in bands.

    >>> bands_of("a b c d") == bands_of("d c b a"), len(set(bands_of("模型 抄袭 权重")) & set(bands_of("天气 晴朗")))
    (True, 0)
    """
    hashes = [crc32(word.encode("utf-8", "surrogatepass")) for word in words.split()]
    if not hashes:
        return ()
    least = [min(number * factor % PRIME for number in hashes) for factor in FACTORS]
    bands = [least[place : place + BAND] for place in range(0, len(least), BAND)]
    return tuple(crc32(f"{place} {band}".encode()) for place, band in enumerate(bands))


@lru_cache(maxsize=20_000)
def word_set(words: str) -> frozenset[str]:
    """Return words as a set."""
    return frozenset(words.split())


@lru_cache(maxsize=20_000)
def party_set(parties: str) -> frozenset[str]:
    """Return parties as a set."""
    return frozenset(json.loads(parties))


def likeness(one: Telling, other: Telling) -> float:
    """Return how alike two statements of one speaker and group are, 0 where they are not one claim."""
    if not compatible(one, other):
        return 0.0
    mine, theirs = party_set(one.parties), party_set(other.parties)
    if mine and theirs and not mine & theirs:
        return 0.0
    overlap = 1.0 if one.plain == other.plain else overlap_of(word_set(one.words), word_set(other.words))
    if not one.speaker:
        return overlap if overlap >= COPIED and mine & theirs else 0.0
    if not one.placed:
        return overlap if overlap >= COPIED else 0.0
    known = one.first is not None and other.first is not None
    same_kind = one.kind == other.kind
    needed = ALIKE if known else ALIKE_UNDATED
    if one.language != other.language:
        needed = 0.0 if known and same_kind else ALIKE_ACROSS
    elif bool(mine) != bool(theirs):  # only one of them says whom it is about
        needed = ALIKE_ACROSS
    return overlap + 0.3 * known + 0.2 * same_kind if overlap >= needed else 0.0


def overlap_of(mine: frozenset[str], theirs: frozenset[str]) -> float:
    """Return the overlap coefficient of two sets of words.

    >>> overlap_of(frozenset("ab"), frozenset("bcd"))
    0.5
    """
    return len(mine & theirs) / (min(len(mine), len(theirs)) or 1)


def compatible(one: Telling, other: Telling) -> bool:
    """Whether two statements can have been made at one time: no page tells what happened after it."""
    if one.first is not None and other.first is not None:
        return max(one.first - (other.last or 0), other.first - (one.last or 0)) <= DAYS_APART
    for dated, undated in ((one, other), (other, one)):
        if dated.first is not None and undated.published and undated.published < dated.first:
            return False
    return True
