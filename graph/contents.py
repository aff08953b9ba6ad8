"""Contents: the nodes, edges and names of a graph one after the other, whatever holds them.

A Graph or a store flows in, single records flow out, to graph.export and to whoever reads a whole graph. Nothing is
held but the row at hand, so a store of any size can be read through. Records come label by label and type by type, in
the order of their ids; from a server in the server's order.
"""

from __future__ import annotations

import json
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple

from graph.batches import in_batches
from graph.model import EDGES, LABELS, Edge, Graph, Name, Node, Value
from graph.sqlite_store import SqliteStore
from graph.store import Store

if TYPE_CHECKING:
    from neo4j import Record

    from graph.neo4j_store import Neo4jStore

AT_ONCE = 500  # ids that one statement asks for


class Counts(NamedTuple):
    """How many records of each sort a graph has."""

    nodes: int
    edges: int
    names: int


class Contents(ABC):
    """What a graph holds, read one record at a time."""

    @abstractmethod
    def nodes(self, label: str, ids: Sequence[str] | None = None) -> Iterator[Node]:
        """Yield the nodes of a label, or those of some ids."""

    @abstractmethod
    def edges(
        self, kind: str, *, starts: Sequence[str] | None = None, ends: Sequence[str] | None = None
    ) -> Iterator[Edge]:
        """Yield the edges of a type, or those that start or that end at some ids."""

    @abstractmethod
    def names(self, entities: Sequence[str] | None = None) -> Iterator[Name]:
        """Yield the names, or those of some entities."""

    @abstractmethod
    def strays(self) -> Iterator[Name]:
        """Yield the names of which the entity is no node."""

    @abstractmethod
    def count(self) -> Counts:
        """Return how many nodes, edges and names there are."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Let everything that is read within the block be of one moment, where the store can do that."""
        return nullcontext()

    def edge_columns(self) -> dict[str, dict[str, set[type]]]:
        """Return the properties that edges of each type have, with the Python types of their values but None."""
        found: dict[str, dict[str, set[type]]] = {kind: defaultdict(set) for kind in EDGES}
        for kind, columns in found.items():
            for edge in self.edges(kind):
                for name, value in edge.properties.items():
                    if value is not None:
                        columns[name].add(type(value))
        return found


Source = Graph | Store | Contents


def contents_of(source: Source) -> Contents:
    """Return what reads the contents of a graph or store."""
    if isinstance(source, Contents):
        return source
    if isinstance(source, Graph):
        return GraphContents(source)
    if isinstance(source, SqliteStore):
        return SqliteContents(source)
    return Neo4jContents(source)  # type: ignore[arg-type] # the third kind; its module is imported only for a server


def nodes(source: Source) -> Iterator[Node]:
    """Yield every node."""
    reader = contents_of(source)
    for label in LABELS:
        yield from reader.nodes(label)


def edges(source: Source) -> Iterator[Edge]:
    """Yield every edge."""
    reader = contents_of(source)
    for kind in EDGES:
        yield from reader.edges(kind)


def names(source: Source) -> Iterator[Name]:
    """Yield every name."""
    return contents_of(source).names()


class GraphContents(Contents):
    """The contents of a graph in memory, sorted as a table would give them."""

    def __init__(self, graph: Graph) -> None:
        self.graph = graph
        self.by_label: dict[str, list[str]] = defaultdict(list)
        self.by_type: dict[str, list[Edge]] = defaultdict(list)
        self.by_entity: dict[str, list[Name]] = defaultdict(list)
        for label, identifier in sorted(graph.nodes):
            self.by_label[label].append(identifier)
        for key in sorted(graph.edges):
            self.by_type[key[0]].append(graph.edges[key])
        self.sorted_names = sorted(graph.names, key=lambda name: (name.folded, name.entity, name.surface))
        for name in self.sorted_names:
            self.by_entity[name.entity].append(name)

    def nodes(self, label: str, ids: Sequence[str] | None = None) -> Iterator[Node]:
        """Yield the nodes of a label, or those of some ids."""
        wanted = self.by_label[label] if ids is None else ids
        return (self.graph.nodes[label, each] for each in wanted if (label, each) in self.graph.nodes)

    def edges(
        self, kind: str, *, starts: Sequence[str] | None = None, ends: Sequence[str] | None = None
    ) -> Iterator[Edge]:
        """Yield the edges of a type, or those that start or that end at some ids."""
        first, last = (None if ids is None else set(ids) for ids in (starts, ends))
        for edge in self.by_type[kind]:
            if (first is None or edge.start in first) and (last is None or edge.end in last):
                yield edge

    def names(self, entities: Sequence[str] | None = None) -> Iterator[Name]:
        """Yield the names, or those of some entities."""
        if entities is None:
            return iter(self.sorted_names)
        return (name for entity in entities for name in self.by_entity.get(entity, ()))

    def strays(self) -> Iterator[Name]:
        """Yield the names of which the entity is no node."""
        return (name for name in self.sorted_names if ("Entity", name.entity) not in self.graph.nodes)

    def count(self) -> Counts:
        """Return how many nodes, edges and names there are."""
        return Counts(len(self.graph.nodes), len(self.graph.edges), len(self.graph.names))


class SqliteContents(Contents):
    """The contents of a SQLite store, read through its indexes."""

    def __init__(self, store: SqliteStore) -> None:
        self.store = store
        self.connection = store.connection

    def nodes(self, label: str, ids: Sequence[str] | None = None) -> Iterator[Node]:
        """Yield the nodes of a label, or those of some ids."""
        columns = LABELS[label]
        listed = ", ".join(f'"{column}"' for column in ("id", *columns))
        text = f"select {listed} from node_{label.lower()}"
        for row in self.rows(text, {"id": ids}, order="id"):
            yield Node(label, row[0], dict(zip(columns, row[1:], strict=True)))

    def edges(
        self, kind: str, *, starts: Sequence[str] | None = None, ends: Sequence[str] | None = None
    ) -> Iterator[Edge]:
        """Yield the edges of a type, or those that start or that end at some ids."""
        text = 'select start, "end", key, properties from edge where type = ?'
        chosen = {"start": starts, '"end"': ends}
        for start, end, key, properties in self.rows(text, chosen, order='start, "end", key', first=(kind,)):
            yield Edge(kind, start, end, key, json.loads(properties))

    def names(self, entities: Sequence[str] | None = None) -> Iterator[Name]:
        """Yield the names, or those of some entities."""
        text = "select folded, entity, surface from name"
        return (Name(*row) for row in self.rows(text, {"entity": entities}, order="folded, entity"))

    def strays(self) -> Iterator[Name]:
        """Yield the names of which the entity is no node."""
        text = (
            "select folded, entity, surface from name "
            "where not exists (select 1 from node_entity where id = name.entity) order by folded, entity"
        )
        return (Name(*row) for row in self.connection.execute(text))

    def count(self) -> Counts:
        """Return how many nodes, edges and names there are."""
        tables = [*(f"node_{label.lower()}" for label in LABELS), "edge", "name"]
        texts = [f"select count(*) from {table}" for table in tables]
        found = [int(self.connection.execute(text).fetchone()[0]) for text in texts]
        return Counts(sum(found[:-2]), *found[-2:])

    def snapshot(self) -> AbstractContextManager[None]:
        """Let everything that is read within the block be of one moment."""
        return self.store.snapshot()

    def rows(
        self, text: str, chosen: Mapping[str, Sequence[str] | None], *, order: str, first: tuple[str, ...] = ()
    ) -> Iterator[tuple[Any, ...]]:
        """Yield the rows of a statement, of all or of those where one column has one of some values."""
        wanted = [(column, ids) for column, ids in chosen.items() if ids is not None]
        if not wanted:
            yield from map(tuple, self.connection.execute(f"{text} order by {order}", first))
            return
        ((column, ids),) = wanted
        joint = "and" if first else "where"
        for some in in_batches(sorted(set(ids)), AT_ONCE):
            marks = ", ".join("?" * len(some))
            statement = f"{text} {joint} {column} in ({marks}) order by {order}"
            yield from map(tuple, self.connection.execute(statement, (*first, *some)))


class Neo4jContents(Contents):
    """The contents of a Neo4j server, streamed by its driver."""

    def __init__(self, store: Neo4jStore) -> None:
        self.store = store

    def nodes(self, label: str, ids: Sequence[str] | None = None) -> Iterator[Node]:
        """Yield the nodes of a label, or those of some ids."""
        where = "" if ids is None else " WHERE n.id IN $ids"
        for record in self.stream(f"MATCH (n:{label}){where} RETURN n", ids):
            own = record["n"]
            yield Node(label, own["id"], {column: own.get(column) for column in LABELS[label]})

    def edges(
        self, kind: str, *, starts: Sequence[str] | None = None, ends: Sequence[str] | None = None
    ) -> Iterator[Edge]:
        """Yield the edges of a type, or those that start or that end at some ids."""
        from graph.neo4j_writer import MARK  # noqa: PLC0415 - imports the driver

        start, end = EDGES[kind]
        ids = starts if starts is not None else ends
        where = "" if ids is None else f" WHERE {'a' if starts is not None else 'b'}.id IN $ids"
        text = f"MATCH (a:{start})-[r:{kind}]->(b:{end}){where} RETURN a.id AS a, b.id AS b, properties(r) AS own"
        for record in self.stream(text, ids):
            own: dict[str, Value] = {name: value for name, value in record["own"].items() if name != MARK}
            yield Edge(kind, record["a"], record["b"], str(own.pop("key")), own)

    def names(self, entities: Sequence[str] | None = None) -> Iterator[Name]:
        """Yield the names, or those of some entities."""
        where = "" if entities is None else " WHERE e.id IN $ids"
        text = f"MATCH (n:Name)-[:NAMES]->(e:Entity){where} RETURN n.folded AS a, e.id AS b, n.surface AS c"
        return (Name(record["a"], record["b"], record["c"]) for record in self.stream(text, entities))

    def strays(self) -> Iterator[Name]:
        """Yield nothing: a server keeps names at their entities."""
        return iter(())

    def count(self) -> Counts:
        """Return how many nodes, edges and names there are."""
        nodes = [f"MATCH (n:{label}) RETURN count(n) AS found" for label in LABELS]
        edges = [f"MATCH ()-[r:{kind}]->() RETURN count(r) AS found" for kind in EDGES]
        names = ["MATCH (n:Name) RETURN count(n) AS found"]
        parts = ([record["found"] for text in texts for record in self.stream(text)] for texts in (nodes, edges, names))
        return Counts(*map(sum, parts))

    def stream(self, text: str, ids: Sequence[str] | None = None) -> Iterator[Record]:
        """Yield the records of a statement while they arrive, for some ids a batch of them at a time."""
        from graph.neo4j_store import told  # noqa: PLC0415 - imports the driver

        with told(self.store.address), self.store.driver.session(database=self.store.database) as session:
            for some in [None] if ids is None else in_batches(sorted(set(ids)), AT_ONCE):
                yield from session.run(text, {"ids": some})
