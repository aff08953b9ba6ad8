"""Grounding: what a language model says is held to the text, and what does not stand there is thrown away and counted.

The rows of one piece's reply flow in, drafts of statements and links between their numbers flow out to nlp.llm.merging. Words are taken only
where the piece has them; speakers and targets only where our finders gave the name; days only from our date finder. The
model contributes which words are a statement of what kind, by whom, about whom, and which answers which.
"""

from __future__ import annotations

from bisect import bisect_left
from dataclasses import dataclass
from typing import Any, Literal, cast, get_args

from crawler.document import local_day
from nlp.annotation import GROUPS, Happened, LinkType, Role, StatementKind, Target
from nlp.dates import DateExpression
from nlp.llm.pieces import Piece
from nlp.llm.prompt import parts, readable
from nlp.llm.reply import Rows
from nlp.llm.surfaces import Place, Surfaces
from nlp.llm.tally import Tally

MOST_TARGETS = 30
LONGEST_DATE = 80  # characters of the words of a date
SpeakerFrom = Literal["words", "reference", "post", "nowhere"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A statement that the text bears out, before it has an id."""

    kind: StatementKind
    start: int
    end: int
    post: int
    speaker: str | None
    speaker_from: SpeakerFrom
    targets: tuple[Target, ...]
    happened: Happened | None


@dataclass(frozen=True, kw_only=True, slots=True)
class LinkDraft:
    """A link between two statements of one reply, by their numbers."""

    source: int
    target: int
    type: LinkType


@dataclass(frozen=True, kw_only=True, slots=True)
class Grounded:
    """What is left of one reply: drafts by number, in the model's order, and links."""

    drafts: dict[int, Draft]
    links: list[LinkDraft]


class Grounder:
    """Holds the rows of one piece to the text of its reading."""

    def __init__(self, surfaces: Surfaces, piece: Piece, tally: Tally) -> None:
        self.surfaces = surfaces
        self.reading = surfaces.reading
        self.tally = tally
        self.parts = [(post, a, b, readable(self.reading.text[a:b])) for post, a, b in parts(piece)]
        self.previous: Place | None = None

    def ground(self, rows: Rows) -> Grounded:
        """Return the drafts and links that the text bears out."""
        drafts: dict[int, Draft] = {}
        if rows.beyond:
            self.tally.thrown["beyond the most of a piece"] += rows.beyond
        for place, row in enumerate(rows.statements, 1):
            if not isinstance(row, dict):
                self.throw("of no statement's shape")
            elif draft := self.draft(row):
                number = number_of(row.get("n"))
                drafts.setdefault(place if number is None else number, draft)
        links = [link for row in rows.links if (link := self.link(row, drafts))]
        return Grounded(drafts=drafts, links=links)

    def throw(self, cause: str) -> None:
        """Count what is thrown away."""
        self.tally.thrown[cause] += 1

    def draft(self, row: dict[str, Any]) -> Draft | None:
        """Return one statement, or None where its kind or its words cannot be."""
        kind = row.get("kind")
        if not isinstance(kind, str) or kind not in GROUPS:
            self.throw("of an unknown kind")
            return None
        found = self.place_of(row.get("evidence"))
        if found is None:
            self.throw("quoted what does not stand in the text")
            return None
        post, words = found
        self.previous = words
        speaker, origin = self.speaker(row.get("speaker"), words, post)
        return Draft(
            kind=cast(StatementKind, kind),
            start=words[0],
            end=words[1],
            post=post,
            speaker=speaker,
            speaker_from=origin,
            targets=self.targets(row.get("targets"), words, post, kind=kind, speaker=speaker),
            happened=self.happened(row.get("date"), words, post, origin),
        )

    def place_of(self, quote: object) -> tuple[int, Place] | None:
        """Return the post and the place of a quote: of several the nearest after the previous one, else the first."""
        words = quote.strip() if isinstance(quote, str) else ""
        if not any(character.isalnum() for character in words):
            return None
        first: tuple[int, Place] | None = None
        for post, start, _, text in self.parts:
            at = text.find(words)
            while at >= 0:
                place = start + at, start + at + len(words)
                if self.previous is None or (place[0] >= self.previous[0] and place != self.previous):
                    return post, place
                first = first or (post, place)
                at = text.find(words, at + 1)
        return first

    def speaker(self, name: object, words: Place, post: int) -> tuple[str | None, SpeakerFrom]:
        """Return who speaks, and where that was found."""
        if name is None or name == "":
            return None, "nowhere"
        if not isinstance(name, str) or not name.strip():
            self.throw("of no name's shape")
            return None, "nowhere"
        found = self.surfaces.find(name, words, post)
        if found is None:
            self.miss(name)
            return None, "nowhere"
        if found.entity.startswith("model:"):
            self.throw("spoken by a model")
            return None, "nowhere"
        return found.entity, found.origin

    def miss(self, name: str) -> None:
        """Count a name that is nobody's: it stands in the text and no finder took it for one, or it does not stand there."""
        stands = name.strip() in self.reading.text
        self.throw("named whom we do not know" if stands else "named who does not stand in the text")

    def targets(self, rows: object, words: Place, post: int, *, kind: str, speaker: str | None) -> tuple[Target, ...]:
        """Return the targets in the model's order, each once; only charges and questions have an accused and an origin."""
        found: dict[str, Target] = {}
        for row in rows[:MOST_TARGETS] if isinstance(rows, list) else []:
            name, role = (row.get("name"), row.get("role")) if isinstance(row, dict) else (None, None)
            if not isinstance(name, str) or not name.strip():
                self.throw("of no name's shape")
            elif role not in get_args(Role):
                self.throw("of an unknown role")
            elif (who := self.surfaces.find(name, words, post)) is None:
                self.miss(name)
            elif who.entity != speaker:
                part: Role = cast(Role, role) if GROUPS[kind] == "accusing" else "about"
                basis: Literal["words", "context"] = "words" if who.inside else "context"
                found.setdefault(who.entity, Target(entity=who.entity, role=part, basis=basis))
        return tuple(found.values())

    def happened(self, date: object, words: Place, post: int, origin: SpeakerFrom) -> Happened | None:
        """Return when a statement was made: as the words of the date say, else as its post's header, else as published.

        What the author of a dated post says is said when it was posted, as in nlp.happened.
        """
        header = local_day(self.reading.document.posts[post].published)
        own = origin == "post" and header is not None
        expression = self.date(date, words)
        if expression and not own:
            span = self.reading.span(expression.start, expression.end)
            return Happened(period=expression.period.edtf, basis=expression.basis, span=span)
        day = header or self.reading.published
        return Happened(period=day.isoformat(), basis="stated" if own else "published") if day else None

    def date(self, date: object, words: Place) -> DateExpression | None:
        """Return what our date finder made of the words that the model takes for the date."""
        if date is None or date == "":
            return None
        told = date.strip() if isinstance(date, str) and len(date) <= LONGEST_DATE else ""
        first, last = self.surfaces.near(words)
        places: list[Place] = []
        at = self.reading.text.find(told, first, last) if told else -1
        while at >= 0:
            places.append((at, at + len(told)))
            at = self.reading.text.find(told, at + 1, last)
        if not places:
            self.throw("dated by what does not stand beside the quote")
            return None
        places.sort(key=lambda place: not (words[0] <= place[0] and place[1] <= words[1]))
        dates = self.reading.dates[bisect_left(self.reading.dates, first, key=lambda each: each.start) :]
        for a, b in places:
            for expression in dates:
                if expression.start >= b:
                    break
                if a < expression.end <= last:
                    return expression
        self.throw("dated by what is no date to us")
        return None

    def link(self, row: object, drafts: dict[int, Draft]) -> LinkDraft | None:
        """Return one link, or None where its type or its ends cannot be."""
        source, target, kind = (
            (row.get("from"), row.get("to"), row.get("type")) if isinstance(row, dict) else (None,) * 3
        )
        if kind not in get_args(LinkType):
            self.throw("linked by an unknown type")
            return None
        source, target = number_of(source), number_of(target)
        if source is None or target is None or source == target or source not in drafts or target not in drafts:
            self.throw("linked without two statements")
            return None
        return LinkDraft(source=source, target=target, type=cast(LinkType, kind))


def number_of(value: object) -> int | None:
    """Return a statement's number, None for what is none."""
    return value if isinstance(value, int) and not isinstance(value, bool) else None
