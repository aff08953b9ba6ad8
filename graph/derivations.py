"""Derivations: which model is said to come from which, in what respect, and what its maker answered.

Claims that changed flow in; derivations, the claims that they rest on, and the short form of them between two models flow into the ledger. A charge
that names a model of the accused and a model as the origin alleges a derivation in every aspect that its words speak of. An answer
bears on what it speaks of itself, else on what it answers; only the maker's own answers decide the status.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from typing import NamedTuple

from graph.claims import Parties
from graph.disputes import answered_layers
from graph.ledger import Ledger, Properties
from graph.model import Edge
from graph.standing import Member, Side, first_day, last_day, put_members, sides_of
from nlp.annotation import GROUPS
from nlp.aspects import UNSPECIFIED, aspects_of

STRONGEST = ("admitted", "contested", "denied", "alleged")


class Derived(NamedTuple):
    """One derivation: two models and an aspect."""

    model: str
    origin: str
    aspect: str

    @property
    def id(self) -> str:
        """A readable id."""
        slugs = (each.split(":", 1)[1] for each in (self.model, self.origin))
        return "derivation:" + "--".join((*slugs, self.aspect))


class Statement(NamedTuple):
    """What decides about derivations of a claim: group, the speaker's party, its own pairs of models, its aspects."""

    group: str
    party: str | None
    pairs: frozenset[tuple[str, str]]
    aspects: frozenset[str]

    @property
    def derived(self) -> set[Derived]:
        """The derivations that the claim speaks of itself."""
        return {Derived(*pair, aspect) for pair in self.pairs for aspect in self.aspects or {UNSPECIFIED}}


class Derivations:
    """Writes the derivations of a graph."""

    def __init__(self, ledger: Ledger, parties: Parties) -> None:
        self.ledger = ledger
        self.parties = parties
        self.known: dict[str, Statement] = {}

    def write(self, claims: Collection[str]) -> None:
        """Write the derivations that rest on these claims, `claims` being all that changed and all that follow them."""
        self.known.clear()
        edges: list[Edge] = []
        known: dict[str, Derived] = {}
        for claim, statement in self.read(claims).items():
            for derived, role in self.rests_on(claim, statement):
                known[derived.id] = derived
                edges.append(Edge("RESTS_ON", derived.id, claim, properties={"role": role}))
        changed = {start for start, _ in self.ledger.put_edges("RESTS_ON", claims, edges, side="end")}
        put_members(
            self.ledger,
            "derivation:",
            claims,
            (Member(edge.start, edge.end, str(edge.properties["role"])) for edge in edges),
        )
        self.write_nodes(changed | known.keys(), known)

    def read(self, claims: Collection[str]) -> dict[str, Statement]:
        """Return what decides of claims, each read once while derivations are written."""
        missing = [claim for claim in claims if claim not in self.known]
        self.known |= self.find(missing) if missing else {}
        return {claim: self.known[claim] for claim in claims if claim in self.known}

    def find(self, claims: Collection[str]) -> dict[str, Statement]:
        """Read what decides of claims."""
        query = (
            'select claim, charge."group", charge.speaker, quote from (select value from json_each(?)) wanted '
            "cross join charge on claim = wanted.value cross join node_claim on id = claim"
        )
        rows = self.ledger.rows(query, claims)
        pairs = self.pairs_of(claims)
        return {
            claim: Statement(group, party, frozenset(pairs[claim]), aspects_of(quote))
            for claim, group, party, quote in rows
        }

    def pairs_of(self, claims: Collection[str]) -> dict[str, set[tuple[str, str]]]:
        """Return the pairs of accused model and origin of claims: those that one statement names together, in the roles that the claim gives them."""
        about = (
            "select start, \"end\", json_extract(properties, '$.role') from (select value from json_each(?)) wanted "
            "cross join edge on type = 'ABOUT' and start = wanted.value where \"end\" glob 'model:*'"
        )
        roles: dict[str, dict[str, str]] = defaultdict(dict)
        for claim, model, role in self.ledger.rows(about, claims):
            roles[claim][model] = role
        both = {claim for claim, own in roles.items() if {"accused", "origin"} <= set(own.values())}
        told = (
            "select reports.\"end\", statement.id, json_extract(target.value, '$[0]') from (select value from json_each(?)) wanted "
            "cross join edge reports indexed by edge_by_end on reports.type = 'REPORTS' and reports.\"end\" = wanted.value "
            "cross join node_statement statement on statement.id = reports.start cross join json_each(statement.grounds, '$.targets') target"
        )
        named: dict[tuple[str, str], list[str]] = defaultdict(list)
        for claim, statement, model in self.ledger.rows(told, both):
            if model in roles[claim]:
                named[claim, statement].append(model)
        pairs: dict[str, set[tuple[str, str]]] = defaultdict(set)
        for (claim, _), models in named.items():
            accused = [model for model in models if roles[claim][model] == "accused"]
            origins = [model for model in models if roles[claim][model] == "origin"]
            pairs[claim] |= {(model, origin) for model in accused for origin in origins}
        return pairs

    def rests_on(self, claim: str, statement: Statement) -> set[tuple[Derived, str]]:
        """Return the derivations that rest on a claim, and as what."""
        if statement.group == "accusing":
            return {(derived, "charge") for derived in statement.derived}
        if statement.group != "answering":
            return set()
        found = statement.derived or self.answered(claim, statement.aspects)
        makers = self.parties({derived.model for derived in found})
        return {(derived, "answer" if makers[derived.model] == statement.party else "remark") for derived in found}

    def answered(self, claim: str, aspects: frozenset[str]) -> set[Derived]:
        """Return the derivations of the nearest charges that an answer is about; of its own aspects where it has them."""
        for layer in answered_layers(self.ledger, claim):
            charges = [each for each in self.read(layer).values() if each.group == "accusing"]
            found = {derived for each in charges for derived in each.derived}
            if found:
                return {derived for derived in found if derived.aspect in aspects} or found
        return set()

    def write_nodes(self, ids: Collection[str], known: dict[str, Derived]) -> None:
        """Write derivations from the claims that they rest on, and their short forms."""
        known = known | self.written(ids - known.keys())
        standing = sides_of(self.ledger, ids)
        nodes = {
            each: derivation_node(known[each], standing[each]) if each in standing else None for each in sorted(ids)
        }
        ends = [Edge("OF", each, known[each].model) for each in standing]
        ends += [Edge("FROM", each, known[each].origin) for each in standing]
        self.ledger.put_nodes("Derivation", nodes)
        for kind in ("OF", "FROM"):
            self.ledger.put_edges(kind, ids, [edge for edge in ends if edge.type == kind])
        self.write_short_forms({(known[each].model, known[each].origin) for each in ids})

    def written(self, ids: Iterable[str]) -> dict[str, Derived]:
        """Return derivations that have a node."""
        query = "select id, model, origin, aspect from (select value from json_each(?)) wanted join node_derivation on id = wanted.value"
        return {row[0]: Derived(*row[1:]) for row in self.ledger.rows(query, set(ids))}

    def write_short_forms(self, pairs: Collection[tuple[str, str]]) -> None:
        """Write the edges from models to those that they are said to derive from, for these pairs of them."""
        query = (
            "select model, origin, aspect, status from (select value from json_each(?)) wanted cross join node_derivation "
            "on model = json_extract(wanted.value, '$[0]') and origin = json_extract(wanted.value, '$[1]')"
        )
        found: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
        for model, origin, aspect, status in self.ledger.rows(query, pairs):
            found[model, origin].append((aspect, status))
        edges = [
            Edge(
                *("ALLEGEDLY_DERIVED_FROM", model, origin),
                properties={
                    "status": min((status for _, status in rows), key=STRONGEST.index),
                    "aspects": ",".join(sorted(aspect for aspect, _ in rows)),
                },
            )
            for (model, origin), rows in found.items()
        ]
        self.ledger.put_edges("ALLEGEDLY_DERIVED_FROM", pairs, edges, side="both")


def derivation_node(derived: Derived, sides: Sequence[Side]) -> Properties:
    """Return the properties of a derivation from what it rests on."""
    return {
        "model": derived.model,
        "origin": derived.origin,
        "aspect": derived.aspect,
        "status": status_of([side.kind for side in sides if side.role == "answer"]),
        "opened": first_day(sides),
        "lastActivity": last_day(sides),
    }


def status_of(kinds: Sequence[str]) -> str:
    """Return what became of an alleged derivation by the kinds of its maker's answers.

    >>> status_of([]), status_of(["denial"]), status_of(["denial", "admission"]), status_of(["apology"])
    ('alleged', 'denied', 'contested', 'admitted')
    """
    admitted = any(kind in ("admission", "apology") for kind in kinds if GROUPS[kind] == "answering")
    if "denial" in kinds:
        return "contested" if admitted else "denied"
    return "admitted" if admitted else "alleged"
