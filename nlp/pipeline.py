"""The pipeline: a document in, its annotation out, as components of one spaCy pipeline.

Each component is a plain function on a Reading (nlp.reading); spaCy gives them their order and their names, so that a
user can put a component of their own between them. Nothing here asks the network, the clock or chance: an annotation
is a function of the document, the vocabulary and VERSION. A user may choose another extractor of statements and links
(nlp.llm), whose own version then belongs to that of the annotations.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from crawler.document import Document, local_day
from nlp.annotation import Annotation, Link, Mention, Statement
from nlp.cues import CueIndex, built_in_cues
from nlp.dated_entries import entries_of
from nlp.dates import find_dates
from nlp.frames import read_frames
from nlp.links import find_links
from nlp.names import NameFinder
from nlp.reading import Reading
from nlp.references import find_references
from nlp.sentences import split_sentences
from nlp.sketch import sketch
from nlp.statements import find_statements
from nlp.tokenizer import ScriptTokenizer
from nlp.vocabulary import Vocabulary

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc

VERSION = "4"


def add_sentences(reading: Reading) -> None:
    """Find the sentences and the cues."""
    reading.sentences = split_sentences(reading.document)
    reading.cues = CueIndex(built_in_cues().find(reading.folded))


def add_names(reading: Reading) -> None:
    """Find the names, with the vocabulary that the reading was started with."""
    reading.finder(reading)


def add_references(reading: Reading) -> None:
    """Find what 该公司 and "the startup" stand for."""
    reading.references = find_references(reading)


def add_dates(reading: Reading) -> None:
    """Find the dates of each post, counted from its own day; names and what is no text are left out."""
    ignore = sorted([*reading.masks, *((name.start, name.end) for name in reading.names)])
    starts = [start for start, _ in ignore]
    for post in reading.document.posts:
        near = ignore[bisect_left(starts, post.start) : bisect_left(starts, post.end)]
        found = find_dates(
            post.text,
            published=local_day(post.published) or reading.published,
            language=reading.document.language,
            ignore=[(max(0, start - post.start), end - post.start) for start, end in near],
        )
        reading.dates += [replace(d, start=d.start + post.start, end=d.end + post.start) for d in found]
    reading.entries = entries_of(reading.folded, [(d.start, d.end) for d in reading.dates if d.heads])


def add_frames(reading: Reading) -> None:
    """Find the verbs of saying and doing with their subjects."""
    reading.frames = read_frames(reading)


def add_statements(reading: Reading) -> None:
    """Find the statements."""
    reading.statements = find_statements(reading)


def add_links(reading: Reading) -> None:
    """Find the links between the statements."""
    reading.links = find_links(reading)


STEPS: dict[str, Callable[[Reading], None]] = {
    "yuanliu_sentences": add_sentences,
    "yuanliu_names": add_names,
    "yuanliu_references": add_references,
    "yuanliu_dates": add_dates,
    "yuanliu_frames": add_frames,
    "yuanliu_statements": add_statements,
    "yuanliu_links": add_links,
}


class Extractor(Protocol):
    """What finds statements and links in the place of the rules: nlp.llm.extractor.LlmExtractor."""

    @property
    def version(self) -> str:
        """What tells its annotations from others."""
        ...

    def extract(self, reading: Reading) -> tuple[list[Statement], list[Link]]:
        """Return the statements and links of a reading that has its names, references and dates."""
        ...


def version_with(extractor: Extractor | None) -> str:
    """Return the version of the annotations that an extractor makes, or the rules if there is none.

    >>> version_with(None) == VERSION
    True
    """
    return f"{VERSION}+{extractor.version}" if extractor else VERSION


class Annotator:
    """Annotate documents with one vocabulary, and an extractor of statements and links if not by the rules.

    `pipeline` is a spaCy Language whose documents carry the working state in `doc._.reading`.
    """

    def __init__(self, vocabulary: Vocabulary, *, extractor: Extractor | None = None) -> None:
        self.vocabulary = vocabulary
        self.extractor = extractor
        self.finder = NameFinder(vocabulary)
        self.pipeline = make_pipeline()

    def annotate(self, document: Document) -> Annotation:
        """Return the annotation of one document."""
        return freeze(self.read(document), self.vocabulary.digest, version=version_with(self.extractor))

    def read(self, document: Document, *, until: str | None = None) -> Reading:
        """Return the working state of a document after all components, or before one of them."""
        doc = self.pipeline.make_doc(document.text)
        reading = doc._.reading = Reading.of(document, self.finder)
        for name, component in self.pipeline.pipeline:
            if name == until:
                break
            if self.extractor and name == "yuanliu_statements":
                reading.statements, reading.links = self.extractor.extract(reading)
            elif not (self.extractor and name == "yuanliu_links"):
                doc = component(doc)
        return reading

    def annotate_all(self, documents: Iterable[Document]) -> Iterator[Annotation]:
        """Yield the annotations of documents, in order."""
        return map(self.annotate, documents)


def make_pipeline() -> Language:
    """Return a spaCy pipeline that runs STEPS on `doc._.reading`, in order."""
    from spacy.language import Language  # noqa: PLC0415 - slow imports
    from spacy.tokens import Doc  # noqa: PLC0415

    if not Doc.has_extension("reading"):
        Doc.set_extension("reading", default=None)
    pipeline = Language(max_length=2**31 - 1)
    pipeline.tokenizer = ScriptTokenizer(pipeline.vocab)
    for name, step in STEPS.items():
        if not Language.has_factory(name):
            Language.component(name, func=on_reading(step))
        pipeline.add_pipe(name)
    return pipeline


def on_reading(step: Callable[[Reading], None]) -> Callable[[Doc], Doc]:
    """Wrap a step as a spaCy component."""

    def component(doc: Doc) -> Doc:
        step(doc._.reading)
        return doc

    return component


def freeze(reading: Reading, vocabulary: str, *, version: str = VERSION) -> Annotation:
    """Return what a reading found as an annotation, with every span checked against the document."""
    mentions = tuple(
        Mention(
            span=reading.span(name.start, name.end),
            kind=name.kind,
            entity=name.entity,
            confidence=name.confidence,
            by=name.by,
        )
        for name in reading.names
    )
    annotation = Annotation(
        document=reading.document.id,
        digest=reading.document.digest,
        vocabulary=vocabulary,
        version=version,
        entities=tuple(reading.entities[identifier] for identifier in sorted(reading.entities)),
        mentions=mentions,
        statements=tuple(reading.statements),
        links=tuple(reading.links),
        sketch=sketch(reading.text),
    )
    annotation.check(reading.document)
    return annotation
