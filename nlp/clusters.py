"""Clusters: one person or organisation of many names, by decisions on pairs.

Entities with the names they go by flow in, a map from the id of each to the id it is joined under flows out to nlp.joining (the
entities of all documents) and nlp.resolve (a list of names). The result depends on the set alone, not on its order. What is
listed stays apart from what else is listed; a name that fits two people or companies who are not one joins neither.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from nlp.annotation import EntityKind
from nlp.identity import STRICT, WEAK, contradict, keys_of, pairs_sharing, same_name
from nlp.personal_names import cantonese_pairs
from nlp.transliteration import bare

FORUM = "/"  # in an id: a poster is known within the forum only


@dataclass(frozen=True, kw_only=True, slots=True)
class Named:
    """An entity and its names, the usual one first; a fixed one keeps its id and is joined with no other fixed one."""

    id: str
    kind: EntityKind
    names: tuple[str, ...]
    fixed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Edge:
    """Two entities that are one by these names for this reason."""

    ends: tuple[str, str]
    reason: str
    usual: bool  # both names are the usual ones, not names that a document taught

    @property
    def strict(self) -> bool:
        """Whether no other name could make this one doubtful."""
        return self.usual and self.reason in STRICT


def cluster(entities: Iterable[Named]) -> dict[str, str]:
    """Map the id of each entity that is joined with others to the id that stands for all of them.

    >>> names = ["张若溪", "Ruoxi Zhang", "Zhang Ruoxi", "张若曦", "Lumen Labs", "Lumen Labs Inc."]
    >>> kinds = ["person"] * 4 + ["organization"] * 2
    >>> cluster(Named(id=name, kind=kind, names=(name,)) for name, kind in zip(names, kinds))
    {'Zhang Ruoxi': 'Ruoxi Zhang', 'Lumen Labs Inc.': 'Lumen Labs'}
    """
    joined: dict[str, str] = {}
    by_kind: dict[EntityKind, dict[str, Named]] = defaultdict(dict)
    for entity in entities:
        known = by_kind[entity.kind].get(entity.id)
        names = dict.fromkeys((*(known.names if known else ()), *entity.names))
        by_kind[entity.kind][entity.id] = Named(
            id=entity.id, kind=entity.kind, names=tuple(names), fixed=entity.fixed or bool(known and known.fixed)
        )
    for kind in ("person", "organization"):
        joined |= cluster_kind(kind, by_kind[kind])
    return joined


def cluster_kind(kind: EntityKind, named: Mapping[str, Named]) -> dict[str, str]:
    """Cluster the entities of one kind."""
    return join_edges(named, find_edges(kind, named))


def join_edges(named: Mapping[str, Named], edges: Iterable[Edge]) -> dict[str, str]:
    """Join entities of one kind along edges; return the map of `cluster`. Sets that no edge ties do not bear on each other."""
    edges = sorted(edges, key=lambda edge: (not edge.strict, edge.ends, edge.reason))
    groups = Groups(named)
    for edge in edges:
        if edge.strict:
            groups.join(*edge.ends)
    loose = [edge for edge in edges if not edge.strict]
    for rank in (0, 1):
        join_loose(groups, [edge for edge in loose if (edge.reason in WEAK) == rank])
    return groups.joined()


def join_loose(groups: Groups, edges: Sequence[Edge]) -> None:
    """Join what loose edges tie, but for a group that says too little of itself and is tied to several that say who they are."""
    choices: dict[str, set[str]] = defaultdict(set)
    for edge in edges:
        for one, other in (edge.ends, edge.ends[::-1]):
            if groups.anchored(other):
                choices[groups.root(one)].add(groups.root(other))
    for edge in edges:
        one, other = (groups.root(end) for end in edge.ends)
        doubtful = any(len(choices[end]) > 1 and not groups.anchored(end) for end in (one, other))
        if not doubtful:
            groups.join(one, other)


class Groups:
    """Disjoint sets of entities that refuse to join what cannot be one."""

    def __init__(self, named: Mapping[str, Named]) -> None:
        self.named = named
        self.parent = {identifier: identifier for identifier in named}
        self.members: dict[str, list[str]] = {identifier: [identifier] for identifier in named}

    def root(self, identifier: str) -> str:
        """Return the id that stands for an entity's group while groups grow."""
        while self.parent[identifier] != identifier:
            self.parent[identifier] = identifier = self.parent[self.parent[identifier]]
        return identifier

    def join(self, one: str, other: str) -> None:
        """Join two groups, unless a listed entity or a Chinese name of one contradicts the other."""
        one, other = sorted((self.root(one), self.root(other)))
        if one == other or self.contradict(one, other):
            return
        self.parent[other] = one
        self.members[one] += self.members.pop(other)

    def contradict(self, one: str, other: str) -> bool:
        """Whether two groups cannot be one."""
        mine, theirs = ([self.named[each] for each in self.members[root]] for root in (one, other))
        if any(entity.fixed for entity in mine) and any(entity.fixed for entity in theirs):
            return True
        kind = mine[0].kind
        return any(contradict(a, b, kind) for x in mine for y in theirs for a in x.names[:1] for b in y.names[:1])

    def anchored(self, identifier: str) -> bool:
        """Whether a group says by itself who it is: listed, named in Chinese, or by several names."""
        group = [self.named[each] for each in self.members[self.root(identifier)]]
        return any(e.fixed or len(e.names) > 1 or not bare(e.names[0]).isascii() for e in group if e.names)

    def joined(self) -> dict[str, str]:
        """Map each entity that is not itself the chosen one of its group to the one that is."""
        result: dict[str, str] = {}
        for members in self.members.values():
            chosen = min(members, key=lambda each: (not self.named[each].fixed, not each.isascii(), len(each), each))
            result |= {each: chosen for each in members if each != chosen}
        return result


def find_edges(kind: EntityKind, named: Mapping[str, Named]) -> Iterator[Edge]:
    """Yield what makes entities one, comparing only names that share a key."""
    owners: dict[str, list[str]] = defaultdict(list)
    for identifier in sorted(named):
        if FORUM not in identifier:
            for name in named[identifier].names:
                owners[name].append(identifier)
    pairs = sharing(kind, owners)
    for one, other in pairs:
        reason = "spelling" if one == other else same_name(one, other, kind)
        if reason is None:
            continue
        for a in owners[one]:
            for b in owners[other]:
                if a < b or (a != b and one != other):
                    usual = named[a].names[0] == one and named[b].names[0] == other
                    yield Edge(ends=(min(a, b), max(a, b)), reason=reason, usual=usual)


def sharing(kind: EntityKind, owners: Mapping[str, Sequence[str]]) -> list[tuple[str, str]]:
    """Return the pairs of names to compare: the same one of two entities, and those that share a key."""
    pairs = [(name, name) for name in sorted(owners) if len(owners[name]) > 1]
    pairs += pairs_sharing({name: keys_of(name, kind) for name in owners})
    return pairs + list(cantonese_pairs(owners)) if kind == "person" else pairs
