"""The store protocol: what every place that keeps the graph can do.

graph.load writes a Graph into a store; graph.timeline and the other readers ask it named queries. A named query is a
file of its own in graph/queries, one for each query language, with bound parameters; the rows are the same from every
store.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from graph.errors import StoreError
from graph.model import Graph, Value

Row = dict[str, Any]
Parameter = Value | Sequence[str]
PART = re.compile(r"^\{(\w+)\}$", re.MULTILINE)
SCHEMES = ("neo4j", "neo4j+s", "neo4j+ssc", "bolt", "bolt+s", "bolt+ssc")


class Store(Protocol):
    """A place that keeps one graph."""

    def apply(self, graph: Graph, *, progress: Callable[[int], None] = ...) -> dict[str, int]:
        """Make the store hold exactly this graph; return how many records were added, changed and removed.

        `progress` is told of every batch of records written.
        """
        ...

    def query(self, name: str, **parameters: Parameter) -> list[Row]:
        """Return the rows of a named query; a list is bound as one parameter."""
        ...

    def snapshot(self) -> AbstractContextManager[None]:
        """Answer everything within a block from one state of the graph, where the store can do that."""
        ...

    def content_hash(self) -> str:
        """Return the hash of everything but the times of recording and fetching."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...


@dataclass(frozen=True, kw_only=True, slots=True)
class Credentials:
    """Who logs in to a server, and to which database; the password is never shown."""

    user: str = "neo4j"
    password: str = ""
    database: str | None = None

    def __repr__(self) -> str:
        """Leave the password out."""
        return f"Credentials(user={self.user!r}, database={self.database!r})"


@cache
def read_query(name: str, *, language: str) -> str:
    """Return the text of a named query in a query language, sql or cypher.

    A line {part} stands for what several queries share, a file in queries/parts.
    """
    folder = files("graph") / "queries"
    text = (folder / f"{name}.{language}").read_text(encoding="utf-8")
    return PART.sub(lambda part: (folder / "parts" / f"{part[1]}.{language}").read_text(encoding="utf-8"), text)


def open_store(address: str, *, base: Path = Path(), credentials: Credentials | None = None) -> Store:
    """Open the store at an address: sqlite:FILE, a relative path counting from `base`, or neo4j://HOST:PORT.

    Raises:
        StoreError: for an address of an unknown kind, or a store that cannot be opened.
    """
    kind, _, place = address.partition(":")
    if kind == "sqlite" and place:
        from graph.sqlite_store import SqliteStore  # noqa: PLC0415 - each store is imported where it is used

        return SqliteStore(base / place)
    if kind in SCHEMES:
        from graph.neo4j_store import Neo4jStore  # noqa: PLC0415 - a slow import

        if "@" in place.split("/")[2 if place.startswith("//") else 0]:
            raise StoreError(
                f"{kind}://… names a user or a password; give them in YUANLIU_NEO4J_USER and YUANLIU_NEO4J_PASSWORD"
            )
        return Neo4jStore(address, credentials or Credentials())
    raise StoreError(f"{address!r} is no store address; write sqlite:FILE or neo4j://HOST:7687")
