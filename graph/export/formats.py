"""Formats: an export by the name of its format, and a file read back by what it is.

A graph or store flows in, a file flows out; or a file flows in and a Graph flows out that has the content hash of what
was exported. Each format is a module of its own in graph.export.
"""

# ruff: noqa: PLC0415 - each format is imported where it is used

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from graph.contents import Contents, Source, contents_of
from graph.export.errors import ExportError
from graph.export.watched import Watched
from graph.export.whole_files import whole_archive, whole_file, whole_folder
from graph.model import Graph

FORMATS = ("graphml", "gexf", "jsonl", "networkx", "csv", "cypher")
SUFFIXES = {
    **{".graphml": "graphml", ".gexf": "gexf", ".jsonl": "jsonl", ".json": "networkx"},
    **{".cypher": "cypher", ".zip": "csv"},
}  # the format that a file's name asks for
BEGINNING = 4096  # bytes in which a file shows what it is
Step = Callable[[int], None]


def export(source: Source, form: str, place: Path, *, force: bool = False, step: Step = lambda _: None) -> None:
    """Write a graph or store to a file, or as CSV to a folder or a .zip file.

    Records are read and written one after the other; only a Graph is held in memory. `step` is told of every few
    hundred. What is written appears whole at the end, or not at all.

    Raises:
        ExportError: for an unknown format, and for a place that is taken (unless `force`) or cannot be written to.
    """
    contents = Watched(contents_of(source), step)
    with contents.contents.snapshot():
        if form != "csv":
            with whole_file(place, force=force) as write:
                write_lines(contents, form, write)
            return
        from graph.export.csv_tables import csv_tables

        whole = whole_archive if place.suffix.lower() == ".zip" else whole_folder
        with whole(place, force=force) as write_table:
            for table in csv_tables(contents):
                write_table(table.name, table.lines)


def stream(source: Source, form: str, write: Callable[[str], object], *, step: Step = lambda _: None) -> None:
    """Hand the text of an export to a function piece by piece.

    Raises:
        ExportError: for CSV, which is more than one file, and for an unknown format.
    """
    contents = Watched(contents_of(source), step)
    with contents.contents.snapshot():
        write_lines(contents, form, write)


def write_lines(contents: Contents, form: str, write: Callable[[str], object]) -> None:
    """Write the lines of a format."""
    for line in lines_of(contents, form):
        write(line)


def lines_of(contents: Contents, form: str) -> Iterator[str]:
    """Return the lines of a format that is one text file.

    Raises:
        ExportError: for any other.
    """
    match form:
        case "graphml":
            from graph.export.graphml import graphml_lines

            return graphml_lines(contents)
        case "gexf":
            from graph.export.gexf import gexf_lines

            return gexf_lines(contents)
        case "jsonl":
            from graph.export.json_lines import json_lines

            return json_lines(contents)
        case "networkx":
            from graph.export.node_link import node_link_lines

            return node_link_lines(contents)
        case "cypher":
            from graph.export.cypher_script import cypher_statements

            return cypher_statements(contents)
    texts = ", ".join(name for name in FORMATS if name != "csv")
    raise ExportError(f"{form!r} is no format of one text file; write one of {texts}")


def read_graph(path: Path) -> Graph:
    """Return the graph of a GraphML, GEXF, JSON Lines or node-link file that was exported.

    What the file is shows in its first characters; its name does not matter. The whole graph is held in memory.

    Raises:
        ExportError: for a file that cannot be read or is none of these.
    """
    from graph.export.gexf import read_gexf
    from graph.export.graphml import read_graphml
    from graph.export.json_lines import read_json_lines
    from graph.export.node_link import read_node_link

    try:
        with path.open("rb") as file:
            begin = file.read(BEGINNING)
    except OSError as error:
        raise ExportError(f"cannot read {path}: {error.strerror}") from error
    if begin.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        if b"<graphml" in begin:
            return read_graphml(path)
        if b"<gexf" in begin:
            return read_gexf(path)
    elif is_record(begin) or not begin:
        return read_json_lines(path)
    elif begin.startswith(b"{"):
        return read_node_link(path)
    raise ExportError(f"{path} is none of the exports that can be read back: GraphML, GEXF, JSON Lines, networkx")


def is_record(begin: bytes) -> bool:
    """Tell whether a file begins as JSON Lines of a graph.

    >>> is_record('{"name": "零一万物", "entity"'.encode()), is_record(b'{"directed": true')
    (True, False)
    """
    return begin.startswith((b'{"node":', b'{"edge":', b'{"name":'))
