"""Claim nodes: writes the claims of a graph.

Leaders of claims that changed (graph.claims) flow in; nodes with their makers, targets, dates and statements flow into the ledger, and what
decides about disputes, the charges, into a table of its own. The claims that were written or removed flow out to the stages after it.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from zlib import crc32

from graph.claim import Claim, Told
from graph.claims import Parties
from graph.ledger import Ledger, Properties, encode
from graph.model import LABELS, Edge

MODEL = "model:"


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
        query = "select leader, statement from (select value from json_each(?)) wanted join telling on leader = wanted.value"
        for leader, statement in self.ledger.rows(query, leaders):
            members[leader].append(statement)
        told = tell(self.ledger, [statement for some in members.values() for statement in some])
        claims = [Claim.of(told[statement] for statement in some) for some in members.values()]
        statements = [*told, *removed]
        ids = {claim.id for claim in claims} | self.reported(statements)
        reports = [Edge("REPORTS", one.id, claim.id) for claim in claims for one in claim.told]
        moved = self.ledger.put_edges("REPORTS", statements, reports)
        nodes: dict[str, Properties | None] = dict.fromkeys(sorted(ids))
        self.ledger.put_nodes("Claim", nodes | {claim.id: claim.node for claim in claims})
        self.ledger.put_edges("MADE", ids, [edge for claim in claims for edge in claim.made()], side="end")
        about = self.ledger.put_edges("ABOUT", ids, [edge for claim in claims for edge in claim.about()])
        decisive, accused = self.write_charges(claims, ids)
        return Written(ids, {statement for statement, _ in moved}, decisive | {claim for claim, _ in about}, accused)

    def reported(self, statements: Collection[str]) -> set[str]:
        """Return the claims that statements told before."""
        query = "select \"end\" from (select value from json_each(?)) wanted cross join edge on type = 'REPORTS' and start = wanted.value"
        return self.ledger.firsts(query, statements)

    def stated_of(self, entities: Collection[str]) -> set[str]:
        """Return the statements of the claims that entities made or that are about them."""
        query = (
            "with claim (id) as (select \"end\" from (select value from json_each(?1)) wanted cross join edge on type = 'MADE' and start = wanted.value "
            "union select start from (select value from json_each(?1)) wanted cross join edge indexed by edge_by_end on type = 'ABOUT' and \"end\" = wanted.value) "
            "select start from claim cross join edge indexed by edge_by_end on type = 'REPORTS' and \"end\" = claim.id"
        )
        return self.ledger.firsts(query, entities) if entities else set()

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
            day = str(claim.node["sortDate"] or claim.first.published)
            words = crc32(claim.first.quote.encode("utf-8", "surrogatepass"))
            rows.append((claim.id, claim.node["group"], accused, encode(parties), speaker, day, words))
        connection = self.ledger.connection
        query = "select charge.* from (select value from json_each(?)) wanted cross join charge on claim = wanted.value"
        old = set(self.ledger.rows(query, ids))
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
    query = (
        "select s.*, d.origin, d.published from (select value from json_each(?)) wanted "
        "cross join node_statement s on s.id = wanted.value cross join node_document d on d.id = s.document"
    )
    names = ("id", *LABELS["Statement"], "origin", "published")
    rows = (dict(zip(names, row, strict=True)) for row in ledger.rows(query, statements))
    return {row["id"]: Told.of(row) for row in rows}
