"""Statements: who said or did what kind of thing, about whom, when, and in which words.

A reading with its names, references, dates and frames flows in; statements flow out, in reading order, to nlp.links. Which words make a
statement, of what kind and by whom is weighed by three small models (nlp.statement_spans, nlp.statement_kinds, nlp.speakers); targets
(nlp.targets) and dates (nlp.happened) are found by rules.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import get_args

from nlp.annotation import GROUPS, Statement, StatementKind, statement_ids
from nlp.happened import happened
from nlp.kinds import weigh
from nlp.reading import Reading, Sentence
from nlp.speakers import Speaker, SpeakerFinder
from nlp.statement_kinds import kinds_of
from nlp.statement_spans import Probabilities, StatementSpan, find_spans
from nlp.targets import find_targets

LEAST_NOBODY = 0.75  # the probability of a span from which it counts though nobody is told to say it
SETTLED, SURE = 2, 0.2  # the weight of cues that settle a kind, and how much each unit of it then counts


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A statement before it has an id: its pieces of the text, its kind and speaker, and the sentence that it begins in."""

    pieces: tuple[tuple[int, int], ...]
    kind: StatementKind
    speaker: Speaker
    sentence: Sentence
    probability: float
    kind_probability: float

    @property
    def start(self) -> int:
        """Where the first piece begins."""
        return self.pieces[0][0]

    @property
    def end(self) -> int:
        """Where the last piece ends."""
        return self.pieces[-1][1]

    @property
    def subject(self) -> tuple[int, int, int] | None:
        """Where the speaker begins and ends as the subject of a verb, and where the verb begins."""
        frame = self.speaker.frame
        return (*frame.subject, frame.cue.start) if frame and frame.subject else None


def find_statements(reading: Reading) -> list[Statement]:
    """Return the statements of a document in reading order."""
    drafts = draft_statements(reading, find_spans(reading))
    if not any(GROUPS[draft.kind] == "accusing" for draft in drafts):
        drafts = [draft for draft in drafts if draft.kind != "other"]
    return finish(reading, drafts)


def draft_statements(reading: Reading, spans: Sequence[StatementSpan]) -> list[Draft]:
    """Give spans their kinds and speakers."""
    pieces = [tuple(tighten(reading.text, *piece) for piece in span.pieces) for span in spans]
    places = [(piece[0][0], piece[-1][1]) for piece in pieces]
    speakers = SpeakerFinder(reading)
    drafts: list[Draft] = []
    for number, probabilities in enumerate(kinds_of(reading, places)):
        kind = likeliest(reading, places[number], probabilities)
        draft = Draft(
            pieces=pieces[number],
            kind=kind,
            speaker=speakers.find(places[number], kind),
            sentence=reading.sentences[spans[number].sentence],
            probability=spans[number].probability,
            kind_probability=probabilities.get(kind, 0.0),
        )
        if draft.speaker.entity or draft.probability >= LEAST_NOBODY or is_voiced(reading, draft.sentence):
            drafts.append(draft)
    return drafts


def is_voiced(reading: Reading, sentence: Sentence) -> bool:
    """Whether a sentence gives its words to a crowd or an unnamed source; what nobody says is mostly the writer's own."""
    return any(cue.means("crowd", "hearsay", "passive") for cue in reading.cues.between(sentence.start, sentence.end))


def likeliest(reading: Reading, place: tuple[int, int], probabilities: Probabilities) -> StatementKind:
    """Return the kind that the model of kinds and cues that settle it speak for together."""
    told, weight, _ = weigh(reading, place)
    scores = {kind: probabilities.get(kind, 0.0) for kind in get_args(StatementKind)}
    if told and weight >= SETTLED:
        scores[told] *= math.exp(SURE * min(weight, 2 * SETTLED))
    return max(scores, key=lambda kind: scores[kind])


def tighten(text: str, start: int, end: int) -> tuple[int, int]:
    """Take list marks off the front and separators off the end."""
    while start < end and (text[start].isspace() or text[start] in ">-*•·#|"):
        start += 1
    while start < end and (text[end - 1].isspace() or text[end - 1] in ",，;；、|"):
        end -= 1
    return start, end


def finish(reading: Reading, drafts: list[Draft]) -> list[Statement]:
    """Give the drafts their ids, targets, dates and spans."""
    statements: list[Statement] = []
    quotes = [" … ".join(reading.text[a:b] for a, b in draft.pieces) for draft in drafts]
    ids = statement_ids(reading.document.id, quotes)
    for draft, identifier in zip(drafts, ids, strict=True):
        speaker, words = draft.speaker, (draft.start, draft.end)
        others = speaker.frame.co_speakers if speaker.frame else ()
        statements.append(
            Statement(
                id=identifier,
                kind=draft.kind,
                speaker=speaker.entity,
                speaker_from=speaker.origin,
                co_speakers=others,
                targets=find_targets(
                    reading,
                    words,
                    kind=draft.kind,
                    speakers={speaker.entity, *others} - {None},
                    subject=draft.subject,
                    before=statements,
                ),
                happened=happened(reading, draft, before=statements),
                spans=tuple(reading.span(*piece) for piece in draft.pieces),
                cue=cue_of(reading, draft),
                confidence=confidence(draft),
                speaker_span=reading.span(*speaker.place) if speaker.place else None,
                kind_confidence=round(draft.kind_probability, 2),
                post=draft.sentence.post,
            )
        )
    return statements


def cue_of(reading: Reading, draft: Draft) -> str:
    """Return the word that speaks most for the kind of a statement, else its verb, else that the whole does."""
    kind, _, word = weigh(reading, (draft.start, draft.end))
    frame = draft.speaker.frame
    return word if kind == draft.kind else frame.cue.word if frame else "the whole sentence"


def confidence(draft: Draft) -> float:
    """Return how likely it is that a careful reader would mark these words as a statement too."""
    return round(min(0.95, max(0.05, draft.probability)), 2)
