"""Kinds: what kind of statement the cues in some words speak for.

The words of a statement flow in, its kind with a weight and the heaviest cue flow out to nlp.statements. Cues add up;
what stands before a cue may turn it: a negated charge is a denial, a remedy asked for is a demand.
"""

from __future__ import annotations

from collections import Counter

from nlp.annotation import GROUPS, StatementKind
from nlp.cues import Cue
from nlp.folding import is_han
from nlp.frames import describes
from nlp.reading import Reading

PRIORITY: tuple[StatementKind, ...] = (
    *("apology", "denial", "admission", "remedy", "defence", "explanation"),
    *("accusation", "question", "announcement", "other"),
)  # which kind wins where the cues weigh the same
NEGATION_REACH = 8  # characters; three times as many between Latin words


def weigh(reading: Reading, *spans: tuple[int, int], verbs: bool = True) -> tuple[StatementKind | None, float, str]:
    """Return the kind that the cues in the spans speak for, its weight, and its heaviest cue.

    Without `verbs`, verbs of saying do not count: with no subject they are nouns (该答复, 这次的说明).
    """
    scores: Counter[str] = Counter()
    heaviest: dict[str, tuple[int, str]] = {}
    for start, end in spans:
        cues = reading.cues.between(start, end)
        for index, cue in enumerate(cues):
            if reading.masked(cue.start, cue.end) or describes(reading, cue):
                continue
            if not verbs and cue.means("speech"):
                continue
            for kind, weight in cue.kinds():
                key = turned(reading, kind, cue, cues[max(0, index - 3) : index])
                scores[key] += weight
                heaviest[key] = max(heaviest.get(key, (0, "")), (weight, cue.word))
        if reading.text[start:end].rstrip('”"」』*_ ').endswith(("?", "？")):
            scores["question"] += 2
    if not scores:
        return None, 0, ""
    best = max(scores, key=lambda kind: (scores[kind], -PRIORITY.index(kind)))
    return best, scores[best], heaviest.get(best, (0, "?"))[1]  # type: ignore[return-value]


def turned(reading: Reading, kind: str, cue: Cue, before: list[Cue]) -> str:
    """Return what a cue speaks for after the cues before it: a charge denied, a remedy only asked for."""
    if kind == "accusation" and is_negated(reading, cue, before):
        return "denial"
    if GROUPS[kind] == "answering" and kind != "denial" and is_missing(reading, cue, before):
        return "other"
    if kind == "announcement" and is_missing(reading, cue, before):
        return "other"
    asked = kind in ("remedy", "apology") and any(other.means("wish") for other in before[-3:])
    return "question" if asked else kind


def is_missing(reading: Reading, cue: Cue, before: list[Cue]) -> bool:
    """Whether an answer did not come: 并未说明, has not yet responded."""
    reach = 3 if is_han(reading.text[cue.start : cue.start + 1]) else 6
    return any(other.means("negation") and cue.start - other.end <= reach for other in before[-3:])


def is_negated(reading: Reading, cue: Cue, before: list[Cue]) -> bool:
    """Whether a negation close before a charge turns it."""
    if not before or not any(meaning.sort == "copy" and meaning.weight > 1 for meaning in cue.meanings):
        return False
    reach = NEGATION_REACH if is_han(reading.text[cue.start : cue.start + 1]) else NEGATION_REACH * 3
    return any(other.means("negation") and cue.start - other.end <= reach for other in before[-2:])
