"""Senses: words that mean alike in Chinese and English, from nlp/data/senses.toml, found in one pass.

A folded text flows in; the places and names of senses flow out to nlp.clause_features, so that what the models learn
of one word or language holds for others. Senses are finer and wider than cues, and no rule hangs on them.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.resources import files
from itertools import chain
from operator import itemgetter
from typing import Any, TypeAlias

from ahocorasick_rs import AhoCorasick

from nlp.cues import expand
from nlp.errors import VocabularyError
from nlp.folding import fold, is_latin, on_boundaries

FIELDS = ("name", "gloss", "en", "zh")
Found: TypeAlias = tuple[int, int, str]
NAME = re.compile(r"[a-z]+(?:_[a-z]+)*")


class SenseFinder:
    """Find senses in folded text."""

    def __init__(self, words: dict[str, tuple[str, ...]]) -> None:
        self._senses = [tuple(sorted(senses)) for senses in words.values()]
        self._names = frozenset(chain.from_iterable(self._senses))
        self._latin = [is_latin(word[0]) or is_latin(word[-1]) for word in words]
        self._automaton = AhoCorasick(list(words))

    def find(self, folded: str) -> list[Found]:
        """Return where each sense stands, in order; matches of one sense do not overlap, the longest goes first.

        >>> finder = SenseFinder({"抄袭": ("copying",), "不是抄袭": ("denying",), "copied": ("copying",)})
        >>> finder.find("这不是抄袭")
        [(1, 5, 'denying'), (3, 5, 'copying')]
        >>> finder.find("they copied it, uncopied")
        [(5, 11, 'copying')]
        """
        senses, latin = self._senses, self._latin
        found: list[Found] = [
            (start, end, sense)
            for index, start, end in self._automaton.find_matches_as_indexes(folded, overlapping=True)
            if not latin[index] or on_boundaries(folded, start, end)
            for sense in senses[index]
        ]
        reach = dict.fromkeys(self._names, 0)
        tangled: set[str] = set()
        for start, end, sense in found:
            if start < reach[sense]:
                tangled.add(sense)
            reach[sense] = end
        found.sort(key=itemgetter(0))  # matches come in order of their ends, and the sort is stable
        if tangled:
            lost = set(overlapped(row for row in found if row[2] in tangled))
            found = [row for row in found if row not in lost]
        return found


def overlapped(found: Iterable[Found]) -> Iterator[Found]:
    """Yield, of matches in order, those that overlap a longer one of their sense, or one as long that stands before.

    >>> list(overlapped([(0, 2, "one"), (1, 4, "one"), (3, 5, "two"), (5, 7, "one"), (6, 8, "one")]))
    [(0, 2, 'one'), (6, 8, 'one')]
    """
    by_sense: dict[str, list[Found]] = defaultdict(list)
    for row in found:
        by_sense[row[2]].append(row)
    for rows in by_sense.values():
        knot: list[Found] = []
        reach = 0
        for row in rows:
            if row[0] >= reach:
                if len(knot) > 1:
                    yield from shorter(knot)
                knot = []
            knot.append(row)
            reach = max(reach, row[1])
        yield from shorter(knot)


def shorter(knot: Iterable[Found]) -> Iterator[Found]:
    """Yield the matches that give way, where the longest is kept first, then the longest of those that it leaves."""
    taken: set[int] = set()
    for row in sorted(knot, key=lambda row: (row[0] - row[1], row[0])):
        start, end, _ = row
        if start in taken or end - 1 in taken:  # what is taken is no shorter, so it covers one of the ends
            yield row
        else:
            taken.update(range(start, end))


@lru_cache(maxsize=1)
def built_in_senses() -> SenseFinder:
    """Return the finder of the built-in senses.

    >>> [sense for _, _, sense in built_in_senses().find("雷同")]
    ['similarity']
    >>> [sense for _, _, sense in built_in_senses().find("identical")]
    ['similarity']
    """
    return SenseFinder(read_senses(tomllib.loads((files("nlp") / "data" / "senses.toml").read_text(encoding="utf-8"))))


def read_senses(table: dict[str, Any]) -> dict[str, tuple[str, ...]]:
    """Return the names of the senses of each word.

    Raises:
        VocabularyError: for an unknown table or field, a missing or empty one, a name or word given twice, or a word that
            is not written as folded text is.
    """
    unknown = table.keys() - {"sense"}
    if unknown:
        raise VocabularyError(f"senses.toml: unknown table {sorted(unknown)[0]!r}; use sense")
    rows = table.get("sense", [])
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise VocabularyError("senses.toml: write [[sense]] with two brackets, one for each sense")
    words: dict[str, list[str]] = defaultdict(list)
    names: set[str] = set()
    for number, row in enumerate(rows, 1):
        where = f"senses.toml, sense {number}"
        name = read_name(row, names, where=where)
        names.add(name)
        for word in read_words(row, where=f"{where} ({name})"):
            words[word].append(name)
    return {word: tuple(senses) for word, senses in words.items()}


def read_name(row: dict[str, Any], taken: Iterable[str], *, where: str) -> str:
    """Return the name of a sense whose fields are those of the schema."""
    for field in row:
        if field not in FIELDS:
            raise VocabularyError(f"{where}: unknown field {field!r}; the fields are {', '.join(FIELDS)}")
    name, gloss = row.get("name"), row.get("gloss")
    if not isinstance(name, str) or not NAME.fullmatch(name):
        raise VocabularyError(f"{where}: name is {name!r}; write a short noun in lower case, snake_case")
    if name in taken:
        raise VocabularyError(f"{where}: the name {name!r} is given twice")
    if not isinstance(gloss, str) or not gloss.strip():
        raise VocabularyError(f"{where} ({name}): needs a gloss that says what its words have in common")
    return name


def read_words(row: dict[str, Any], *, where: str) -> list[str]:
    """Return the words of a sense in both languages, checked."""
    words: dict[str, None] = {}
    for language in ("en", "zh"):
        patterns = row.get(language)
        if not isinstance(patterns, list) or not all(isinstance(pattern, str) for pattern in patterns):
            raise VocabularyError(f"{where}: {language} is {patterns!r}; write a list of words in quotes")
        if not patterns:
            raise VocabularyError(f"{where}: {language} has no words")
        for word in (word for pattern in patterns for word in expand(pattern)):
            if not word.strip() or word != word.strip():
                raise VocabularyError(f"{where}: {word!r} is empty or has spaces around it")
            if word != fold(word):
                raise VocabularyError(f"{where}: {word!r} is not in lower case and plain signs; write {fold(word)!r}")
            if word in words:
                raise VocabularyError(f"{where}: {word!r} is given twice")
            words[word] = None
    return list(words)
