"""Document nodes: writes what documents put into the graph by themselves, and remembers what was read of each.

Readings flow in; rows of documents, posts, mentions and statements flow into the ledger. What a document said before (`Past`) flows out to
graph.build, which takes it back from what several documents say together.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from crawler.document import local_day
from graph.documents import (
    Fact,
    document_node,
    facts_of,
    mention_edges,
    named_of,
    post_edges,
    post_nodes,
    source_id,
    statement_node,
)
from graph.evidence import Reading
from graph.ledger import Ledger, encode
from graph.model import LABELS, Edge
from nlp.joining import rename


@dataclass(slots=True)
class Past:
    """What documents said before: facts, names as each document gives them, and stamps and near-originals by document."""

    facts: Counter[Fact] = field(default_factory=Counter)
    named: Counter[tuple[str, str, str, bool]] = field(default_factory=Counter)
    stamps: dict[str, str] = field(default_factory=dict)

    def add(self, other: Past) -> None:
        """Add what other documents said."""
        self.facts.update(other.facts)
        self.named.update(other.named)
        self.stamps.update(other.stamps)


class DocumentNodes:
    """Writes the documents of a graph."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def past(self, documents: Collection[str]) -> Past:
        """Return what documents said when they were read last; nothing for new ones."""
        past = Past()
        query = "select id, stamp, facts, named from (select value from json_each(?)) wanted join read_document on id = wanted.value"
        for document, stamp, facts, named in self.ledger.rows(query, documents):
            past.stamps[document] = stamp
            past.facts.update({(entity, name, value): count for entity, name, value, count in json.loads(facts)})
            past.named.update({(i, kind, names, bool(fixed)): n for i, kind, names, fixed, n in json.loads(named)})
        return past

    def stamps(self) -> dict[str, str]:
        """Return all documents that the graph holds, with the stamps of their readings."""
        return dict(self.ledger.rows("select id, stamp from read_document"))

    def naming(self, entities: Collection[str]) -> set[str]:
        """Return the documents that name entities, by the ids that the documents give them."""
        query = "select document from (select value from json_each(?)) wanted join seen_entity on entity = wanted.value"
        return self.ledger.firsts(query, entities)

    def renamed(self, reading: Reading) -> Reading:
        """Return a reading with its entities under the ids that they have in all documents."""
        ids = {entity.id for entity in reading.annotation.entities}
        joined = dict(
            self.ledger.rows(
                "select id, canonical from (select value from json_each(?)) wanted join joined on id = wanted.value",
                ids,
            )
        )
        if not joined:
            return reading
        query = "select distinct id from (select value from json_each(?)) wanted join named on id = wanted.value where fixed"
        listed = self.ledger.firsts(query, {*ids, *joined.values()})
        return replace(reading, annotation=rename(reading.annotation, joined, listed))

    def remember(
        self,
        raw: Mapping[str, Reading],
        renamed: Mapping[str, Reading],
        *,
        stamps: Mapping[str, str],
        removed: Collection[str],
    ) -> None:
        """Remember what was read, as the documents say it (`raw`) and under the ids of all documents."""
        connection = self.ledger.connection
        origins = self.origins(raw)
        concerned = [(each,) for each in sorted({*raw, *removed})]
        connection.executemany("delete from seen_entity where document = ?", concerned)
        connection.executemany("delete from read_document where id = ?", [(each,) for each in removed])
        for document, reading in raw.items():
            day = local_day(reading.revision.document.published)
            sort = f"{reading.revision.document.published} {document}" if day else f"9999 {document}"
            facts = [[*fact, count] for fact, count in sorted(facts_of(renamed[document]).items())]
            named = [[*row, count] for row, count in sorted(named_of(reading.annotation).items())]
            sketch = json.dumps(reading.annotation.sketch)
            row = (
                document,
                stamps[document],
                sketch,
                sort,
                origins.get(document, document),
                encode(facts),
                encode(named),
            )
            connection.execute("insert or replace into read_document values (?, ?, ?, ?, ?, ?, ?)", row)
            entities = {entity.id for entity in reading.annotation.entities}
            connection.executemany(
                "insert into seen_entity values (?, ?)", [(entity, document) for entity in sorted(entities)]
            )

    def origins(self, documents: Collection[str]) -> dict[str, str]:
        """Return the near-originals of documents."""
        query = "select id, origin from (select value from json_each(?)) wanted join read_document on id = wanted.value"
        return dict(row for row in self.ledger.rows(query, documents))

    def write(self, readings: Mapping[str, Reading], *, removed: Collection[str]) -> set[str]:
        """Write the nodes and edges of documents, and remove those of others; return the statements that are gone."""
        ids = [*readings, *removed]
        origins = self.origins(readings)
        nodes = {each: document_node(reading, origin=origins[each]) for each, reading in readings.items()}
        self.ledger.put_nodes("Document", dict.fromkeys(removed) | nodes)
        documents = [reading.revision.document for reading in readings.values()]
        edges = [Edge("PUBLISHED_BY", document.id, source_id(document)) for document in documents]
        self.ledger.put_edges("PUBLISHED_BY", ids, edges)
        self.write_near_duplicates(ids, origins)
        self.ledger.put_edges("MENTIONS", ids, [edge for r in readings.values() for edge in mention_edges(r)])
        posts = {each: node for document in documents for each, node in post_nodes(document).items()}
        old_posts = self.standing_in(ids, "IN_THREAD")
        self.ledger.put_nodes("Post", dict.fromkeys(sorted(old_posts)) | posts)
        all_edges = [edge for document in documents for edge in post_edges(document)]
        for kind in ("IN_THREAD", "REPLY_TO"):
            own = [edge for edge in all_edges if edge.type == kind]
            self.ledger.put_edges(kind, old_posts | posts.keys(), own)
        return self.write_statements(readings, ids)

    def write_statements(self, readings: Mapping[str, Reading], documents: Collection[str]) -> set[str]:
        """Write the statements of documents; return those that are gone."""
        statements = {
            s.id: statement_node(s, reading) for reading in readings.values() for s in reading.annotation.statements
        }
        old = self.standing_in(documents, "STATED_IN")
        self.ledger.put_nodes("Statement", dict.fromkeys(sorted(old)) | statements)
        edges = [Edge("STATED_IN", each, str(node["document"])) for each, node in statements.items()]
        self.ledger.put_edges("STATED_IN", old | statements.keys(), edges)
        return old - statements.keys()

    def standing_in(self, documents: Collection[str], kind: str) -> set[str]:
        """Return what stands in documents now by edges of a type."""
        query = 'select start from (select value from json_each(?)) wanted cross join edge indexed by edge_by_end on type = ? and "end" = wanted.value'
        return self.ledger.firsts(query, documents, kind)

    def write_near_duplicates(self, documents: Collection[str], origins: Mapping[str, str]) -> None:
        """Write of which other document each is a near copy."""
        edges = [Edge("NEAR_DUPLICATE_OF", each, origin) for each, origin in origins.items() if origin != each]
        self.ledger.put_edges("NEAR_DUPLICATE_OF", documents, edges)

    def write_origins(self, origins: Mapping[str, str]) -> None:
        """Write near-originals that changed into the nodes of documents."""
        columns = list(LABELS["Document"])
        listed = ", ".join(f'"{column}"' for column in ("id", *columns))
        query = f"select {listed} from (select value from json_each(?)) wanted join node_document on id = wanted.value"
        rows = list(self.ledger.rows(query, origins))
        nodes = {row[0]: dict(zip(columns, row[1:], strict=True)) | {"origin": origins[row[0]]} for row in rows}
        self.ledger.put_nodes("Document", nodes)
        self.write_near_duplicates(list(origins), origins)
