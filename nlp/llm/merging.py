"""Merging: the drafts of all pieces become the statements and links of one document.

Grounded replies flow in, piece by piece, statements in reading order and links flow out to nlp.llm.extractor. What the overlap of two pieces
tells twice is one statement, so that the links of either piece hold for it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from nlp.annotation import Link, LinkType, Statement, statement_ids
from nlp.llm.grounding import Draft, Grounded
from nlp.reading import Reading

CONFIDENCE = 0.6  # the model states none
LinkTable = dict[tuple[int, int], LinkType]


class Merger:
    """Collects the drafts of a document's pieces; `joined` counts those told twice."""

    def __init__(self) -> None:
        self.drafts: list[Draft] = []
        self.links: LinkTable = {}
        self.joined = 0

    def add(self, grounded: Grounded, *, start: int) -> None:
        """Take in what was found in the piece that begins at `start`."""
        live = [index for index, draft in enumerate(self.drafts) if draft.end > start]
        places: dict[int, int] = {}
        for number, draft in grounded.drafts.items():
            same = next((index for index in live if is_same(self.drafts[index], draft)), None)
            if same is None:
                places[number] = len(self.drafts)
                live.append(len(self.drafts))
                self.drafts.append(draft)
            else:
                places[number] = same
                self.drafts[same] = joined(self.drafts[same], draft)
                self.joined += 1
        for link in grounded.links:
            ends = places[link.source], places[link.target]
            if ends[0] != ends[1] and (ends[1], ends[0]) not in self.links:
                self.links.setdefault(ends, link.type)

    def finish(self, reading: Reading, *, cue: str) -> tuple[list[Statement], list[Link]]:
        """Return the statements in reading order, with their ids, and the links between them."""
        order = sorted(
            range(len(self.drafts)), key=lambda index: (self.drafts[index].start, self.drafts[index].end, index)
        )
        ordered = [self.drafts[index] for index in order]
        ids = statement_ids(reading.document.id, [reading.text[draft.start : draft.end] for draft in ordered])
        statements = [statement_of(reading, *pair, cue=cue) for pair in zip(ordered, ids, strict=True)]
        id_of = dict(zip(order, ids, strict=True))
        links = [
            Link(source=id_of[source], target=id_of[target], type=kind, cue=cue, confidence=CONFIDENCE)
            for (source, target), kind in self.links.items()
        ]
        rank = {identifier: number for number, identifier in enumerate(ids)}
        return statements, sorted(links, key=lambda link: (rank[link.source], rank[link.target]))


def merge(
    reading: Reading, pieces: Iterable[tuple[int, Grounded]], *, cue: str
) -> tuple[list[Statement], list[Link], int]:
    """Return the statements and links of a document from its pieces' starts and replies, and how many were told twice."""
    merger = Merger()
    for start, grounded in pieces:
        merger.add(grounded, start=start)
    return *merger.finish(reading, cue=cue), merger.joined


def is_same(one: Draft, other: Draft) -> bool:
    """Whether two drafts are one statement: overlapping words of one kind by one speaker."""
    overlapping = one.start < other.end and other.start < one.end
    return overlapping and (one.kind, one.speaker, one.post) == (other.kind, other.speaker, other.post)


def joined(one: Draft, other: Draft) -> Draft:
    """Return one draft of two: the longer words and their date, and the targets of both."""
    longer, shorter = (other, one) if other.end - other.start > one.end - one.start else (one, other)
    known = {target.entity for target in longer.targets}
    more = tuple(target for target in shorter.targets if target.entity not in known)
    return replace(longer, targets=longer.targets + more)


def statement_of(reading: Reading, draft: Draft, identifier: str, *, cue: str) -> Statement:
    """Return a draft as a statement."""
    return Statement(
        id=identifier,
        kind=draft.kind,
        speaker=draft.speaker,
        speaker_from=draft.speaker_from,
        targets=draft.targets,
        happened=draft.happened,
        spans=(reading.span(draft.start, draft.end),),
        cue=cue,
        confidence=CONFIDENCE,
        post=draft.post,
    )
