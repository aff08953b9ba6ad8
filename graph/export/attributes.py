"""Attributes: the records of the graph as the flat tables of attributes that GraphML, GEXF and networkx have.

Nodes and edges flow in from graph.contents, attributes with a type each flow out to the modules of these formats, and
back. What has no place of its own in a flat table (a value of another type than its column, an edge's property without
a value or with an unusual name) goes into one more attribute, `others`; names go with their entity.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, NamedTuple

from graph.contents import AT_ONCE, Contents
from graph.export.errors import ExportError
from graph.export.escapes import pack
from graph.model import EDGES, LABELS, ColumnType, Graph, Name, Node, Value
from graph.model import Edge as GraphEdge

TYPES: dict[type, ColumnType] = {str: "text", int: "integer", float: "real"}
PLAIN = re.compile("[A-Za-z][A-Za-z0-9_]*")
# What an edge's attributes are called in these formats and their readers: no property can be called so there.
TAKEN = frozenset(
    "id key label weight source target type kind edgeType edgeKey others networkx_key u_for_edge v_for_edge".split()
)
NAMED = "Name"  # stands for a node where a name has none
LONG = 1 << 63  # what readers in other languages take for an integer
SHOWN = 60  # characters of a text that stands beside a node
EDGE_FIXED: dict[str, ColumnType] = {"edgeType": "text", "edgeKey": "text", "others": "text"}


class Row(NamedTuple):
    """A node or edge of a file: its id, or the ids of its ends, and its attributes."""

    ends: tuple[str, ...]
    attributes: dict[str, Any]


def node_columns() -> dict[str, ColumnType]:
    """Return the attributes of nodes, those of all labels in one table, by name."""
    columns: dict[str, ColumnType] = {"label": "text", "nodeType": "text"}
    for properties in LABELS.values():
        for name, kind in properties.items():
            columns[name] = kind if columns.get(name, kind) == kind else "text"
    return columns | {"names": "text", "others": "text"}


def edge_columns(contents: Contents) -> dict[str, ColumnType]:
    """Return the attributes of edges: the properties that are of one type wherever edges have them."""
    found: dict[str, set[type]] = {}
    for properties in contents.edge_columns().values():
        for name, types in properties.items():
            found.setdefault(name, set()).update(types)
    columns = {
        name: TYPES[next(iter(types))]
        for name, types in sorted(found.items())
        if PLAIN.fullmatch(name) and name not in TAKEN and len(types) == 1 and types <= TYPES.keys()
    }
    return columns | EDGE_FIXED


def node_rows(contents: Contents) -> Iterator[Row]:
    """Yield every node with its attributes, an entity with its names; a name without an entity is a node of its own."""
    columns = node_columns()
    for label in LABELS:
        if label == "Entity":
            yield from entity_rows(contents, columns)
        else:
            yield from (node_row(node, (), columns) for node in contents.nodes(label))
    for name in contents.strays():
        own = {"label": name.surface, "nodeType": NAMED, "names": [[name.folded, name.surface]]}
        identifier = f"{NAMED}:{pack([name.entity, name.folded, name.surface])}"
        yield Row((identifier,), own | {"others": {"entity": name.entity}})


def entity_rows(contents: Contents, columns: Mapping[str, ColumnType]) -> Iterator[Row]:
    """Yield the entities, some hundreds at a time with their names."""
    entities = contents.nodes("Entity")
    while some := list(islice(entities, AT_ONCE)):
        names: dict[str, list[Name]] = {node.id: [] for node in some}
        for name in contents.names([node.id for node in some]):
            names[name.entity].append(name)
        yield from (node_row(node, names[node.id], columns) for node in some)


def node_row(node: Node, names: Sequence[Name], columns: Mapping[str, ColumnType]) -> Row:
    """Return a node with its attributes."""
    shown = next((node.properties[key] for key in ("name", "title", "quote") if node.properties.get(key)), node.id)
    attributes: dict[str, Any] = {"label": str(shown)[:SHOWN], "nodeType": node.label}
    known = LABELS[node.label]
    own, others = split(node.properties, {name: columns[name] for name in known})
    attributes |= own
    if names:
        attributes["names"] = sorted([name.folded, name.surface] for name in names)
    others = {name: value for name, value in others.items() if value is not None}
    return Row((f"{node.label}:{node.id}",), attributes | ({"others": others} if others else {}))


def edge_rows(contents: Contents, columns: Mapping[str, ColumnType]) -> Iterator[Row]:
    """Yield every edge with its attributes."""
    for kind, (start, end) in EDGES.items():
        for edge in contents.edges(kind):
            own, others = split(dict(sorted(edge.properties.items())), columns)
            attributes = {"edgeType": kind, "edgeKey": edge.key, **own} | ({"others": others} if others else {})
            yield Row((f"{start}:{edge.start}", f"{end}:{edge.end}"), attributes)


def split(
    properties: Mapping[str, Value], columns: Mapping[str, ColumnType]
) -> tuple[dict[str, Value], dict[str, Value]]:
    """Return the properties that fit their columns, and the others.

    >>> split({"role": "accused", "count": 2.5, "cue": None}, {"role": "text", "count": "integer"})
    ({'role': 'accused'}, {'count': 2.5, 'cue': None})
    >>> split({"角色": "被告"}, {"role": "text"})
    ({}, {'角色': '被告'})
    """
    fitting: dict[str, Value] = {}
    others: dict[str, Value] = {}
    for name, value in properties.items():
        fits = name in columns and name not in EDGE_FIXED and TYPES.get(type(value)) == columns[name]
        long = isinstance(value, int) and not -LONG <= value < LONG
        (fitting if fits and not long else others)[name] = value
    return fitting, others


def add_node(graph: Graph, row: Row) -> None:
    """Add what a row of a file says of a node to a graph; a node that only edges name is none.

    Raises:
        ExportError: for a node of an unknown type.
    """
    attributes = dict(row.attributes)
    label = attributes.pop("nodeType", None)
    if label is None:
        return
    identifier = without_label(row.ends[0])
    others = attributes.pop("others", {})
    names = attributes.pop("names", [])
    entity = others["entity"] if label == NAMED else identifier
    graph.names |= {Name(folded, entity, surface) for folded, surface in names}
    if label == NAMED:
        return
    if label not in LABELS:
        raise ExportError(f"node {identifier!r} is of type {label!r}, which is not one of {', '.join(LABELS)}")
    kept = {name: attributes.get(name) for name in LABELS[label]}
    graph.nodes[label, identifier] = Node(label, identifier, kept | others)


def add_edge(graph: Graph, row: Row) -> None:
    """Add what a row of a file says of an edge to a graph.

    Raises:
        ExportError: for an edge of an unknown type.
    """
    attributes = {name: value for name, value in row.attributes.items() if name not in TAKEN or name in EDGE_FIXED}
    kind, key, others = attributes.pop("edgeType", None), attributes.pop("edgeKey", ""), attributes.pop("others", {})
    if kind not in EDGES:
        raise ExportError(
            f"an edge from {row.ends[0]!r} is of type {kind!r}, which is not one of {', '.join(EDGES)}; "
            "only files that `yuanliu export` wrote can be read"
        )
    start, end = map(without_label, row.ends)
    graph.edges[kind, start, end, key] = GraphEdge(kind, start, end, key, attributes | others)


def without_label(identifier: str) -> str:
    """Return the id in the graph of an id in a file.

    >>> without_label("Entity:organization:零一万物"), without_label("Document:a/b")
    ('organization:零一万物', 'a/b')
    """
    return identifier.partition(":")[2]
