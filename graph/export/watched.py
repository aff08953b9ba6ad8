"""Watched contents: contents that tell how far they have been read.

Contents flow in; the same contents flow out to a format, and steps to a progress bar.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from graph.contents import Contents, Counts
from graph.model import Edge, Name, Node

T = TypeVar("T")
EVERY = 500  # records after which a step is told


class Watched(Contents):
    """Contents that tell of the nodes and edges that are read through; reading of some ids only is not told of."""

    def __init__(self, contents: Contents, step: Callable[[int], None]) -> None:
        self.contents = contents
        self.step = step

    def nodes(self, label: str, ids: Sequence[str] | None = None) -> Iterator[Node]:
        """Yield the nodes of a label, or those of some ids."""
        found = self.contents.nodes(label, ids)
        return self.telling(found) if ids is None else found

    def edges(
        self, kind: str, *, starts: Sequence[str] | None = None, ends: Sequence[str] | None = None
    ) -> Iterator[Edge]:
        """Yield the edges of a type, or those that start or that end at some ids."""
        found = self.contents.edges(kind, starts=starts, ends=ends)
        return self.telling(found) if starts is None and ends is None else found

    def names(self, entities: Sequence[str] | None = None) -> Iterator[Name]:
        """Yield the names, or those of some entities."""
        return self.contents.names(entities)

    def strays(self) -> Iterator[Name]:
        """Yield the names of which the entity is no node."""
        return self.contents.strays()

    def count(self) -> Counts:
        """Return how many nodes, edges and names there are."""
        return self.contents.count()

    def edge_columns(self) -> dict[str, dict[str, set[type]]]:
        """Return the properties that edges of each type have, with the types of their values."""
        return self.contents.edge_columns()

    def telling(self, records: Iterator[T]) -> Iterator[T]:
        """Yield records and tell of every few hundred of them."""
        number = 0
        for number, record in enumerate(records, start=1):
            yield record
            if number % EVERY == 0:
                self.step(EVERY)
        self.step(number % EVERY)
