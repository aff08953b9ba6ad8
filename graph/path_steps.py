"""Path steps: a path through the graph in words, each step with the quote and the page that it rests on.

Edges of graph.paths flow in; steps flow out to the command line. What somebody said is quoted; who makes a model or works
where is not quoted anywhere in the graph, so such a step names a page in which both occur.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from graph.claim_rows import rows_in_full
from graph.lineage import derivations_known
from graph.paths import Hop
from graph.store import Row, Store
from graph.subjects import display_name
from graph.timeline import ANYBODY, Reader

PHRASES: dict[str, tuple[str, str]] = {
    "MADE": ("said", "was said by"),
    "ABOUT": ("is about", "is spoken of in"),
    "PART_OF": ("is part of the dispute", "is the dispute of"),
    "RESPONDS_TO": ("responds to", "is responded to by"),
    "SUPPORTS": ("supports", "is supported by"),
    "DISPUTES": ("disputes", "is disputed by"),
    "REPEATS": ("repeats", "is repeated by"),
    "DEVELOPED_BY": ("is developed by", "develops"),
    "MEMBER_OF": ("belongs to", "has the member"),
    "WORKS_FOR": ("works for", "employs"),
    "ALLEGEDLY_DERIVED_FROM": ("is said to derive from", "is said to be an origin of"),
}
CLAIM, DISPUTE = "c-", "dispute:"


class PathNode(TypedDict):
    """A node of a path: an entity, a claim or a dispute."""

    id: str
    name: str
    kind: str


class PathStep(TypedDict):
    """One step: `basis` says whether a claim is quoted or a page only names both ends."""

    start: PathNode
    relation: str
    end: PathNode
    type: str
    confidence: float
    basis: str
    claim: str | None
    quote: str | None
    document: str | None
    source: str | None
    published: str | None
    url: str | None


def steps_of(store: Store, hops: Sequence[Hop], *, reader: Reader = ANYBODY) -> list[PathStep]:
    """Return the edges of a path as steps with what they rest on."""
    nodes = nodes_of(store, hops, reader.names)
    rests = [claim_behind(store, hop) for hop in hops]
    wanted = sorted({claim for claim in rests if claim})
    full: dict[str, Mapping[str, Any]] = {
        row["claim"]: row for row in rows_in_full(store, store.query("claims", ids=wanted), reader=reader)
    }
    return [
        step_of(hop, nodes, words_of(full[claim]) if claim in full else page_naming(store, hop))
        for hop, claim in zip(hops, rests, strict=True)
    ]


def step_of(hop: Hop, nodes: Mapping[str, PathNode], rests: Mapping[str, Any]) -> PathStep:
    """Put an edge into words."""
    return PathStep(
        start=nodes[hop.start],
        relation=PHRASES[hop.type][not hop.forward],
        end=nodes[hop.end],
        type=hop.type,
        confidence=hop.confidence,
        basis=rests["basis"],
        claim=rests.get("claim"),
        quote=rests.get("quote"),
        document=rests.get("document"),
        source=rests.get("source"),
        published=rests.get("published"),
        url=rests.get("url"),
    )


def nodes_of(store: Store, hops: Sequence[Hop], names: str | None) -> dict[str, PathNode]:
    """Return the nodes of a path with their names, in the reader's language where they have one."""
    ids = list(dict.fromkeys(end for hop in hops for end in (hop.start, hop.end)))
    nodes = {node: PathNode(id=node, name=node, kind="unknown") for node in ids}
    for row in store.query("claims", ids=[node for node in ids if node.startswith(CLAIM)]):
        nodes[row["id"]] = PathNode(id=row["id"], name=f"{row['kind']} {row['id']}", kind="claim")
    claims = [node for node in ids if node.startswith(CLAIM)]
    for row in store.query("claim_disputes", ids=claims):
        if row["id"] in nodes:
            own = row["titleZh"] if names == "zh" else row["titleEn"] if names == "en" else None
            nodes[row["id"]] = PathNode(id=row["id"], name=own or row["title"] or row["id"], kind="dispute")
    for row in store.query("entities", ids=[node for node in ids if not node.startswith((CLAIM, DISPUTE))]):
        nodes[row["id"]] = PathNode(id=row["id"], name=display_name(row, names), kind=row["kind"])
    return nodes


def claim_behind(store: Store, hop: Hop) -> str | None:
    """Return the id of the claim that an edge rests on: its own, or the surest one of an alleged derivation."""
    ends = (hop.start, hop.end) if hop.forward else (hop.end, hop.start)
    if hop.type == "ALLEGEDLY_DERIVED_FROM":
        return claim_of_derivation(store, *ends)
    return next((end for end in ends if end.startswith(CLAIM)), None)


def claim_of_derivation(store: Store, model: str, origin: str) -> str | None:
    """Return the surest claim that says that a model derives from another, None where none is known."""
    found = [row for row in store.query("entity_derivations", ids=[model]) if row["origin"] == origin]
    claims: list[Row] = [claim for row in derivations_known(store, found, None) for claim in row["claims"]]
    ranked = min(
        claims,
        key=lambda claim: (claim["group"] != "accusing", -(claim["confidence"] or 0), claim["id"]),
        default=None,
    )
    return ranked["id"] if ranked else None


def words_of(claim: Mapping[str, Any]) -> dict[str, Any]:
    """Return the quote of a claim and its page."""
    kept = ("claim", "quote", "document", "source", "published", "url")
    return {"basis": "quoted", **{name: claim[name] for name in kept}}


def page_naming(store: Store, hop: Hop) -> dict[str, Any]:
    """Return the first page that names both ends of an edge between entities, nothing where there is none."""
    ends = (hop.start, hop.end) if hop.forward else (hop.end, hop.start)
    pages = store.query("shared_documents", id=ends[0], other=ends[1], limit=1)
    if not pages:
        return {"basis": "listed"}
    page = pages[0]
    return {
        "basis": "named together",
        "document": page["id"],
        "source": page["sourceName"],
        "published": page["published"],
        "url": page["url"],
    }
