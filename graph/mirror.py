"""Mirroring: a server follows the graph that is built in the archive's file.

The builder logs which records it wrote; the records that changed since the server was last brought up to date flow to it. A server that was
never filled, was left half written, or was written by somebody else is compared as a whole instead. Which of both it is, a token tells
that server and log share.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Protocol, runtime_checkable

from graph.errors import StoreError
from graph.model import LABELS, Edge, Graph, Name, Node
from graph.sqlite_store import SqliteStore
from graph.store import Store

LONGEST_LOG = 1_000_000  # records


@dataclass(slots=True)
class Patch:
    """Records of a graph that changed: those that are there, and the keys of those that may be gone."""

    graph: Graph = field(default_factory=Graph)
    nodes: set[tuple[str, str]] = field(default_factory=set)
    edges: set[tuple[str, str, str, str]] = field(default_factory=set)
    names: set[tuple[str, str]] = field(default_factory=set)


@runtime_checkable
class Mirrors(Store, Protocol):
    """A store that can follow another one; `token` tells how far it is, None while it is being written."""

    address: str

    def lock(self) -> AbstractContextManager[None]:
        """Keep everybody else from writing; whoever holds the lock may take it again."""
        ...

    def token(self) -> str | None:
        """Return the token that was set last."""
        ...

    def set_token(self, token: str | None) -> None:
        """Set the token."""
        ...

    def patch(self, patch: Patch, *, progress: Callable[[int], None] = ...) -> dict[str, int]:
        """Make these records what they are in the patch; return how many were added, changed and removed."""
        ...


def mirror(base: SqliteStore, server: Store, *, progress: Callable[[int], None]) -> dict[str, int]:
    """Make a server hold what the base holds; return how many records were added, changed and removed."""
    if not isinstance(server, Mirrors):
        raise StoreError(f"{type(server).__name__} cannot follow the graph in {base.path}")
    with server.lock():  # two that follow at once would overwrite the newer graph with the older one
        return follow(base, server, progress=progress)


def follow(base: SqliteStore, server: Mirrors, *, progress: Callable[[int], None]) -> dict[str, int]:
    """Make a locked server hold what the base holds.

    How far the server is, is written down only at the end: a run that is killed leaves the log as it was.
    """
    query = "select sequence from mirror where address = ?"
    with base.transaction():  # from now on changes are logged
        newest = int(base.connection.execute("select coalesce(max(sequence), 0) from change").fetchone()[0])
        known = base.connection.execute(query, (server.address,)).fetchone()
        base.connection.execute("insert or ignore into mirror values (?, ?)", (server.address, newest))
    token = server.token()
    follows = bool(known and token and token == base.setting(f"token {server.address}"))
    server.set_token(None)
    if follows:
        changes = server.patch(read_patch(base, known[0], newest), progress=progress)
    else:
        changes = server.apply(base.graph(), progress=progress)
    token = secrets.token_hex(8)
    server.set_token(token)
    with base.transaction():
        base.set_setting(f"token {server.address}", token)
        base.connection.execute("insert or replace into mirror values (?, ?)", (server.address, newest))
        base.connection.execute("delete from change where sequence <= (select min(sequence) from mirror)")
    return changes


def drop_stale(base: SqliteStore) -> None:
    """Let go of servers that are far behind, so that the log does not grow for ever; they are compared as a whole if they come back."""
    if not base.mirrored:
        return
    with base.transaction():
        newest = "(select coalesce(max(sequence), 0) from change)"
        base.connection.execute(f"delete from mirror where sequence < {newest} - ?", (LONGEST_LOG,))
        base.connection.execute(
            "delete from change where sequence <= coalesce((select min(sequence) from mirror), sequence)"
        )


def read_patch(base: SqliteStore, after: int, until: int) -> Patch:
    """Return the records that were logged after one number of the log and until another."""
    patch = Patch()
    query = "select distinct record from change where sequence > ? and sequence <= ?"
    for row in base.connection.execute(query, (after, until)):
        kind, *key = json.loads(row["record"])
        if kind in LABELS:
            patch.nodes.add((kind, key[0]))
        elif kind == "name":
            patch.names.add((key[0], key[1]))
        else:
            patch.edges.add((kind, key[0], key[1], key[2]))
    # an entity in a server bears its names, too
    patch.nodes |= {("Entity", entity) for _, entity in patch.names}
    for label, identifier in patch.nodes:
        found = base.connection.execute(f"select * from node_{label.lower()} where id = ?", (identifier,)).fetchone()
        if found:
            values = {column: found[column] for column in LABELS[label]}
            patch.graph.nodes[label, identifier] = Node(label, identifier, values)
        if label == "Entity":
            names = base.connection.execute("select folded, entity, surface from name where entity = ?", (identifier,))
            patch.graph.names |= {Name(*row) for row in names}
    for edge in patch.edges:
        query = 'select properties from edge where type = ? and start = ? and "end" = ? and key = ?'
        found = base.connection.execute(query, edge).fetchone()
        if found:
            patch.graph.edges[edge] = Edge(*edge, json.loads(found["properties"]))
    return patch
