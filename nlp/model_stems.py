"""The stems of model names: every spelling of every known family, found in one pass.

Families flow in; `StemIndex.find` says which stems stand where in a folded text. What follows a stem (version, size,
tune) is read by nlp.model_tails.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from ahocorasick_rs import AhoCorasick, MatchKind

from nlp.families import Family
from nlp.folding import fold

SIGNS = str.maketrans("×•‧・", "x···")
BREAK = re.compile(r"[ _·-]+")
CAMEL = re.compile(
    r"(?<=[a-z]{3})(?=[A-Z][a-z]{2})|(?<=[a-z]{4})(?=[A-Z]{2})|(?<=[A-Za-z]{3})(?=\d)|(?<=\d)(?=[A-Z]\b)"
)
WORD = r"a-z0-9\u00e0-\u024f"
BEFORE = re.compile(rf"[{WORD}@$]|[{WORD}]\.")
AFTER_LETTER = re.compile(r"[a-z\u00e0-\u024f]|\.(?:com|ai|cn|org|net|io|co|js|py|cpp)(?![a-z])|'(?!s)[a-z]")
AFTER_DIGIT = re.compile(rf"[{WORD}]|\.\d")
MAX_BREAKS = 4
SHORT = 3


@dataclass(frozen=True, slots=True)
class Stem:
    """One spelling of a family, or of a member with a name of its own; without a family it only blocks its place."""

    family: Family | None
    root: str  # what the identity of the name begins with

    @property
    def literal(self) -> bool:
        """Whether this is a member's own name, such as o1, and not the family's."""
        return self.family is not None and self.root != self.family.id


@dataclass(frozen=True, slots=True)
class StemMatch:
    """A stem at start:end of the folded text."""

    start: int
    end: int
    stem: Stem


StemMap = Mapping[int, Sequence[StemMatch]]  # by start, the longest first


def fold_names(text: str) -> str:
    """Fold a text for the grammar of model names, keeping its length.

    >>> fold_names("ＧＰＴ－４ 和 Mixtral 8×7B")
    'gpt-4 和 mixtral 8x7b'
    """
    return fold(text).translate(SIGNS)


def squeeze(text: str) -> str:
    """Reduce a name to what its spellings share.

    >>> squeeze("Stable Diffusion"), squeeze("书生·浦语")
    ('stablediffusion', '书生浦语')
    """
    return BREAK.sub("", fold_names(text))


def spellings(name: str) -> set[str]:
    """Return the folded spellings of a name: its parts joined, spaced and hyphenated.

    >>> sorted(spellings("Code Llama"))
    ['code llama', 'code-llama', 'code_llama', 'codellama']
    >>> sorted(spellings("书生·浦语"))
    ['书生 浦语', '书生-浦语', '书生_浦语', '书生·浦语', '书生浦语']
    """
    parts = [part for part in BREAK.split(CAMEL.sub(" ", name.translate(SIGNS))) if part]
    choices = ["", " ", "-", "_"] if name.isascii() else ["", " ", "-", "_", "·"]
    breaks = [choices for _ in parts[1:]]
    if breaks and len(parts[-1]) == 1 and len(parts) < MAX_BREAKS:
        breaks[-1] = ["", "-", "_"]
    if sum(map(len, parts)) <= SHORT:
        breaks = [choices[1:] for _ in breaks]  # RT-X is not RTX
    joins = product(*breaks) if len(breaks) <= MAX_BREAKS else ([join] * len(breaks) for join in choices)
    forms = {"".join(map(str.__add__, ("", *join), parts)) for join in joins}
    return {fold_names(form) for form in (*forms, name)}


class StemIndex:
    """All stems in one Aho-Corasick automaton over folded text."""

    def __init__(self, stems: Iterable[tuple[str, Stem]]) -> None:
        self.by_spelling: dict[str, Stem] = {}
        for name, stem in stems:
            for form in sorted(spellings(name)):
                self.by_spelling.setdefault(form, stem)
        self.forms = sorted(self.by_spelling)
        self.automaton = AhoCorasick(self.forms, matchkind=MatchKind.Standard) if self.forms else None

    def find(self, lower: str) -> StemMap:
        """Find every stem with proper boundaries; overlaps are kept, for the reader of names to choose from."""
        found: dict[int, list[StemMatch]] = defaultdict(list)
        if self.automaton is not None:
            for form, start, end in self.automaton.find_matches_as_indexes(lower, overlapping=True):
                if bounded(lower, start, end):
                    found[start].append(StemMatch(start, end, self.by_spelling[self.forms[form]]))
        for matches in found.values():
            matches.sort(key=lambda match: -match.end)
        return found


def bounded(lower: str, start: int, end: int) -> bool:
    """Tell whether a stem is a word there; a digit may follow letters at once, as in llama2."""
    first, last = lower[start], lower[end - 1]
    if first.isascii():
        previous = lower[max(0, start - 2) : start]
        if previous and (BEFORE.fullmatch(previous[-1]) or BEFORE.fullmatch(previous)):
            return False
    if not last.isascii():
        return True
    return not (AFTER_DIGIT if last.isdigit() else AFTER_LETTER).match(lower, end)
