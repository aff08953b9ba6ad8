"""GEXF: the graph in Gephi's own format, and back.

The same attributes as in graph.export.graphml, in version 1.2 of the format, which networkx reads too. Gephi joins
parallel edges when it opens a file, unless it is told to keep them.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from graph.contents import Contents
from graph.export.attributes import Row, add_edge, add_node, edge_columns, edge_rows, node_columns, node_rows
from graph.export.errors import ExportError
from graph.export.escapes import unescape, xml_text
from graph.export.xml_files import TYPE_NAMES, elements, read_value, xml_value
from graph.model import ColumnType, Graph

NAMESPACE = "http://www.gexf.net/1.2draft"
HEAD = f"""<?xml version="1.0" encoding="UTF-8"?>
<gexf xmlns="{NAMESPACE}" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="{NAMESPACE} {NAMESPACE}/gexf.xsd" version="1.2">
<graph defaultedgetype="directed" mode="static">
"""


def gexf_lines(contents: Contents) -> Iterator[str]:
    """Yield the lines of a GEXF file, a node or edge each."""
    yield HEAD
    columns = edge_columns(contents)
    yield declarations("node", node_columns())
    yield declarations("edge", columns)
    yield "<nodes>\n"
    for row in node_rows(contents):
        label = xml_text(row.attributes["label"])
        yield f'<node id="{xml_text(row.ends[0])}" label="{label}">{values(row)}</node>\n'
    yield "</nodes>\n<edges>\n"
    for number, row in enumerate(edge_rows(contents, columns)):
        start, end = map(xml_text, row.ends)
        label = row.attributes["edgeType"]
        yield f'<edge id="e{number}" source="{start}" target="{end}" label="{label}">{values(row)}</edge>\n'
    yield "</edges>\n</graph>\n</gexf>\n"


def declarations(scope: str, columns: dict[str, ColumnType]) -> str:
    """Return the elements that say which attributes there are."""
    lines = [
        f'<attribute id="{name}" title="{name}" type="{TYPE_NAMES[kind]}"/>\n'
        for name, kind in columns.items()
        if name != "label"
    ]
    return f'<attributes class="{scope}" mode="static">\n{"".join(lines)}</attributes>\n'


def values(row: Row) -> str:
    """Return the attributes of a row as elements."""
    pairs = (
        f'<attvalue for="{name}" value="{xml_value(name, value)}"/>'
        for name, value in row.attributes.items()
        if name != "label"
    )
    return f"<attvalues>{''.join(pairs)}</attvalues>"


def read_gexf(path: Path) -> Graph:
    """Return the graph that a GEXF file of ours holds.

    Raises:
        ExportError: for a file that is none.
    """
    graph = Graph()
    keys: dict[str, dict[str, tuple[str, str]]] = {"node": {}, "edge": {}}
    table, node, edge = (f"{{{NAMESPACE}}}{name}" for name in ("attributes", "node", "edge"))
    try:
        for element in elements(path, table, node, edge):
            if element.tag == table:
                declared = element.iter(f"{{{NAMESPACE}}}attribute")
                keys[element.get("class")] = {e.get("id"): (e.get("title"), e.get("type")) for e in declared}
            elif element.tag == node:
                add_node(graph, Row((unescape(element.get("id")),), attributes_of(element, keys["node"])))
            else:
                ends = unescape(element.get("source")), unescape(element.get("target"))
                add_edge(graph, Row(ends, attributes_of(element, keys["edge"])))
    except (KeyError, ValueError, TypeError) as error:
        raise ExportError(f"{path} is no GEXF of yuanliu ({error}); export it once more") from error
    return graph


def attributes_of(element: Any, keys: dict[str, tuple[str, str]]) -> dict[str, Any]:  # noqa: ANN401 - lxml has no types
    """Return the attributes of a node or edge by name; `keys` gives the name and type of each key."""
    found = ((keys[e.get("for")], e.get("value")) for e in element.iter(f"{{{NAMESPACE}}}attvalue"))
    return {name: read_value(name, text, kind) for (name, kind), text in found}
