"""Server rows: the graph as the rows that a Neo4j server is given, in batches.

Records flow in from graph.contents, what graph.neo4j_writer would write of them flows out to graph.export.csv_files and
cypher_script. So a server that is filled from a file holds the same as one that `yuanliu neo4j load` filled: second
labels, aliases and the marks by which the next load recognises what is unchanged.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeVar

from graph.batches import in_batches
from graph.contents import AT_ONCE, Contents
from graph.model import Graph

NODES_AT_ONCE = 50  # a statement has its words to be searched by beside it, three times as long as itself
T = TypeVar("T")
ServerRow = dict[str, Any]


def node_rows(contents: Contents, label: str) -> Iterator[ServerRow]:
    """Yield a row for every node of a label: id, second label (or nothing) and properties."""
    from graph.neo4j_writer import node_rows as rows_of  # noqa: PLC0415 - imports the driver

    for some in in_batches(contents.nodes(label), NODES_AT_ONCE):
        names = contents.names([node.id for node in some]) if label == "Entity" else ()
        yield from rows_of(Graph({(label, node.id): node for node in some}, {}, set(names)))[label].values()


def name_rows(contents: Contents) -> Iterator[ServerRow]:
    """Yield a row for every name: id, entity and properties."""
    from graph.neo4j_writer import node_rows as rows_of  # noqa: PLC0415 - imports the driver

    for some in in_batches(contents.names(), AT_ONCE):
        yield from rows_of(Graph(names=set(some)))["Name"].values()


def edge_rows(contents: Contents, kind: str) -> Iterator[ServerRow]:
    """Yield a row for every edge of a type: start, end, key and, where it has any, properties."""
    from graph.neo4j_writer import edge_rows as rows_of  # noqa: PLC0415 - imports the driver

    for some in in_batches(contents.edges(kind), AT_ONCE):
        yield from rows_of(Graph({}, {(kind, edge.start, edge.end, edge.key): edge for edge in some}))[kind].values()
