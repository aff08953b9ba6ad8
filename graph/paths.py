"""Paths: the shortest way through the graph between two entities.

Two ids flow in; the nodes and edges of one path flow out to graph.path_steps, which adds the words that they rest on. The search goes
breadth first from both ends, a layer a query, and looks at a bounded number of neighbours of each node and of nodes
in all: it never reads the whole graph.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from graph.batches import in_batches
from graph.store import Row, Store

MOST_NEIGHBOURS = 200  # of a node along one kind of edge
MOST_NODES = 20_000  # that a search looks at
MOST_EDGES = 8  # of a path
AT_ONCE = 200  # nodes whose neighbours are asked for together
ALLEGED = 0.5  # an alleged derivation is as sure as its claims, which the search does not read


class Hop(NamedTuple):
    """An edge of a path, from the node nearer to the first entity; `forward` tells whether the edge points that way."""

    start: str
    end: str
    type: str
    forward: bool
    confidence: float


class Reached(NamedTuple):
    """The best way to a node: how sure it is and its nodes from the end that the search began at."""

    confidence: float
    nodes: tuple[str, ...]
    hops: tuple[Hop, ...]

    @property
    def rank(self) -> tuple[float, tuple[str, ...]]:
        """The order of ways of equal length: the surest first, then by the ids on it."""
        return -round(self.confidence, 9), self.nodes


@dataclass(slots=True)
class Side:
    """One end's half of the search: the best way to every node met, and the newest layer."""

    reached: dict[str, Reached]
    layer: list[str]
    depth: int = 0

    @classmethod
    def of(cls, node: str) -> Side:
        """Begin at a node."""
        return cls({node: Reached(1.0, (node,), ())}, [node])

    def grow(self, batches: Iterable[Sequence[Row]], most: int) -> None:
        """Go one layer on, along rows of the query neighbours; stop after the batch that meets more than so many nodes."""
        fresh: dict[str, Reached] = {}
        for rows in batches:
            for row in rows:
                node = row["neighbour"]
                if node in self.reached:
                    continue
                way = self.reached[row["node"]]
                sure = sureness(row)
                hop = Hop(row["node"], node, row["type"], row["direction"] == "out", sure)
                found = Reached(way.confidence * sure, (*way.nodes, node), (*way.hops, hop))
                if node not in fresh or found.rank < fresh[node].rank:
                    fresh[node] = found
            if len(self.reached) + len(fresh) > most:
                break
        self.reached |= fresh
        self.layer = sorted(fresh)
        self.depth += 1


def sureness(row: Mapping[str, object]) -> float:
    """Return how sure an edge is: a claim's or link's confidence; who makes what and works where is taken as sure.

    >>> sureness({"type": "MADE", "confidence": 0.9}), sureness({"type": "DEVELOPED_BY", "confidence": None})
    (0.9, 1.0)
    """
    if row["type"] == "ALLEGEDLY_DERIVED_FROM":
        return ALLEGED
    return float(row["confidence"]) if isinstance(row["confidence"], int | float) else 1.0


def shortest_path(store: Store, start: str, goal: str) -> list[Hop] | None:
    """Return the edges of the shortest path between two entities, None if there is none within bounds.

    Of several with the fewest edges the surest is chosen, then the first by its ids. A claim that has both is always
    found; beyond that, of a node with very many neighbours the first MOST_NEIGHBOURS of each kind count. Bidirectional
    breadth-first search after Pohl (1971), in whole layers, so that the first meeting is on a shortest path.
    """
    if start == goal:
        return []
    one, other = Side.of(start), Side.of(goal)
    found: Reached | None = None
    while one.layer and other.layer and one.depth + other.depth < MOST_EDGES:
        if found and len(found.hops) <= one.depth + other.depth:
            break
        if one.depth + other.depth == 1:  # no edge joins them, so a claim that has both would be a shortest way
            found = claim_between(store, start, goal)
        side, far = (one, other) if len(one.layer) <= len(other.layer) else (other, one)
        if len(one.reached) + len(other.reached) > MOST_NODES:
            break
        side.grow(neighbours_of(store, side.layer), MOST_NODES - len(far.reached))
        meeting = [joined(one.reached[node], other.reached[node]) for node in side.layer if node in far.reached]
        if meeting:
            found = min([*meeting, *([found] if found else [])], key=lambda way: (len(way.hops), way.rank))
    return list(found.hops) if found else None


def neighbours_of(store: Store, nodes: Sequence[str]) -> Iterator[list[Row]]:
    """Yield the neighbours of nodes, in batches."""
    for some in in_batches(nodes, AT_ONCE):
        yield store.query("neighbours", ids=some, limit=MOST_NEIGHBOURS)


def joined(near: Reached, far: Reached) -> Reached:
    """Return a whole way from its two halves, which meet in one node; the second one is turned round.

    >>> near = Reached(0.9, ("甲", "c"), (Hop("甲", "c", "MADE", True, 0.9),))
    >>> far = Reached(0.8, ("b", "c"), (Hop("b", "c", "ABOUT", False, 0.8),))
    >>> whole = joined(near, far)
    >>> whole.nodes, whole.hops[1]
    (('甲', 'c', 'b'), Hop(start='c', end='b', type='ABOUT', forward=True, confidence=0.8))
    """
    back = [Hop(hop.end, hop.start, hop.type, not hop.forward, hop.confidence) for hop in reversed(far.hops)]
    nodes = (*near.nodes, *reversed(far.nodes[:-1]))
    return Reached(near.confidence * far.confidence, nodes, (*near.hops, *back))


def claim_between(store: Store, start: str, goal: str) -> Reached | None:
    """Return the way over the surest claim that has both entities; it is looked for from the one with fewer claims."""
    less, more = sorted((start, goal), key=lambda entity: (claims_of(store, entity), entity))
    claims = store.query("claims_between", id=less, other=more, limit=1)
    if not claims:
        return None
    claim = claims[0]["id"]
    sure = sureness({"type": "MADE", "confidence": claims[0]["confidence"]})
    makers = {row["id"] for row in store.query("claim_parties", ids=[claim]) if row["type"] == "MADE"}
    hops = (
        Hop(start, claim, *(("MADE", True) if start in makers else ("ABOUT", False)), sure),
        Hop(claim, goal, *(("MADE", False) if goal in makers else ("ABOUT", True)), sure),
    )
    return Reached(sure * sure, (start, claim, goal), hops)


def claims_of(store: Store, entity: str) -> int:
    """Return how many claims an entity made or received."""
    numbers = store.query("entity_numbers", id=entity)[0]
    return int(numbers["made"] + numbers["about"])
