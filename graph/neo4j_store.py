"""The Neo4j store: the graph in a Neo4j server, through the official driver.

`apply` holds a lock in the server while it compares the graph with what is there and writes the difference in batches,
each a managed transaction that is retried where the server asks for it. A kill in the middle leaves whole batches; the
next load goes on from there. Names are nodes of their own, so that they can be looked up by an index; an entity's
`aliases` repeat them for people who look at the graph.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, nullcontext
from importlib.resources import files
from ssl import SSLError
from typing import Any

from neo4j import Driver, GraphDatabase, ManagedTransaction, NotificationMinimumSeverity, Record
from neo4j.exceptions import AuthError, ClientError, DriverError, Neo4jError, ServiceUnavailable
from neo4j.graph import Node as Neo4jNode

from graph.errors import StoreError
from graph.mirror import Patch
from graph.model import EDGES, LABELS, Edge, Graph, Name, content_hash, edge_record, name_record, node_record
from graph.neo4j_writer import MARK, Writer, edge_rows, node_rows
from graph.store import Credentials, Parameter, Row, read_query

logging.getLogger("neo4j").addHandler(logging.NullHandler())  # what matters comes back as errors
OLDEST = (5, 23)  # the first server with scoped subqueries, CALL (x) { ... }


class Neo4jStore:
    """A graph in a Neo4j server.

    Raises:
        StoreError: on opening where the server cannot be reached, refuses the login or is too old.
    """

    def __init__(self, address: str, credentials: Credentials) -> None:
        self.address = address
        self.database = credentials.database
        self.locked = False
        auth = (credentials.user, credentials.password) if credentials.password else None
        self.driver: Driver = GraphDatabase.driver(
            address, auth=auth, notifications_min_severity=NotificationMinimumSeverity.OFF, connection_timeout=10
        )
        try:
            with told(address):
                self.version, self.edition = self.server()
        except StoreError:
            self.driver.close()
            raise
        if tuple(int(part) for part in self.version.split(".")[:2]) < OLDEST:
            self.driver.close()
            oldest = ".".join(map(str, OLDEST))
            raise StoreError(f"{address} is Neo4j {self.version}; yuanliu needs {oldest} or later")

    def server(self) -> tuple[str, str]:
        """Return the server's version and edition."""
        self.driver.verify_connectivity()
        row = self.run("CALL dbms.components() YIELD versions, edition RETURN versions[0] AS version, edition")[0]
        return str(row["version"]), str(row["edition"])

    def close(self) -> None:
        """Close the connections."""
        self.driver.close()

    def run(self, text: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
        """Run one statement in a transaction of its own and return its rows."""
        with self.driver.session(database=self.database) as session:
            return [record.data() for record in session.run(text, dict(parameters or {}))]

    def query(self, name: str, **parameters: Parameter) -> list[Row]:
        """Return the rows of a named query."""
        text = read_query(name, language="cypher")

        def read(transaction: ManagedTransaction) -> list[Row]:
            return [flatten(record) for record in transaction.run(text, dict(parameters))]

        with told(self.address), self.driver.session(database=self.database) as session:
            return session.execute_read(read)

    def snapshot(self) -> AbstractContextManager[None]:
        """Do nothing: a server's queries are each of their own moment."""
        return nullcontext()

    def prepare(self) -> None:
        """Make the constraints and indexes that are missing, and wait until they are usable."""
        with told(self.address):
            for statement in schema():
                self.make(statement)
            self.run("CALL db.awaitIndexes(120)")

    def make(self, statement: str) -> None:
        """Make a constraint or an index; what a server that died while it made a constraint left of it is removed first."""
        try:
            self.run(statement)
        except ClientError as error:
            if not (error.code or "").endswith("IndexWithNameAlreadyExists"):
                raise
            self.run(f"DROP INDEX {name_of(statement)} IF EXISTS")
            self.run(statement)

    def missing_schema(self) -> list[str]:
        """Return the names of the constraints and indexes that are not there."""
        with told(self.address):
            known = {row["name"] for row in self.run("SHOW CONSTRAINTS YIELD name")}
            known |= {row["name"] for row in self.run("SHOW INDEXES YIELD name")}
        return [name for name in map(name_of, schema()) if name not in known]

    def apply(self, graph: Graph, *, progress: Callable[[int], None] = lambda _: None) -> dict[str, int]:
        """Make the store hold exactly this graph; return how many records were added, changed and removed."""
        totals = {"added": 0, "changed": 0, "removed": 0}
        with told(self.address), self.lock(), self.driver.session(database=self.database) as session:
            self.set_token(None)  # whatever was mirrored here, it is not any more
            writer = Writer(session, totals, progress)
            kept = [writer.upsert_nodes(label, rows) for label, rows in node_rows(graph).items()]
            gone = [writer.upsert_edges(kind, rows) for kind, rows in edge_rows(graph).items()]
            for remove in (*gone, *kept):
                remove()
        return totals

    def patch(self, patch: Patch, *, progress: Callable[[int], None] = lambda _: None) -> dict[str, int]:
        """Make these records what they are in the patch; return how many were added, changed and removed."""
        totals = {"added": 0, "changed": 0, "removed": 0}
        nodes: dict[str, set[str]] = {label: set() for label in (*LABELS, "Name")}
        edges: dict[str, set[tuple[str, str, str]]] = {kind: set() for kind in EDGES}
        for label, identifier in patch.nodes:
            nodes[label].add(identifier)
        for folded, entity in patch.names:
            nodes["Name"].add(f"{entity}\n{folded}")
        for kind, *key in patch.edges:
            edges[kind].add((key[0], key[1], key[2]))
        node, edge = node_rows(patch.graph), edge_rows(patch.graph)
        with told(self.address), self.lock(), self.driver.session(database=self.database) as session:
            writer = Writer(session, totals, progress)
            kept = [
                writer.upsert_nodes(label, {i: row for i, row in node[label].items() if i in ids}, among=ids)
                for label, ids in nodes.items()
                if ids
            ]
            gone = [writer.upsert_edges(kind, edge[kind], among=keys) for kind, keys in edges.items() if keys]
            for remove in (*gone, *kept):
                remove()
        return totals

    def token(self) -> str | None:
        """Return the token that a mirrored graph left here, None while one is being written."""
        with told(self.address):
            rows = self.run("MATCH (l:YuanliuLoad {id: 'token'}) RETURN l.token AS token")
        return str(rows[0]["token"]) if rows and rows[0]["token"] else None

    def set_token(self, token: str | None) -> None:
        """Leave a token here, or take it away."""
        with told(self.address):
            self.run("MERGE (l:YuanliuLoad {id: 'token'}) SET l.token = $token", {"token": token})

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the lock of loading: a second writer waits here; the server frees it when its holder dies.

        Its holder may take it again. What the schema lacks is made first, for that would wait for the lock.
        """
        if self.locked:
            yield
            return
        if self.missing_schema():
            self.prepare()
        with (
            told(self.address),
            self.driver.session(database=self.database) as session,
            session.begin_transaction() as transaction,
        ):
            transaction.run("MERGE (l:YuanliuLoad {id: 'load'}) SET l.held = timestamp()").consume()
            self.locked = True
            try:
                yield
            finally:
                self.locked = False
            transaction.commit()

    def content_hash(self) -> str:
        """Return the hash of everything but when and how often something was recorded or fetched."""
        with told(self.address):
            return content_hash(self.records())

    def records(self) -> Iterator[str]:
        """Yield every node, edge and name as a canonical line."""
        with self.driver.session(database=self.database) as session:
            for label, columns in LABELS.items():
                for record in session.run(f"MATCH (n:{label}) RETURN n"):
                    properties = record["n"]
                    yield node_record(label, properties["id"], {column: properties.get(column) for column in columns})
            for kind, (start, end) in EDGES.items():
                text = (
                    f"MATCH (a:{start})-[r:{kind}]->(b:{end}) RETURN a.id AS start, b.id AS end, properties(r) AS all"
                )
                for record in session.run(text):
                    own = {name: value for name, value in record["all"].items() if name not in ("key", MARK)}
                    yield edge_record(Edge(kind, record["start"], record["end"], record["all"]["key"], own))
            names = (
                "MATCH (n:Name)-[:NAMES]->(e:Entity) RETURN n.folded AS folded, e.id AS entity, n.surface AS surface"
            )
            for record in session.run(names):
                yield name_record(Name(record["folded"], record["entity"], record["surface"]))


def flatten(record: Record) -> Row:
    """Return a record with the properties of its node as columns, as tables give them; missing ones are None."""
    flat: Row = {}
    for key, value in zip(record.keys(), record.values(), strict=True):
        if isinstance(value, Neo4jNode):
            label = next(label for label in LABELS if label in value.labels)
            flat |= {"id": value["id"]} | {column: value.get(column) for column in LABELS[label]}
        else:
            flat[key] = value
    return flat


def schema() -> list[str]:
    """Return the statements of schema.cypher."""
    text = (files("graph") / "schema.cypher").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("//")]
    return [statement.strip() for statement in "\n".join(lines).split(";") if statement.strip()]


def name_of(statement: str) -> str:
    """Return the name of the constraint or index that a statement makes.

    >>> name_of("CREATE INDEX yuanliu_claim_date IF NOT EXISTS FOR (n:Claim) ON (n.sortDate)")
    'yuanliu_claim_date'
    """
    return statement.split(" IF NOT EXISTS", 1)[0].rsplit(maxsplit=1)[-1]


@contextmanager
def told(address: str) -> Iterator[None]:
    """Turn the driver's errors into StoreError that says what to do."""
    try:
        yield
    except AuthError as error:
        raise StoreError(
            f"{address} refused the login; set YUANLIU_NEO4J_USER and YUANLIU_NEO4J_PASSWORD in the environment"
        ) from error
    except ServiceUnavailable as error:
        raise StoreError(unreachable(address, error)) from error
    except ClientError as error:
        raise StoreError(refusal(address, error)) from error
    except (DriverError, Neo4jError) as error:
        raise StoreError(f"{address}: {error}") from error


def unreachable(address: str, error: BaseException) -> str:
    """Return why a server cannot be reached: nobody answers, or its certificate is not trusted."""
    causes: list[BaseException] = [error]
    while (cause := causes[-1].__cause__ or causes[-1].__context__) and cause not in causes:
        causes.append(cause)
    if any(isinstance(cause, SSLError) or "certificate" in str(cause).lower() for cause in causes):
        return (
            f"{address}: the certificate of the server is not trusted, or it does not speak TLS; "
            "neo4j+ssc:// accepts a certificate of your own, neo4j:// is not encrypted"
        )
    return f"cannot reach {address}: is the server running, and is this its Bolt port?"


def refusal(address: str, error: ClientError) -> str:
    """Return what a refusal of the server means."""
    code = error.code or ""
    if "Forbidden" in code or "ReadOnly" in code or "NotALeader" in code:
        return f"{address} does not let this user write: the database is read-only or the role has no write access"
    if "DatabaseNotFound" in code:
        return f"{address} has no such database; set YUANLIU_NEO4J_DATABASE, or leave it out for the default one"
    return f"{address} refused a statement ({code}): {error.message}"
