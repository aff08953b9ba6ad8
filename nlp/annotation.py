"""Annotations: the names, statements and links found in one revision of one document.

The pipeline makes an `Annotation` from a Document; it is stored under the document's digest, the vocabulary's digest
and the annotator's version, and flows into graph.build. Every span holds its own words, so that
`document.part(span.part)[span.start:span.end] == span.quote` can be checked by anybody at any time.
"""

from __future__ import annotations

import hashlib
import unicodedata
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal, Self

from crawler.document import Document
from nlp.errors import AnnotationError

EntityKind = Literal["person", "organization", "model"]
StatementKind = Literal[
    "accusation",
    "question",
    "denial",
    "admission",
    "explanation",
    "apology",
    "defence",
    "remedy",
    "announcement",
    "other",
]
LinkType = Literal["responds_to", "supports", "disputes", "repeats"]
Role = Literal["accused", "origin", "about"]

GROUPS: dict[str, str] = {
    "accusation": "accusing",
    "question": "accusing",
    "denial": "answering",
    "admission": "answering",
    "explanation": "answering",
    "apology": "answering",
    "defence": "answering",
    "remedy": "answering",
    "announcement": "announcing",
    "other": "other",
}


@dataclass(frozen=True, kw_only=True, slots=True)
class Span:
    """A piece of a document's text or title, in code points, with its words."""

    part: str = "text"
    start: int
    end: int
    quote: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Mention:
    """One name in the document; `by` is the component that found it."""

    span: Span
    kind: EntityKind
    entity: str
    confidence: float
    by: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Entity:
    """What the document lets one know of an entity: its id, the names it goes by, and its parents.

    `name_zh` and `name_en` are the usual names, `names` further ones that the document teaches; `family` and `developer`
    are ids (of a person `developer` is the employer, `role` the words for the post); `listed` tells that the vocabulary has it.
    """

    id: str
    kind: EntityKind
    name_en: str | None = None
    name_zh: str | None = None
    names: tuple[str, ...] = ()
    family: str | None = None
    developer: str | None = None
    role: str | None = None
    listed: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """Whom or what a statement is about; `basis` says whether its own words name it or only the context does.

    `span` is the name or the expression in its words.
    """

    entity: str
    role: Role = "about"
    basis: Literal["words", "context"] = "words"
    span: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Happened:
    """When something was said or done: an EDTF period, what it rests on, and the words that give it."""

    period: str
    basis: Literal["stated", "relative", "published"]
    span: Span | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Statement:
    """What the document says that somebody said or did: "X says P", never P.

    `speaker_from` tells where the speaker was found: in the words, by an expression that stands for somebody named before
    (该公司), as the post's author, in the title, as the site itself; or nowhere (a crowd, an unnamed source). `speaker_span` is the name or the
    expression. `spans` are in reading order; evidence may be in several pieces. `confidence` is that of the words being a statement, `kind_confidence` that of its kind.
    """

    id: str
    kind: StatementKind
    speaker: str | None
    speaker_from: Literal["words", "reference", "post", "title", "site", "nowhere"]
    co_speakers: tuple[str, ...] = ()
    targets: tuple[Target, ...] = ()
    happened: Happened | None = None
    spans: tuple[Span, ...]
    cue: str
    confidence: float
    post: int = 0
    speaker_span: Span | None = None
    kind_confidence: float | None = None

    @property
    def group(self) -> str:
        """The group of the kind: accusing, answering, announcing or other."""
        return GROUPS[self.kind]

    @property
    def quote(self) -> str:
        """The words of all spans; pieces are set apart by an ellipsis."""
        return " … ".join(span.quote for span in self.spans)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """From the later or dependent statement to the one that it is about, by their ids."""

    source: str
    target: str
    type: LinkType
    cue: str
    confidence: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Annotation:
    """All that was found in one revision: a pure function of document, vocabulary and annotator version."""

    document: str
    digest: str
    vocabulary: str
    version: str
    entities: tuple[Entity, ...] = ()
    mentions: tuple[Mention, ...] = ()
    statements: tuple[Statement, ...] = ()
    links: tuple[Link, ...] = ()
    sketch: tuple[int, ...] = ()  # MinHash of the text, for near-duplicates

    def check(self, document: Document) -> None:
        """Raise AnnotationError if a span does not hold its words in the document."""
        spans = [mention.span for mention in self.mentions]
        spans += [span for statement in self.statements for span in statement.spans]
        spans += [span for statement in self.statements if (span := statement.speaker_span)]
        spans += [span for statement in self.statements for target in statement.targets if (span := target.span)]
        for span in spans:
            if document.part(span.part)[span.start : span.end] != span.quote:
                raise AnnotationError(
                    f"{document.id}: {span.quote!r} does not stand at {span.part} {span.start}:{span.end}"
                )

    def to_record(self) -> dict[str, Any]:
        """Return the annotation as JSON values."""
        return asdict(self)

    @classmethod
    def from_record(cls, record: dict[str, Any]) -> Self:
        """Build an annotation from the JSON values of `to_record`."""
        lists = {
            "entities": tuple(Entity(**row | {"names": tuple(row["names"])}) for row in record["entities"]),
            "mentions": tuple(Mention(**row | {"span": Span(**row["span"])}) for row in record["mentions"]),
            "statements": tuple(statement_of(row) for row in record["statements"]),
            "links": tuple(Link(**row) for row in record["links"]),
            "sketch": tuple(record["sketch"]),
        }
        return cls(**record | lists)


def statement_of(row: dict[str, Any]) -> Statement:
    """Build a statement from its JSON values."""
    happened = row["happened"]
    if happened:
        happened = Happened(**happened | {"span": span_of(happened["span"])})
    return Statement(
        **row
        | {
            "co_speakers": tuple(row["co_speakers"]),
            "targets": tuple(Target(**target | {"span": span_of(target["span"])}) for target in row["targets"]),
            "speaker_span": span_of(row["speaker_span"]),
            "happened": happened,
            "spans": tuple(Span(**span) for span in row["spans"]),
        }
    )


def span_of(row: dict[str, Any] | None) -> Span | None:
    """Build a span from its JSON values, None from none."""
    return Span(**row) if row else None


def normalise_quote(quote: str) -> str:
    """Return the letters and digits of a quote, NFKC and in lower case: what stays equal when layout changes.

    >>> normalise_quote("“沿用了 GPT/LLaMA 的基本架构”"), normalise_quote("We **did not** copy.")
    ('沿用了gptllama的基本架构', 'wedidnotcopy')
    """
    return "".join(c for c in unicodedata.normalize("NFKC", quote).lower() if c.isalnum())


def statement_ids(document: str, quotes: list[str]) -> list[str]:
    """Return an id for each quote of a document: a hash of document id, normalised quote and ordinal among equals."""
    seen: Counter[str] = Counter()
    ids = []
    for quote in quotes:
        words = normalise_quote(quote)
        seen[words] += 1
        key = f"{document}\n{words}\n{seen[words]}"
        ids.append("s-" + hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12])
    return ids
