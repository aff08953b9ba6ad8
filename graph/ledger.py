"""The ledger: the graph's tables in SQLite as the builder writes them, row by row, only what differs.

Nodes, edges and names of what a change touched flow in from the stages of graph.build; rows flow into the tables, and
what was written is counted, told to the search index, and logged for the stores that mirror this one (graph.mirror). Nothing here
opens a transaction: the builder does, so that every batch is seen whole or not at all.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Set
from typing import Any, Literal

from graph import search_index
from graph.model import LABELS, Edge, Name, Value, in_type

Properties = Mapping[str, Value]
Bound = Value | Iterable[Any]
SEARCHED = {"Statement": "quote", "Document": "title"}  # what `yuanliu search` looks through


class Ledger:
    """The tables of one graph; `totals` counts the records added, changed and removed, `logged` tells whether to log them."""

    def __init__(self, connection: sqlite3.Connection, *, logged: bool = False) -> None:
        self.connection = connection
        self.logged = logged
        self.totals: Counter[str] = Counter()

    def rows(self, query: str, *parameters: Bound) -> list[tuple[Any, ...]]:
        """Return the rows of a query; collections are bound as JSON."""
        bound = [p if p is None or isinstance(p, str | int | float) else encode(listed(p)) for p in parameters]
        return [tuple(row) for row in self.connection.execute(query, bound)]

    def firsts(self, query: str, *parameters: Bound) -> set[str]:
        """Return the first column of a query's rows."""
        return {row[0] for row in self.rows(query, *parameters)}

    def put_nodes(self, label: str, nodes: Mapping[str, Properties | None]) -> set[str]:
        """Make these nodes of a label hold these properties, missing where None; return the ids of those that differed."""
        columns = LABELS[label]
        wanted = {
            identifier: tuple(in_type(properties.get(name), kind) for name, kind in columns.items())
            for identifier, properties in nodes.items()
            if properties is not None
        }
        table = f"node_{label.lower()}"
        names = ", ".join(f'"{column}"' for column in ("id", *columns))
        found = self.rows(f"select {names} from {table} where id in (select value from json_each(?))", list(nodes))
        old = {row[0]: row[1:] for row in found}
        written = {identifier: row for identifier, row in wanted.items() if old.get(identifier) != row}
        gone = [identifier for identifier in old if identifier not in wanted]
        marks = ", ".join("?" * (len(columns) + 1))
        self.connection.executemany(
            f"insert or replace into {table} ({names}) values ({marks})",
            [(identifier, *row) for identifier, row in written.items()],
        )
        self.connection.executemany(f"delete from {table} where id = ?", [(identifier,) for identifier in gone])
        self.count(added=len(written.keys() - old.keys()), changed=len(written.keys() & old.keys()), removed=len(gone))
        differing = {*written, *gone}
        self.log([label, identifier] for identifier in sorted(differing))
        if label in SEARCHED:
            place = list(columns).index(SEARCHED[label])
            changed = [each for each, row in written.items() if each not in old or old[each][place] != row[place]]
            texts = [(each, label.lower(), str(written[each][place] or "")) for each in changed]
            search_index.update(self.connection, texts, gone)
        return differing

    def put_edges(
        self,
        kind: str,
        ends: Collection[str] | Collection[tuple[str, str]],
        edges: Iterable[Edge],
        *,
        side: Literal["start", "end", "both"] = "start",
    ) -> set[tuple[str, str]]:
        """Make the edges of a type that start (or end) at these ids, or lie between these pairs of them, exactly the given ones.

        Returns the ends of those that differed.
        """
        wanted = {(edge.start, edge.end, edge.key): encode(edge.properties) for edge in edges}
        where = {
            "start": "cross join edge on type = ? and start = wanted.value",
            "end": 'cross join edge indexed by edge_by_end on type = ? and "end" = wanted.value',
            "both": "cross join edge on type = ? and start = json_extract(wanted.value, '$[0]') and \"end\" = json_extract(wanted.value, '$[1]')",
        }
        query = f'select start, "end", key, properties from (select value from json_each(?)) wanted {where[side]}'
        old = {row[:3]: row[3] for row in self.rows(query, list(ends), kind)}
        written = {key: text for key, text in wanted.items() if old.get(key) != text}
        gone = [key for key in old if key not in wanted]
        self.connection.executemany(
            'insert or replace into edge (type, start, "end", key, properties) values (?, ?, ?, ?, ?)',
            [(kind, *key, text) for key, text in written.items()],
        )
        self.connection.executemany(
            'delete from edge where type = ? and start = ? and "end" = ? and key = ?', [(kind, *key) for key in gone]
        )
        self.count(added=len(written.keys() - old.keys()), changed=len(written.keys() & old.keys()), removed=len(gone))
        differing = [*written, *gone]
        self.log([kind, *key] for key in sorted(differing))
        return {key[:2] for key in differing}

    def put_names(self, entities: Collection[str], names: Iterable[Name]) -> None:
        """Make the names of these entities exactly the given ones."""
        wanted = {(name.folded, name.entity): name.surface for name in names}
        query = "select folded, entity, surface from (select value from json_each(?)) wanted join name on entity = wanted.value"
        old = {row[:2]: row[2] for row in self.rows(query, list(entities))}
        written = {key: surface for key, surface in wanted.items() if old.get(key) != surface}
        gone = [key for key in old if key not in wanted]
        self.connection.executemany(
            "insert or replace into name (folded, entity, surface) values (?, ?, ?)",
            [(*key, surface) for key, surface in written.items()],
        )
        self.connection.executemany("delete from name where folded = ? and entity = ?", gone)
        self.count(added=len(written.keys() - old.keys()), changed=len(written.keys() & old.keys()), removed=len(gone))
        self.log(["name", *key] for key in sorted([*written, *gone]))

    def count(self, **numbers: int) -> None:
        """Add to the totals."""
        self.totals.update(numbers)

    def log(self, records: Iterable[list[str]]) -> None:
        """Log which records were written, if a store mirrors this one."""
        if self.logged:
            self.connection.executemany("insert into change (record) values (?)", ((encode(r),) for r in records))


def listed(values: Iterable[Any]) -> list[Any]:
    """Return values as a list, in order where they have none; of a mapping the keys."""
    return sorted(values) if isinstance(values, Set) else list(values)


def encode(value: object) -> str:
    """Return canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
