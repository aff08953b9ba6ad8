"""Batches: many things some at a time, so that no statement, query or transaction grows with the graph."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import TypeVar

T = TypeVar("T")


def in_batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """Yield items in lists of so many.

    >>> list(in_batches(["模型", "b", "c"], 2))
    [['模型', 'b'], ['c']]
    """
    rest = iter(items)
    while some := list(islice(rest, size)):
        yield some
