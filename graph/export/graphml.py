"""GraphML: the graph as Gephi, yEd, igraph and networkx open it, and back.

Nodes have ids such as Entity:model:yi-34b, since two labels may share an id; what a name token cannot hold is escaped
in them. `nodeType` and `edgeType` say what a record is, `edgeKey` tells parallel edges apart. `label` is for showing
only.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph.contents import Contents
from graph.export.attributes import Row, add_edge, add_node, edge_columns, edge_rows, node_columns, node_rows
from graph.export.errors import ExportError
from graph.export.escapes import read_token, xml_token
from graph.export.xml_files import TYPE_NAMES, elements, read_value, xml_value
from graph.model import Graph

NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<graphml xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{NAMESPACE} {NAMESPACE}/1.0/graphml.xsd">
"""


def graphml_lines(contents: Contents) -> Iterator[str]:
    """Yield the lines of a GraphML file, a node or edge each."""
    yield HEAD
    columns = edge_columns(contents)
    for scope, listed in (("node", node_columns()), ("edge", columns)):
        for name, kind in listed.items():
            yield f'<key id="{scope}.{name}" for="{scope}" attr.name="{name}" attr.type="{TYPE_NAMES[kind]}"/>\n'
    yield '<graph edgedefault="directed">\n'
    for row in node_rows(contents):
        yield f'<node id="{xml_token(row.ends[0])}">{data(row, "node")}</node>\n'
    for number, row in enumerate(edge_rows(contents, columns)):
        start, end = map(xml_token, row.ends)
        yield f'<edge id="e{number}" source="{start}" target="{end}">{data(row, "edge")}</edge>\n'
    yield "</graph>\n</graphml>\n"


def data(row: Row, scope: str) -> str:
    """Return the attributes of a row as elements."""
    return "".join(
        f'<data key="{scope}.{name}">{xml_value(name, value)}</data>' for name, value in row.attributes.items()
    )


def read_graphml(path: Path) -> Graph:
    """Return the graph that a GraphML file of ours holds.

    Raises:
        ExportError: for a file that is none.
    """
    graph = Graph()
    keys: dict[str, tuple[str, str]] = {}
    key, node, edge, datum = (f"{{{NAMESPACE}}}{name}" for name in ("key", "node", "edge", "data"))
    try:
        for element in elements(path, key, node, edge):
            if element.tag == key:
                keys[element.get("id")] = element.get("attr.name"), element.get("attr.type")
            elif element.tag == node:
                add_node(graph, Row(ends_of(element, "id"), attributes_of(element.iter(datum), keys)))
            else:
                add_edge(graph, Row(ends_of(element, "source", "target"), attributes_of(element.iter(datum), keys)))
    except (KeyError, ValueError, TypeError) as error:
        raise ExportError(f"{path} is no GraphML of yuanliu ({error}); export it once more") from error
    return graph


def ends_of(element: Any, *names: str) -> tuple[str, ...]:  # noqa: ANN401 - lxml has no types
    """Return the ids that an element gives in some of its XML attributes."""
    return tuple(read_token(element.get(name)) for name in names)


def attributes_of(found: Iterator[Any], keys: dict[str, tuple[str, str]]) -> dict[str, Any]:
    """Return the attributes that elements give, by name; `keys` gives the name and type of each key."""
    described = ((keys[element.get("key")], element.text or "") for element in found)
    return {name: read_value(name, text, kind) for (name, kind), text in described}
