"""Corrections: what the judgements in force change of annotations, entities and claims. Pure.

Judgements flow in from graph.judgements; annotations flow through `Corrections.correct` on their way to graph.build, which also
asks which entities and claims are one or not, and puts the judgements into the graph. Without judgements nothing changes.
"""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from typing import Any, Self, cast

from graph.judgements import FIELDS, Judgement, encode, in_force
from graph.model import Value
from nlp.annotation import (
    Annotation,
    Entity,
    EntityKind,
    Happened,
    Link,
    LinkType,
    Role,
    Statement,
    StatementKind,
    Target,
)

CUE = "judgement"  # what a link that a reader made rests on
ANSWERS: LinkType = "responds_to"
Pair = tuple[str, str]


@dataclass(frozen=True, kw_only=True, slots=True)
class Corrections:
    """What readers decided, as building needs it; pairs of claims are pairs of statements, one of each claim."""

    rejected: frozenset[str] = frozenset()
    changes: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    answers: Mapping[Pair, tuple[str, ...]] = field(default_factory=dict)  # with the documents of both, as far as known
    not_answers: frozenset[Pair] = frozenset()
    same_entities: frozenset[frozenset[str]] = frozenset()
    different_entities: frozenset[frozenset[str]] = frozenset()
    same_claims: frozenset[frozenset[str]] = frozenset()
    different_claims: frozenset[frozenset[str]] = frozenset()
    documents: frozenset[str] = frozenset()  # those whose statements are judged
    digest: str = ""

    @classmethod
    def of(cls, judgements: Iterable[Judgement]) -> Self:
        """Make the corrections of all recorded judgements, in any order; what was undone or overruled does not count."""
        rows = in_force(judgements)
        changes: defaultdict[str, dict[str, Any]] = defaultdict(dict)
        for row in rows:
            if row.verdict == "correct":
                changes[row.subject] |= {name: row.value[name] for name in FIELDS if name in row.value}
        judged = [row for row in rows if is_statement(row.subject)]
        entities = [row for row in rows if not is_statement(row.subject)]
        answers = [row for row in judged if row.verdict == "answers"]
        return cls(
            rejected=frozenset(row.subject for row in judged if row.verdict == "reject"),
            changes=dict(changes),
            answers={(row.subject, row.object or ""): tuple(row.value.get("documents", ())) for row in answers},
            not_answers=frozenset(pair for row in judged if row.verdict == "not-answers" for pair in row.pairs),
            same_entities=pairs_of(entities, "same"),
            different_entities=pairs_of(entities, "different"),
            same_claims=pairs_of(judged, "same"),
            different_claims=pairs_of(judged, "different"),
            documents=frozenset(document for row in judged for document in row.value.get("documents", ())),
            digest=digest_of(rows),
        )

    def touches(self, annotation: Annotation) -> bool:
        """Whether `correct` may change an annotation."""
        held = {statement.id for statement in annotation.statements}
        linked = {end for pair in (*self.answers, *self.not_answers) for end in pair}
        return not held.isdisjoint(self.rejected | self.changes.keys() | linked)

    def correct(self, annotation: Annotation) -> Annotation:
        """Return an annotation as readers corrected it; one that no judgement is about is returned as it is."""
        if not self.touches(annotation):
            return annotation
        kept = [statement for statement in annotation.statements if statement.id not in self.rejected]
        named = [entity for each in kept for entity in named_in(self.changes.get(each.id, {}))]
        known = {entity.id: entity for entity in named} | {entity.id: entity for entity in annotation.entities}
        return replace(
            annotation,
            entities=tuple(known[identifier] for identifier in sorted(known)),
            statements=tuple(corrected(statement, self.changes.get(statement.id, {})) for statement in kept),
            links=tuple(self.links_within(annotation.links, {statement.id for statement in kept})),
        )

    def links_within(self, links: Iterable[Link], held: AbstractSet[str]) -> Iterator[Link]:
        """Yield the links between the statements of one document, without those denied and with those added."""
        joined = set()
        for link in links:
            ends = (link.source, link.target)
            if held >= set(ends) and ends not in self.not_answers:
                joined.add(ends)
                yield link
        for source, target in sorted(self.answers.keys() - joined):
            if source in held and target in held:
                yield Link(source=source, target=target, type=ANSWERS, cue=CUE, confidence=1.0)

    def links_across(self) -> list[tuple[str, str, LinkType]]:
        """Return the links that readers made between statements of different documents, in order."""
        found = {pair for pair, documents in self.answers.items() if len(set(documents)) != 1}
        return [(*pair, ANSWERS) for pair in sorted(found) if self.rejected.isdisjoint(pair)]

    def unlinked(self) -> set[Pair]:
        """Return the pairs of statements, the later one first, between which there is to be no link of any type."""
        return set(self.not_answers)


def is_statement(identifier: str) -> bool:
    """Whether an id is a statement's; those of entities name their kind.

    >>> is_statement("s-0123456789ab"), is_statement("org:北辰智能")
    (True, False)
    """
    return identifier.startswith("s-") and ":" not in identifier


def pairs_of(rows: Iterable[Judgement], verdict: str) -> frozenset[frozenset[str]]:
    """Return the pairs that rows of one verdict are about."""
    return frozenset(frozenset(pair) for row in rows if row.verdict == verdict for pair in row.pairs)


def corrected(statement: Statement, change: Mapping[str, Any]) -> Statement:
    """Return a statement with the fields that a reader gave; a reader is sure."""
    if not change:
        return statement
    made = replace(statement, confidence=1.0, kind_confidence=1.0)
    if "kind" in change:
        made = replace(made, kind=cast(StatementKind, change["kind"]))
    if "speaker" in change:
        speaker = change["speaker"]
        made = replace(
            made,
            speaker=speaker["entity"] if speaker else None,
            speaker_from="words" if speaker else "nowhere",
            speaker_span=None,
            co_speakers=(),
        )
    if "targets" in change:
        targets = [Target(entity=each["entity"], role=cast(Role, each["role"])) for each in change["targets"]]
        made = replace(made, targets=tuple(targets))
    if "date" in change:
        period = change["date"]
        made = replace(made, happened=Happened(period=period, basis="stated") if period else None)
    return made


def named_in(change: Mapping[str, Any]) -> Iterator[Entity]:
    """Yield the entities that a correction names."""
    for each in (change.get("speaker"), *change.get("targets", ())):
        if each:
            yield Entity(
                id=each["entity"],
                kind=cast(EntityKind, each["kind"]),
                name_en=each.get("nameEn"),
                name_zh=each.get("nameZh"),
            )


def judged_ids(
    joined: Mapping[str, str],
    listed: AbstractSet[str],
    same: Iterable[AbstractSet[str]],
    different: Iterable[AbstractSet[str]],
) -> dict[str, str]:
    """Return the map from entity ids to the ids they are joined under, as readers judged; the order plays no part.

    What is judged the same is joined first, then what `joined` holds together, as far as nothing that is judged different
    comes together: of a group that falls apart each member goes to the first part that it may belong to. A part is known by its
    listed entity, else by the id that nlp.clusters would choose.

    >>> joined = {"person:zhang-ruoxi": "person:ruoxi-zhang", "person:张若溪": "person:ruoxi-zhang"}
    >>> judged_ids(joined, set(), [], [{"person:张若溪", "person:ruoxi-zhang"}])
    {'person:zhang-ruoxi': 'person:ruoxi-zhang'}
    >>> judged_ids({}, {"org:polestar"}, [{"org:北辰", "org:polestar"}], [])
    {'org:北辰': 'org:polestar'}
    """
    apart: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in filter(is_pair, map(sorted, different)):
        apart[one].add(other)
        apart[other].add(one)
    together = sorted(pair for pair in map(sorted, same) if is_pair(pair))
    groups: defaultdict[str, set[str]] = defaultdict(set)
    for identifier, chosen in joined.items():
        groups[chosen] |= {identifier, chosen}

    def rank(identifier: str) -> tuple[bool, bool, int, str]:
        return (identifier not in listed, not identifier.isascii(), len(identifier), identifier)

    parts = Parts(apart, {each for ids in (*groups.values(), *together) for each in ids})
    for one, other in together:
        parts.join(one, other)
    for members in sorted(sorted(ids, key=rank) for ids in groups.values()):
        firsts: list[str] = []
        for member in members:
            if not any(parts.join(first, member) for first in firsts):
                firsts.append(member)
    return parts.chosen(rank)


def is_pair(ids: list[str]) -> bool:
    """Whether a list holds two ids."""
    return len(ids) == 2


class Parts:
    """Disjoint sets of ids that refuse to join what is judged different."""

    def __init__(self, apart: Mapping[str, set[str]], ids: AbstractSet[str]) -> None:
        self.apart = apart
        self.part = {identifier: {identifier} for identifier in ids}

    def join(self, one: str, other: str) -> bool:
        """Join the sets of two ids; return whether they are in one set now."""
        mine, theirs = self.part[one], self.part[other]
        if mine is theirs:
            return True
        if any(not theirs.isdisjoint(self.apart[each]) for each in mine if each in self.apart):
            return False
        mine |= theirs
        self.part |= dict.fromkeys(theirs, mine)
        return True

    def chosen(self, rank: Any) -> dict[str, str]:  # noqa: ANN401 - a key for min
        """Map each id that does not stand for its set to the one that does."""
        found = {identifier: min(part, key=rank) for identifier, part in sorted(self.part.items())}
        return {identifier: chosen for identifier, chosen in found.items() if identifier != chosen}


def digest_of(rows: Iterable[Judgement]) -> str:
    """Return a hash of the judgements in force: equal as long as they give the same graph."""
    lines = [
        json.dumps(
            [row.sequence, row.verdict, row.subject, row.object, row.content, row.by, row.reason],
            ensure_ascii=False,
            sort_keys=True,
        )
        for row in rows
    ]
    return hashlib.sha256("\n".join(lines).encode("utf-8", "surrogatepass")).hexdigest()


def judgement_nodes(judgements: Iterable[Judgement]) -> dict[str, Mapping[str, Value]]:
    """Return the nodes of the judgements that count, by id; a value is JSON, without the words and names shown to readers."""
    return {
        f"judgement:{row.sequence}": {
            "verdict": row.verdict,
            "subject": row.subject,
            "object": row.object,
            "value": encode(row.content) if row.content else None,
            "by": row.by,
            "at": row.at,
            "reason": row.reason,
            "sequence": row.sequence,
        }
        for row in in_force(judgements)
    }
