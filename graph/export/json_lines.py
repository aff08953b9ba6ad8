"""JSON Lines: the graph as it is, a node, edge or name a line, and back.

A line is {"node": LABEL, "id", "properties"}, {"edge": TYPE, "start", "end", "key", "properties"} or {"name": FOLDED,
"entity", "surface"}. A property of a node that has no value is left out.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph.contents import Contents, edges, names, nodes
from graph.export.errors import ExportError
from graph.export.escapes import pack, unpack
from graph.model import EDGES, LABELS, Edge, Graph, Name, Node


def json_lines(contents: Contents) -> Iterator[str]:
    """Yield the lines of a JSON Lines file."""
    for node in nodes(contents):
        kept = {name: value for name, value in node.properties.items() if value is not None}
        yield pack({"node": node.label, "id": node.id, "properties": kept}) + "\n"
    for edge in edges(contents):
        own = {"edge": edge.type, "start": edge.start, "end": edge.end, "key": edge.key}
        yield pack(own | {"properties": dict(sorted(edge.properties.items()))}) + "\n"
    for name in names(contents):
        yield pack({"name": name.folded, "entity": name.entity, "surface": name.surface}) + "\n"


def read_json_lines(path: Path) -> Graph:
    """Return the graph that a JSON Lines file holds.

    Raises:
        ExportError: for a line that is no record of a graph; names its number.
    """
    graph = Graph()
    with path.open("rb") as file:
        for number, line in enumerate(file, start=1):
            try:
                add_record(graph, unpack(line))
            except (KeyError, ValueError, TypeError) as error:
                raise ExportError(f"{path}, line {number} is no node, edge or name of a graph ({error})") from error
    return graph


def add_record(graph: Graph, record: dict[str, Any]) -> None:
    """Add one record to a graph."""
    if "node" in record:
        label, identifier = record["node"], record["id"]
        properties = dict.fromkeys(LABELS[label]) | record["properties"]
        graph.nodes[label, identifier] = Node(label, identifier, properties)
    elif "edge" in record:
        kind, start, end, key = (record[name] for name in ("edge", "start", "end", "key"))
        if kind not in EDGES:
            raise ValueError(f"{kind!r} is not one of the edge types {', '.join(EDGES)}")
        graph.edges[kind, start, end, key] = Edge(kind, start, end, key, record["properties"])
    else:
        graph.names.add(Name(record["name"], record["entity"], record["surface"]))
