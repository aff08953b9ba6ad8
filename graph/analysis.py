"""Analysis: what the claims of a dispute, or of any part of the graph, add up to.

Rows of named queries flow in; plain values flow out to graph.dispute_card and graph.lineage. Nothing here asks a store, and
equal rows give equal results in whatever order they come. graph.echo tells which sources repeat which.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from math import fsum
from typing import TYPE_CHECKING, TypedDict

from graph.store import Row

if TYPE_CHECKING:
    from networkx import DiGraph, Graph

DAMPING = 0.85
ROUNDS = 100
SEED = 20231106


class Actor(TypedDict):
    """What one party does in a set of claims: how many it makes and receives, their weight, and its share of attention."""

    id: str
    accuses: int
    answers: int
    accused: int
    weight: float
    attention: float


class Chain(TypedDict):
    """A chain of derivations from a model to its last alleged origin; a step of several models is a cycle of them."""

    steps: list[list[str]]
    derivations: int


def central_actors(
    claims: Iterable[Row], parties: Iterable[Row], party: Mapping[str, str] | None = None
) -> list[Actor]:
    """Return the actors of claims, those with the most weight first.

    A claim weighs as much as true sources tell it, times how sure its reading is; an actor weighs as much as the
    charges and answers that it makes and the charges that it receives. Attention is PageRank (Page, Brin, Motwani and
    Winograd 1999) over the network speaker -> target: who is spoken about by those who are spoken about themselves.
    Betweenness, which finds go-betweens, says little of networks as small and direct as these. `party` maps an
    entity to the one that it counts for.

    >>> claims = [{"id": "c-1", "group": "accusing", "sources": 2, "confidence": 0.5}]
    >>> parties = [{"claim": "c-1", "type": "MADE", "id": "person:甲", "role": None}]
    >>> parties += [{"claim": "c-1", "type": "ABOUT", "id": "org:b", "role": "accused"}]
    >>> [(one["id"], one["accuses"], one["accused"], one["weight"]) for one in central_actors(claims, parties)]
    [('org:b', 0, 1, 1.0), ('person:甲', 1, 0, 1.0)]
    """
    known = {claim["id"]: claim for claim in claims}
    acts: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    seen = [row for row in parties if row["claim"] in known]
    for row in seen:
        act = act_of(known[row["claim"]]["group"], row)
        acts[(party or {}).get(row["id"], row["id"])][act].add(row["claim"])
    attention = page_rank(network_of(known.values(), seen, party))
    actors = [
        Actor(
            id=actor,
            accuses=len(own["accuses"]),
            answers=len(own["answers"]),
            accused=len(own["accused"]),
            weight=round(fsum(weight_of(known[one]) for one in own["accuses"] | own["answers"] | own["accused"]), 3),
            attention=round(attention.get(actor, 0.0), 3),
        )
        for actor, own in acts.items()
    ]
    return sorted(actors, key=lambda one: (-one["weight"], -one["attention"], one["id"]))


def act_of(group: str, row: Row) -> str:
    """Return what an entity's part in a claim of a group is: accuses, answers, accused, or something else.

    >>> act_of("answering", {"type": "MADE", "role": None}), act_of("accusing", {"type": "ABOUT", "role": "origin"})
    ('answers', 'other')
    """
    if row["type"] == "MADE":
        return {"accusing": "accuses", "answering": "answers"}.get(group, "other")
    return "accused" if group == "accusing" and row["role"] == "accused" else "other"


def weight_of(claim: Row) -> float:
    """Return the weight of a claim: its true sources times how sure its reading is."""
    return float((claim["sources"] or 0) * (claim["confidence"] or 0.0))


def network_of(claims: Iterable[Row], parties: Iterable[Row], party: Mapping[str, str] | None = None) -> DiGraph:
    """Return the weighted network of who speaks about whom."""
    from networkx import DiGraph  # noqa: PLC0415 - only the questions about the graph as a whole need it

    weights = {claim["id"]: weight_of(claim) for claim in claims}
    ends: dict[str, dict[str, set[str]]] = defaultdict(lambda: {"MADE": set(), "ABOUT": set()})
    for row in parties:
        ends[row["claim"]][row["type"]].add((party or {}).get(row["id"], row["id"]))
    total: dict[tuple[str, str], float] = defaultdict(float)
    for claim in sorted(ends):
        for speaker in ends[claim]["MADE"]:
            for target in ends[claim]["ABOUT"] - {speaker}:
                total[speaker, target] += weights.get(claim, 0.0)
    network = DiGraph()
    network.add_nodes_from(sorted({node for one in ends.values() for side in one.values() for node in side}))
    network.add_weighted_edges_from((start, end, weight) for (start, end), weight in sorted(total.items()))
    return network


def page_rank(network: DiGraph) -> dict[str, float]:
    """Return the PageRank of a weighted network's nodes; who speaks of nobody lends its share to all alike.

    Computed by repeated multiplication: networkx.pagerank needs SciPy, which nothing else here does.

    >>> from networkx import DiGraph
    >>> ranks = page_rank(DiGraph([("甲", "c"), ("b", "c")]))
    >>> max(ranks, key=ranks.get), round(sum(ranks.values()), 6)
    ('c', 1.0)
    """
    nodes = list(network)
    if not nodes:
        return {}
    out = {node: sum(data.get("weight", 1.0) for _, _, data in network.out_edges(node, data=True)) for node in nodes}
    rank = dict.fromkeys(nodes, 1 / len(nodes))
    for _ in range(ROUNDS):
        lent = sum(rank[node] for node in nodes if not out[node])
        base = (1 - DAMPING + DAMPING * lent) / len(nodes)
        fresh = dict.fromkeys(nodes, base)
        for start, end, data in network.edges(data=True):
            if out[start]:
                fresh[end] += DAMPING * rank[start] * data.get("weight", 1.0) / out[start]
        moved = sum(abs(fresh[node] - rank[node]) for node in nodes)
        rank = fresh
        if moved < 1e-10 * len(nodes):
            break
    return rank


def communities(
    claims: Iterable[Row], parties: Iterable[Row], party: Mapping[str, str] | None = None
) -> list[list[str]]:
    """Return the groups of parties that speak of one another more than of the rest, the largest first.

    Louvain's method (Blondel, Guillaume, Lambiotte and Lefebvre 2008) over the network without directions, from sorted
    nodes with a fixed seed, so that the groups are the same each time. A party alone is no group.
    """
    from networkx import Graph  # noqa: PLC0415
    from networkx.algorithms.community import louvain_communities  # noqa: PLC0415

    directed = network_of(claims, parties, party)
    joined: Graph = Graph()
    joined.add_nodes_from(directed)
    for start, end, weight in directed.edges(data="weight"):
        before = joined.edges[start, end]["weight"] if joined.has_edge(start, end) else 0.0
        joined.add_edge(start, end, weight=before + weight)
    joined.remove_edges_from([(one, other) for one, other, weight in joined.edges(data="weight") if not weight])
    if not joined.number_of_edges():
        return []
    groups = [sorted(group) for group in louvain_communities(joined, weight="weight", seed=SEED) if len(group) > 1]
    return sorted(groups, key=lambda group: (-len(group), group))


def derivation_chains(derivations: Iterable[tuple[str, str]]) -> list[Chain]:
    """Return the longest chain of derivations from each model that nothing is said to derive from, the longest first.

    Pairs (model, origin) flow in. Models that are said to derive from one another are one step of a chain, named
    together, so that no chain is endless; the longest of several equals is the first by its ids.

    >>> [chain["steps"] for chain in derivation_chains([("丙", "乙"), ("乙", "甲"), ("丙", "甲")])]
    [[['丙'], ['乙'], ['甲']]]
    >>> [chain["steps"] for chain in derivation_chains([("c", "a"), ("a", "b"), ("b", "a")])]
    [[['c'], ['a', 'b']]]
    """
    from networkx import DiGraph, condensation, topological_sort  # noqa: PLC0415

    graph = DiGraph(sorted(set(derivations)))
    if not graph:
        return []
    condensed = condensation(graph)
    members = {node: sorted(data["members"]) for node, data in condensed.nodes(data=True)}
    longest: dict[int, list[int]] = {}
    for node in reversed(list(topological_sort(condensed))):
        onward = [longest[after] for after in condensed.successors(node)]
        best = min(onward, key=lambda chain: (-len(chain), [members[step] for step in chain]), default=[])
        longest[node] = [node, *best]
    starts = [node for node in condensed if not condensed.in_degree(node)]
    chains = [[members[step] for step in longest[node]] for node in starts]
    chains = [chain for chain in chains if len(chain) > 1 or len(chain[0]) > 1 or graph.has_edge(*chain[0] * 2)]
    return [
        Chain(steps=chain, derivations=len(chain) - 1)
        for chain in sorted(chains, key=lambda chain: (-len(chain), chain))
    ]


def count_parts(rows: Sequence[Row]) -> dict[str, set[str]]:
    """Return the parts that each entity has in claims: the roles of whom they are about, and speaker.

    >>> count_parts([{"id": "org:甲", "type": "ABOUT", "role": "accused"}, {"id": "b", "type": "MADE", "role": None}])
    {'org:甲': {'accused'}, 'b': {'speaker'}}
    """
    parts: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        parts[row["id"]].add("speaker" if row["type"] == "MADE" else str(row["role"] or "about"))
    return dict(parts)
