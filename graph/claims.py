"""Claims: the same statement retold, by one speaker, in whatever language.

Statements flow in, clusters flow out to graph.build. Two statements of different documents are one claim when speaker,
group and a target agree, their dates are within two days, and their words are alike; between languages only names and
numbers can be compared, so the dates must be known there. Pairs are joined best first, and never two statements of
one document: the order of the documents does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from crawler.document import local_day
from graph.evidence import Told
from nlp.annotation import normalise_quote
from nlp.edtf import Period
from nlp.words import content_words

DAYS_APART = 2
ALIKE = 0.2  # overlap of content words, of the smaller set
ALIKE_UNDATED = 0.35
ALIKE_ACROSS = 0.5
CROWD_ALIKE = 0.8  # statements of nobody in particular are joined only when they are copies


def cluster(told: Sequence[Told], party: Callable[[str], str] = str) -> list[list[Told]]:
    """Return the claims, each a list of statements in the order of their ids.

    `party` maps an entity to the party that it belongs to, so that a charge against a model and one against its maker
    may be the same.
    """
    by_id = {one.statement.id: one for one in told}
    parent = {identifier: identifier for identifier in by_id}
    documents = {one.statement.id: {one.reading.id} for one in told}

    def root(identifier: str) -> str:
        while parent[identifier] != identifier:
            parent[identifier] = parent[parent[identifier]]
            identifier = parent[identifier]
        return identifier

    for _, a, b in sorted(pairs([Content.of(one, party) for one in told])):
        one, other = sorted((root(a), root(b)))
        if one != other and not documents[one] & documents[other]:
            parent[other] = one
            documents[one] |= documents.pop(other)
    claims: dict[str, list[Told]] = defaultdict(list)
    for identifier in sorted(by_id):
        claims[root(identifier)].append(by_id[identifier])
    return list(claims.values())


@dataclass(frozen=True, slots=True)
class Content:
    """What is compared of a statement: its words, the parties it is about, and when it can have been made."""

    told: Told
    words: frozenset[str]
    plain: str
    parties: frozenset[str]
    period: Period | None
    published: date | None

    @classmethod
    def of(cls, told: Told, party: Callable[[str], str]) -> Content:
        """Take the content of a statement."""
        statement = told.statement
        return cls(
            told=told,
            words=content_words(statement.quote),
            plain=normalise_quote(statement.quote),
            parties=frozenset(party(target.entity) for target in statement.targets),
            period=told.period,
            published=local_day(told.reading.revision.document.published),
        )


def pairs(contents: Iterable[Content]) -> list[tuple[float, str, str]]:
    """Return the pairs that may be one claim as (minus likeness, id, id)."""
    buckets: dict[tuple[str, ...], list[Content]] = defaultdict(list)
    for one in contents:
        statement = one.told.statement
        keys = (
            [(statement.speaker, statement.group)]
            if statement.speaker
            else [("", statement.group, p) for p in one.parties]
        )
        for key in keys:
            buckets[key].append(one)
    found: dict[tuple[str, str], float] = {}
    for bucket in buckets.values():
        for one, other in combinations(bucket, 2):
            ids = (one.told.statement.id, other.told.statement.id)
            if ids not in found and one.told.reading.id != other.told.reading.id:
                found[ids] = likeness(one, other)
    return [(-score, a, b) for (a, b), score in found.items() if score > 0]


def likeness(one: Content, other: Content) -> float:
    """Return how alike two statements of one speaker are, 0 where they are not one claim."""
    if not compatible(one, other) or (one.parties and other.parties and not one.parties & other.parties):
        return 0.0
    shared = len(one.words & other.words)
    overlap = 1.0 if one.plain == other.plain else shared / (min(len(one.words), len(other.words)) or 1)
    if one.told.statement.speaker is None:
        return overlap if overlap >= CROWD_ALIKE else 0.0
    known = one.period is not None and other.period is not None
    same_kind = one.told.statement.kind == other.told.statement.kind
    needed = ALIKE if known else ALIKE_UNDATED
    if one.told.reading.revision.document.language != other.told.reading.revision.document.language:
        needed = 0.0 if known and same_kind else ALIKE_ACROSS
    return overlap + 0.3 * known + 0.2 * same_kind if overlap >= needed else 0.0


def compatible(one: Content, other: Content) -> bool:
    """Whether two statements can have been made at one time: no page tells what happened after it."""
    if one.period and other.period:
        return one.period.distance_days(other.period) <= DAYS_APART
    for dated, undated in ((one, other), (other, one)):
        if dated.period and undated.published and undated.published < dated.period.earliest:
            return False
    return True
