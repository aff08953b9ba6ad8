"""The Cypher script: statements for cypher-shell that fill a Neo4j server with the graph.

Rows flow in from graph.export.server_rows, statements flow out, each ended by a semicolon: the schema first, then some
hundreds of rows at a time in UNWIND. Every statement can be run again without effect. An edge whose ends are no nodes
has no place in a server and is left out by it.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from importlib.resources import files

from graph.contents import Contents
from graph.export.escapes import cypher
from graph.export.server_rows import ServerRow, edge_rows, name_rows, node_rows
from graph.model import EDGES, LABELS

MOST = 250  # rows of one statement: the server reads each statement whole
LONGEST = 100_000  # characters of the texts in it


def cypher_statements(contents: Contents) -> Iterator[str]:
    """Yield the statements of the script, and the remarks between them."""
    yield "// The graph of yuanliu: cypher-shell -a ADDRESS -u USER -f THIS-FILE\n"
    yield schema_text()
    for label in LABELS:
        yield from node_statements(label, node_rows(contents, label))
    named = (
        "MERGE (n:Name {id: row.id}) SET n = row.props "
        "WITH n, row MATCH (e:Entity {id: row.entity}) MERGE (n)-[:NAMES]->(e)"
    )
    for some in chunks(name_rows(contents)):
        yield unwind([{key: row[key] for key in ("id", "entity", "props")} for row in some], named)
    for kind, ends in EDGES.items():
        for some in chunks(edge_rows(contents, kind)):
            yield edge_statement(kind, ends, some)


def schema_text() -> str:
    """Return the statements that make constraints and indexes and wait for them."""
    return (files("graph") / "schema.cypher").read_text(encoding="utf-8") + "CALL db.awaitIndexes(300);\n"


def node_statements(label: str, rows: Iterable[ServerRow]) -> Iterator[str]:
    """Yield the statements that write the nodes of a label, those of one second label together."""
    waiting: dict[str, list[ServerRow]] = defaultdict(list)
    lengths: Counter[str] = Counter()
    for row in rows:
        second = row["second"]
        waiting[second].append(row)
        lengths[second] += sum(len(value) for value in row["props"].values() if isinstance(value, str))
        if len(waiting[second]) == MOST or lengths[second] >= LONGEST:
            yield node_statement(label, second, waiting.pop(second))
            del lengths[second]
    for second, group in waiting.items():
        yield node_statement(label, second, group)


def node_statement(label: str, second: str, rows: list[ServerRow]) -> str:
    """Return the statement that writes some nodes."""
    also = f" SET n:{second}" if second else ""
    text = f"MERGE (n:{label} {{id: row.id}}) SET n = row.props{also}"
    return unwind([{"id": row["id"], "props": row["props"]} for row in rows], text)


def edge_statement(kind: str, ends: tuple[str, str], rows: list[ServerRow]) -> str:
    """Return the statement that writes some edges; one without properties keeps its key alone."""
    text = (
        f"MATCH (a:{ends[0]} {{id: row.start}}) MATCH (b:{ends[1]} {{id: row.end}}) "
        f"MERGE (a)-[r:{kind} {{key: row.key}}]->(b) SET r = row.props"
    )
    bare = [row.get("props", {"key": row["key"]}) for row in rows]
    return unwind([row | {"props": dict(sorted(own.items()))} for row, own in zip(rows, bare, strict=True)], text)


def unwind(rows: list[ServerRow], text: str) -> str:
    """Return a statement that does the same for every row."""
    return f"UNWIND {cypher(rows)} AS row {text};\n"


def chunks(rows: Iterable[ServerRow]) -> Iterator[list[ServerRow]]:
    """Yield as many rows at a time as one statement takes."""
    some: list[ServerRow] = []
    for row in rows:
        some.append(row)
        if len(some) == MOST:
            yield some
            some = []
    if some:
        yield some
