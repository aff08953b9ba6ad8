"""Documents: what one reading puts into the graph by itself, whatever else there is.

A reading, its entities under the ids that they have in all documents, flows in; nodes, edges and counted facts flow out to
graph.build, which adds what only several documents together can tell.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

from crawler.document import Document, site_of
from graph.evidence import Reading
from graph.ledger import Properties
from graph.model import Edge
from nlp.annotation import Annotation, Span, Statement
from nlp.edtf import Period
from nlp.joining import names_of

Fact = tuple[str, str, str]  # an entity or source, a field, a value


def post_id(document: str, number: int) -> str:
    """Return the id of a document's post."""
    return f"{document}#{number}"


def source_id(document: Document) -> str:
    """Return the id of a document's source."""
    return f"source:{document.source}"


def document_node(reading: Reading, *, origin: str) -> Properties:
    """Return the properties of a document's node."""
    revision, document = reading.revision, reading.revision.document
    kept = ("url", "title", "kind", "language", "published", "fetched", "digest")
    return {name: getattr(document, name) for name in kept} | {
        "source": source_id(document),
        "revision": revision.sequence,
        "recorded": revision.recorded,
        "origin": origin,
    }


def post_nodes(document: Document) -> dict[str, Properties]:
    """Return the posts of a thread by id; an article has none."""
    if document.kind != "thread":
        return {}
    return {
        post_id(document.id, number): {
            "author": post.author,
            "published": post.published,
            "start": post.start,
            "end": post.end,
        }
        for number, post in enumerate(document.posts)
    }


def post_edges(document: Document) -> Iterator[Edge]:
    """Yield where each post stands and which one it replies to."""
    if document.kind == "thread":
        for number, post in enumerate(document.posts):
            identifier = post_id(document.id, number)
            yield Edge("IN_THREAD", identifier, document.id)
            if post.reply_to is not None:
                yield Edge("REPLY_TO", identifier, post_id(document.id, post.reply_to))


def mention_edges(reading: Reading) -> Iterator[Edge]:
    """Yield which entities a document names how often."""
    for entity, number in Counter(mention.entity for mention in reading.annotation.mentions).items():
        yield Edge("MENTIONS", reading.id, entity, properties={"count": number})


def statement_node(statement: Statement, reading: Reading) -> Properties:
    """Return the properties of a statement's node, as its document tells it."""
    document, happened = reading.revision.document, statement.happened
    kept = ("quote", "kind", "group", "confidence", "cue", "speaker", "post")
    return {name: getattr(statement, name) for name in kept} | {
        "speakerFrom": statement.speaker_from,
        "coSpeakers": json.dumps(statement.co_speakers) if statement.co_speakers else None,
        "url": document.url,
        "language": document.language,
        "date": happened.period if happened else None,
        "datePrecision": Period.parse(happened.period).precision if happened else None,
        "dateBasis": happened.basis if happened else None,
        "dateQuote": happened.span.quote if happened and happened.span else None,
        "recorded": reading.recorded.get(statement.id, reading.revision.recorded),
        "document": document.id,
        "digest": document.digest,
        "spans": json.dumps([[span.part, span.start, span.end] for span in statement.spans]),
        "grounds": json.dumps(grounds_of(statement), ensure_ascii=False, sort_keys=True),
    }


def grounds_of(statement: Statement) -> dict[str, Any]:
    """Return what the reading of a statement rests on: how sure its kind is, and the words for speaker, targets and date."""
    happened = statement.happened
    return {
        "kind": statement.kind_confidence,
        "speaker": words_at(statement.speaker_span),
        "targets": [[t.entity, t.role, t.basis, words_at(t.span)] for t in statement.targets],
        "date": words_at(happened.span if happened else None),
    }


def words_at(span: Span | None) -> list[Any] | None:
    """Return a span as its words with their offsets."""
    return [span.quote, span.start, span.end] if span else None


def facts_of(reading: Reading) -> Counter[Fact]:
    """Count what a document says of its entities and its source."""
    facts: Counter[Fact] = Counter()
    document = reading.revision.document
    source = source_id(document)
    facts[source, "kind", "forum" if document.kind == "thread" else "outlet"] += 1
    for field, value in (("domain", site_of(document.url)), ("language", document.language)):
        if value:
            facts[source, field, value] += 1
    for entity in reading.annotation.entities:
        facts[entity.id, "kind", entity.kind] += 1
        for field in ("name_en", "name_zh", "family", "developer", "role"):
            if value := getattr(entity, field):
                facts[entity.id, field, value] += 1
        for name in entity.names:
            facts[entity.id, "name", name] += 1
    for mention in reading.annotation.mentions:
        facts[mention.entity, "seen", mention.span.quote] += 1
    return facts


def named_of(annotation: Annotation) -> Counter[tuple[str, str, str, bool]]:
    """Count the people and companies of a document with the names that it gives them, before any are joined."""
    return Counter(
        (entity.id, entity.kind, json.dumps(names_of(entity), ensure_ascii=False), entity.listed)
        for entity in annotation.entities
        if entity.kind != "model"
    )
