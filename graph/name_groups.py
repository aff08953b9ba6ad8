"""Name groups: which people and companies of all documents are one, by the names that the documents give them.

Counted names come and go with documents; ids whose canonical id changed flow out to graph.build, which reads their
documents again. The rule is nlp.clusters': here only the part of it is worked out anew that the change can touch, the sets that edges tie.
What readers judged to be the same or different comes last and wins.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from collections.abc import Set as AbstractSet

from graph.corrections import judged_ids
from graph.ledger import Ledger
from nlp.annotation import EntityKind
from nlp.clusters import FORUM, Edge, Named, join_edges
from nlp.identity import keys_of, same_name
from nlp.personal_names import cantonese_surnames

NamedRow = tuple[str, str, str, bool]
PairKey = tuple[EntityKind, str]


class NameGroups:
    """The groups, kept in the builder's tables; pairs of ids were judged the same or different."""

    def __init__(
        self, ledger: Ledger, *, same: Collection[AbstractSet[str]] = (), different: Collection[AbstractSet[str]] = ()
    ) -> None:
        self.ledger = ledger
        self.same = same
        self.different = different
        self.tied: defaultdict[str, set[str]] = defaultdict(set)
        for pair in (*same, *different):
            for one in pair:
                self.tied[one] |= pair - {one}

    def update(self, come: Counter[NamedRow], gone: Counter[NamedRow], *, judged: Iterable[str] = ()) -> set[str]:
        """Count names that came and went; return the ids whose canonical id changed. `judged` ids are looked at anyway."""
        delta = Counter(come)
        delta.subtract(gone)
        changes = {row: number for row, number in delta.items() if number}
        before = self.read({(row[1], row[0]) for row in changes})  # type: ignore[misc]
        self.ledger.connection.executemany(
            "insert into named values (?, ?, ?, ?, ?) on conflict do update set count = count + excluded.count",
            [(*row[:3], int(row[3]), number) for row, number in changes.items()],
        )
        self.ledger.connection.execute("delete from named where count <= 0")
        after = self.read(before.keys())
        seeds = {key for key in before if before[key] != after[key]}
        around = {key for kind, identifier in seeds for key in self.neighbours(kind, identifier)}
        for key in sorted(seeds):
            self.find_alike(key, after[key])
        ids = {key[1] for key in seeds | around} | set(judged)
        return self.regroup(seeds | around, ids)

    def read(self, keys: Iterable[PairKey]) -> dict[PairKey, Named | None]:
        """Return each entity with all its names, the most usual first; None for one that no document names."""
        found: dict[PairKey, Named | None] = dict.fromkeys(keys)
        query = (
            "select id, kind, names, fixed from (select value from json_each(?)) wanted join named on id = wanted.value "
            "order by id, kind, count desc, names"
        )
        for identifier, kind, names, fixed in self.ledger.rows(query, sorted({key[1] for key in found})):
            if (kind, identifier) in found:
                known = found[kind, identifier]
                merged = dict.fromkeys((*(known.names if known else ()), *json.loads(names)))
                listed = bool(fixed) or bool(known and known.fixed)
                found[kind, identifier] = Named(id=identifier, kind=kind, names=tuple(merged), fixed=listed)
        return found

    def find_alike(self, key: PairKey, named: Named | None) -> None:
        """Write which entities one is alike to, by all of its names."""
        kind, identifier = key
        connection = self.ledger.connection
        connection.execute("delete from named_key where id = ? and kind = ?", (identifier, kind))
        connection.execute("delete from alike where kind = ? and one = ?", (kind, identifier))
        connection.execute("delete from alike where kind = ? and other = ?", (kind, identifier))
        if named is None or FORUM in identifier:
            return
        for name in named.names:
            _, sought = name_keys(name, kind)
            query = (
                "select distinct named_key.name, named_key.id from (select value from json_each(?)) wanted "
                "join named_key on key = wanted.value and kind = ?"
            )
            for other_name, other in self.ledger.rows(query, sought, kind):
                if other == identifier:
                    continue
                reason = (
                    "spelling" if name == other_name else same_name(min(name, other_name), max(name, other_name), kind)
                )
                if reason:
                    their = self.read([(kind, other)])[kind, other]
                    usual = named.names[0] == name and bool(their and their.names[0] == other_name)
                    one, two = sorted((identifier, other))
                    row = (kind, one, two, reason, int(usual))
                    connection.execute("insert or ignore into alike values (?, ?, ?, ?, ?)", row)
        rows = [(each, kind, name, identifier) for name in named.names for each in name_keys(name, kind)[0]]
        connection.executemany("insert or ignore into named_key values (?, ?, ?, ?)", rows)

    def neighbours(self, kind: EntityKind, identifier: str) -> set[PairKey]:
        """Return what an entity is alike to."""
        query = "select other from alike where kind = ?1 and one = ?2 union select one from alike where kind = ?1 and other = ?2"
        return {(kind, row[0]) for row in self.ledger.rows(query, kind, identifier)}

    def regroup(self, seeds: set[PairKey], ids: set[str]) -> set[str]:
        """Work out the groups that hold these entities; return the ids whose canonical id changed."""
        component = self.component(seeds, ids)
        named = self.read(component)
        touched = ids | {identifier for _, identifier in component}
        joined: dict[str, str] = {}
        for kind in ("person", "organization"):
            members = {key[1]: found for key, found in named.items() if key[0] == kind and found}
            joined |= join_edges(members, self.edges(kind, members))
        listed = {found.id for found in named.values() if found and found.fixed}
        same, different = ([pair for pair in pairs if pair <= touched] for pairs in (self.same, self.different))
        if same or different:
            joined = judged_ids(joined, listed, same, different)
        touched |= joined.keys()
        old = dict(
            self.ledger.rows(
                "select id, canonical from (select value from json_each(?)) wanted join joined on id = wanted.value",
                touched,
            )
        )
        new = {identifier: other for identifier, other in joined.items() if identifier in touched}
        changed = {identifier for identifier in touched if old.get(identifier) != new.get(identifier)}
        self.ledger.connection.executemany("delete from joined where id = ?", [(each,) for each in sorted(changed)])
        self.ledger.connection.executemany(
            "insert into joined values (?, ?)", [(each, new[each]) for each in sorted(changed) if each in new]
        )
        return changed

    def component(self, seeds: set[PairKey], ids: set[str]) -> set[PairKey]:
        """Return all that edges or judgements tie to these entities, themselves included."""
        kinds: tuple[EntityKind, ...] = ("person", "organization")
        waiting = list(seeds | {(kind, identifier) for identifier in ids for kind in kinds})
        found = set(waiting)
        while waiting:
            kind, identifier = waiting.pop()
            more = self.neighbours(kind, identifier) | {
                (each, other) for other in self.tied[identifier] for each in kinds
            }
            waiting += more - found
            found |= more
        return found

    def edges(self, kind: EntityKind, members: Mapping[str, Named]) -> list[Edge]:
        """Return the edges between entities of one kind."""
        query = "select one, other, reason, usual from (select value from json_each(?)) wanted join alike on kind = ? and one = wanted.value"
        rows = self.ledger.rows(query, sorted(members), kind)
        return [
            Edge(ends=(one, two), reason=reason, usual=bool(usual))
            for one, two, reason, usual in rows
            if two in members
        ]


def name_keys(name: str, kind: EntityKind) -> tuple[set[str], set[str]]:
    """Return the keys that a name is kept under, and those to seek what may be one with it.

    >>> kept, sought = name_keys("Chan Yeuk Kai", "person")
    >>> "hk-latin 陈" in kept, "hk-han 陈" in sought
    (True, True)
    """
    plain = set(keys_of(name, kind)) | {f"={name}"}
    if kind != "person":
        return plain, plain
    own, characters = cantonese_surnames(name)
    kept = {f"hk-han {own}"} if own else {f"hk-latin {c}" for c in characters}
    sought = {f"hk-latin {own}"} if own else {f"hk-han {c}" for c in characters}
    return plain | kept, plain | sought
