"""Disputes: who is accused, and where the thing is said to come from.

Claims that changed flow in, disputes with their members flow into the ledger. A dispute is keyed by the accused party and the
alleged origin's party, not by connected components, since everything touches the largest companies. A charge that
names no origin joins the dispute of the same accused that has the most charges; an answer joins what it answers, else
the disputes in which its speaker is the accused. Only who makes models, or a model whose maker nobody knows, can be accused of taking one,
and a single charge that names no origin and that the accused never answered opens no dispute.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from graph.ledger import Ledger, Properties
from graph.model import Edge
from graph.standing import Member, Side, first_day, last_day, put_members, sides_of
from nlp.annotation import GROUPS

Key = tuple[str, str | None]
MOST_STEPS = 3
MODEL = "model:"
LINKED = "type in ('DISPUTES', 'REPEATS', 'RESPONDS_TO', 'SUPPORTS')"
STATUS = {"admission": "admitted", "apology": "admitted", "remedy": "remedied", "denial": "denied"}


class Disputes:
    """Writes the disputes of a graph."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def write(self, claims: Collection[str], followed: Collection[str], parties: Collection[str]) -> None:
        """Write the disputes of claims that changed, and of all that follow those that decide.

        `parties` are those whose charges or models changed.
        """
        moved = self.update_main_origins(parties)
        against = self.charges_against(moved)
        concerned = set(claims) | against | self.followers({*followed, *against}) | self.answers_of(moved)
        members = self.members_of(concerned)
        edges = [Edge("PART_OF", claim, dispute_id(key)) for claim, keys in members.items() for key in keys]
        changed = self.ledger.put_edges("PART_OF", concerned, edges)
        put_members(self.ledger, "dispute:", concerned, (Member(edge.end, edge.start, "member") for edge in edges))
        touched = {dispute for _, dispute in changed} | self.disputes_of(set(claims))
        keys = {dispute_id(key): key for some in members.values() for key in some}
        self.write_nodes(touched, keys)

    def update_main_origins(self, parties: Collection[str]) -> set[str]:
        """Find the origin that most charges against each party name; return the parties for which it changed."""
        old: dict[str, str | None] = dict(
            self.ledger.rows(
                "select accused, origin from (select value from json_each(?)) wanted join main_origin on accused = wanted.value",
                parties,
            )
        )
        new: dict[str, str | None] = {}
        query = "select origins, count(*) from charge where accused = ? and \"group\" = 'accusing' group by origins"
        for party in sorted(self.makers(parties)):
            rows = self.ledger.rows(query, party)
            sizes: Counter[str] = Counter()
            for origins, number in rows:
                for origin in json.loads(origins):
                    sizes[origin] += number
            answers = "select exists (select 1 from charge where speaker = ? and \"group\" = 'answering')"
            if sizes or sum(number for _, number in rows) > 1 or (rows and self.ledger.rows(answers, party)[0][0]):
                new[party] = max(sizes, key=lambda origin: (sizes[origin], origin)) if sizes else None
        changed = {party for party in parties if (party in old, old.get(party)) != (party in new, new.get(party))}
        connection = self.ledger.connection
        connection.executemany("delete from main_origin where accused = ?", [(party,) for party in changed])
        rows_new = [(party, new[party]) for party in sorted(changed) if party in new]
        connection.executemany("insert into main_origin values (?, ?)", rows_new)
        return changed

    def makers(self, parties: Collection[str]) -> set[str]:
        """Return those of the parties that make models, or are models."""
        query = (
            'select distinct "end" from (select value from json_each(?)) wanted cross join edge indexed by edge_by_end '
            "on type = 'DEVELOPED_BY' and \"end\" = wanted.value"
        )
        return self.ledger.firsts(query, parties) | {each for each in parties if each.startswith(MODEL)}

    def charges_against(self, parties: Collection[str]) -> set[str]:
        """Return the charges against parties."""
        query = (
            "select claim from (select value from json_each(?)) wanted cross join charge "
            "on accused = wanted.value and \"group\" = 'accusing'"
        )
        return self.ledger.firsts(query, parties)

    def answers_of(self, parties: Collection[str]) -> set[str]:
        """Return the answers of parties."""
        query = "select claim from (select value from json_each(?)) wanted cross join charge on speaker = wanted.value and \"group\" = 'answering'"
        return self.ledger.firsts(query, parties)

    def followers(self, claims: Collection[str]) -> set[str]:
        """Return the claims that reach one of these by few links."""
        found: set[str] = set()
        layer = set(claims)
        query = f'select edge.start from (select value from json_each(?)) wanted cross join edge indexed by edge_by_end on {LINKED} and "end" = wanted.value'
        for _ in range(MOST_STEPS):
            layer = self.ledger.firsts(query, layer) - found - set(claims)
            found |= layer
        return found

    def members_of(self, claims: Collection[str]) -> dict[str, set[Key]]:
        """Return the disputes of each of these claims."""
        charges = self.charges(claims)
        main = self.main_origins({row[1] for row in charges.values()} | {row[3] for row in charges.values()})
        members: dict[str, set[Key]] = {}
        for claim, (group, accused, origins, speaker) in charges.items():
            if group == "accusing":
                members[claim] = keys_of(accused, origins, main)
            elif group in ("answering", "other"):
                own = group == "answering" and speaker in main
                members[claim] = self.nearest(claim) or ({(speaker, main[speaker])} if own else set())
        return members

    def charges(self, claims: Collection[str]) -> dict[str, tuple[str, str, Sequence[str], str]]:
        """Return group, accused, origins and speaker of claims."""
        query = 'select claim, "group", accused, origins, speaker from (select value from json_each(?)) wanted cross join charge on claim = wanted.value'
        rows = (row for row in self.ledger.rows(query, claims))
        return {row[0]: (row[1], row[2] or "", json.loads(row[3]), row[4] or "") for row in rows}

    def main_origins(self, parties: Iterable[str]) -> dict[str, str | None]:
        """Return the main origin of each accused among parties."""
        query = "select accused, origin from (select value from json_each(?)) wanted join main_origin on accused = wanted.value"
        return dict(self.ledger.rows(query, set(parties)))

    def nearest(self, claim: str) -> set[Key]:
        """Return the disputes of the nearest charges that a claim is about, directly or through another answer."""
        for layer in answered_layers(self.ledger, claim):
            charges = {each: row for each, row in self.charges(layer).items() if row[0] == "accusing"}
            main = self.main_origins(row[1] for row in charges.values())
            found = {key for row in charges.values() for key in keys_of(row[1], row[2], main)}
            if found:
                return found
        return set()

    def disputes_of(self, claims: Collection[str]) -> set[str]:
        """Return the disputes that claims are part of."""
        query = "select \"end\" from (select value from json_each(?)) wanted cross join edge on type = 'PART_OF' and start = wanted.value"
        return self.ledger.firsts(query, claims)

    def write_nodes(self, disputes: Collection[str], keys: Mapping[str, Key]) -> None:
        """Write the nodes of disputes from their claims; one without claims goes."""
        standing = sides_of(self.ledger, disputes)
        nodes: dict[str, Properties | None] = {}
        for dispute in sorted(disputes):
            sides = standing.get(dispute)
            key = keys.get(dispute) or self.known_key(dispute)
            nodes[dispute] = self.node(dispute, key, sides) if sides and key else None
        self.ledger.put_nodes("Dispute", nodes)

    def known_key(self, dispute: str) -> Key | None:
        """Return the parties of a dispute that is written."""
        found = self.ledger.rows("select accused, origin from node_dispute where id = ?", dispute)
        return (found[0][0], found[0][1]) if found else None

    def node(self, dispute: str, key: Key, sides: Sequence[Side]) -> Properties:
        """Return the properties of a dispute's node."""
        parties = [party for party in key if party]
        query = 'select id, name, "nameEn", "nameZh" from (select value from json_each(?)) wanted join node_entity on id = wanted.value'
        names = {row[0]: row[1:] for row in self.ledger.rows(query, parties)}
        titles = [
            " / ".join(str((names[party][place] or names[party][0]) if party in names else party) for party in parties)
            for place in range(3)
        ]
        return {
            "slug": dispute.removeprefix("dispute:"),
            **dict(zip(("title", "titleEn", "titleZh"), titles, strict=True)),
            "accused": key[0],
            "origin": key[1],
            "status": status_of([side.kind for side in sides]),
            "opened": first_day(sides),
            "lastActivity": last_day(sides),
        }

    def rename(self, entities: Collection[str]) -> None:
        """Write the titles of the disputes between parties that are shown otherwise than before."""
        query = (
            "select id from (select value from json_each(?1)) wanted cross join node_dispute on accused = wanted.value union "
            "select id from (select value from json_each(?1)) wanted cross join node_dispute on origin = wanted.value"
        )
        self.write_nodes(self.ledger.firsts(query, entities), {})


def answered_layers(ledger: Ledger, claim: str) -> Iterator[set[str]]:
    """Yield the claims that a claim is about: directly, then through one other, and so on for few steps."""
    seen = {claim}
    layer = {claim}
    query = f'select "end" from (select value from json_each(?)) wanted cross join edge on {LINKED} and start = wanted.value'
    for _ in range(MOST_STEPS):
        layer = ledger.firsts(query, layer) - seen
        seen |= layer
        yield layer


def keys_of(accused: str, origins: Sequence[str], main: Mapping[str, str | None]) -> set[Key]:
    """Return the disputes of a charge."""
    if accused not in main:
        return set()
    return {(accused, origin) for origin in origins} or {(accused, main[accused])}


def dispute_id(key: Key) -> str:
    """Return a readable id made of both parties.

    >>> dispute_id(("organization:零一万物", "organization:meta")), dispute_id(("person:李开复", None))
    ('dispute:零一万物--meta', 'dispute:李开复')
    """
    return "dispute:" + "--".join(part.split(":", 1)[1] for part in key if part)


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
