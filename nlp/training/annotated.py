"""Our own annotated texts, read for training: documents with their names as annotated, and their statements in reading order.

The folder tests/nlp/statements (docs.*.jsonl with gold.*.jsonl) flows in, readings with their annotation flow out to
nlp.training.statements. What lies in UNSEEN is never trained on: it is for the test.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from crawler.records import document_from_record
from nlp.annotation import Entity, EntityKind
from nlp.pipeline import Annotator, add_dates, add_frames, add_references
from nlp.reading import NameSpan, Reading
from nlp.vocabulary import load_vocabulary

FOLDER = Path("tests/nlp/statements")
UNSEEN = FOLDER / "unseen"
THINLY_LINKED = frozenset(("plain", "weekly", "report"))  # sets in which links were marked where they are plain only
DENSE = frozenset(
    ("relay", "record")
)  # sets in which nearly every sentence is a statement: no guide to where it begins
KINDS: dict[str, EntityKind] = {"PERSON": "person", "ORG": "organization", "MODEL": "model"}
PREFIXES = {"PERSON": "person", "ORG": "org", "MODEL": "model"}
Row = dict[str, Any]
Pair = tuple[Row, Row]


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotated:
    """A statement as annotated: where it stands, what it is, who makes it."""

    number: int
    start: int
    end: int
    kind: str
    actors: frozenset[str]
    row: Row


def read_pairs(folder: Path) -> list[Pair]:
    """Return the documents with their annotations, in the order of the files; each annotation names its set."""
    pairs = []
    for path in sorted(folder.glob("docs.*.jsonl")):
        gold = path.with_name(path.name.replace("docs.", "gold.", 1))
        rows = [
            [json.loads(line) for line in each.read_text(encoding="utf-8").splitlines() if line]
            for each in (path, gold)
        ]
        kept = path.name.split(".")[1].partition("-")[2]
        pairs += [(record, annotation | {"set": kept}) for record, annotation in zip(*rows, strict=True)]
    return pairs


def readings(pairs: Iterable[Pair]) -> Iterator[tuple[Reading, Row]]:
    """Yield each document read as far as its frames, with the names of its annotation, and the annotation.

    Texts of invented people would else train the models on the errors of the name finder.
    """
    annotator = Annotator(load_vocabulary())
    for record, gold in pairs:
        document = document_from_record(record, where=record["id"], header={})
        reading = annotator.read(document, until="yuanliu_references")
        put_names(reading, gold)
        for step in (add_references, add_dates, add_frames):
            step(reading)
        yield reading, gold


def put_names(reading: Reading, gold: Row) -> None:
    """Replace the names of a reading by the annotated ones where these stand."""
    spans: list[NameSpan] = []
    for row in sorted(gold["entities"], key=lambda row: (-len(row["surface"]), row["surface"])):
        entity = entity_of(row)
        reading.entities.setdefault(entity, Entity(id=entity, kind=KINDS[row["type"]], name_en=row["surface"]))
        for match in surface_pattern(row["surface"]).finditer(reading.text):
            if not any(match.start() < span.end and span.start < match.end() for span in spans):
                spans.append(
                    NameSpan(
                        start=match.start(),
                        end=match.end(),
                        kind=KINDS[row["type"]],
                        entity=entity,
                        confidence=0.9,
                        by="annotated",
                    )
                )
        if row["surface"] in {post.author for post in reading.document.posts}:
            reading.authors[row["surface"]] = entity
    kept = [name for name in reading.names if not any(name.start < s.end and s.start < name.end for s in spans)]
    reading.names = sorted([*kept, *spans], key=lambda span: span.start)
    reading.starts = []


def entity_of(row: Row) -> str:
    """Return the id of an annotated entity."""
    return f"{PREFIXES[row['type']]}:{row['canonical']}"


def surface_pattern(surface: str) -> re.Pattern[str]:
    """Return what finds a surface where no Latin letter or digit goes on."""
    before = r"(?<![A-Za-z0-9])" if surface[0].isascii() and surface[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if surface[-1].isascii() and surface[-1].isalnum() else ""
    return re.compile(before + re.escape(surface) + after)


def statements_of(reading: Reading, gold: Row) -> list[Annotated]:
    """Return the annotated statements that stand in the text, in reading order; actors as entity ids."""
    ids = {row["canonical"]: entity_of(row) for row in gold["entities"]}
    found = []
    for row in gold["statements"]:
        start = reading.text.find(row["evidence"])
        if start < 0:
            continue
        actors = {row["actor"], *row.get("co_actors", [])} - {None}
        found.append(
            Annotated(
                number=row["n"],
                start=start,
                end=start + len(row["evidence"]),
                kind=row["kind"],
                actors=frozenset(ids.get(actor, actor) for actor in actors),
                row=row,
            )
        )
    return sorted(found, key=lambda each: (each.start, each.end, each.number))


MARKED = re.compile(r"\[([POM]) ([^\[\]]+)\]")
MARKS = {"P": "PERSON", "O": "ORG", "M": "MODEL"}


def read_marked(folder: Path) -> list[Pair]:
    """Return the marked sentences (kinds.LANGUAGE-*.tsv: kind, tab, text with [P ..], [O ..], [M ..]) as documents of one statement."""
    pairs = []
    for path in sorted(folder.glob("kinds.*.tsv")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            kind, marked = line.split("\t")
            text = MARKED.sub(r"\2", marked)
            names = {surface: MARKS[mark] for mark, surface in MARKED.findall(marked)}
            entities = [{"surface": s, "type": t, "canonical": f"{t}-{s}"} for s, t in names.items()]
            statement = {"n": 1, "kind": kind, "actor": None, "targets": [], "evidence": text}
            language = path.name.split(".")[1][:2]
            record = {"id": f"{path.stem}-{number}", "lang": language, "kind": "article", "text": text}
            statements = [] if kind == "none" else [statement]
            pairs.append((record, {"id": record["id"], "entities": entities, "statements": statements, "links": []}))
    return pairs
