"""Evidence: what the builder reads, a document's current revision with its annotation.

Revisions and annotations flow in from graph.load; readings flow out to graph.build.
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
