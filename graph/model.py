"""The model of the graph: nodes and edges with deterministic ids, and the schema that both kinds of store share.

Annotations become a `Graph` in graph.build; a store writes it. Equal documents give equal graphs, whatever their order:
`content_hash` covers everything but when and how often something was recorded or fetched.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

Value = str | int | float | None
ColumnType = Literal["text", "integer", "real"]

# What each node holds, by label; every node also has an id. Lists are JSON text.
LABELS: dict[str, dict[str, ColumnType]] = {
    "Source": {"name": "text", "domain": "text", "language": "text", "kind": "text"},
    "Document": {
        **{"url": "text", "title": "text", "kind": "text", "language": "text", "published": "text", "source": "text"},
        **{"fetched": "text", "digest": "text", "revision": "integer", "recorded": "text", "origin": "text"},
    },
    "Post": {"author": "text", "published": "text", "start": "integer", "end": "integer"},
    "Entity": {"kind": "text", "nameEn": "text", "nameZh": "text", "name": "text", "family": "text"},
    "Statement": {
        **{"quote": "text", "url": "text", "language": "text", "kind": "text", "group": "text", "confidence": "real"},
        **{"date": "text", "datePrecision": "text", "dateBasis": "text", "dateQuote": "text", "recorded": "text"},
        **{"document": "text", "spans": "text", "digest": "text", "cue": "text", "speaker": "text"},
        **{"speakerFrom": "text", "coSpeakers": "text", "post": "integer", "grounds": "text"},
    },
    "Claim": {
        **{"kind": "text", "group": "text", "quote": "text", "language": "text", "speaker": "text", "document": "text"},
        **{"date": "text", "sortDate": "text", "datePrecision": "text", "dateBasis": "text", "dates": "text"},
        **{"sources": "integer", "confidence": "real", "recorded": "text"},
    },
    "Dispute": {
        **{"slug": "text", "title": "text", "titleEn": "text", "titleZh": "text", "accused": "text", "origin": "text"},
        **{"status": "text", "opened": "text", "lastActivity": "text"},
    },
    "Derivation": {
        **{"model": "text", "origin": "text", "aspect": "text", "status": "text"},
        **{"opened": "text", "lastActivity": "text"},
    },
    "Judgement": {
        **{"verdict": "text", "subject": "text", "object": "text", "value": "text"},
        **{"by": "text", "at": "text", "reason": "text", "sequence": "integer"},
    },
}
# The labels that each type of edge goes between.
EDGES: dict[str, tuple[str, str]] = {
    "PUBLISHED_BY": ("Document", "Source"),
    "IN_THREAD": ("Post", "Document"),
    "REPLY_TO": ("Post", "Post"),
    "NEAR_DUPLICATE_OF": ("Document", "Document"),
    "MENTIONS": ("Document", "Entity"),
    "STATED_IN": ("Statement", "Document"),
    "REPORTS": ("Statement", "Claim"),
    "MADE": ("Entity", "Claim"),
    "ABOUT": ("Claim", "Entity"),
    "RESPONDS_TO": ("Claim", "Claim"),
    "SUPPORTS": ("Claim", "Claim"),
    "DISPUTES": ("Claim", "Claim"),
    "REPEATS": ("Claim", "Claim"),
    "PART_OF": ("Claim", "Dispute"),
    "OF": ("Derivation", "Entity"),
    "FROM": ("Derivation", "Entity"),
    "RESTS_ON": ("Derivation", "Claim"),
    "ALLEGEDLY_DERIVED_FROM": ("Entity", "Entity"),
    "DEVELOPED_BY": ("Entity", "Entity"),
    "MEMBER_OF": ("Entity", "Entity"),
    "WORKS_FOR": ("Entity", "Entity"),
}
UNHASHED = frozenset(("recorded", "fetched", "revision", "at"))


@dataclass(frozen=True, slots=True)
class Node:
    """A node: its label, id and properties as LABELS lists them."""

    label: str
    id: str
    properties: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Edge:
    """An edge of a type; `key` tells parallel edges apart."""

    type: str
    start: str
    end: str
    key: str = ""
    properties: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Name:
    """A name under which an entity can be asked for; `folded` is what is compared."""

    folded: str
    entity: str
    surface: str


@dataclass(slots=True)
class Graph:
    """Nodes by label and id, edges by type, ends and key, and the names of entities."""

    nodes: dict[tuple[str, str], Node] = field(default_factory=dict)
    edges: dict[tuple[str, str, str, str], Edge] = field(default_factory=dict)
    names: set[Name] = field(default_factory=set)

    def add_node(self, label: str, identifier: str, **properties: Value) -> None:
        """Add a node; its properties must be those of its label."""
        unknown = properties.keys() - LABELS[label].keys()
        if unknown:
            raise ValueError(f"{label} has no property {sorted(unknown)[0]!r}")
        columns = LABELS[label].items()
        self.nodes[label, identifier] = Node(
            label, identifier, {name: in_type(properties.get(name), kind) for name, kind in columns}
        )

    def add_edge(self, kind: str, start: str, end: str, *, key: str = "", **properties: Value) -> None:
        """Add an edge of one of EDGES; a second one of the same key replaces the first."""
        if kind not in EDGES:
            raise ValueError(f"{kind!r} is not one of the edge types {', '.join(EDGES)}")
        self.edges[kind, start, end, key] = Edge(kind, start, end, key, properties)


def in_type(value: Value, kind: ColumnType) -> Value:
    """Return a value in the type of its column, so that every store gives the same one back."""
    return float(value) if kind == "real" and isinstance(value, int) else value


def content_hash(lines: Iterable[str]) -> str:
    """Return one hash over the records of a graph, whatever their order."""
    total = hashlib.sha256()
    for line in sorted(lines):
        total.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return total.hexdigest()


def node_record(label: str, identifier: str, properties: Mapping[str, Value]) -> str:
    """Return a node as one canonical line, without the times that do not count."""
    kept = {name: value for name, value in properties.items() if value is not None and name not in UNHASHED}
    return json.dumps([label, identifier, kept], ensure_ascii=False, sort_keys=True)


def name_record(name: Name) -> str:
    """Return a name as one canonical line."""
    return json.dumps(["name", name.folded, name.entity, name.surface], ensure_ascii=False)


def edge_record(edge: Edge) -> str:
    """Return an edge as one canonical line."""
    kept = {name: value for name, value in edge.properties.items() if value is not None}
    return json.dumps([edge.type, edge.start, edge.end, edge.key, kept], ensure_ascii=False, sort_keys=True)
