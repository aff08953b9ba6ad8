"""Claims: the same statement retold, by one speaker, in whatever language.

Statements come and go with documents (`Telling`); which claim each of them tells flows out to graph.build. Two statements of
different documents are alike when speaker, group and a target agree, their dates are within two days, and their words are alike;
between languages only names and numbers can be compared, so the dates must be known there. A statement, in order of publication,
tells the claim of the earlier statement that it is most like, if that claim has no other statement of its document and was
not made on another day; else it is the first of a new claim. So the claims depend on the set of the statements alone, and a new
statement moves only those published after it that it is tied to. What readers judged to be the same or different claims comes first.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import astuple, replace

from graph.ledger import Ledger
from graph.tellings import (
    COLUMNS,
    DAYS_APART,
    LISTED,
    WINDOW,
    Telling,
    compatible,
    copy_keys,
    likeness,
    same_content,
    sought_keys,
)

Parties = Callable[[Collection[str]], dict[str, str]]


class Claims:
    """The tellings of a graph and the claims they are gathered into, each named by its first statement, its leader."""

    def __init__(
        self,
        ledger: Ledger,
        *,
        same: Collection[frozenset[str]] = (),
        different: Collection[frozenset[str]] = (),
    ) -> None:
        self.ledger = ledger
        self.same = pairs_by_end(same)
        self.different = pairs_by_end(different)

    def of_documents(self, documents: Collection[str]) -> dict[str, Telling]:
        """Return the tellings of documents by statement."""
        return self.select("document", documents)

    def select(self, column: str, values: Collection[str]) -> dict[str, Telling]:
        """Return the tellings that have one of these values in a column."""
        query = f"select {LISTED} from (select value from json_each(?)) wanted join telling on telling.{column} = wanted.value"
        return {row[0]: Telling(*row) for row in self.ledger.rows(query, values)}

    def update(
        self, new: Mapping[str, Telling], old: Mapping[str, Telling], *, judged: Collection[str] = ()
    ) -> set[str]:
        """Replace old tellings by new ones, and settle all that it bears on; return the leaders of the claims that changed.

        `judged` statements are settled anew in any case.
        """
        changed = {each for each in new.keys() | old.keys() if not same_content(new.get(each), old.get(each))}
        waiting = set(judged) | (changed & new.keys())
        for each in sorted(changed & old.keys()):
            waiting |= self.dependents(old[each], self.neighbours(old[each]))
        self.replace(
            {each: new[each] for each in changed & new.keys()}, {each: old[each] for each in changed & old.keys()}
        )
        leaders = {old[each].leader for each in changed & old.keys()}
        return leaders | self.settle(waiting)

    def replace(self, new: Mapping[str, Telling], old: Mapping[str, Telling]) -> None:
        """Write tellings, led by nobody yet, so that what is around them is looked at when they are settled."""
        connection = self.ledger.connection
        connection.executemany("delete from telling where statement = ?", [(each,) for each in old])
        connection.executemany(
            "delete from telling_key where key = ? and statement = ?",
            [(key, each) for each, telling in old.items() for key in copy_keys(telling)],
        )
        marks = ", ".join("?" * len(COLUMNS))
        connection.executemany(
            f"insert into telling ({LISTED}) values ({marks})",
            [astuple(replace(telling, leader="")) for telling in new.values()],
        )
        connection.executemany(
            "insert or ignore into telling_key values (?, ?)",
            [(key, each) for each, telling in new.items() for key in copy_keys(telling)],
        )

    def settle(self, waiting: Iterable[str]) -> set[str]:
        """Find the claim of each waiting statement and of all that depend on it, in order; return the leaders concerned."""
        heap = [(telling.sort, each) for each, telling in self.select("statement", set(waiting)).items()]
        heapq.heapify(heap)
        queued = {each for _, each in heap}
        concerned: set[str] = set()
        while heap:
            _, each = heapq.heappop(heap)
            queued.discard(each)
            (telling,) = self.select("statement", [each]).values()
            near = self.neighbours(telling)
            leader = self.leader_of(telling, near)
            concerned.add(leader)
            if leader == telling.leader:
                continue
            concerned.add(telling.leader)
            later = self.dependents(telling, near) if telling.leader else set()
            self.ledger.connection.execute("update telling set leader = ? where statement = ?", (leader, each))
            later |= self.dependents(replace(telling, leader=leader), near)
            for other, found in self.select("statement", later - queued).items():
                if found.sort > telling.sort:
                    heapq.heappush(heap, (found.sort, other))
                    queued.add(other)
        return concerned - {""}

    def leader_of(self, telling: Telling, around: Iterable[Telling]) -> str:
        """Return the leader of the claim that a statement tells, itself if it is the first to tell it."""
        near = [(likeness(telling, other), other) for other in around if other.sort < telling.sort]
        near += [(2.0, other) for other in self.judged_same(telling) if other.sort < telling.sort]
        apart = self.different.get(telling.statement, frozenset())
        for score, other in sorted(near, key=lambda pair: (-pair[0], pair[1].sort)):
            if score > 0 and other.leader and self.may_join(telling, other.leader, apart, judged=score >= 2):
                return other.leader
        return telling.statement

    def may_join(self, telling: Telling, leader: str, apart: frozenset[str], *, judged: bool) -> bool:
        """Whether a claim, as told before a statement, can be told by it too."""
        members = "from telling where leader = ? and sort < ?"
        if apart:
            told = self.ledger.firsts(f"select statement {members}", leader, telling.sort)
            if told & apart:
                return False
        if judged:
            return True
        query = f"select exists (select 1 {members} and document = ?)"
        if self.ledger.rows(query, leader, telling.sort, telling.document)[0][0]:
            return False
        query = f"select {LISTED} {members} and first is not null order by sort limit 1"
        dated = self.ledger.rows(query, leader, telling.sort)
        return not dated or compatible(telling, Telling(*dated[0]))

    def judged_same(self, telling: Telling) -> list[Telling]:
        """Return the statements that readers judged to tell the same claim."""
        return list(self.select("statement", self.same.get(telling.statement, frozenset())).values())

    def dependents(self, telling: Telling, near: Iterable[Telling]) -> set[str]:
        """Return the statements published after one whose claims may depend on it, among them those of its neighbours."""
        found = {other.statement for other in near if other.sort > telling.sort}
        found |= {
            row[0]
            for row in self.ledger.rows(
                "select statement from telling where leader = ?1 and sort > ?2 and ?1 <> '' union all "
                'select statement from telling where document = ?3 and speaker = ?4 and "group" = ?5 and sort > ?2',
                *(telling.leader, telling.sort, telling.document, telling.speaker, telling.group),
            )
        }
        return (
            found | self.same.get(telling.statement, frozenset()) | self.different.get(telling.statement, frozenset())
        )

    def neighbours(self, telling: Telling) -> list[Telling]:
        """Return the statements of other documents that may tell the same: of the same speaker and group, near in time.

        What nobody in particular says, or nobody knows when, is sought by rare words, since only copies of it are joined.
        """
        since, until = telling.anchor - WINDOW, telling.anchor + WINDOW
        if not telling.speaker or not telling.placed:
            query = (
                f"select distinct {LISTED} from (select value from json_each(?)) wanted cross join telling_key on key = wanted.value "
                'cross join telling indexed by telling_statement using (statement) where speaker = ? and "group" = ? and anchor between ? and ?'
            )
            rows = self.ledger.rows(query, sought_keys(telling), telling.speaker, telling.group, since, until)
        elif telling.first is None:
            query = f'select {LISTED} from telling where speaker = ? and "group" = ? and anchor between ? and ?'
            rows = self.ledger.rows(query, telling.speaker, telling.group, since, until)
        else:
            query = (
                f'select {LISTED} from telling where speaker = ? and "group" = ? and anchor between ? and ? '
                "and ((first is null and published >= ?) or (first <= ? and last >= ?))"
            )
            near = telling.first, (telling.last or telling.first) + DAYS_APART, telling.first - DAYS_APART
            rows = self.ledger.rows(query, telling.speaker, telling.group, since, until, *near)
        return [Telling(*row) for row in rows if row[1] != telling.document]


def pairs_by_end(pairs: Collection[frozenset[str]]) -> dict[str, frozenset[str]]:
    """Return the other ends of pairs by each end."""
    ends: dict[str, frozenset[str]] = {}
    for pair in pairs:
        for one in pair:
            ends[one] = ends.get(one, frozenset()) | (pair - {one})
    return ends
