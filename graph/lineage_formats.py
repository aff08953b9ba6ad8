"""Lineage formats: derivations as a tree, as a Mermaid flowchart and as GraphML.

Rows of graph.lineage flow in; nested texts or one text flow out to the command line. Every edge says that it is an allegation
and how it stands; names are escaped for the format that holds them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from graph.lineage import LineageRow, said_by

UNNAMED = "somebody unnamed"
NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
MERMAID = str.maketrans(
    {"#": "#35;", '"': "#quot;", "`": "#96;", "<": "#lt;", ">": "#gt;", "&": "#amp;", "\n": " ", "\r": " "}
)


class Branch(NamedTuple):
    """A line of a tree and what hangs from it."""

    text: str
    branches: list[Branch]


def tree_of(rows: Sequence[LineageRow], direction: str) -> list[Branch]:
    """Return the branches of one direction: the models next to the one asked about, each with its derivations.

    A model that was met before on the way is named and not opened again, so that a cycle ends.
    """
    chosen = [row for row in rows if row["direction"] == direction]
    near = "model" if direction == "out" else "origin"
    nearest: dict[str, str] = {
        ref["id"]: ref["name"] for row in chosen if row["depth"] == 1 for ref in [end(row, near)]
    }
    opened: set[str] = set()
    return [
        Branch(name, branches_of(chosen, identifier, (identifier,), opened)) for identifier, name in nearest.items()
    ]


def branches_of(rows: Sequence[LineageRow], model: str, way: tuple[str, ...], opened: set[str]) -> list[Branch]:
    """Return the derivations that hang from a model; `way` leads to it, `opened` is shared by the whole tree."""
    opened.add(model)
    branches = []
    for row in rows:
        near, far = ("model", "origin") if row["direction"] == "out" else ("origin", "model")
        if end(row, near)["id"] != model:
            continue
        other = end(row, far)
        below = [Branch(f"{said_by(claim, speaker_name(claim))} ({claim['claim']})", []) for claim in row["claims"]]
        note = ""
        if other["id"] in way:
            note = ", a cycle"
        elif other["id"] in opened:
            note = ", see above" if has_branches(rows, other["id"]) else ""
        else:
            onward = branches_of(rows, other["id"], (*way, other["id"]), opened)
            relation = "said to derive from" if row["direction"] == "out" else "from which is said to derive"
            below += [Branch(f"itself {relation}" if row["direction"] == "out" else relation, onward)] if onward else []
        branches.append(Branch(f"{other['name']} · {row['aspect']} · {row['status']}{note}", below))
    return branches


def has_branches(rows: Sequence[LineageRow], model: str) -> bool:
    """Whether any derivation leads on from a model in its direction."""
    return any(end(row, "model" if row["direction"] == "out" else "origin")["id"] == model for row in rows)


def end(row: LineageRow, side: str) -> Mapping[str, str]:
    """Return the model or the origin of a derivation."""
    return row["model"] if side == "model" else row["origin"]  # type: ignore[return-value]


def speaker_name(claim: Mapping[str, Any]) -> str:
    """Return the name of a claim's speaker.

    >>> speaker_name({"speaker": {"name": "马乐珂"}}), speaker_name({"speaker": None})
    ('马乐珂', 'somebody unnamed')
    """
    return str(claim["speaker"]["name"]) if claim["speaker"] else UNNAMED


def once(rows: Sequence[LineageRow]) -> list[LineageRow]:
    """Return each derivation once: one within a family is met in both directions."""
    return list({row["derivation"]: row for row in reversed(rows)}.values())[::-1]


def mermaid_of(rows: Sequence[LineageRow]) -> str:
    """Return a Mermaid flowchart, an arrow from each model to what it is said to derive from.

    >>> row = {"derivation": "d", "model": {"id": "a", "name": '晨星 "7B"'}, "origin": {"id": "b", "name": "Lark"}}
    >>> print(mermaid_of([row | {"aspect": "weights", "status": "alleged"}]))
    flowchart LR
        m0["晨星 #quot;7B#quot;"]
        m1["Lark"]
        m0 -->|"alleged: weights"| m1
    """
    ids: dict[str, str] = {}
    lines = []
    for row in once(rows):
        for ref in (row["model"], row["origin"]):
            if ref["id"] not in ids:
                ids[ref["id"]] = f"m{len(ids)}"
    names = {ref["id"]: ref["name"] for row in rows for ref in (row["model"], row["origin"])}
    lines = [f'    {short}["{names[identifier].translate(MERMAID)}"]' for identifier, short in ids.items()]
    for row in once(rows):
        label = f"{row['status']}: {row['aspect']}".translate(MERMAID)
        lines.append(f'    {ids[row["model"]["id"]]} -->|"{label}"| {ids[row["origin"]["id"]]}')
    return "\n".join(["flowchart LR", *lines])


def graphml_of(rows: Sequence[LineageRow]) -> str:
    """Return GraphML: a node a model with its name, an edge a derivation with aspect, status, claims and speakers."""
    from networkx import MultiDiGraph, generate_graphml  # noqa: PLC0415 - only this format needs it

    graph = MultiDiGraph()
    for row in once(rows):
        for ref in (row["model"], row["origin"]):
            graph.add_node(xml_text(ref["id"]), name=xml_text(ref["name"]))
        graph.add_edge(
            xml_text(row["model"]["id"]),
            xml_text(row["origin"]["id"]),
            key=xml_text(row["derivation"]),
            relation="is said to derive from",
            aspect=xml_text(row["aspect"] or ""),
            status=xml_text(row["status"] or ""),
            opened=row["opened"] or "",
            lastActivity=row["lastActivity"] or "",
            claims=" ".join(claim["claim"] for claim in row["claims"]),
            saidBy=xml_text("; ".join(dict.fromkeys(speaker_name(claim) for claim in row["claims"]))),
        )
    return "\n".join(generate_graphml(graph))


def xml_text(text: str) -> str:
    """Return a text without the characters that XML cannot hold.

    >>> xml_text("晨星\\x1b[31m")
    '晨星[31m'
    """
    return NOT_XML.sub("", text)
