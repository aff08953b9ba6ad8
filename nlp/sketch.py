"""Sketches: a MinHash of a document's text, by which near-duplicates are found without comparing all pairs.

Text flows in, a tuple of integers flows out into the annotation; graph.build compares sketches. Shingles are runs of
characters of the normalised text, so that layout and markup do not count, in either language. Method: Broder 1997,
with rensa's R-MinHash.
"""

from __future__ import annotations

from collections.abc import Sequence

from nlp.annotation import normalise_quote

PERMUTATIONS = 128
SHINGLE = 6


def sketch(text: str) -> tuple[int, ...]:
    """Return the MinHash of a text: PERMUTATIONS integers; none for a text shorter than one shingle."""
    from rensa import RMinHash  # noqa: PLC0415 - needed only where documents are annotated

    words = normalise_quote(text)
    if len(words) < SHINGLE:
        return ()
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=11)
    minhash.update([words[i : i + SHINGLE] for i in range(len(words) - SHINGLE + 1)])
    return tuple(minhash.digest())


def similarity(one: Sequence[int], other: Sequence[int]) -> float:
    """Return the estimated Jaccard similarity of two sketches, 0 to 1.

    >>> similarity((1, 2, 3, 4), (1, 2, 3, 5)), similarity((), (1,))
    (0.75, 0.0)
    """
    if not one or len(one) != len(other):
        return 0.0
    return sum(a == b for a, b in zip(one, other, strict=True)) / len(one)
