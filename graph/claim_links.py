"""Claim links: what answers, supports, disputes or repeats what, within documents and across them.

Claims that changed flow in; edges between claims flow into the ledger. Within a document the links of its statements decide (nlp.links).
Across documents two rules do: the accused party's answer that answers nothing in its own document responds to the latest charge
against it before; and of two parties that say alike about the same, the later one repeats the earlier.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from datetime import date, timedelta
from typing import NamedTuple

from graph.ledger import Ledger
from graph.model import Edge, Value
from graph.tellings import LISTED, WINDOW, Telling, overlap_of, party_set, sought_keys, word_set

KINDS = ("DISPUTES", "REPEATS", "RESPONDS_TO", "SUPPORTS")
ANSWERED_WITHIN = 60  # days from a charge to an answer that names none
SAYS_ALIKE = 0.6  # overlap of content words by which one party repeats another
ACROSS = 0.5  # how sure a link across documents is

StatedLink = tuple[str, str, str, str, str, float]  # document, source and target statement, type, cue, confidence


class Tie(NamedTuple):
    """A link between two claims, compared by how sure it is first."""

    confidence: float
    type: str
    cue: str
    start: str
    end: str
    basis: str = "document"

    @property
    def edge(self) -> Edge:
        """The edge that shows it."""
        properties: dict[str, Value] = {"confidence": self.confidence, "cue": self.cue, "basis": self.basis}
        return Edge(self.type, self.start, self.end, properties=properties)


class ClaimLinks:
    """Writes the links between claims."""

    def __init__(
        self, ledger: Ledger, *, added: Collection[tuple[str, str, str]] = (), removed: Collection[tuple[str, str]] = ()
    ) -> None:
        self.ledger = ledger
        self.added = added
        self.removed = set(removed)
        self.apart: set[tuple[str, str]] = set()  # claims of which readers said that one does not answer the other
        self.found: dict[str, list[tuple[float, Telling]]] = {}  # what says alike, while links are written

    def replace(self, documents: Collection[str], rows: Iterable[StatedLink]) -> None:
        """Replace the links that documents have between their statements."""
        connection = self.ledger.connection
        connection.executemany("delete from stated_link where document = ?", [(each,) for each in documents])
        connection.executemany("insert or replace into stated_link values (?, ?, ?, ?, ?, ?)", rows)

    def write(self, statements: Collection[str], decisive: Collection[str]) -> set[str]:
        """Write the links of the claims that statements tell, and of those that depend on them; return the claims that link otherwise.

        `statements` are those that changed or tell another claim than before; `decisive` the claims whose parties, days or words did, or
        that are gone.
        """
        self.found.clear()
        told = self.told({statement for pair in self.removed for statement in pair})
        self.apart = {(told[one], told[other]) for one, other in self.removed if one in told and other in told}
        starts = set(self.told(set(statements) | self.stated_with(statements)).values()) | set(decisive)
        leaders = self.leaders(starts)
        fresh = {claim: leader for claim, leader in leaders.items() if leader.statement in statements}
        starts |= self.linked_to({*fresh, *decisive}) | self.later_alike(fresh.values()) | self.later_answers(decisive)
        leaders |= self.leaders(starts - leaders.keys())
        ties = self.within(starts)
        answering = starts - {tie.start for tie in ties}
        ties |= self.responses(answering) | self.repeats({each: leaders[each] for each in answering if each in leaders})
        changed: set[str] = set()
        for kind in KINDS:
            edges = [tie.edge for tie in sorted(ties) if tie.type == kind and tie.start in starts]
            changed |= {start for start, _ in self.ledger.put_edges(kind, starts, edges)}
        return changed

    def linked_to(self, claims: Collection[str]) -> set[str]:
        """Return the claims that are linked to these now."""
        query = (
            "select edge.start from (select value from json_each(?)) wanted cross join edge indexed by edge_by_end "
            "on type in ('DISPUTES', 'REPEATS', 'RESPONDS_TO', 'SUPPORTS') and \"end\" = wanted.value"
        )
        return self.ledger.firsts(query, claims)

    def stated_with(self, statements: Collection[str]) -> set[str]:
        """Return the statements that have a link with these in their documents."""
        query = (
            "select target from (select value from json_each(?1)) wanted cross join stated_link on source = wanted.value union "
            "select source from (select value from json_each(?1)) wanted cross join stated_link on target = wanted.value"
        )
        return self.ledger.firsts(query, statements)

    def within(self, claims: Collection[str]) -> set[Tie]:
        """Return the links of claims that their documents give: of two claims only one way, the surest."""
        best: dict[frozenset[str], Tie] = {}
        query = (
            "with mine as (select edge.start as statement from (select value from json_each(?)) wanted cross join edge "
            "on type = 'REPORTS' and edge.\"end\" = wanted.value), "
            "near as (select stated_link.* from mine cross join stated_link on source = mine.statement union "
            "select stated_link.* from mine cross join stated_link on target = mine.statement) "
            'select near.confidence, near.type, near.cue, a."end", b."end", near.source, near.target from near '
            "cross join edge a on a.type = 'REPORTS' and a.start = near.source "
            "cross join edge b on b.type = 'REPORTS' and b.start = near.target"
        )
        for confidence, kind, cue, start, end, source, target in self.ledger.rows(query, claims):
            tie = Tie(confidence, kind.upper(), cue, start, end)
            pair = frozenset((start, end))
            if start != end and (source, target) not in self.removed:
                best[pair] = max(best.get(pair, tie), tie)
        return set(best.values()) | self.judged(claims)

    def judged(self, claims: Collection[str]) -> set[Tie]:
        """Return the links that readers added between statements of different documents."""
        if not self.added:
            return set()
        ends = {statement for source, target, _ in self.added for statement in (source, target)}
        told = self.told(ends)
        ties = {
            Tie(1.0, kind.upper(), "judged", told[source], told[target], "judged")
            for source, target, kind in self.added
            if source in told and target in told and told[source] != told[target]
        }
        return {tie for tie in ties if tie.start in claims or tie.end in claims}

    def leaders(self, claims: Collection[str]) -> dict[str, Telling]:
        """Return the first telling of each claim."""
        query = (
            f'select reports."end", {LISTED} from (select value from json_each(?)) wanted '
            "cross join edge reports on reports.type = 'REPORTS' and reports.\"end\" = wanted.value "
            "cross join telling on telling.statement = reports.start where leader = statement"
        )
        return {row[0]: Telling(*row[1:]) for row in self.ledger.rows(query, claims)}

    def alike(self, leader: Telling) -> list[tuple[float, Telling]]:
        """Return the first tellings of other parties' claims that say alike about the same, and how alike they are.

        Of what nobody knows the time of it can't be told which repeats which.
        """
        if leader.statement not in self.found:
            self.found[leader.statement] = self.find_alike(leader) if leader.speaker and leader.placed else []
        return self.found[leader.statement]

    def find_alike(self, leader: Telling) -> list[tuple[float, Telling]]:
        """Seek what says alike."""
        query = (
            f"select distinct {LISTED} from (select value from json_each(?)) wanted cross join telling_key on key = wanted.value "
            "cross join telling indexed by telling_statement using (statement) where leader = statement and speaker not in ('', ?) and kind = ? "
            "and language = ? and document <> ? and anchor between ? and ?"
        )
        own = (leader.speaker, leader.kind, leader.language, leader.document)
        rows = self.ledger.rows(query, sought_keys(leader), *own, leader.anchor - WINDOW, leader.anchor + WINDOW)
        scored = [
            (overlap_of(word_set(leader.words), word_set(other.words)), other) for other in (Telling(*r) for r in rows)
        ]
        parties = party_set(leader.parties)
        return [pair for pair in scored if pair[0] >= SAYS_ALIKE and parties & party_set(pair[1].parties)]

    def later_alike(self, leaders: Iterable[Telling]) -> set[str]:
        """Return the claims that may repeat one of these."""
        later = {other.statement for mine in leaders for _, other in self.alike(mine) if other.sort > mine.sort}
        return set(self.told(later).values())

    def repeats(self, leaders: dict[str, Telling]) -> set[Tie]:
        """Return for each claim the earlier one of another party that it repeats, if any."""
        nearest: dict[str, tuple[float, Telling]] = {}
        for claim, mine in leaders.items():
            earlier = [(score, other) for score, other in self.alike(mine) if other.sort < mine.sort]
            if earlier:
                nearest[claim] = min(earlier, key=lambda pair: (-pair[0], pair[1].sort))
        claims = self.told({other.statement for _, other in nearest.values()})
        return {
            Tie(ACROSS, "REPEATS", "", claim, claims[other.statement], "across")
            for claim, (_, other) in nearest.items()
            if (claim, claims[other.statement]) not in self.apart
        }

    def told(self, statements: Collection[str]) -> dict[str, str]:
        """Return the claims that statements tell."""
        query = "select start, \"end\" from (select value from json_each(?)) wanted cross join edge on type = 'REPORTS' and start = wanted.value"
        return {row[0]: row[1] for row in self.ledger.rows(query, statements)}

    def later_answers(self, claims: Collection[str]) -> set[str]:
        """Return the answers of those whom these claims accuse, made soon after."""
        found: set[str] = set()
        for accused, day in self.ledger.rows(
            "select distinct accused, date from (select value from json_each(?)) wanted cross join charge on claim = wanted.value "
            "where \"group\" = 'accusing' and accused is not null and date <> '9999'",
            claims,
        ):
            query = "select claim from charge where speaker = ? and \"group\" = 'answering' and date between ? and ?"
            found |= self.ledger.firsts(query, accused, day, moved(day, ANSWERED_WITHIN))
        return found

    def responses(self, claims: Collection[str]) -> set[Tie]:
        """Return for each answer of an accused party the latest charge against it before, of the same origin where both name one."""
        ties: set[Tie] = set()
        query = "select claim, speaker, origins, date from (select value from json_each(?)) wanted cross join charge on claim = wanted.value "
        for claim, speaker, origins, day in self.ledger.rows(
            query + "where \"group\" = 'answering' and speaker is not null and date <> '9999'", claims
        ):
            charges = self.ledger.rows(
                "select claim, origins, date from charge where accused = ? and \"group\" = 'accusing' "
                "and date between ? and ? order by date desc, claim limit 50",
                *(speaker, moved(day, -ANSWERED_WITHIN), day),
            )
            mine = set(json.loads(origins))
            fitting = (
                each for each, theirs, _ in charges if not mine or theirs == "[]" or mine & set(json.loads(theirs))
            )
            if charge := next((each for each in fitting if (claim, each) not in self.apart), None):
                ties.add(Tie(ACROSS, "RESPONDS_TO", "", claim, charge, "across"))
        return ties


def moved(day: str, days: int) -> str:
    """Return a day so many days later.

    >>> moved("2023-11-06", -6)
    '2023-10-31'
    """
    return (date.fromisoformat(day) + timedelta(days=days)).isoformat()
