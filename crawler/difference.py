"""What changed between two revisions: hunks of paragraphs, and within a changed paragraph the words.

Two texts flow in, a list of `Hunk` flows out to `yuanliu history --diff`. Chinese is compared by its characters;
short matches between two changes, which chance makes, are taken into the change so that a reader sees whole phrases.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Change = Literal["same", "removed", "added"]
TOKEN = re.compile(r"[A-Za-zÀ-ɏ]+|[0-9]+|\s+|.", re.S)
SENTENCE = re.compile(r"[^。！？!?\n]*[。！？!?]+[”」』\"')）]*|[^。！？!?\n]+")
AHEAD = 40  # paragraphs among which the changed form of one is looked for
ALIKE = 0.4  # the share of tokens that two paragraphs have in common to be one paragraph that changed
LARGEST = 2_000_000  # pairs of tokens that are compared one by one
ISLAND = 2  # wide characters, or one word, between two changes that are no match worth showing


@dataclass(frozen=True, kw_only=True, slots=True)
class Piece:
    """A part of a changed paragraph: what stayed, what was removed, what was added."""

    change: Change
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Hunk:
    """A paragraph that was removed, added or changed.

    `before` and `after` are its number in the older and the newer text, from 1; None where it is not in that text.
    """

    before: int | None
    after: int | None
    pieces: tuple[Piece, ...]


def difference(before: str, after: str) -> list[Hunk]:
    """Return what changed from one text to another, in the order of the newer one; empty where nothing did.

    White space and blank lines do not count.

    >>> [[(piece.change, piece.text) for piece in hunk.pieces] for hunk in difference("权重开源。", "权重并未开源。")]
    [[('same', '权重'), ('added', '并未'), ('same', '开源。')]]
    """
    old, new = paragraphs_of(before), paragraphs_of(after)
    hunks: list[Hunk] = []
    for tag, a, b, c, d in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            continue
        for first, second in paired(old[a:b], new[c:d]):
            left = None if first is None else a + first
            right = None if second is None else c + second
            hunks.append(
                Hunk(
                    before=None if left is None else left + 1,
                    after=None if right is None else right + 1,
                    pieces=pieces_of("" if left is None else old[left], "" if right is None else new[right]),
                )
            )
    return hunks


def paragraphs_of(text: str) -> list[str]:
    """Return the lines of a text that hold something, with single spaces."""
    return [line for each in text.splitlines() if (line := re.sub(r"\s+", " ", each).strip())]


def paired(old: Sequence[str], new: Sequence[str]) -> Iterator[tuple[int | None, int | None]]:
    """Yield which paragraphs of two runs are one that changed, and which stand alone, in order."""
    bags = [tokens_in(line) for line in new]
    start = 0
    for first, line in enumerate(old):
        bag = tokens_in(line)
        shares = {second: likeness(bag, bags[second]) for second in range(start, min(start + AHEAD, len(new)))}
        found = max(shares, key=lambda second: shares[second], default=None)
        if found is None or shares[found] < ALIKE:
            yield first, None
            continue
        yield from ((None, second) for second in range(start, found))
        yield first, found
        start = found + 1
    yield from ((None, second) for second in range(start, len(new)))


def tokens_in(text: str) -> Counter[str]:
    """Return how often each token stands in a paragraph, spaces aside."""
    return Counter(token for token in TOKEN.findall(text) if not token.isspace())


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Return between 0 and 1 how much of the longer of two paragraphs the other shares, counted in tokens."""
    return sum((one & other).values()) / max(one.total(), other.total(), 1)


def pieces_of(old: str, new: str) -> tuple[Piece, ...]:
    """Return the pieces of one paragraph that changed."""
    one, other = TOKEN.findall(old), TOKEN.findall(new)
    if len(one) * len(other) > LARGEST:
        one, other = SENTENCE.findall(old), SENTENCE.findall(new)
    matcher = SequenceMatcher(None, one, other, autojunk=False)
    runs = [("".join(one[a:b]), "".join(other[c:d]), tag == "equal") for tag, a, b, c, d in matcher.get_opcodes()]
    pieces: list[Piece] = []
    for removed, added, same in joined(runs):
        if same:
            pieces.append(Piece(change="same", text=removed))
        else:
            pieces += [Piece(change="removed", text=removed)] if removed else []
            pieces += [Piece(change="added", text=added)] if added else []
    return tuple(pieces)


def joined(runs: Sequence[tuple[str, str, bool]]) -> list[tuple[str, str, bool]]:
    """Return runs of (older text, newer text, whether they match) in which no short match parts two changes."""
    result: list[tuple[str, str, bool]] = []
    for number, (removed, added, matches) in enumerate(runs):
        same = matches and not (0 < number < len(runs) - 1 and is_island(removed))
        if result and result[-1][2] == same:
            result[-1] = (result[-1][0] + removed, result[-1][1] + added, same)
        else:
            result.append((removed, added, same))
    return result


def is_island(text: str) -> bool:
    """Tell whether a match between two changes is too short to mean anything: punctuation, a character or two.

    >>> is_island("的"), is_island(", "), is_island(" the "), is_island("权重从零"), is_island("Yi-34B")
    (True, True, True, False, False)
    """
    words = re.findall(r"[A-Za-zÀ-ɏ0-9]+|[^\W_]", text)
    return len(words) < ISLAND and sum(map(len, words)) < 4
