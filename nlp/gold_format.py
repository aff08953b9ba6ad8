"""The exchange format of annotations: one JSON object a document, as scorers and other tools read it.

A document and its annotation flow in, a plain dict flows out to the command line: entities by distinct surface,
statements numbered from 1, links between the numbers. Dates are the shared prefix of the period, null where only the
publication dates the statement.
"""

from __future__ import annotations

from typing import Any

from nlp.annotation import Annotation, Mention, Span, Statement
from nlp.edtf import Period

TYPES = {"person": "PERSON", "organization": "ORG", "model": "MODEL"}


def to_gold_format(annotation: Annotation) -> dict[str, Any]:
    """Return an annotation in the exchange format."""
    numbers = {statement.id: number for number, statement in enumerate(annotation.statements, 1)}
    return {
        "id": annotation.document,
        "entities": entities(annotation.mentions),
        "statements": [statement_row(statement, numbers[statement.id]) for statement in annotation.statements],
        "links": [
            {"from": numbers[link.source], "to": numbers[link.target], "type": link.type} for link in annotation.links
        ],
    }


def entities(mentions: tuple[Mention, ...]) -> list[dict[str, Any]]:
    """Return the distinct surfaces by type, each with its first place."""
    first: dict[tuple[str, str], Mention] = {}
    for mention in mentions:
        first.setdefault((mention.span.quote, mention.kind), mention)
    return [
        {
            "surface": mention.span.quote,
            "type": TYPES[mention.kind],
            "canonical": mention.entity,
            "start": mention.span.start,
            "end": mention.span.end,
        }
        for mention in first.values()
    ]


def statement_row(statement: Statement, number: int) -> dict[str, Any]:
    """Return one statement; of evidence in several pieces the longest."""
    span = max(statement.spans, key=lambda piece: (piece.end - piece.start, -piece.start))
    row: dict[str, Any] = {
        "n": number,
        "kind": statement.kind,
        "actor": statement.speaker,
        "targets": [target.entity for target in statement.targets],
        "date": date_of(statement),
        **evidence(span),
        "confidence": statement.confidence,
    }
    if statement.co_speakers:
        row["co_actors"] = list(statement.co_speakers)
    return row


def evidence(span: Span) -> dict[str, Any]:
    """Return a span as evidence with its place."""
    return {"evidence": span.quote, "start": span.start, "end": span.end}


def date_of(statement: Statement) -> str | None:
    """Return the date of a statement as YYYY[-MM[-DD]], None where only the publication gives one."""
    if statement.happened is None or statement.happened.basis == "published":
        return None
    return Period.parse(statement.happened.period).prefix
