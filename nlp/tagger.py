"""The tagger: names that nobody listed, found by a small model of our own.

A text flows in, spans with a kind and a probability flow out to nlp.unlisted. The model is a linear-chain conditional random field
(Lafferty et al. 2001; CRFsuite) over the features of nlp.features, trained on our own passages by `python -m nlp.training`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from nlp.annotation import EntityKind
from nlp.features import Token, features_of, lowered_words, tokenize
from nlp.folding import fold
from nlp.models import built_in_model, open_model

FILE = "names.crfsuite"
HAN = re.compile(r"[\u3400-\u9fff]")
CANDIDATE = re.compile(r"[^\W\d_a-z]|[a-z][\d_]|\d[a-z]|@")
KINDS: dict[str, EntityKind] = {"PER": "person", "ORG": "organization", "MOD": "model"}
LONGEST = 500  # tokens of a line that are read at once


class Tagged(NamedTuple):
    """A name at start:end of the text; `probability` is the least of its tokens'."""

    start: int
    end: int
    kind: EntityKind
    probability: float


class Tagger:
    """Tags text with a model file."""

    def __init__(self, path: str | None = None) -> None:
        self.model = open_model(path) if path else built_in_model(FILE)

    def find(self, text: str, folded: str | None = None) -> list[Tagged]:
        """Return the names of a text, in order."""
        folded = fold(text) if folded is None else folded
        lowered = lowered_words(text)
        found: list[Tagged] = []
        for start, end in lines(text):
            if not CANDIDATE.search(text, start, end):
                continue  # no capital, no digit within a word, no Han: nothing that could be a name
            tokens = tokenize(text, start, end)
            for first in range(0, len(tokens), LONGEST):
                part = tokens[first : first + LONGEST]
                found += self.tag(part, features_of(part, folded, lowered))
        return found

    def tag(self, tokens: Sequence[Token], features: list[list[str]]) -> Iterator[Tagged]:
        """Yield the names among the tokens of a line."""
        if not tokens:
            return
        labels = self.model.tag(features)
        place = 0
        while place < len(tokens):
            if labels[place] == "O":
                place += 1
                continue
            kind = labels[place][2:]
            stop = place + 1
            while stop < len(tokens) and labels[stop] == f"I-{kind}":
                stop += 1
            sure = min(self.model.marginal(labels[n], n) for n in range(place, stop))
            yield Tagged(tokens[place].start, tokens[stop - 1].end, KINDS[kind], sure)
            place = stop


def lines(text: str) -> Iterator[tuple[int, int]]:
    """Yield the spans of the lines of a text."""
    start = 0
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end > start:
            yield start, end
        start = end + 1


@lru_cache(maxsize=1)
def built_in_tagger() -> Tagger:
    """Return the tagger that comes with the package, opened once."""
    return Tagger()
