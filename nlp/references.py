"""References: expressions that stand for somebody named before: 该公司, 其, "the startup", "the Chinese lab", 李.

A reading with its names flows in and gets its references, each with the entity that it means and how sure that is, for the
speakers and targets of statements (nlp.frames, nlp.targets). The antecedent is of the expression's kind, of a sort and a
region that fit it, and stands before it in the same post: a subject before an object, the near one before the far one.
"""

from __future__ import annotations

import tomllib
from bisect import bisect_left
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.annotation import EntityKind
from nlp.cues import expand
from nlp.errors import VocabularyError
from nlp.folding import fold, is_han, on_boundaries
from nlp.reading import NameSpan, Reading, Sentence
from nlp.words import segmenter

FILE = "references.toml"
FIELDS = {"kind", "sorts", "region", "spoken", "language", "words"}
MOST_SENTENCES = 6  # between an expression and what it stands for
NEAR_SENTENCES = 1
ALONE, NEAR, FAR = 0.85, 0.65, 0.5
POSSESSIVE = "其"


@dataclass(frozen=True, slots=True)
class Expression:
    """What an expression may stand for; no sorts and no region are no condition."""

    kind: EntityKind
    sorts: frozenset[str]
    region: str | None
    spoken: bool


class ReferenceFinder:
    """Finds expressions in folded text."""

    def __init__(self, expressions: dict[str, Expression]) -> None:
        self._by_word = expressions
        self._words = list(expressions)
        self._expressions = list(expressions.values())
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def expression(self, word: str) -> Expression | None:
        """Return what a folded expression may stand for."""
        return self._by_word.get(word)

    def find(self, folded: str) -> list[tuple[int, int, Expression]]:
        """Return the places of expressions, in order."""
        return [
            (start, end, self._expressions[index])
            for index, start, end in self._automaton.find_matches_as_indexes(folded)
            if on_boundaries(folded, start, end) and stands_alone(folded, start, end)
        ]


def stands_alone(folded: str, start: int, end: int) -> bool:
    """Whether a single Han character is a word there: 其 in 其表示, not in 其他 or 尤其."""
    if end - start > 1 or not is_han(folded[start]):
        return True
    window = max(0, start - 3)
    position = window
    for word in segmenter().cut(folded[window : end + 3], HMM=False):
        if position <= start < position + len(word):
            return len(word) == 1
        position += len(word)
    return False


@lru_cache(maxsize=1)
def built_in_references() -> ReferenceFinder:
    """Return the finder of the built-in expressions."""
    return ReferenceFinder(read_references(tomllib.loads((files("nlp") / "data" / FILE).read_text(encoding="utf-8"))))


def read_references(table: dict[str, Any]) -> dict[str, Expression]:
    """Return what each folded expression may stand for.

    Raises:
        VocabularyError: for an unknown field or kind, or an entry without words.
    """
    expressions: dict[str, Expression] = {}
    for number, row in enumerate(table.get("reference", []), 1):
        where = f"{FILE}, reference {number}"
        if unknown := sorted(row.keys() - FIELDS):
            raise VocabularyError(f"{where}: unknown field {unknown[0]!r}; the fields are {', '.join(sorted(FIELDS))}")
        if row.get("kind") not in ("person", "organization", "model"):
            raise VocabularyError(f"{where}: kind is {row.get('kind')!r}; write person, organization or model")
        if not row.get("words"):
            raise VocabularyError(f"{where}: has no words")
        expression = Expression(
            row["kind"], frozenset(row.get("sorts", ())), row.get("region"), bool(row.get("spoken"))
        )
        for pattern in row["words"]:
            for word in expand(pattern):
                expressions.setdefault(fold(word), expression)
    return expressions


def find_references(reading: Reading) -> list[NameSpan]:
    """Return what the expressions of a document stand for, in order; those that stand for nothing are left out."""
    found: list[NameSpan] = []
    starts = [sentence.start for sentence in reading.sentences]
    for start, end, expression in built_in_references().find(reading.folded):
        place = bisect_left(starts, start + 1) - 1
        if place < 0 or reading.masked(start, end) or reading.names_in(start, end):
            continue
        chosen = antecedent(reading, place, start, expression)
        if chosen:
            entity, confidence = chosen
            found.append(
                NameSpan(
                    start=start, end=end, kind=expression.kind, entity=entity, confidence=confidence, by="reference"
                )
            )
    return found


def antecedent(reading: Reading, place: int, start: int, expression: Expression) -> tuple[str, float] | None:
    """Return the entity that an expression in sentence number `place` stands for, and how sure that is.

    Sentences are asked from the nearest; within one, what stands first is its subject and comes first.
    """
    post = reading.sentences[place].post
    seen: list[str] = []
    for back in range(MOST_SENTENCES + 1):
        if place - back < 0 or reading.sentences[place - back].post != post:
            break
        candidates = candidates_in(reading, reading.sentences[place - back], start, expression)
        if candidates:
            seen = candidates
            rivals = len(set(seen))
            sure = ALONE if rivals == 1 else NEAR if back <= NEAR_SENTENCES else FAR
            return seen[0], round(sure - 0.05 * back, 2)
    return None


def candidates_in(reading: Reading, sentence: Sentence, before: int, expression: Expression) -> list[str]:
    """Return the entities named in a sentence before a place that an expression may stand for, in order of mention."""
    names = reading.names_in(sentence.start, min(sentence.end, before))
    found = [name.entity for name in names if fits(reading, name, expression)]
    if not found and expression.kind == "organization" and "company" in expression.sorts:
        makers = [reading.entities[name.entity].developer for name in names if name.kind == "model"]
        found = [maker for maker in makers if maker and fits_entity(reading, maker, expression)]
    return list(dict.fromkeys(found))


def fits(reading: Reading, name: NameSpan, expression: Expression) -> bool:
    """Whether a name is of the kind, the sort and the region of an expression, and no mere source (据X报道)."""
    if name.kind != expression.kind:
        return False
    if reading.folded[max(0, name.start - 1) : name.start] == "据" or reading.folded.startswith("报道", name.end):
        return "outlet" in expression.sorts
    return fits_entity(reading, name.entity, expression)


def fits_entity(reading: Reading, entity: str, expression: Expression) -> bool:
    """Whether what the vocabulary knows of an entity speaks for an expression, or nothing against it."""
    sort, region = reading.traits.get(entity, ("", None))
    if expression.sorts and (sort or "company") not in expression.sorts:
        return False
    return expression.region is None or region in (None, expression.region)


def subject_meant(reading: Reading, reference: NameSpan) -> str | None:
    """Return whom a reference means as a subject: who spoke last, if that may be, else what the names before it give."""
    speaker = reading.last_speakers.get(reference.kind)
    if speaker and may_mean(reading, reference, speaker):
        return speaker
    expression = built_in_references().expression(reading.folded[reference.start : reference.end])
    return None if expression is None or expression.spoken else reference.entity


def stands_for_target(reading: Reading, reference: NameSpan) -> bool:
    """Whether a reference names a target by itself: "the startup" does, "they" does not."""
    expression = built_in_references().expression(reading.folded[reference.start : reference.end])
    return expression is not None and not expression.spoken and reference.kind != "person"


def may_mean(reading: Reading, reference: NameSpan, entity: str) -> bool:
    """Whether a reference may stand for an entity that was not named nearest to it."""
    kind = {"person": "person", "org": "organization", "model": "model"}[entity.split(":", 1)[0]]
    expression = built_in_references().expression(reading.folded[reference.start : reference.end])
    return kind == reference.kind and expression is not None and fits_entity(reading, entity, expression)
