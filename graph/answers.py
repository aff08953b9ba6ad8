"""Answers: the trees that claims make when each stands under what it answers.

Rows of a timeline flow in and flow out to the command line in the order of a tree, each with its depth; for one claim, the
tree of what it answers and the tree of what answers it flow out to graph.claim_card. Cycles are cut: no claim is opened
twice.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, NamedTuple

from graph.known_by import known_links
from graph.store import Row, Store
from graph.timeline import Reader, TimelineRow, rows_of

MOST = 500  # claims in the tree of one claim
DEEPEST = 50  # steps from that claim
TOLD = ("kind", "group", "date", "basis", "speaker", "quote", "language", "source", "published", "url")


class Place(NamedTuple):
    """Where a claim stands in a tree: how deep, under which claim, and whether it was shown above already."""

    claim: str
    depth: int
    under: str | None
    again: bool


class TreeRow(TimelineRow):
    """A row of a timeline with its place: its depth, and the claim under which it stands."""

    depth: int
    under: str | None


def place(claims: Sequence[str], answers: Mapping[str, Iterable[str]]) -> list[Place]:
    """Return the places of claims that are given in order of time, each under the first shown claim that it answers.

    A claim that answers none of the others stands at depth 0, and so does the first of those that only answer each other.

    >>> [(each.claim, each.depth, each.under) for each in place(["指控", "否认"], {"指控": ["否认"]})]
    [('指控', 0, None), ('否认', 1, '指控')]
    >>> ring = place(["a", "b", "c"], {"a": ["b", "c"], "b": ["c"], "c": ["a"]})
    >>> [f"{each.depth} {each.claim}{' again' * each.again}" for each in ring]
    ['0 a', '1 b', '2 c', '3 a again', '1 c again']
    """
    rank = {claim: number for number, claim in enumerate(claims)}
    below = {
        claim: sorted({a for a in answers.get(claim, ()) if a in rank and a != claim}, key=rank.__getitem__)
        for claim in claims
    }
    answering = {answer for found in below.values() for answer in found}
    places: list[Place] = []
    seen: set[str] = set()
    for root in [*(claim for claim in claims if claim not in answering), *claims]:
        if root in seen:
            continue
        waiting = [Place(root, 0, None, False)]
        while waiting:
            each = waiting.pop()
            again = each.claim in seen
            places.append(each._replace(again=again))
            if not again:
                seen.add(each.claim)
                waiting += [Place(a, each.depth + 1, each.claim, False) for a in reversed(below[each.claim])]
    return places


def tree_of(rows: Sequence[TimelineRow]) -> tuple[list[TreeRow], list[Place]]:
    """Return the rows of a timeline in the order of their tree, each once, and all places, repeated ones included."""
    by_id = {row["claim"]: row for row in rows}
    places = place(list(by_id), {claim: row["answers"] for claim, row in by_id.items()})
    placed = [TreeRow(**by_id[each.claim], depth=each.depth, under=each.under) for each in places if not each.again]
    return placed, places


def linked(store: Store, claim: str, *, direction: str, as_of: str | None, reader: Reader) -> dict[str, Any]:
    """Return the tree of what a claim answers (direction "out") or of what answers it ("in"): {"claims": [...], "cut": bool}.

    Each claim has its link (type, cue), kind, group, date, basis, speaker, quote, language and source, and its own "claims";
    one that was shown before has only its link and "again". `cut` tells that there are more than MOST, or some deeper than
    DEEPEST.
    """
    links, cut = gather(store, claim, direction=direction, as_of=as_of)
    ids = sorted({row["id"] for rows in links.values() for row in rows})
    found = rows_of(store, store.query("claims", ids=ids), as_of=as_of, reader=reader)
    rows: dict[str, Mapping[str, Any]] = {row["claim"]: row for row in found}
    seen = {claim}

    def nest(own: str, depth: int) -> list[dict[str, Any]]:
        nonlocal cut
        known = sorted(
            (link for link in links.get(own, []) if link["id"] in rows or link["id"] == claim), key=time_of(rows)
        )
        cut = cut or (depth >= DEEPEST and bool(known))
        return [entry(link, depth + 1) for link in known] if depth < DEEPEST else []

    def entry(link: Row, depth: int) -> dict[str, Any]:
        told = {"type": link["type"], "cue": link["cue"], "claim": link["id"]}
        if link["id"] in seen:
            return told | {"again": True}
        seen.add(link["id"])
        return told | {name: rows[link["id"]][name] for name in TOLD} | {"claims": nest(link["id"], depth)}

    return {"claims": nest(claim, 0), "cut": cut}


def time_of(rows: Mapping[str, Mapping[str, Any]]) -> Callable[[Row], tuple[bool, str, str, str]]:
    """Return the key that puts links into the order of their claims' days, undated ones last."""

    def key(link: Row) -> tuple[bool, str, str, str]:
        date = rows.get(link["id"], {}).get("date")
        return date is None, date or "", link["id"], link["type"]

    return key


def gather(store: Store, claim: str, *, direction: str, as_of: str | None) -> tuple[dict[str, list[Row]], bool]:
    """Return the links in one direction that lead on from a claim, by the claim that they lead from, and whether some are left out."""
    found: dict[str, list[Row]] = {}
    layer, seen = [claim], {claim}
    for _ in range(DEEPEST):
        known = known_links(store, layer, as_of)
        following: list[str] = []
        for own in layer:
            found[own] = []
            for link in known[own]:
                if link["direction"] != direction or (link["id"] not in seen and len(seen) > MOST):
                    continue
                found[own].append(link)
                if link["id"] not in seen:
                    seen.add(link["id"])
                    following.append(link["id"])
        layer = following
        if not layer:
            break
    return found, bool(layer) or len(seen) > MOST
