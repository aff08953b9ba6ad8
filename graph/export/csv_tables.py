"""CSV tables: a file for every label and every type of edge, as neo4j-admin import and LOAD CSV take them.

Rows flow in from graph.export.server_rows, files with their lines flow out: nodes-LABEL.csv, edges-TYPE.csv, and two
scripts for cypher-shell. load.cypher reads the tables into a server; restore.cypher completes a database that
neo4j-admin made of them. An empty cell is a property without a value, "" is an empty text.

LOAD CSV takes a backslash before a quote or a backslash for an escape, neo4j-admin and everybody else does not. Where
they differ a backslash is written as ␛005c; (see graph.export.escapes), and both scripts turn it back.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import chain
from typing import Any, NamedTuple

from graph.contents import Contents
from graph.export.cypher_script import schema_text
from graph.export.escapes import NOT_IN_UTF8, SIGN, cypher_name, sign
from graph.export.server_rows import ServerRow, edge_rows, name_rows, node_rows
from graph.ledger import SEARCHED
from graph.model import EDGES, LABELS, ColumnType

ESCAPED_BACKSLASH = f"{SIGN}005c;"
TEXT = f"replace(replace({{}}, '{ESCAPED_BACKSLASH}', '\\\\'), '{SIGN}241b;', '{SIGN}')"
FORMS: dict[type, tuple[str, str]] = {
    str: ("", TEXT),
    int: (":long", "toInteger({})"),
    float: (":double", "toFloat({})"),
    bool: (":boolean", "toBoolean({})"),
}  # what a column of a type is called after its name, and how LOAD CSV is told to read it
COLUMN_TYPES: dict[ColumnType, type] = {"text": str, "integer": int, "real": float}
NOT_BOTH = re.compile(r'\\(?=[\\"]|\Z)')
NUMBERS = {"True": "true", "False": "false", "inf": "Infinity", "-inf": "-Infinity", "nan": "NaN"}
ROWS = "IN TRANSACTIONS OF 5000 ROWS"


class Column(NamedTuple):
    """A column of properties: the property and the type of its values."""

    name: str
    type: type

    @property
    def heading(self) -> str:
        """What stands in the first line of the file."""
        return self.name + FORMS[self.type][0]


class Table(NamedTuple):
    """A file of the export: its name and lines."""

    name: str
    lines: Iterable[str]


def csv_tables(contents: Contents) -> Iterator[Table]:
    """Yield the files; the lines of each are to be read before the next one is asked for."""
    load: list[str] = []
    restore: list[str] = [ALIASES]
    for label in (*LABELS, "Name"):
        rows = name_rows(contents) if label == "Name" else node_rows(contents, label)
        columns = node_columns(label)
        if (first := next(rows, None)) is not None:
            yield Table(f"nodes-{label}.csv", node_lines(label, columns, chain([first], rows)))
            load.append(load_nodes(label, columns))
            restore += restore_texts(f"(n:{label})", [*columns, Column("id", str)])
            if label == "Name":
                yield Table("edges-NAMES.csv", naming_lines(contents))
                load.append(load_edges("NAMES", ("Name", "Entity"), None))
    for kind, types in contents.edge_columns().items():
        edges = edge_rows(contents, kind)
        if (first := next(edges, None)) is not None:
            columns = [Column(name, each) for name in sorted(types) for each in FORMS if each in types[name]]
            columns += [Column("recordHash", str)]
            yield Table(f"edges-{kind}.csv", edge_lines(kind, columns, chain([first], edges)))
            load.append(load_edges(kind, EDGES[kind], columns))
            restore += restore_texts(f"()-[n:{kind}]->()", [*columns, Column("key", str)])
    yield Table("load.cypher", [LOAD_HEAD, schema_text(), *load, ALIASES])
    yield Table("restore.cypher", [RESTORE_HEAD, schema_text(), *restore])


def node_columns(label: str) -> list[Column]:
    """Return the columns of a label's table, but for the id and the labels."""
    known: Mapping[str, ColumnType] = LABELS.get(label, {"folded": "text", "surface": "text"})
    more = ("words", "recordHash") if label in SEARCHED else ("recordHash",)
    return [*(Column(name, COLUMN_TYPES[kind]) for name, kind in known.items()), *(Column(name, str) for name in more)]


def node_lines(label: str, columns: list[Column], rows: Iterable[ServerRow]) -> Iterator[str]:
    """Yield the lines of a table of nodes."""
    yield line([f"id:ID({label})", *(column.heading for column in columns), ":LABEL"])
    for row in rows:
        labels = f"{label};{row['second']}" if row["second"] else label
        yield line([row["id"], *(row["props"].get(column.name) for column in columns), labels])


def naming_lines(contents: Contents) -> Iterator[str]:
    """Yield the lines of the table that leads from names to entities."""
    yield line([":START_ID(Name)", ":END_ID(Entity)", ":TYPE"])
    for row in name_rows(contents):
        yield line([row["id"], row["entity"], "NAMES"])


def edge_lines(kind: str, columns: list[Column], rows: Iterable[ServerRow]) -> Iterator[str]:
    """Yield the lines of a table of edges; a property of several types has a column for each."""
    start, end = EDGES[kind]
    yield line([f":START_ID({start})", f":END_ID({end})", "key", *(column.heading for column in columns), ":TYPE"])
    for row in rows:
        own = row.get("props", {})
        cells = [own[name] if type(own.get(name)) is kind_of else None for name, kind_of in columns]
        yield line([row["start"], row["end"], row["key"], *cells, kind])


def line(cells: Iterable[Any]) -> str:
    """Return a line of CSV.

    >>> line(["c-1", "“套壳”, 他说", None, "", 0.5])
    'c-1,"“套壳”, 他说",,"",0.5\\n'
    """
    return ",".join(map(cell, cells)) + "\n"


def cell(value: Any) -> str:  # noqa: ANN401 - any value of a property
    r"""Return a cell that LOAD CSV and the standard read alike.

    >>> cell("零一万物"), cell("他说, 套壳"), cell(True), cell(float("inf"))
    ('零一万物', '"他说, 套壳"', 'true', 'Infinity')
    >>> print(cell('a "b" c'), cell('a \\ b'), cell('say \\"b'))
    "a ""b"" c" "a \ b" "say ␛005c;""b"
    """
    if value is None:
        return ""
    if not isinstance(value, str):
        return NUMBERS.get(repr(value)) or repr(value)
    text = NOT_IN_UTF8.sub(sign, value.replace(SIGN, f"{SIGN}241b;"))
    if text and not re.search(r'[",\s]', text):
        return text
    return '"' + NOT_BOTH.sub(ESCAPED_BACKSLASH, text).replace('"', '""') + '"'


def load_nodes(label: str, columns: list[Column]) -> str:
    """Return the statement that reads a table of nodes."""
    from graph.neo4j_writer import KINDS  # noqa: PLC0415 - imports the driver

    values = ", ".join(f"{cypher_name(c.name)}: {read_cell(c)}" for c in columns)
    seconds = "".join(
        f"\n  FOREACH (_ IN CASE row.`:LABEL` WHEN '{label};{second}' THEN [1] ELSE [] END | SET n:{second})"
        for (own, _), second in KINDS.items()
        if own == label
    )
    return (
        f"LOAD CSV WITH HEADERS FROM 'file:///nodes-{label}.csv' AS row CALL (row) {{\n"
        f"  MERGE (n:{label} {{id: {text_in(f'id:ID({label})')}}})\n"
        f"  SET n += {{{values}}}{seconds}\n}} {ROWS};\n"
    )


def load_edges(kind: str, ends: tuple[str, str], columns: list[Column] | None) -> str:
    """Return the statement that reads a table of edges; those of names have no properties."""
    start, end = ends
    by_name: dict[str, list[str]] = {}
    for column in columns or ():
        by_name.setdefault(column.name, []).append(read_cell(column))
    values = ", ".join(f"{cypher_name(name)}: coalesce({', '.join(cells)})" for name, cells in by_name.items())
    key = "" if columns is None else f" {{key: {text_in('key')}}}"
    own = "" if columns is None or not values else f"\n  SET r += {{{values}}}"
    return (
        f"LOAD CSV WITH HEADERS FROM 'file:///edges-{kind}.csv' AS row CALL (row) {{\n"
        f"  MATCH (a:{start} {{id: {text_in(f':START_ID({start})')}}})\n"
        f"  MATCH (b:{end} {{id: {text_in(f':END_ID({end})')}}})\n"
        f"  MERGE (a)-[r:{kind}{key}]->(b){own}\n}} {ROWS};\n"
    )


def read_cell(column: Column) -> str:
    """Return how LOAD CSV reads a cell."""
    return FORMS[column.type][1].format(f"row.{cypher_name(column.heading)}")


def text_in(heading: str) -> str:
    """Return how LOAD CSV reads a cell of text by its heading."""
    return TEXT.format(f"row.{cypher_name(heading)}")


def restore_texts(pattern: str, columns: Iterable[Column]) -> Iterator[str]:
    """Yield the statements that turn escaped characters of nodes or edges back."""
    names = [cypher_name(column.name) for column in columns if column.type is str]
    some = " OR ".join(f"n.{name} CONTAINS '{SIGN}'" for name in dict.fromkeys(names))
    values = ", ".join(f"n.{name} = {TEXT.format(f'n.{name}')}" for name in dict.fromkeys(names))
    yield f"MATCH {pattern} WHERE {some} CALL (n) {{ SET {values} }} {ROWS};\n"


ALIASES = (
    "MATCH (e:Entity) CALL (e) {\n  SET e.aliases = COLLECT { MATCH (n:Name)-[:NAMES]->(e) "
    f"RETURN n.surface ORDER BY n.surface }}\n}} {ROWS};\n"
)
LOAD_HEAD = """// Reads the tables beside it into a Neo4j server: put them into its import directory, then
//   cypher-shell -a ADDRESS -u USER -f load.cypher
// Every statement can be run again without effect.
"""
RESTORE_HEAD = """// To be run once on a database that neo4j-admin made of the tables beside it:
//   neo4j-admin database import full NAME --multiline-fields=true --nodes=nodes-LABEL.csv ... --relationships=edges-TYPE.csv ...
//   cypher-shell -a ADDRESS -u USER -d NAME -f restore.cypher
"""
