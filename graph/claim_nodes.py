"""Claim nodes: what the statements of a claim say together.

Leaders of claims that changed (graph.claims) flow in; nodes with their makers, targets, dates and statements flow into the ledger, and what
decides about disputes, the charges, into a table of its own. The claims that were written or removed flow out to the stages after it.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from zlib import crc32

from crawler.document import local_day
from graph.claim_dates import dates_of
from graph.claims import Parties
from graph.evidence import Told
from graph.ledger import Ledger, Properties, batches, encode
from graph.model import Edge
from nlp.annotation import GROUPS
from nlp.edtf import Period

MODEL = "model:"
RANKS = {"accused": 0, "origin": 1, "about": 2}


@dataclass(frozen=True, slots=True)
class Claim:
    """A cluster of statements, the first told first; its id is its smallest statement's."""

    told: tuple[Told, ...]

    @classmethod
    def of(cls, told: Iterable[Told]) -> Claim:
        """Make a claim of its statements."""
        return cls(tuple(sorted(told, key=lambda one: (one.published, -one.confidence, one.id))))

    @property
    def id(self) -> str:
        """Its id; it stays while the statement does, and any statement's id finds it."""
        return claim_id(min(one.id for one in self.told))

    @property
    def first(self) -> Told:
        """The statement by which the claim is shown: first published, then the surest."""
        return self.told[0]

    @property
    def kind(self) -> str:
        """The kind that most of the statements have; of equals the first told."""
        counts = Counter(one.kind for one in self.told)
        return max(counts, key=lambda kind: counts[kind])

    @property
    def speakers(self) -> list[str]:
        """All who are said to have made it, in order."""
        return list(dict.fromkeys(speaker for one in self.told for speaker in one.speakers))

    @property
    def targets(self) -> dict[str, tuple[str, str]]:
        """Each target's role and basis: named in the words before taken from the context, a party before neither."""
        found: dict[str, list[tuple[bool, int, str, str]]] = defaultdict(list)
        for one in self.told:
            for entity, role, basis in one.targets:
                found[entity].append((basis != "words", RANKS[role], role, basis))
        return {entity: min(rows)[2:] for entity, rows in found.items()}

    def node(self) -> Properties:
        """Return the properties of its node."""
        dates = dates_of((one.date, one.basis, one.origin) for one in self.told)
        best = dates[0] if dates else None
        return {
            "kind": self.kind,
            "group": GROUPS[self.kind],
            "quote": self.first.quote,
            "language": self.first.language,
            "speaker": self.first.speaker,
            "document": self.first.document,
            "date": best["date"] if best else None,
            "sortDate": Period.parse(best["date"]).earliest.isoformat() if best else None,
            "datePrecision": Period.parse(best["date"]).precision if best else None,
            "dateBasis": best["basis"] if best else None,
            "dates": json.dumps(dates, ensure_ascii=False),
            "sources": len({one.origin for one in self.told}),
            "confidence": max(one.confidence for one in self.told),
            "recorded": min(one.recorded for one in self.told),
        }

    def made(self) -> list[Edge]:
        """Return who made it."""
        return [Edge("MADE", speaker, self.id) for speaker in self.speakers]

    def about(self) -> list[Edge]:
        """Return whom it is about, but for its makers."""
        speakers = self.speakers
        return [
            Edge("ABOUT", self.id, entity, properties={"role": role, "basis": basis})
            for entity, (role, basis) in sorted(self.targets.items())
            if entity not in speakers
        ]

    def named(self, role: str) -> list[str]:
        """Return the targets of a role, in the order in which they are told of."""
        targets = self.targets
        order = dict.fromkeys(entity for one in self.told for entity, _, _ in one.targets)
        return [entity for entity in order if targets[entity][0] == role]


def claim_id(statement: str) -> str:
    """Return the id of the claim whose smallest statement this is.

    >>> claim_id("s-3f")
    'c-3f'
    """
    return "c-" + statement.removeprefix("s-")


@dataclass(frozen=True, slots=True)
class Written:
    """The claims that were written or removed; statements that tell another claim than before; the claims of which something changed
    that decides about disputes, links and derivations; and the parties that these accuse or that answer in them."""

    claims: set[str]
    moved: set[str]
    decisive: set[str]
    parties: set[str]


class ClaimNodes:
    """Writes the claims of a graph."""

    def __init__(self, ledger: Ledger, parties: Parties) -> None:
        self.ledger = ledger
        self.parties = parties

    def write(self, leaders: Collection[str], removed: Collection[str]) -> Written:
        """Write the claims that these statements lead; `removed` statements tell none any more."""
        members: dict[str, list[str]] = defaultdict(list)
        for some in batches(leaders):
            query = "select leader, statement from (select value from json_each(?)) wanted join telling on leader = wanted.value"
            for leader, statement in self.ledger.rows(query, some):
                members[leader].append(statement)
        told = tell(self.ledger, [statement for some in members.values() for statement in some])
        claims = [Claim.of(told[statement] for statement in some) for some in members.values()]
        statements = [*told, *removed]
        ids = {claim.id for claim in claims} | self.reported(statements)
        reports = [Edge("REPORTS", one.id, claim.id) for claim in claims for one in claim.told]
        moved = self.ledger.put_edges("REPORTS", statements, reports)
        nodes: dict[str, Properties | None] = dict.fromkeys(sorted(ids))
        self.ledger.put_nodes("Claim", nodes | {claim.id: claim.node() for claim in claims})
        self.ledger.put_edges("MADE", ids, [edge for claim in claims for edge in claim.made()], side="end")
        about = self.ledger.put_edges("ABOUT", ids, [edge for claim in claims for edge in claim.about()])
        decisive, accused = self.write_charges(claims, ids)
        return Written(ids, {statement for statement, _ in moved}, decisive | {claim for claim, _ in about}, accused)

    def reported(self, statements: Collection[str]) -> set[str]:
        """Return the claims that statements told before."""
        query = "select \"end\" from (select value from json_each(?)) wanted cross join edge on type = 'REPORTS' and start = wanted.value"
        return {row[0] for some in batches(statements) for row in self.ledger.rows(query, some)}

    def stated_of(self, entities: Collection[str]) -> set[str]:
        """Return the statements of the claims that entities made or that are about them."""
        query = (
            "with claim (id) as (select \"end\" from (select value from json_each(?1)) wanted cross join edge on type = 'MADE' and start = wanted.value "
            "union select start from (select value from json_each(?1)) wanted cross join edge indexed by edge_by_end on type = 'ABOUT' and \"end\" = wanted.value) "
            "select start from claim cross join edge indexed by edge_by_end on type = 'REPORTS' and \"end\" = claim.id"
        )
        return {row[0] for row in self.ledger.rows(query, entities)} if entities else set()

    def write_charges(self, claims: Sequence[Claim], ids: Collection[str]) -> tuple[set[str], set[str]]:
        """Write what decides about the disputes of these claims, and remove it of the others.

        Returns the claims of which that is otherwise than before, and the parties that they accuse or that answer in them.
        """
        entities = {e for c in claims for e in (*c.targets, *(s for s in (c.first.speaker,) if s))}
        party = self.parties(entities)
        rows = []
        for claim in claims:
            accused = next((party[entity] for entity in claim.named("accused")), None)
            origins = claim.named("origin")
            models = [entity for entity in origins if entity.startswith(MODEL)]
            parties = sorted({party[entity] for entity in models or origins} - {accused})
            speaker = party[claim.first.speaker] if claim.first.speaker else None
            node = claim.node()
            day = str(node["sortDate"] or claim.first.published)
            words = crc32(claim.first.quote.encode("utf-8", "surrogatepass"))
            rows.append((claim.id, node["group"], accused, encode(parties), speaker, day, words))
        connection = self.ledger.connection
        query = "select charge.* from (select value from json_each(?)) wanted cross join charge on claim = wanted.value"
        old = {row for some in batches(ids) for row in self.ledger.rows(query, some)}
        differing = old.symmetric_difference(rows)
        connection.executemany(
            "delete from charge where claim = ?", [(row[0],) for row in sorted(old - set(rows), key=str)]
        )
        connection.executemany(
            "insert into charge values (?, ?, ?, ?, ?, ?, ?)", [row for row in rows if row not in old]
        )
        answering = {row[4] for row in differing if row[4] and row[1] == "answering"}
        return {row[0] for row in differing}, {row[2] for row in differing if row[2]} | answering


def tell(ledger: Ledger, statements: Collection[str]) -> dict[str, Told]:
    """Read statements back from the graph's tables, by id."""
    told: dict[str, Told] = {}
    query = (
        "select s.id, s.document, d.origin, d.published, s.recorded, s.language, s.kind, s.quote, s.confidence, s.speaker, "
        's."coSpeakers", s.grounds, s.date, s."dateBasis" from (select value from json_each(?)) wanted '
        "cross join node_statement s on s.id = wanted.value cross join node_document d on d.id = s.document"
    )
    for some in batches(statements):
        for row in ledger.rows(query, some):
            day = local_day(row[3])
            told[row[0]] = Told(
                **dict(zip(("id", "document", "origin"), row[:3], strict=True)),
                published=day.isoformat() if day else "9999",
                **dict(zip(("recorded", "language", "kind", "quote", "confidence", "speaker"), row[4:10], strict=True)),
                co_speakers=tuple(json.loads(row[10] or "[]")),
                targets=tuple((entity, role, basis) for entity, role, basis, _ in json.loads(row[11])["targets"]),
                date=row[12],
                basis=row[13],
            )
    return told
