"""Evidence: what the builder reads: every document's current revision with its annotation, and what stands for what.

Revisions and annotations flow in from graph.load in any order; they are put into the order of their ids, so that the
graph depends on the set alone. `Told` is one statement with the document that tells it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from crawler.archive import Revision
from crawler.document import local_day
from nlp.annotation import Annotation, Statement
from nlp.edtf import Period
from nlp.sketch import similarity

NEAR = 0.6  # the Jaccard similarity of near-duplicates


@dataclass(frozen=True, slots=True)
class Reading:
    """A revision and what was found in it."""

    revision: Revision
    annotation: Annotation

    @property
    def id(self) -> str:
        """The document's id."""
        return self.revision.document.id


@dataclass(frozen=True, slots=True)
class Told:
    """A statement, the document that tells it, and the document that this one is a near copy of, itself if none."""

    statement: Statement
    reading: Reading
    origin: str

    @property
    def period(self) -> Period | None:
        """When it happened, if the document says so."""
        happened = self.statement.happened
        return Period.parse(happened.period) if happened and happened.basis != "published" else None

    @property
    def published(self) -> str:
        """The day of publication, or a day after all others."""
        day = local_day(self.reading.revision.document.published)
        return day.isoformat() if day else "9999"


def in_order(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings in the order of their document ids."""
    return sorted(readings, key=lambda reading: reading.id)


def find_origins(readings: list[Reading]) -> dict[str, str]:
    """Map each document to the earliest document of which it is a near copy, itself if there is none.

    Compares sketches within bands of equal values, so that only likely pairs are looked at.
    """
    order = sorted(readings, key=lambda r: (local_day(r.revision.document.published) is None, published_key(r), r.id))
    bands: dict[tuple[int, tuple[int, ...]], list[Reading]] = {}
    origins: dict[str, str] = {}
    for reading in order:
        sketch = reading.annotation.sketch
        keys = [(start, sketch[start : start + 4]) for start in range(0, len(sketch), 4)]
        likely = {other.id: other for key in keys for other in bands.get(key, [])}
        found = [
            (similarity(sketch, other.annotation.sketch), other.id)
            for other in likely.values()
            if origins[other.id] == other.id
        ]
        best = max(found, default=(0.0, ""))
        origins[reading.id] = best[1] if best[0] >= NEAR else reading.id
        if origins[reading.id] == reading.id:
            for key in keys:
                bands.setdefault(key, []).append(reading)
    return origins


def published_key(reading: Reading) -> str:
    """Return a sortable time of publication."""
    return reading.revision.document.published or ""


def tell(readings: list[Reading], origins: Mapping[str, str]) -> list[Told]:
    """Return all statements in the order of their ids."""
    told = [
        Told(statement, reading, origins[reading.id])
        for reading in readings
        for statement in reading.annotation.statements
    ]
    return sorted(told, key=lambda one: one.statement.id)
