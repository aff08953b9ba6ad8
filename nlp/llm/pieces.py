"""Pieces: a document cut into overlapping parts that a language model can read at once.

The sentences of a reading flow in, pieces flow out to nlp.llm.prompt. A piece begins and ends where sentences do; only a sentence
that is longer than a piece is cut within. Two neighbours share whole sentences of at most `overlap` characters, so that
what stands at a seam is seen whole once, and statements told twice tie the pieces together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from nlp.reading import Sentence

LEAST = 300  # characters below which a piece is not halved
LEAST_UNIT = 100  # characters that a cut within a sentence leaves at least


@dataclass(frozen=True, kw_only=True, slots=True)
class Unit:
    """What is never parted: a sentence, or a bounded part of an endless one."""

    start: int
    end: int
    post: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """The units of one part of a document, in order."""

    units: tuple[Unit, ...]

    @property
    def start(self) -> int:
        """Where the piece begins in the text."""
        return self.units[0].start

    @property
    def end(self) -> int:
        """Where it ends."""
        return self.units[-1].end


def cut_pieces(sentences: Sequence[Sentence], *, size: int, overlap: int) -> list[Piece]:
    """Cut a document into pieces of at most `size` characters.

    >>> [(p.start, p.end) for p in cut_pieces([Sentence(start=i, end=i + 9, post=0) for i in (0, 9, 18, 27)], size=20, overlap=9)]
    [(0, 18), (9, 27), (18, 36)]
    """
    units = [unit for sentence in sentences for unit in cut_sentence(sentence, size=size, overlap=overlap)]
    pieces, first = [], 0
    while first < len(units):
        last = first
        while last + 1 < len(units) and units[last + 1].end - units[first].start <= size:
            last += 1
        pieces.append(Piece(units=tuple(units[first : last + 1])))
        if last + 1 == len(units):
            break
        following = last + 1
        while following - 1 > first and units[last].end - units[following - 1].start <= overlap:
            following -= 1
        first = following
    return pieces


def cut_sentence(sentence: Sentence, *, size: int, overlap: int) -> list[Unit]:
    """Return a sentence as one unit, or as several if it is longer than a piece."""
    if sentence.end - sentence.start <= size:
        return [Unit(start=sentence.start, end=sentence.end, post=sentence.post)]
    step = min(size, max(overlap // 2, LEAST_UNIT))
    places = [*range(sentence.start, sentence.end, step), sentence.end]
    return [Unit(start=a, end=b, post=sentence.post) for a, b in pairwise(places)]


def halve(piece: Piece) -> tuple[Piece, Piece] | None:
    """Cut a piece in two near its middle, at a sentence if it has several; None where it is too short for that.

    >>> [(p.start, p.end) for p in halve(Piece(units=(Unit(start=0, end=500, post=0), Unit(start=500, end=900, post=1))))]
    [(0, 500), (500, 900)]
    """
    if piece.end - piece.start < LEAST:
        return None
    middle = (piece.start + piece.end) // 2
    if len(piece.units) > 1:
        place = min(range(1, len(piece.units)), key=lambda i: abs(piece.units[i].start - middle))
        return Piece(units=piece.units[:place]), Piece(units=piece.units[place:])
    unit = piece.units[0]
    left = Unit(start=unit.start, end=middle, post=unit.post)
    right = Unit(start=middle, end=unit.end, post=unit.post)
    return Piece(units=(left,)), Piece(units=(right,))
