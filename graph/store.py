"""The store protocol: what every place that keeps the graph can do.

graph.load writes a Graph into a store; graph.timeline and the other readers ask it named queries. A named query is a
file of its own in graph/queries, one for each query language, with bound parameters; the rows are the same from every
store.
"""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Protocol

from graph.errors import StoreError
from graph.model import Graph, Value

Row = dict[str, Any]


class Store(Protocol):
    """A place that keeps one graph."""

    def apply(self, graph: Graph) -> dict[str, int]:
        """Make the store hold exactly this graph; return how many records were added, changed and removed."""
        ...

    def query(self, name: str, **parameters: Value) -> list[Row]:
        """Return the rows of a named query."""
        ...

    def content_hash(self) -> str:
        """Return the hash of everything but the times of recording and fetching."""
        ...

    def close(self) -> None:
        """Release the connection."""
        ...


def read_query(name: str, *, language: str) -> str:
    """Return the text of a named query in a query language (sql)."""
    return (files("graph") / "queries" / f"{name}.{language}").read_text(encoding="utf-8")


def open_store(address: str, *, base: Path = Path()) -> Store:
    """Open the store at an address such as sqlite:yuanliu.db; a relative path counts from `base`.

    Raises:
        StoreError: for an address of an unknown kind, or a store that cannot be opened.
    """
    kind, _, place = address.partition(":")
    if kind == "sqlite" and place:
        from graph.sqlite_store import SqliteStore  # noqa: PLC0415 - each store is imported where it is used

        return SqliteStore(base / place)
    raise StoreError(f"{address!r} is no store address; write sqlite:FILE, such as sqlite:yuanliu.db")
