"""Building: from annotations to the graph, a function of their set.

Documents that came, changed or went flow in; each stage writes its part of the graph into the ledger and tells the next one
what it touched, so that a change costs what it touches, and the outcome is the one that all documents at once would give:

    names of people and companies   name_groups    which entities are one
    the documents themselves        documents      nodes, posts, mentions, statements
    entities and sources            entities       cards, names, parties
    near-duplicates                 copies         what counts as one source
    claims                          claims         which statements tell the same; claim_nodes: what they say together
    links                           claim_links    what answers what
    disputes                        disputes       who is accused of taking from whom
    derivations                     derivations    which model is said to come from which
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from graph.claim_links import ClaimLinks
from graph.claim_nodes import ClaimNodes
from graph.claims import Claims
from graph.copies import Copies
from graph.corrections import Corrections, judgement_nodes
from graph.derivations import Derivations
from graph.disputes import Disputes
from graph.document_nodes import DocumentNodes
from graph.documents import facts_of, named_of
from graph.entities import Entities, Regarded
from graph.evidence import Reading
from graph.judgements import Judgement
from graph.ledger import Ledger, encode
from graph.model import Graph
from graph.name_groups import NameGroups
from graph.sqlite_store import SqliteStore
from graph.tellings import Telling

RULES = "1"  # raised where a stage decides otherwise than before, so that loads build everything again


@dataclass(frozen=True, slots=True)
class Batch:
    """What changed: readings by document, with a stamp that tells one reading of it from another; documents that went.

    `read` gives the reading of any other document that the graph holds; `titles` are those of sources by name.
    """

    readings: Mapping[str, Reading]
    stamps: Mapping[str, str]
    read: Callable[[str], Reading]
    removed: Collection[str] = ()
    titles: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Judged:
    """What readers judged: the judgements, and what they change."""

    judgements: Sequence[Judgement] = ()
    corrections: Corrections = field(default_factory=Corrections)


@dataclass(frozen=True, slots=True)
class Moved:
    """What bears on claims: documents that are read, statements that are not told any more, documents that count as one source
    with another one than before, what is shown otherwise of entities, statements that are judged otherwise."""

    readings: Mapping[str, Reading]
    gone: Collection[str]
    copied: Collection[str]
    regarded: Regarded
    judged: Collection[str]


class Builder:
    """Keeps the graph in a SQLite store true to a set of readings."""

    def __init__(self, store: SqliteStore, judged: Judged | None = None) -> None:
        self.store = store
        self.judged = judged or Judged()
        corrections = self.judged.corrections
        self.ledger = Ledger(store.connection, logged=store.mirrored)
        self.groups = NameGroups(self.ledger, same=corrections.same_entities, different=corrections.different_entities)
        self.documents = DocumentNodes(self.ledger)
        self.entities = Entities(self.ledger)
        self.copies = Copies(self.ledger)
        self.claims = Claims(self.ledger, same=corrections.same_claims, different=corrections.different_claims)
        self.nodes = ClaimNodes(self.ledger, self.entities.parties)
        self.links = ClaimLinks(self.ledger, added=corrections.links_across(), removed=corrections.unlinked())
        self.disputes = Disputes(self.ledger)
        self.derivations = Derivations(self.ledger, self.entities.parties)

    def update(self, batch: Batch) -> None:
        """Bring the graph up to date with a batch; the caller holds the transaction."""
        past = self.documents.past([*batch.readings, *batch.removed])
        come = Counter(row for reading in batch.readings.values() for row in named_of(reading.annotation).elements())
        reconsidered = self.reconsidered()
        regrouped = self.groups.update(come, past.named, judged={each for each in reconsidered if ":" in each})
        again = self.documents.naming(regrouped) - {*batch.readings, *batch.removed}
        past.add(self.documents.past(again))
        raw = dict(batch.readings) | {each: batch.read(each) for each in sorted(again)}
        readings = {each: self.documents.renamed(raw[each]) for each in sorted(raw)}
        around = self.copies.forget({*batch.readings, *batch.removed})
        self.documents.remember(raw, readings, stamps=past.stamps | dict(batch.stamps), removed=batch.removed)
        self.copies.add({each: reading.annotation.sketch for each, reading in batch.readings.items()})
        copied = self.copies.settle({*batch.readings, *around})
        gone = self.documents.write(readings, removed=batch.removed)
        self.documents.write_origins(copied)
        facts = Counter(fact for reading in readings.values() for fact in facts_of(reading).elements())
        regarded = self.entities.write(self.entities.count(facts, past.facts), batch.titles)
        judged = {each for each in reconsidered if ":" not in each}
        self.write_claims(Moved(readings, gone, copied, regarded, judged))
        self.disputes.rename(regarded.renamed)

    def reconsidered(self) -> set[str]:
        """Write the judgements; return the entities and statements that are judged otherwise than in the last batch."""
        corrections = self.judged.corrections
        if (self.store.setting("judgements") or "") == corrections.digest:
            return set()
        pairs = [
            *(*corrections.same_entities, *corrections.different_entities),
            *(*corrections.same_claims, *corrections.different_claims),
            *(frozenset(link[:2]) for link in corrections.links_across()),
            *(frozenset(pair) for pair in corrections.unlinked()),
        ]
        now = sorted({each for pair in pairs for each in pair})
        before = json.loads(self.store.setting("judged") or "[]")
        self.store.set_setting("judgements", corrections.digest)
        self.store.set_setting("judged", encode(now))
        written = self.ledger.firsts("select id from node_judgement")
        self.ledger.put_nodes("Judgement", dict.fromkeys(sorted(written)) | judgement_nodes(self.judged.judgements))
        return {*now, *before}

    def write_claims(self, moved: Moved) -> None:
        """Write the claims that documents tell, and all that hangs on claims."""
        readings, gone, copied, repartied = moved.readings, moved.gone, moved.copied, moved.regarded.repartied
        old = self.claims.of_documents(readings) | self.claims.select("statement", gone)
        new = self.tellings(readings)
        elsewhere = self.claims.select("statement", self.nodes.stated_of(repartied) - old.keys())
        targets = {each: json.loads(telling.targets) for each, telling in elsewhere.items()}
        parties = self.entities.parties({entity for some in targets.values() for entity in some})
        new |= {each: telling.of_parties(parties) for each, telling in elsewhere.items()}
        old |= elsewhere
        leaders = self.claims.update(new, old, judged=moved.judged)
        told_there = self.claims.of_documents({*readings, *copied})
        told_there |= self.claims.select("statement", {*elsewhere, *moved.judged})
        leaders |= {telling.leader for telling in told_there.values()}
        self.links.replace(readings, (row for reading in readings.values() for row in links_of(reading)))
        written = self.nodes.write(leaders, gone)
        otherwise = {*new, *written.moved, *moved.judged}
        linked = self.links.write(otherwise, written.decisive)
        claims, followed = written.claims | linked, written.decisive | linked
        self.disputes.write(claims, followed, written.parties | moved.regarded.makers)
        self.derivations.write(claims | self.disputes.followers(followed))

    def tellings(self, readings: Mapping[str, Reading]) -> dict[str, Telling]:
        """Return what is compared of the statements of documents."""
        statements = [(s, reading) for reading in readings.values() for s in reading.annotation.statements]
        parties = self.entities.parties({target.entity for s, _ in statements for target in s.targets})
        return {s.id: Telling.of(s, reading, parties) for s, reading in statements}


def links_of(reading: Reading) -> Iterable[tuple[str, str, str, str, str, float]]:
    """Yield the links between a document's statements as rows."""
    for link in reading.annotation.links:
        yield reading.id, link.source, link.target, link.type, link.cue, link.confidence


def build(readings: Iterable[Reading], titles: Mapping[str, str] | None = None) -> Graph:
    """Return the graph of a set of documents, built in memory; the order in which they come does not matter."""
    by_id = {reading.id: reading for reading in readings}
    store = SqliteStore(Path(":memory:"))
    try:
        with store.transaction():
            stamps = {each: reading.annotation.digest for each, reading in by_id.items()}
            Builder(store).update(Batch(by_id, stamps, by_id.__getitem__, titles=titles or {}))
        return store.graph()
    finally:
        store.close()
