"""Cues: the words that tell who says what kind of thing, from nlp/data/cues.toml, found in one pass.

A folded text flows in; cue matches with exact offsets flow out to nlp.frames and nlp.statements. The longest cue wins
at each place, so that 不是抄袭 is a denial although 抄袭 stands in it.
"""

from __future__ import annotations

import itertools
import re
import tomllib
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.errors import VocabularyError
from nlp.folding import fold, on_boundaries

SORTS = frozenset("speech kind passive hearsay crowd negation copy reference blocker unnamed change wish".split())
BRACES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one cue word stands for: its sort, and for some sorts a kind of statement or entity and a weight."""

    sort: str
    kind: str | None = None
    weight: int = 1


@dataclass(frozen=True, slots=True)
class Cue:
    """A cue word at start:end of the text, with everything that it may mean."""

    start: int
    end: int
    word: str
    meanings: tuple[Meaning, ...]

    def means(self, *sorts: str) -> bool:
        """Whether the cue is of one of the sorts."""
        return any(meaning.sort in sorts for meaning in self.meanings)

    def kinds(self) -> Iterator[tuple[str, int]]:
        """Yield the kinds of statement that the cue speaks for, with their weights."""
        for meaning in self.meanings:
            if meaning.sort in ("kind", "copy", "change") and meaning.kind:
                yield meaning.kind, meaning.weight


class CueFinder:
    """Find cues in folded text."""

    def __init__(self, words: dict[str, tuple[Meaning, ...]]) -> None:
        self._meanings = list(words.values())
        self._words = list(words)
        self._automaton = AhoCorasick(self._words, matchkind=MatchKind.LeftmostLongest)

    def find(self, folded: str) -> list[Cue]:
        """Return the cues in order; they do not overlap."""
        return [
            Cue(start, end, self._words[index], self._meanings[index])
            for index, start, end in self._automaton.find_matches_as_indexes(folded)
            if on_boundaries(folded, start, end)
        ]


class CueIndex:
    """The cues of one text, by place."""

    def __init__(self, cues: list[Cue]) -> None:
        self.cues = cues
        self._starts = [cue.start for cue in cues]

    def between(self, start: int, end: int) -> list[Cue]:
        """Return the cues that lie within start:end."""
        first, last = bisect_left(self._starts, start), bisect_left(self._starts, end)
        return [cue for cue in self.cues[first:last] if cue.end <= end]


@lru_cache(maxsize=1)
def built_in_cues() -> CueFinder:
    """Return the finder of the built-in cues."""
    return CueFinder(read_cues(tomllib.loads((files("nlp") / "data" / "cues.toml").read_text(encoding="utf-8"))))


def read_cues(table: dict[str, Any]) -> dict[str, tuple[Meaning, ...]]:
    """Return the meanings of each folded word.

    Raises:
        VocabularyError: for an unknown sort or field, or a cue without words.
    """
    words: dict[str, list[Meaning]] = defaultdict(list)
    for number, row in enumerate(table.get("cue", []), 1):
        where = f"cues.toml, cue {number}"
        unknown = row.keys() - {"sort", "kind", "language", "weight", "words"}
        if unknown:
            raise VocabularyError(f"{where}: unknown field {sorted(unknown)[0]!r}")
        if row.get("sort") not in SORTS:
            raise VocabularyError(f"{where}: sort {row.get('sort')!r} is not one of {', '.join(sorted(SORTS))}")
        if not row.get("words"):
            raise VocabularyError(f"{where}: has no words")
        meaning = Meaning(row["sort"], row.get("kind"), row.get("weight", 1))
        for word in itertools.chain.from_iterable(expand(pattern) for pattern in row["words"]):
            if meaning not in words[fold(word)]:
                words[fold(word)].append(meaning)
    return {word: tuple(meanings) for word, meanings in words.items()}


def expand(pattern: str) -> list[str]:
    """Return the words that a pattern with braces stands for.

    >>> expand("accus{e,es,ing}"), expand("抄袭")
    (['accuse', 'accuses', 'accusing'], ['抄袭'])
    """
    match = BRACES.search(pattern)
    if not match:
        return [pattern]
    before, after = pattern[: match.start()], pattern[match.end() :]
    return [word for choice in match.group(1).split(",") for word in expand(f"{before}{choice}{after}")]
