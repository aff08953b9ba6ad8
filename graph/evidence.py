"""Evidence: what the builder reads, a document's current revision with its annotation, and what it keeps of a statement.

Revisions and annotations flow in from graph.load; `Told` is one statement as the document told it, read back from the graph's
tables by the stages that cluster, link and gather.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from crawler.archive import Revision
from nlp.annotation import Annotation


@dataclass(frozen=True, slots=True)
class Reading:
    """A revision and what was found in it; `recorded` tells of statements that older revisions had when they were recorded first."""

    revision: Revision
    annotation: Annotation
    recorded: Mapping[str, str] = field(default_factory=dict)

    @property
    def id(self) -> str:
        """The document's id."""
        return self.revision.document.id


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A statement as a document tells it; `origin` is the document that this one is a near copy of, itself if none.

    `published` is the local day, "9999" where unknown; `targets` are (entity, role, basis); `date` is EDTF.
    """

    id: str
    document: str
    origin: str
    published: str
    recorded: str
    language: str
    kind: str
    quote: str
    confidence: float
    speaker: str | None
    co_speakers: tuple[str, ...]
    targets: tuple[tuple[str, str, str], ...]
    date: str | None
    basis: str | None

    @property
    def speakers(self) -> list[str]:
        """All who say it, the first one first."""
        return [speaker for speaker in (self.speaker, *self.co_speakers) if speaker]
