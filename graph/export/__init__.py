"""Exports: the graph as files for other programs, and back.

`export` and `stream` write a graph or a store, `read_graph` reads back what lost nothing on the way.
"""

from graph.export.errors import ExportError
from graph.export.formats import FORMATS, SUFFIXES, export, read_graph, stream

__all__ = ["FORMATS", "SUFFIXES", "ExportError", "export", "read_graph", "stream"]
