"""Dispute cards: one dispute with its parties, what decides its status, the models concerned, its sources and its events.

A dispute's row, found by graph.dispute_search, flows in; a card flows out to the command line. Everything is read from the
claims of this dispute, in batches; as of a day, only from what was recorded by then.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from itertools import zip_longest
from typing import Any, NamedTuple

from graph.analysis import central_actors, communities, count_parts
from graph.batches import in_batches
from graph.claim_rows import rows_in_full
from graph.claims_known import BATCH, as_known
from graph.dispute_list import refer, rows_of, state_of
from graph.disputes import STATUS
from graph.echo import echoes, repeats
from graph.known_by import end_of
from graph.lineage import derivations_known
from graph.store import Row, Store
from graph.subjects import EntityRef
from graph.timeline import ANYBODY, Reader
from nlp.annotation import GROUPS

MOST = 5  # of answers, events and whatever else may be many


class Evidence(NamedTuple):
    """What a card is made of: the claims of a dispute in order of time, their parties, tellings and derivations."""

    claims: list[Row]
    parties: list[Row]
    told: list[Row]
    derivations: list[Row]


def dispute_card(
    store: Store, dispute: Row, *, reader: Reader = ANYBODY, as_of: str | None = None, most: int = MOST
) -> dict[str, Any] | None:
    """Return the card of a dispute, None if nobody in it had been accused by the day `as_of`.

    `most` bounds the answers, the deciding claims, the echoes and the newest events that are shown.
    """
    until = end_of(as_of)
    evidence = gather(store, dispute, until)
    claims = evidence.claims
    if not any(claim["group"] == "accusing" for claim in claims):
        return None
    stood = dispute | (state_of(claims) if until else {})
    row = rows_of(store, [stood], names=reader.names, as_of=until)[0]
    deciding = deciding_claims(claims, row["status"], most)
    charges = [claim for claim in claims if claim["group"] == "accusing"]
    answers = [claim for claim in claims if claim["group"] == "answering"]
    newest = claims_by_last(claims)[:most]
    shown = [*deciding, *charges[:1], *answers[-most:], *newest]
    full = {one["claim"]: one for one in rows_in_full(store, shown, reader=reader, as_of=until)}
    return {
        **row,
        "why": [full[claim["id"]] for claim in deciding],
        "firstCharge": full[charges[0]["id"]],
        "answers": [full[claim["id"]] for claim in answers[-most:]],
        "answersInAll": len(answers),
        **people(store, evidence, reader.names, stood),
        "sourcesBy": sources_by(evidence.told),
        "echo": echo_of(evidence.told, most),
        "newest": [full[claim["id"]] for claim in newest],
    }


def gather(store: Store, dispute: Row, until: str | None) -> Evidence:
    """Return what is known of a dispute by a time, now if none is given."""
    claims = as_known(store, store.query("dispute_claims", ids=[dispute["id"]]), until)
    parties: list[Row] = []
    told: list[Row] = []
    derivations: list[Row] = []
    for some in in_batches([claim["id"] for claim in claims], BATCH):
        parties += store.query("claim_parties", ids=some)
        told += store.query("claim_tellings", ids=some, as_of=until)
        derivations += store.query("claim_derivations", ids=some)
    return Evidence(claims, parties, told, derivations_known(store, derivations, until))


def deciding_claims(claims: Sequence[Row], status: str, most: int = MOST) -> list[Row]:
    """Return the first claims that give a dispute its status, in order of time; of a contested one some of each side.

    An open dispute is open because of the charges that nobody answered.

    >>> claims = [{"id": "甲", "kind": "accusation"}, *({"id": n, "kind": "denial"} for n in "bc"), {"id": "d", "kind": "remedy"}]
    >>> [claim["id"] for claim in deciding_claims(claims, "contested", 2)]
    ['b', 'd']
    >>> [claim["kind"] for claim in deciding_claims(claims[:1], "open")]
    ['accusation']
    """
    sides: dict[str, list[Row]] = defaultdict(list)
    for claim in claims:
        side = STATUS.get(claim["kind"], "answered") if GROUPS[claim["kind"]] == "answering" else GROUPS[claim["kind"]]
        sides[side].append(claim)
    wanted = {"open": ("accusing",), "contested": ("denied", "admitted", "remedied")}.get(status, (status,))
    in_turn = [claim for turn in zip_longest(*(sides[side] for side in wanted)) for claim in turn if claim]
    chosen = {claim["id"] for claim in in_turn[:most]}
    return [claim for claim in claims if claim["id"] in chosen]


def claims_by_last(claims: Sequence[Row]) -> list[Row]:
    """Return claims with the newest first, the undated last."""
    ordered = sorted(claims, key=lambda claim: claim["id"])
    ordered.sort(key=lambda claim: claim["sortDate"] or "", reverse=True)
    return ordered


def people(store: Store, evidence: Evidence, names: str | None, stood: Row) -> dict[str, Any]:
    """Return the parties with their roles and weight, the groups among them, and the models with their derivations."""
    ids = {row["id"] for row in evidence.parties} | {party for party in (stood["accused"], stood["origin"]) if party}
    ids |= {end for row in evidence.derivations for end in (row["model"], row["origin"]) if end}
    makers: dict[str, str] = {}
    for some in in_batches(sorted(ids), BATCH):
        makers |= {row["entity"]: row["party"] for row in reversed(store.query("entity_parties", ids=some))}
    known: dict[str, Row] = {}
    for some in in_batches(sorted(ids | set(makers.values())), BATCH):
        known |= {row["id"]: row for row in store.query("entities", ids=some)}
    models = {one for one, row in known.items() if row["kind"] == "model"}
    of_models = {model: maker for model, maker in makers.items() if model in models}
    actors = central_actors(evidence.claims, evidence.parties, of_models)
    roles = roles_of(evidence.parties, of_models, stood)
    groups = communities(evidence.claims, evidence.parties, makers)
    return {
        "parties": [
            {**named(one["id"], known, names), "roles": sorted(roles.get(one["id"], ())), **without_id(one)}
            for one in actors
        ],
        "groups": [[refer(one, known, names) for one in group] for group in groups],
        "models": models_of(evidence.parties, known, models, names),
        "derivations": [derivation_row(row, known, names) for row in evidence.derivations],
    }


def roles_of(parties: Sequence[Row], party: Mapping[str, str], stood: Row) -> dict[str, set[str]]:
    """Return what each party is in a dispute: what the dispute calls it, and its part in the claims."""
    roles: dict[str, set[str]] = defaultdict(set)
    for role in ("accused", "origin"):
        if stood[role]:
            roles[stood[role]].add(role)
    for entity, parts in count_parts(parties).items():
        roles[party.get(entity, entity)] |= parts
    return {entity: own - {"about"} or own for entity, own in roles.items()}


def models_of(
    parties: Sequence[Row], known: Mapping[str, Row], models: set[str], names: str | None
) -> list[dict[str, Any]]:
    """Return the models that a dispute's claims are about, with the role that most claims give them."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    for row in parties:
        if row["type"] == "ABOUT" and row["id"] in models:
            seen[row["id"]][row["role"] or "about"] += 1
    rows = [
        {
            **named(model, known, names),
            "role": min(roles, key=lambda role: (role == "about", -roles[role], role)),
            "claims": roles.total(),
        }
        for model, roles in seen.items()
    ]
    return sorted(rows, key=lambda row: (-row["claims"], row["id"]))


def derivation_row(row: Row, known: Mapping[str, Row], names: str | None) -> dict[str, Any]:
    """Return a derivation in short."""
    kept = {name: row[name] for name in ("aspect", "status", "opened", "lastActivity")}
    ends = {side: refer(row[side], known, names) for side in ("model", "origin")}
    return {"derivation": row["id"], **ends, **kept, "claims": [claim["id"] for claim in row["claims"]]}


def named(identifier: str, known: Mapping[str, Row], names: str | None) -> EntityRef:
    """Return an entity as an id with a name."""
    return refer(identifier, known, names) or EntityRef(id=identifier, name=identifier)


def without_id(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return all of a row but its id."""
    return {key: value for key, value in row.items() if key != "id"}


def sources_by(told: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the sources with how many claims each tells, and how many pages of it are near copies.

    >>> row = {"claim": "c-1", "sourceName": "甲报", "document": "a", "origin": "a", "published": "2024-03-04"}
    >>> sources_by([row, row | {"document": "b", "claim": "c-2"}])
    [{'source': '甲报', 'claims': 2, 'copies': 1, 'first': '2024-03-04'}]
    """
    by_source: dict[str, list[Row]] = defaultdict(list)
    for row in told:
        by_source[row["sourceName"]].append(row)
    rows = [
        {
            "source": source,
            "claims": len({row["claim"] for row in own}),
            "copies": len({row["document"] for row in own if row["origin"] != row["document"]}),
            "first": min((row["published"] for row in own if row["published"]), default=None),
        }
        for source, own in by_source.items()
    ]
    return sorted(rows, key=lambda row: (-row["claims"], row["source"]))


def echo_of(told: Sequence[Row], most: int) -> dict[str, Any]:
    """Return who repeats whom, and the claims that most sources repeat."""
    found = echoes(told)
    return {"claims": len(found), "repeats": repeats(found)[:most], "examples": found[:most]}
