"""Writing to Neo4j: the difference between a graph and a server, in batches.

Nodes and edges of a Graph flow in as rows; what is new, changed or gone is written through one session of
graph.neo4j_store. A mark on every record tells an unchanged one without reading it. Labels and types in the statements
come from graph.model; values are bound.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from neo4j import Session

from graph.ledger import SEARCHED
from graph.model import EDGES, LABELS, Graph, Node
from graph.search_index import index_text

BATCH = 2_000
MARK = "recordHash"  # the property that tells an unchanged record without reading it
KINDS = {
    ("Document", "article"): "Article",
    ("Document", "thread"): "Thread",
    ("Entity", "person"): "Person",
    ("Entity", "organization"): "Organization",
    ("Entity", "model"): "Model",
    ("Claim", "accusing"): "AccusingClaim",
    ("Claim", "answering"): "AnsweringClaim",
    ("Claim", "announcing"): "AnnouncingClaim",
    ("Claim", "other"): "OtherClaim",
}  # the second label of a node, by the property that decides it


class Writer:
    """Writes batches of records in one session and counts them."""

    def __init__(self, session: Session, totals: dict[str, int], progress: Callable[[int], None]) -> None:
        self.session = session
        self.totals = totals
        self.progress = progress

    def upsert_nodes(
        self, label: str, rows: Mapping[str, dict[str, Any]], *, among: Collection[str] | None = None
    ) -> Callable[[], None]:
        """Write the nodes of a label that are new or changed; return what removes those that are gone.

        Nothing but the nodes `among` these ids is looked at, if any are given.
        """
        if among is None:
            old = self.marks(f"MATCH (n:{label}) RETURN n.id AS id, n.{MARK} AS mark")
        else:
            text = f"UNWIND $ids AS id MATCH (n:{label} {{id: id}}) RETURN n.id AS id, n.{MARK} AS mark"
            old = self.marks(text, ids=sorted(among))
        written = [row for identifier, row in rows.items() if old.get(identifier) != row["props"][MARK]]
        self.count(written, known=[row["id"] in old for row in written])
        groups: dict[tuple[str, bool], list[dict[str, Any]]] = defaultdict(list)
        for row in written:
            groups[row["second"], row["id"] in old].append(row)
        for (second, known), some in groups.items():
            others = "".join(f" REMOVE n:{other}" for (own, _), other in KINDS.items() if own == label and known)
            text = (
                f"UNWIND $rows AS row MERGE (n:{label} {{id: row.id}}) SET n = row.props"
                + (f"{others} SET n:{second}" if second else others)
                + (" WITH n, row MATCH (e:Entity {id: row.entity}) MERGE (n)-[:NAMES]->(e)" if label == "Name" else "")
            )
            self.in_batches(text, some)
        gone = [{"id": identifier} for identifier in old if identifier not in rows]
        return lambda: self.remove(f"UNWIND $rows AS row MATCH (n:{label} {{id: row.id}}) DETACH DELETE n", gone)

    def upsert_edges(
        self,
        kind: str,
        rows: Mapping[tuple[str, str, str], dict[str, Any]],
        *,
        among: Collection[tuple[str, str, str]] | None = None,
    ) -> Callable[[], None]:
        """Write the edges of a type that are new or changed; return what removes those that are gone.

        Nothing but the edges `among` these keys (start, end, key) is looked at, if any are given.
        """
        start, end = EDGES[kind]
        ends = f"(a:{start} {{id: row.start}})-[r:{kind} {{key: row.key}}]->(b:{end} {{id: row.end}})"
        back = f"RETURN [a.id, b.id, r.key] AS id, r.{MARK} AS mark"
        if among is None:
            old = self.marks(f"MATCH (a:{start})-[r:{kind}]->(b:{end}) {back}")
        else:
            keys = [dict(zip(("start", "end", "key"), key, strict=True)) for key in sorted(among)]
            old = self.marks(f"UNWIND $ids AS row MATCH {ends} {back}", ids=keys)
        written = [row for key, row in rows.items() if key not in old or old[key] != row.get("props", {}).get(MARK)]
        self.count(written, known=[(row["start"], row["end"], row["key"]) in old for row in written])
        merge = (
            f"UNWIND $rows AS row MATCH (a:{start} {{id: row.start}}) MATCH (b:{end} {{id: row.end}}) "
            f"MERGE (a)-[r:{kind} {{key: row.key}}]->(b)"
        )
        self.in_batches(f"{merge} SET r = row.props", [row for row in written if "props" in row])
        self.in_batches(f"{merge} SET r = {{key: row.key}}", [row for row in written if "props" not in row])
        gone = [dict(zip(("start", "end", "key"), key, strict=True)) for key in old if key not in rows]
        return lambda: self.remove(f"UNWIND $rows AS row MATCH {ends} DELETE r", gone)

    def marks(self, text: str, **parameters: Any) -> dict[Any, str]:  # noqa: ANN401 - what the driver binds
        """Return the mark of each record that is there."""
        rows = self.session.run(text, parameters)
        return {tuple(row["id"]) if isinstance(row["id"], list) else row["id"]: row["mark"] for row in rows}

    def count(self, written: Sequence[object], *, known: Sequence[bool]) -> None:
        """Add to the totals."""
        self.totals["changed"] += sum(known)
        self.totals["added"] += len(written) - sum(known)

    def remove(self, text: str, rows: Sequence[dict[str, Any]]) -> None:
        """Remove records in batches."""
        self.totals["removed"] += len(rows)
        self.in_batches(text, rows)

    def in_batches(self, text: str, rows: Sequence[dict[str, Any]]) -> None:
        """Run a writing statement on batches of rows, each in a managed transaction."""
        for first in range(0, len(rows), BATCH):
            batch = list(rows[first : first + BATCH])
            self.session.execute_write(lambda tx, batch=batch: tx.run(text, rows=batch).consume())  # type: ignore[misc]
            self.progress(len(batch))


def node_rows(graph: Graph) -> dict[str, dict[str, dict[str, Any]]]:
    """Return what is written of each node, by label and id; names come after entities."""
    aliases: dict[str, list[str]] = defaultdict(list)
    for name in sorted(graph.names, key=lambda name: (name.entity, name.surface, name.folded)):
        aliases[name.entity].append(name.surface)
    rows: dict[str, dict[str, dict[str, Any]]] = {label: {} for label in (*LABELS, "Name")}
    for (label, identifier), node in graph.nodes.items():
        props: dict[str, Any] = {name: value for name, value in node.properties.items() if value is not None}
        props["id"] = identifier
        if label == "Entity":
            props["aliases"] = aliases[identifier]
        if label in SEARCHED:
            props["words"] = index_text(str(node.properties[SEARCHED[label]] or ""))
        rows[label][identifier] = {"id": identifier, "props": marked(props), "second": second_label(node)}
    for name in sorted(graph.names, key=lambda name: (name.entity, name.folded, name.surface)):
        identifier = f"{name.entity}\n{name.folded}"
        props = {"id": identifier, "folded": name.folded, "surface": name.surface}
        rows["Name"].setdefault(
            identifier, {"id": identifier, "entity": name.entity, "props": marked(props), "second": ""}
        )
    return rows


def second_label(node: Node) -> str:
    """Return the second label of a node, such as Person, or nothing."""
    decides = "group" if node.label == "Claim" else "kind"
    return KINDS.get((node.label, str(node.properties.get(decides))), "")


def edge_rows(graph: Graph) -> dict[str, dict[tuple[str, str, str], dict[str, Any]]]:
    """Return what is written of each edge, by type and key; an edge without properties needs no mark."""
    rows: dict[str, dict[tuple[str, str, str], dict[str, Any]]] = {kind: {} for kind in EDGES}
    for edge in graph.edges.values():
        row: dict[str, Any] = {"start": edge.start, "end": edge.end, "key": edge.key}
        props = {name: value for name, value in edge.properties.items() if value is not None}
        if props:
            row["props"] = marked(props | {"key": edge.key})
        rows[edge.type][edge.start, edge.end, edge.key] = row
    return rows


def marked(props: dict[str, Any]) -> dict[str, Any]:
    """Return properties with the mark by which they are recognised unread."""
    text = json.dumps(props, ensure_ascii=False, sort_keys=True)
    return props | {MARK: hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]}
