"""Surfaces: which entity of a document a name stands for, near given words.

A name that the language model wrote flows in, the entity that our own finders gave that name flows out to nlp.llm.grounding, with where it
was found. Nothing is looked up outside the document: a name that was not found in it is nobody's.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from typing import Literal

from nlp.folding import fold
from nlp.reading import NameSpan, Reading, Sentence

Place = tuple[int, int]
Origin = Literal["words", "reference", "post"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """The entity of a name; `inside` tells that it stands in the words themselves."""

    entity: str
    origin: Origin
    inside: bool


class Surfaces:
    """The names, references and authors of one reading, by how they are written."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.names: defaultdict[str, list[NameSpan]] = defaultdict(list)
        self.references: defaultdict[str, list[NameSpan]] = defaultdict(list)
        for table, spans in ((self.names, reading.names), (self.references, reading.references)):
            for span in spans:
                table[key_of(reading.text[span.start : span.end])].append(span)
        self.authors: dict[str, str] = {}
        for author, entity in reading.authors.items():
            self.authors.setdefault(key_of(author), entity)
        self.starts = [sentence.start for sentence in reading.sentences]

    def find(self, name: str, words: Place, post: int) -> Found | None:
        """Return whom a name means in the words of a post: its author, a name, a reference close by, another author."""
        key = key_of(name)
        author = self.reading.document.posts[post].author
        if author and key == key_of(author) and key in self.authors:
            return Found(entity=self.authors[key], origin="post", inside=False)
        if span := nearest(self.names[key], words) if key in self.names else None:
            return Found(entity=span.entity, origin="words", inside=lies_in(span, words))
        near = self.near(words)
        close = [span for span in self.references.get(key, ()) if lies_in(span, near)]
        if span := nearest(close, words):
            return Found(entity=span.entity, origin="reference", inside=False)
        if key in self.authors:
            return Found(entity=self.authors[key], origin="words", inside=False)
        return None

    def near(self, words: Place) -> Place:
        """Return from the sentence before the words to the one after them, within their post."""
        first, last = self.sentence_at(words[0]), self.sentence_at(max(words[0], words[1] - 1))
        if first < 0:
            return words
        sentences: list[Sentence] = self.reading.sentences
        post = sentences[last].post
        before = max(first - 1, 0)
        after = min(last + 1, len(sentences) - 1)
        before = before if sentences[before].post == post else first
        after = after if sentences[after].post == post else last
        return min(words[0], sentences[before].start), max(words[1], sentences[after].end)

    def sentence_at(self, position: int) -> int:
        """Return the index of the last sentence that begins at a position or before it, -1 if there is none."""
        return bisect_right(self.starts, position) - 1


def key_of(name: str) -> str:
    """Return the form under which names are compared.

    >>> key_of(" 李開復 ") == key_of("李开复"), key_of("LARKWOOD Labs")
    (True, 'larkwood labs')
    """
    return fold(name.strip()).casefold()


def lies_in(span: NameSpan, place: Place) -> bool:
    """Whether a span lies within a place."""
    return place[0] <= span.start and span.end <= place[1]


def nearest(spans: list[NameSpan], words: Place) -> NameSpan | None:
    """Return the span in the words, else the one nearest to them; of equals that before them."""

    def distance(span: NameSpan) -> tuple[int, int]:
        return max(words[0] - span.end, span.start - words[1], 0) + (not lies_in(span, words)), span.start

    return min(spans, key=distance, default=None)
