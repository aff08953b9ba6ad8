"""The SQLite store: the graph as tables in the same file as the archive, in WAL mode.

One table a label with its properties as columns, one table for all edges, one for names. graph.build writes what documents change,
batch by batch; `apply` makes the store hold a given graph. Both write only the difference, in durable transactions; readers go
on meanwhile.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from graph import search_index
from graph.build_tables import BUILT, statements
from graph.errors import StoreError
from graph.ledger import Ledger, encode
from graph.model import EDGES, LABELS, Edge, Graph, Name, Node, content_hash, edge_record, name_record, node_record
from graph.store import Parameter, Row, read_query

VERSION = 3  # 2: what the reading of a statement rests on; 3: derivations, judgements, titles in both languages
PRAGMAS = ("journal_mode = wal", "synchronous = full", "busy_timeout = 30000", "cache_size = -65536")
BUILT_SINCE = 3  # the version since which the builder knows what it has read
INDEXES = """
create index if not exists edge_by_end on edge (type, end, start);
create index if not exists name_by_entity on name (entity);
create index if not exists node_claim_by_date on node_claim ("sortDate");
"""


class SqliteStore:
    """A graph in a SQLite file.

    Raises:
        StoreError: on opening a file that is no database, or one that a newer yuanliu wrote.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.connection = sqlite3.connect(path, isolation_level=None, timeout=30)
            self.connection.row_factory = sqlite3.Row
            for pragma in PRAGMAS:
                self.connection.execute(f"pragma {pragma}")
            self.prepare()
        except sqlite3.Error as error:
            raise StoreError(f"cannot open the store {path}: {error}; name another one with --store") from error

    def prepare(self) -> None:
        """Make the tables where they are missing, and refuse a newer version."""
        if self.version() == VERSION:
            return
        with self.transaction():
            found = self.version()
            if found is not None and found > VERSION:
                raise StoreError(
                    f"{self.path} has graph version {found}, this yuanliu reads up to {VERSION}; "
                    "upgrade yuanliu (nothing was changed)"
                )
            for statement in (*tables(), *statements()):
                self.connection.execute(statement)
            self.add_columns()
            search_index.create(self.connection)
            if found is not None and found < BUILT_SINCE:
                self.connection.execute("delete from read_document")  # the next load builds the graph anew
            self.connection.execute("delete from graph_version")
            self.connection.execute("insert into graph_version values (?)", (VERSION,))

    def add_columns(self) -> None:
        """Give the tables of an older version the columns that came since; the next load fills them."""
        for label, columns in LABELS.items():
            table = f"node_{label.lower()}"
            known = {row["name"] for row in self.connection.execute(f"pragma table_info({table})")}
            for column, kind in columns.items():
                if column not in known:
                    self.connection.execute(f'alter table {table} add column "{column}" {kind}')

    def version(self) -> int | None:
        """Return the version of the graph's tables, None where there are none."""
        known = self.connection.execute("select 1 from sqlite_master where name = 'graph_version'").fetchone()
        row = self.connection.execute("select version from graph_version").fetchone() if known else None
        return int(row[0]) if row else None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Run a block in one write transaction."""
        self.connection.execute("begin immediate")
        try:
            yield
        except BaseException:
            self.connection.execute("rollback")
            raise
        self.connection.execute("commit")

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Read one state of the graph in a block, whatever is committed meanwhile."""
        if self.connection.in_transaction:
            yield
            return
        self.connection.execute("begin")
        try:
            yield
        finally:
            self.connection.execute("commit")

    def close(self) -> None:
        """Close the file."""
        self.connection.close()

    def query(self, name: str, **parameters: Parameter) -> list[Row]:
        """Return the rows of a named query; a list is bound as JSON."""
        bound = {key: value if is_value(value) else encode(value) for key, value in parameters.items()}
        return [dict(row) for row in self.connection.execute(read_query(name, language="sql"), bound)]

    def apply(self, graph: Graph, *, progress: Callable[[int], None] = lambda _: None) -> dict[str, int]:
        """Make the store hold exactly this graph; return how many records were added, changed and removed."""
        ledger = Ledger(self.connection)
        with self.transaction():
            self.forget_built()
            for label in LABELS:
                gone = dict.fromkeys(self.column(f"select id from node_{label.lower()}"))
                nodes = {node.id: node.properties for (kind, _), node in graph.nodes.items() if kind == label}
                ledger.put_nodes(label, {**gone, **nodes})
            for edge_type in EDGES:
                edges = [edge for edge in graph.edges.values() if edge.type == edge_type]
                starts = {edge.start for edge in edges}.union(
                    self.column("select distinct start from edge where type = ?", edge_type)
                )
                ledger.put_edges(edge_type, starts, edges)
            names = sorted(graph.names, key=lambda name: (name.folded, name.entity, name.surface))
            entities = {name.entity for name in names}.union(self.column("select distinct entity from name"))
            ledger.put_names(entities, names)
        totals = {name: ledger.totals[name] for name in ("added", "changed", "removed")}
        progress(sum(totals.values()))
        return totals

    def column(self, query: str, *parameters: str) -> list[str]:
        """Return the first column of a query."""
        return [row[0] for row in self.connection.execute(query, parameters)]

    @property
    def mirrored(self) -> bool:
        """Whether another store follows this one."""
        return bool(self.connection.execute("select exists (select 1 from mirror)").fetchone()[0])

    def setting(self, name: str) -> str | None:
        """Return a setting of the builder, None for one that was not set."""
        row = self.connection.execute("select value from builder_setting where name = ?", (name,)).fetchone()
        return str(row[0]) if row else None

    def set_setting(self, name: str, value: str) -> None:
        """Set a setting of the builder, within a transaction of the caller's."""
        self.connection.execute("insert or replace into builder_setting values (?, ?)", (name, value))

    def forget_built(self) -> None:
        """Empty the builder's tables: what the graph holds is not what it wrote."""
        for table in BUILT:
            self.connection.execute(f"delete from {table}")

    def clear(self) -> None:
        """Remove the graph, within a transaction of the caller's."""
        self.forget_built()
        for table in (*(f"node_{label.lower()}" for label in LABELS), "edge", "name"):
            self.connection.execute(f"delete from {table}")
        search_index.rebuild(self.connection)

    def graph(self) -> Graph:
        """Read the whole graph into memory."""
        with self.snapshot():
            return self.read_graph()

    def read_graph(self) -> Graph:
        """Read the whole graph, table by table."""
        graph = Graph()
        for label, columns in LABELS.items():
            for row in self.connection.execute(f"select * from node_{label.lower()}"):
                graph.nodes[label, row["id"]] = Node(label, row["id"], {column: row[column] for column in columns})
        for row in self.connection.execute('select type, start, "end", key, properties from edge'):
            kind, start, end, key, properties = row
            graph.edges[kind, start, end, key] = Edge(kind, start, end, key, json.loads(properties))
        graph.names = {Name(*row) for row in self.connection.execute("select folded, entity, surface from name")}
        return graph

    def content_hash(self) -> str:
        """Return the hash of everything but the times of recording and fetching."""
        with self.snapshot():
            return content_hash(self.records())

    def records(self) -> Iterator[str]:
        """Yield every node, edge and name as a canonical line."""
        for label, columns in LABELS.items():
            for row in self.connection.execute(f"select * from node_{label.lower()}"):
                yield node_record(label, row["id"], {column: row[column] for column in columns})
        for row in self.connection.execute('select type, start, "end", key, properties from edge'):
            kind, start, end, key, properties = row
            yield edge_record(Edge(kind, start, end, key, json.loads(properties)))
        for row in self.connection.execute("select folded, entity, surface from name"):
            yield name_record(Name(*row))


def tables() -> Iterator[str]:
    """Yield the statements that make the tables."""
    yield "create table if not exists graph_version (version integer not null)"
    for label, columns in LABELS.items():
        listed = ", ".join(f'"{column}" {kind}' for column, kind in columns.items())
        yield f"create table if not exists node_{label.lower()} (id text primary key, {listed}) without rowid"
    yield (
        'create table if not exists edge (type text not null, start text not null, "end" text not null, '
        'key text not null, properties text not null, primary key (type, start, "end", key)) without rowid'
    )
    yield (
        "create table if not exists name (folded text not null, entity text not null, surface text not null, "
        "primary key (folded, entity)) without rowid"
    )
    yield from filter(str.strip, INDEXES.split(";"))


def is_value(parameter: Parameter) -> bool:
    """Whether SQLite can bind a parameter as it is."""
    return parameter is None or isinstance(parameter, str | int | float)
