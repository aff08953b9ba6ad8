"""Lineage: which models a model is said to derive from, and which are said to derive from it.

A model flows in; rows flow out to the command line and to graph.lineage_formats, one for each derivation, with who says so.
A derivation is an allegation with a status, never a fact; it is as good as the claims that it rests on.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple, TypedDict

from graph.batches import in_batches
from graph.claim_rows import speakers_of
from graph.claims_known import BATCH, as_known
from graph.dispute_list import refer
from graph.disputes import status_of
from graph.known_by import end_of
from graph.store import Row, Store
from graph.subjects import EntityRef

Direction = Literal["out", "in"]
STATUSES = {"denied": "denied", "admitted": "admitted", "contested": "contested"}
DEPTH = 3
VERBS = {"accusation": "alleged", "question": "asked", "denial": "denied", "admission": "admitted"}


class SaidBy(TypedDict):
    """One claim that a derivation rests on."""

    claim: str
    kind: str
    date: str | None
    speaker: EntityRef | None
    sources: int
    confidence: float


class LineageRow(TypedDict):
    """A derivation: `model` is said to derive from `origin`; depth 1 is next to the model asked about or its family."""

    direction: Direction
    depth: int
    model: EntityRef
    origin: EntityRef
    aspect: str
    status: str
    opened: str | None
    lastActivity: str | None
    derivation: str
    claims: list[SaidBy]


class Step(NamedTuple):
    """A derivation and where the search met it."""

    direction: Direction
    depth: int
    row: Row


def family_of(store: Store, model: str) -> list[str]:
    """Return the ids of a model and of the members of its family, the model first.

    A family stands for its members, so that what is said of Yi-34B is found under Yi.
    """
    ids = [row["id"] for row in store.query("family", id=model)]
    return [model, *(identifier for identifier in ids if identifier != model)]


def lineage(
    store: Store, model: str, *, names: str | None = None, as_of: str | None = None, depth: int = DEPTH
) -> list[LineageRow]:
    """Return the derivations of a model and its family, first those from others, the nearest first.

    `depth` says how many derivations may follow one another. With a day, only what was recorded by then counts.
    """
    family = family_of(store, model)
    steps = [*walk(store, family, "out", depth), *walk(store, family, "in", depth)]
    known = {row["id"]: row for row in derivations_known(store, [step.row for step in steps], end_of(as_of))}
    kept = [step._replace(row=known[step.row["id"]]) for step in steps if step.row["id"] in known]
    kept = reached(kept, family)
    claims = [claim for step in kept for claim in step.row["claims"]]
    speakers = speakers_of(store, claims, names)
    ends = sorted({end for step in kept for end in (step.row["model"], step.row["origin"])})
    entities = {row["id"]: row for row in store.query("entities", ids=ends)}
    return [row_of_step(step, entities, speakers, names) for step in kept]


def walk(store: Store, family: Sequence[str], direction: Direction, depth: int) -> list[Step]:
    """Return the derivations that lead from a family in a direction, layer by layer, each once: a cycle ends there."""
    steps: dict[str, Step] = {}
    seen, layer = set(family), list(family)
    for far in range(1, depth + 1):
        found = [
            row
            for some in in_batches(layer, BATCH)
            for row in store.query("entity_derivations", ids=some)
            if row["direction"] == direction
        ]
        for row in found:
            steps.setdefault(row["id"], Step(direction, far, row))
        ends = {row["origin" if direction == "out" else "model"] for row in found}
        layer = sorted(end for end in ends - seen if end)
        seen |= ends
        if not layer:
            break
    return list(steps.values())


def reached(steps: Sequence[Step], family: Sequence[str]) -> list[Step]:
    """Return the steps that still hang together with the family after some were left out."""
    met: dict[str, set[str]] = {"out": set(family), "in": set(family)}
    kept = []
    for step in sorted(steps, key=lambda step: step.depth):
        near, far = ("model", "origin") if step.direction == "out" else ("origin", "model")
        if step.row[near] in met[step.direction]:
            met[step.direction].add(step.row[far])
            kept.append(step)
    return sorted(kept, key=lambda step: (step.direction == "in", step.depth, step.row["id"]))


def derivations_known(store: Store, derivations: Sequence[Row], as_of: str | None) -> list[Row]:
    """Return derivations, each once, with their claims; as of a time, those that had any, with their status of then."""
    by_id = {row["id"]: row for row in derivations}
    today: dict[str, list[Row]] = defaultdict(list)
    then: dict[str, list[Row]] = defaultdict(list)
    for some in in_batches(sorted(by_id), BATCH):
        claims = store.query("derivation_claims", ids=some)
        for rows, target in ((claims, today), (as_known(store, claims, as_of), then)):
            for claim in rows:
                target[claim["derivation"]].append(claim)
    return [
        row | {"claims": then[key]} | ({} if alike(then[key], today[key]) else state_then(then[key]))
        for key, row in by_id.items()
        if as_of is None or then[key]
    ]


def alike(then: Sequence[Row], today: Sequence[Row]) -> bool:
    """Tell whether nothing that counts for a status or a day was recorded since."""
    return [(row["id"], row["kind"], row["date"]) for row in then] == [
        (row["id"], row["kind"], row["date"]) for row in today
    ]


def state_then(claims: Sequence[Row]) -> Row:
    """Return the status and the days that claims give to a derivation.

    >>> state_then([{"kind": "accusation", "date": "2024-03-04"}, {"kind": "admission", "date": None}])["status"]
    'admitted'
    """
    dates = [claim["date"] for claim in claims if claim["date"]]
    return {
        "status": derivation_status([claim["kind"] for claim in claims]),
        "opened": min(dates, default=None),
        "lastActivity": max(dates, default=None),
    }


def derivation_status(kinds: Sequence[str]) -> str:
    """Return the status of a derivation from the kinds of its claims; a remedy admits nothing by itself.

    >>> derivation_status(["accusation", "remedy"]), derivation_status(["accusation", "denial", "admission"])
    ('alleged', 'contested')
    """
    return STATUSES.get(status_of([kind for kind in kinds if kind != "remedy"]), "alleged")


def row_of_step(
    step: Step, entities: Mapping[str, Row], speakers: Mapping[str, EntityRef], names: str | None
) -> LineageRow:
    """Complete a step to a row."""
    row = step.row
    return LineageRow(
        direction=step.direction,
        depth=step.depth,
        model=refer(row["model"], entities, names) or EntityRef(id="", name=""),
        origin=refer(row["origin"], entities, names) or EntityRef(id="", name=""),
        aspect=row["aspect"],
        status=row["status"],
        opened=row["opened"],
        lastActivity=row["lastActivity"],
        derivation=row["id"],
        claims=[
            SaidBy(
                claim=claim["id"],
                kind=claim["kind"],
                date=claim["date"],
                speaker=speakers.get(claim["id"]),
                sources=claim["sources"],
                confidence=claim["confidence"],
            )
            for claim in row["claims"]
        ],
    )


def said_by(claim: Mapping[str, object], name: str) -> str:
    """Return who says what and when, in words that state nothing themselves.

    >>> said_by({"kind": "accusation", "date": "2024-03-04"}, "云雀实验室")
    'alleged by 云雀实验室, 2024-03-04'
    >>> said_by({"kind": "apology", "date": None}, "Mara Quell")
    'apology by Mara Quell, undated'
    """
    kind = str(claim["kind"])
    return f"{VERBS.get(kind, kind)} by {name}, {claim['date'] or 'undated'}"
