"""A reading: what the components of the pipeline know of one document while they work on it.

The first component puts the document in; each later one reads what it needs and adds what it finds; at the end
nlp.pipeline freezes the whole into an Annotation. Offsets are code points of the document's text.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from crawler.document import Document, Post, local_day
from nlp.annotation import Entity, EntityKind, Link, Span, Statement
from nlp.cues import CueIndex
from nlp.dated_entries import Entry
from nlp.dates import DateExpression
from nlp.folding import fold

if TYPE_CHECKING:
    from nlp.frames import Frame

URL = re.compile(
    r"(?:https?://|www\.)[^\s<>()\[\]\"'，。；、）】」』“”‘’\u4e00-\u9fff]+|[\w.+-]+@[\w-]+\.[\w.]+", re.ASCII
)
TAG = re.compile(r"<[/!]?[a-zA-Z][^<>]{0,2000}>|<!--.{0,5000}?-->", re.DOTALL)
LINK_TARGET = re.compile(r"\]\(<?(?:https?:|/|\.|#|mailto:)[^)\s]{0,2000}(?:\s+\"[^\"\n]{0,500}\")?>?\)")
IMAGE = re.compile(r"!\[[^\]\n]{0,500}\]\([^)\n]{0,2000}\)")
CHARACTER = re.compile(r"&(?:[a-zA-Z]{2,8}|\\?#\d{1,6}|\\?#x[0-9a-fA-F]{1,5});")
FENCE = re.compile(r"^(```|~~~).*?^\1[^\S\n]*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, kw_only=True, slots=True)
class NameSpan:
    """A name found at start:end of the text, before it is frozen into a Mention."""

    start: int
    end: int
    kind: EntityKind
    entity: str
    confidence: float
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Sentence:
    """A sentence at start:end of the text, in the post of that index."""

    start: int
    end: int
    post: int


@dataclass(kw_only=True, slots=True)
class Reading:
    """The working state of one document's annotation."""

    document: Document
    finder: Callable[[Reading], None]
    folded: str = ""
    masks: list[tuple[int, int]] = field(default_factory=list)
    sentences: list[Sentence] = field(default_factory=list)
    names: list[NameSpan] = field(default_factory=list)
    entities: dict[str, Entity] = field(default_factory=dict)
    references: list[NameSpan] = field(default_factory=list)  # expressions that stand for something named
    traits: Mapping[str, tuple[str, str | None]] = field(
        default_factory=dict
    )  # sort and region of listed organisations
    dates: list[DateExpression] = field(default_factory=list)
    entries: list[Entry] = field(default_factory=list)
    frames: list[list[Frame]] = field(default_factory=list)  # of each sentence
    statements: list[Statement] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    cues: CueIndex = field(default_factory=lambda: CueIndex([]))
    authors: dict[str, str] = field(default_factory=dict)  # the entity of each post author
    last_speakers: dict[str, str] = field(default_factory=dict)  # whom a pronoun for a person, an organization means
    starts: list[int] = field(default_factory=list)

    @classmethod
    def of(cls, document: Document, finder: Callable[[Reading], None]) -> Reading:
        """Start a reading: fold the text and find what is no text to be read; `finder` will find its names."""
        return cls(document=document, finder=finder, folded=fold(document.text), masks=find_masks(document.text))

    @property
    def text(self) -> str:
        """The document's text."""
        return self.document.text

    @property
    def published(self) -> date | None:
        """The day of publication in the page's own zone."""
        return local_day(self.document.published)

    def post_of(self, sentence: Sentence) -> Post:
        """Return the post that a sentence stands in."""
        return self.document.posts[sentence.post]

    def span(self, start: int, end: int) -> Span:
        """Return a span of the text with its words."""
        return Span(start=start, end=end, quote=self.document.text[start:end])

    def masked(self, start: int, end: int) -> bool:
        """Whether start:end touches a URL, a tag, a link target or code."""
        index = bisect_right(self.masks, (start, end))
        return (index > 0 and self.masks[index - 1][1] > start) or (
            index < len(self.masks) and self.masks[index][0] < end
        )

    def names_in(self, start: int, end: int) -> list[NameSpan]:
        """Return the names that lie within start:end, in order."""
        if len(self.starts) != len(self.names):
            self.starts = [name.start for name in self.names]
        found = []
        for place in range(bisect_right(self.starts, start - 1), len(self.names)):
            name = self.names[place]
            if name.start >= end:
                break
            if name.end <= end:
                found.append(name)
        return found

    def dates_in(self, start: int, end: int) -> list[DateExpression]:
        """Return the dates that begin within start:end, in order."""
        first = bisect_left(self.dates, start, key=lambda date: date.start)
        return self.dates[first : bisect_left(self.dates, end, lo=first, key=lambda date: date.start)]

    def frames_over(self, sentence: int, start: int, end: int) -> list[Frame]:
        """Return the frames of a sentence, by its number, that touch start:end, in order."""
        frames = self.frames[sentence]
        last = bisect_left(frames, end, key=lambda frame: frame.start)
        first = last
        while first and frames[first - 1].end > start:
            first -= 1
        return frames[first:last]

    def references_in(self, start: int, end: int) -> list[NameSpan]:
        """Return the references that lie within start:end, in order."""
        first = bisect_left(self.references, start, key=lambda reference: reference.start)
        found = []
        for place in range(first, len(self.references)):
            reference = self.references[place]
            if reference.start >= end:
                break
            if reference.end <= end:
                found.append(reference)
        return found


def find_masks(text: str) -> list[tuple[int, int]]:
    """Return the merged spans of URLs, e-mail addresses, tags, link targets, images, character references and code, in order.

    >>> text = "见 [Yi](https://example.org/yi) 与 https://example.org/a，零一万物"
    >>> [text[a:b] for a, b in find_masks(text)]
    ['](https://example.org/yi)', 'https://example.org/a']
    """
    spans = sorted(
        match.span() for pattern in (FENCE, IMAGE, LINK_TARGET, TAG, URL, CHARACTER) for match in pattern.finditer(text)
    )
    merged: list[tuple[int, int]] = []
    for start, end in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged
