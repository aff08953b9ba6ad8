"""A claim: what its statements say together, to the builder and to whoever asks what was known on a day.

Statements as their documents tell them flow in, read from rows of the store; kind, speakers, targets, dates and the properties
of the claim's node flow out to graph.claim_nodes and graph.known_by.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from crawler.document import local_day
from graph.claim_dates import dates_of
from graph.model import Edge, Value
from nlp.annotation import GROUPS
from nlp.edtf import Period

RANKS = {"accused": 0, "origin": 1, "about": 2}


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

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> Told:
        """Read a statement from its row, joined with `published` and `origin` of its document."""
        day = local_day(row["published"])
        kept = ("id", "document", "origin", "recorded", "language", "kind", "quote", "speaker", "date")
        return cls(
            **{name: row[name] for name in kept},
            published=day.isoformat() if day else "9999",
            confidence=row["confidence"] or 0.0,
            co_speakers=tuple(json.loads(row.get("coSpeakers") or "[]")),
            targets=tuple((e, role, basis) for e, role, basis, *_ in grounds_of(row).get("targets", ())),
            basis=row["dateBasis"],
        )

    @property
    def speakers(self) -> list[str]:
        """All who say it, the first one first."""
        return [speaker for speaker in (self.speaker, *self.co_speakers) if speaker]


def grounds_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the reading of a statement rests on; nothing where its row does not say."""
    return dict(json.loads(row.get("grounds") or "{}"))


@dataclass(frozen=True)
class Claim:
    """A cluster of statements, the first told first; its id is its smallest statement's."""

    told: tuple[Told, ...]

    @classmethod
    def of(cls, told: Iterable[Told]) -> Claim:
        """Make a claim of its statements."""
        return cls(tuple(sorted(told, key=lambda one: (one.published, -one.confidence, one.id))))

    @cached_property
    def id(self) -> str:
        """Its id; it stays while the statement does, and any statement's id finds it."""
        return "c-" + min(one.id for one in self.told).removeprefix("s-")

    @property
    def first(self) -> Told:
        """The statement by which the claim is shown: first published, then the surest."""
        return self.told[0]

    @cached_property
    def kind(self) -> str:
        """The kind that most of the statements have; of equals the first told."""
        counts = Counter(one.kind for one in self.told)
        return max(counts, key=lambda kind: counts[kind])

    @cached_property
    def speakers(self) -> list[str]:
        """All who are said to have made it, in order."""
        return list(dict.fromkeys(speaker for one in self.told for speaker in one.speakers))

    @cached_property
    def targets(self) -> dict[str, tuple[str, str]]:
        """Each target's role and basis, in the order of telling: named in the words before taken from the context, a party before neither."""
        found: dict[str, list[tuple[bool, int, str, str]]] = defaultdict(list)
        for one in self.told:
            for entity, role, basis in one.targets:
                found[entity].append((basis != "words", RANKS[role], role, basis))
        return {entity: min(rows)[2:] for entity, rows in found.items()}

    @cached_property
    def node(self) -> Mapping[str, Value]:
        """The properties of its node."""
        dates = dates_of((one.date, one.basis, one.origin) for one in self.told)
        best = dates[0] if dates else None
        period = Period.parse(best["date"]) if best else None
        return {
            "kind": self.kind,
            "group": GROUPS.get(self.kind),
            **{name: getattr(self.first, name) for name in ("quote", "language", "speaker", "document")},
            "date": best["date"] if best else None,
            "sortDate": period.earliest.isoformat() if period else None,
            "datePrecision": period.precision if period else None,
            "dateBasis": best["basis"] if best else None,
            "dates": json.dumps(dates, ensure_ascii=False),
            "sources": len({one.origin for one in self.told}),
            "confidence": max(one.confidence for one in self.told),
            "recorded": min(one.recorded for one in self.told),
        }

    def made(self) -> list[Edge]:
        """Return who made it."""
        return [Edge("MADE", speaker, self.id) for speaker in self.speakers]

    def about(self) -> list[Edge]:
        """Return whom it is about, but for its makers."""
        return [
            Edge("ABOUT", self.id, entity, properties={"role": role, "basis": basis})
            for entity, (role, basis) in sorted(self.targets.items())
            if entity not in self.speakers
        ]

    def named(self, role: str) -> list[str]:
        """Return the targets of a role, in the order in which they are told of."""
        return [entity for entity, (own, _) in self.targets.items() if own == role]
