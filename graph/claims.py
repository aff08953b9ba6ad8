"""Claims: the same statement retold, by one speaker, in whatever language.

Statements flow in, clusters flow out to graph.build. Two statements of different documents are one claim when speaker,
group and a target agree, their dates are within two days, and their words are alike; between languages only names and
numbers can be compared, so the dates must be known there. Pairs are joined best first, and never two statements of
one document: the order of the documents does not matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from itertools import combinations

from graph.evidence import Told
from nlp.annotation import normalise_quote
from nlp.edtf import Period
from nlp.words import content_words

DAYS_APART = 2
ALIKE = 0.2  # overlap of content words, of the smaller set
ALIKE_UNDATED = 0.35
ALIKE_ACROSS = 0.5
CROWD_ALIKE = 0.8  # statements of nobody in particular are joined only when they are copies


def cluster(told: Sequence[Told]) -> list[list[Told]]:
    """Return the claims, each a list of statements in the order of their ids."""
    by_id = {one.statement.id: one for one in told}
    parent = {identifier: identifier for identifier in by_id}
    documents = {one.statement.id: {one.reading.id} for one in told}

    def root(identifier: str) -> str:
        while parent[identifier] != identifier:
            parent[identifier] = parent[parent[identifier]]
            identifier = parent[identifier]
        return identifier

    for _, a, b in sorted(pairs(told)):
        one, other = sorted((root(a), root(b)))
        if one != other and not documents[one] & documents[other]:
            parent[other] = one
            documents[one] |= documents.pop(other)
    claims: dict[str, list[Told]] = defaultdict(list)
    for identifier in sorted(by_id):
        claims[root(identifier)].append(by_id[identifier])
    return list(claims.values())


def pairs(told: Iterable[Told]) -> list[tuple[float, str, str]]:
    """Return the pairs that may be one claim as (minus likeness, id, id)."""
    buckets: dict[tuple[str | None, str, str], list[Told]] = defaultdict(list)
    for one in told:
        for target in {target.entity for target in one.statement.targets} or {""}:
            buckets[one.statement.speaker, one.statement.group, target].append(one)
    found: dict[tuple[str, str], float] = {}
    for bucket in buckets.values():
        for one, other in combinations(bucket, 2):
            key = (one.statement.id, other.statement.id)
            if key not in found and one.reading.id != other.reading.id:
                found[key] = likeness(one, other)
    return [(-score, a, b) for (a, b), score in found.items() if score > 0]


def likeness(one: Told, other: Told) -> float:
    """Return how alike two statements of one speaker are, 0 where they are not one claim."""
    words, others = content_words(one.statement.quote), content_words(other.statement.quote)
    overlap = len(words & others) / min(len(words), len(others)) if words and others else 0.0
    if normalise_quote(one.statement.quote) == normalise_quote(other.statement.quote):
        overlap = 1.0
    if one.statement.speaker is None:
        return overlap if overlap >= CROWD_ALIKE else 0.0
    known = one.period is not None and other.period is not None
    if not compatible(one.period, other.period):
        return 0.0
    same_language = one.reading.revision.document.language == other.reading.revision.document.language
    needed = ALIKE if known else ALIKE_UNDATED
    if not same_language:
        needed = 0.0 if known and one.statement.kind == other.statement.kind else ALIKE_ACROSS
    bonus = 0.3 * known + 0.2 * (one.statement.kind == other.statement.kind)
    return overlap + bonus if overlap >= needed else 0.0


def compatible(one: Period | None, other: Period | None) -> bool:
    """Whether two dates may be the same event told twice."""
    if one is None or other is None:
        return True
    return one.distance_days(other) <= DAYS_APART
