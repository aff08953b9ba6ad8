"""Node-link JSON: the graph as networkx.node_link_graph takes it, and back.

Written by hand, a row a line, so that a large store need not be held in memory as networkx would; the keys are those of
networkx. The key of an edge is its type and its own key, so that it is unlike that of every parallel edge.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from graph.contents import Contents
from graph.export.attributes import Row, add_edge, add_node, edge_columns, edge_rows, node_rows
from graph.export.errors import ExportError
from graph.export.escapes import pack, unescape_all
from graph.model import Graph


def node_link_lines(contents: Contents) -> Iterator[str]:
    """Yield the lines of a node-link file, a node or edge each."""
    yield '{"directed": true, "multigraph": true, "graph": {}, "nodes": [\n'
    yield from joined({"id": row.ends[0], **row.attributes} for row in node_rows(contents))
    yield '], "edges": [\n'
    yield from joined(
        {
            "source": row.ends[0],
            "target": row.ends[1],
            "key": f"{row.attributes['edgeType']}:{row.attributes['edgeKey']}",
            **row.attributes,
        }
        for row in edge_rows(contents, edge_columns(contents))
    )
    yield "]}\n"


def joined(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yield rows as lines of JSON with commas between them."""
    waiting = None
    for row in rows:
        if waiting is not None:
            yield waiting + ",\n"
        waiting = pack(row)
    if waiting is not None:
        yield waiting + "\n"


def read_node_link(path: Path) -> Graph:
    """Return the graph that a node-link file holds, ours or one that went through networkx.

    Raises:
        ExportError: for a file that is none.
    """
    graph = Graph()
    try:
        whole = unescape_all(json.loads(path.read_bytes()))
        for node in whole["nodes"]:
            add_node(graph, Row((node.pop("id"),), node))
        for edge in whole["edges"]:
            add_edge(graph, Row((edge.pop("source"), edge.pop("target")), edge))
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise ExportError(f"{path} is no node-link JSON of yuanliu ({error}); export it once more") from error
    return graph
