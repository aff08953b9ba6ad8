"""Surroundings: the part of the graph that lies around a subject or dispute.

A store and an id flow in, a Graph flows out to be exported like a whole one: the claims that a timeline of the subject
rests on, their statements with documents, posts and sources, their disputes and derivations, the entities that take
part, and every edge between these. Only what is touched is read.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from graph.contents import Contents, contents_of
from graph.model import EDGES, LABELS, Edge, Graph
from graph.store import Store

Found = defaultdict[str, set[str]]  # ids by label
# What is reached from what is there already, step by step: the type of edge, and whether it leads forwards.
STEPS = (
    *(("REPORTS", False), ("STATED_IN", True), ("PUBLISHED_BY", True), ("PART_OF", True), ("RESTS_ON", False)),
    *(("MADE", False), ("ABOUT", True), ("OF", True), ("FROM", True)),
    *(("MEMBER_OF", True), ("DEVELOPED_BY", True), ("WORKS_FOR", True)),
)


def surroundings(store: Store, subject: str) -> Graph:
    """Return the part of a store's graph that lies around a subject, the id of an entity or dispute."""
    from graph.subjects import scope_of  # noqa: PLC0415 - names a Chinese folding table that a whole export never needs

    contents = contents_of(store)
    scope = scope_of(store, subject)
    found: Found = defaultdict(set)
    found["Entity"] |= {*scope.family, *scope.made}
    found["Dispute"] |= set(scope.stood)
    found["Claim"] |= {edge.start for edge in contents.edges("ABOUT", ends=scope.about)}
    found["Claim"] |= {edge.end for edge in contents.edges("MADE", starts=scope.family)}
    found["Claim"] |= {edge.start for edge in contents.edges("PART_OF", ends=scope.stood)}
    for kind, forwards in STEPS:
        start, end = EDGES[kind]
        if forwards:
            found[end] |= {edge.end for edge in contents.edges(kind, starts=list(found[start]))}
        else:
            found[start] |= {edge.start for edge in contents.edges(kind, ends=list(found[end]))}
    found["Post"] |= set(posts_of(contents, list(found["Statement"])))
    add_parties(contents, found)
    return graph_of(contents, found)


def posts_of(contents: Contents, statements: Sequence[str]) -> Iterator[str]:
    """Yield the ids that the posts have in which some statements stand."""
    for node in contents.nodes("Statement", statements):
        if node.properties["post"] is not None:
            yield f"{node.properties['document']}#{node.properties['post']}"


def add_parties(contents: Contents, found: Found) -> None:
    """Add the parties of the disputes, and the judgements about anything that was found."""
    for dispute in contents.nodes("Dispute", list(found["Dispute"])):
        parties = dispute.properties["accused"], dispute.properties["origin"]
        found["Entity"] |= {str(party) for party in parties if party}
    known = set().union(*found.values())
    for judgement in contents.nodes("Judgement"):
        if known & {judgement.properties["subject"], judgement.properties["object"]}:
            found["Judgement"].add(judgement.id)


def graph_of(contents: Contents, found: Found) -> Graph:
    """Return the graph of some nodes: they, the edges between them and their names."""
    graph = Graph()
    for label in LABELS:
        for node in contents.nodes(label, list(found[label])):
            graph.nodes[label, node.id] = node
    for edge in edges_between(contents, found):
        graph.edges[edge.type, edge.start, edge.end, edge.key] = edge
    graph.names |= set(contents.names(list(found["Entity"])))
    return graph


def edges_between(contents: Contents, found: Found) -> Iterator[Edge]:
    """Yield the edges of which both ends were found."""
    for kind, (start, end) in EDGES.items():
        yield from ending_in(contents.edges(kind, starts=list(found[start])), found[end])


def ending_in(edges: Iterable[Edge], ends: set[str]) -> Iterator[Edge]:
    """Yield the edges that end at some ids."""
    return (edge for edge in edges if edge.end in ends)
