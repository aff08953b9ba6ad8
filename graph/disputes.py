"""Disputes: who is accused, and where the thing is said to come from.

Claims flow in, disputes with their members flow out to graph.build. A dispute is keyed by the accused party and the
alleged origin's party, not by connected components, since everything touches the largest companies. A charge that
names no origin joins the dispute of the same accused that has the most claims; an answer joins what it answers, else
the disputes in which its speaker is the accused.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

from nlp.annotation import GROUPS

if TYPE_CHECKING:
    from networkx import DiGraph

Key = tuple[str, str | None]
MOST_STEPS = 3
STATUS = {"admission": "admitted", "apology": "admitted", "remedy": "remedied", "denial": "denied"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Charge:
    """What the rules need to know of one claim: its id, kind, speaker, targets by role, and what it answers."""

    id: str
    kind: str
    speaker: str | None
    accused: tuple[str, ...]
    origins: tuple[str, ...]
    targets: frozenset[str]
    answers: tuple[str, ...]
    date: str


@dataclass(slots=True)
class Case:
    """One dispute: the accused party, the origin's party (None where nobody names one), and its claims."""

    accused: str
    origin: str | None
    claims: set[str] = field(default_factory=set)

    @property
    def key(self) -> str:
        """A readable id made of both parties."""
        parts = (self.accused, self.origin) if self.origin else (self.accused,)
        return "dispute:" + "--".join(part.split(":", 1)[1] for part in parts)


def find_disputes(charges: Sequence[Charge], party: Callable[[str], str]) -> list[Case]:
    """Return the disputes by key; `party` maps a model or person to its company."""
    cases: dict[Key, Case] = {}
    open_charges: list[tuple[Charge, str]] = []
    for charge in charges:
        if GROUPS[charge.kind] != "accusing" or not charge.accused:
            continue
        accused = party(charge.accused[0])
        models = [origin for origin in charge.origins if origin.startswith("model:")]
        origins = {party(origin) for origin in models or charge.origins} - {accused}
        for origin in sorted(origins):
            cases.setdefault((accused, origin), Case(accused, origin)).claims.add(charge.id)
        if not origins:
            open_charges.append((charge, accused))
    largest = largest_by_accused(cases)
    for charge, accused in open_charges:
        key = (accused, largest.get(accused))
        cases.setdefault(key, Case(*key)).claims.add(charge.id)
    largest = largest_by_accused(cases)
    member = member_of(cases)
    about = links_between(charges)
    for charge in charges:
        if GROUPS[charge.kind] not in ("answering", "other"):
            continue
        accused = party(charge.speaker) if charge.speaker else ""
        own = {(accused, largest[accused])} if accused in largest and GROUPS[charge.kind] == "answering" else set()
        for key in nearest(about, charge.id, member) or own:
            cases[key].claims.add(charge.id)
    return sorted(cases.values(), key=lambda case: case.key)


def links_between(charges: Sequence[Charge]) -> DiGraph:
    """Return the graph of which claim is about which."""
    from networkx import DiGraph  # noqa: PLC0415 - only building needs it

    return DiGraph((charge.id, other) for charge in charges for other in charge.answers)


def nearest(about: DiGraph, claim: str, member: Mapping[str, set[Key]]) -> set[Key]:
    """Return the disputes of the nearest claims that a claim is about, directly or through another answer."""
    from networkx import bfs_layers  # noqa: PLC0415 - only building needs it

    if claim not in about:
        return set()
    for layer in islice(bfs_layers(about, claim), 1, 1 + MOST_STEPS):
        found = {key for other in layer for key in member.get(other, ())}
        if found:
            return found
    return set()


def largest_by_accused(cases: Mapping[Key, Case]) -> dict[str, str | None]:
    """Return for each accused the origin of its dispute with the most claims."""
    sizes: dict[str, Counter[str | None]] = defaultdict(Counter)
    for (accused, origin), case in cases.items():
        sizes[accused][origin] = len(case.claims)
    return {accused: max(sizes[accused], key=lambda o: (sizes[accused][o], o or "")) for accused in sizes}


def member_of(cases: Mapping[Key, Case]) -> defaultdict[str, set[Key]]:
    """Return the disputes of each claim."""
    member: defaultdict[str, set[Key]] = defaultdict(set)
    for key, case in cases.items():
        for claim in case.claims:
            member[claim].add(key)
    return member


def status_of(kinds: Sequence[str]) -> str:
    """Return a dispute's state from the kinds of its answering claims: what was done or admitted outweighs words.

    >>> status_of(["accusation"]), status_of(["accusation", "denial", "admission"])
    ('open', 'contested')
    """
    states = {STATUS.get(kind, "answered") for kind in kinds if GROUPS[kind] == "answering"}
    if not states:
        return "open"
    if "denied" in states and states & {"admitted", "remedied"}:
        return "contested"
    return next(state for state in ("remedied", "admitted", "denied", "answered") if state in states)
