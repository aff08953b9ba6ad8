"""Statements: who said or did what kind of thing, about whom, when, and in which words.

Sentences, names, dates and cues of a reading flow in; statements flow out, in reading order, to nlp.links. Each frame
(nlp.frames) of a sentence is weighed for its kind by the cues in its words; a charge without a frame counts where the
sentence says that somebody is accused; in a forum the post's author speaks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.annotation import GROUPS, Statement, StatementKind, statement_ids
from nlp.frames import Frame, find_frames, find_quotations, has_words, kind_of
from nlp.happened import happened
from nlp.kinds import weigh
from nlp.reading import Reading, Sentence
from nlp.targets import PLATFORMS, find_targets

LEAD = re.compile(r"[:：]\s*[”\"」*_]*\s*$")
ENOUGH = 2  # the weight that makes a statement where no verb of saying does
CLOSING = '”」』"'


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """A statement before it has an id."""

    kind: StatementKind
    speaker: str | None
    co_speakers: tuple[str, ...]
    speaker_from: str
    pieces: tuple[tuple[int, int], ...]
    core: tuple[int, int]  # the words that its kind and targets rest on
    cue: str
    weight: float
    sentence: Sentence
    subject: tuple[int, int] | None = None  # where the subject of the verb stands
    verb: int = 0  # where the verb begins


def find_statements(reading: Reading) -> list[Statement]:
    """Return the statements of a document in reading order."""
    drafts = Drafter(reading).run()
    if not any(GROUPS[draft.kind] == "accusing" for draft in drafts):
        drafts = [draft for draft in drafts if draft.kind != "other"]
    quotes = [" … ".join(reading.text[a:b] for a, b in draft.pieces) for draft in drafts]
    ids = statement_ids(reading.document.id, quotes)
    return finish(reading, drafts, ids)


class Drafter:
    """Walks the sentences and remembers what is open: a sentence that ends in a colon, and who spoke last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.drafts: list[Draft] = []
        self.lead: tuple[Sentence, Frame] | None = None
        self.quoted: Frame | None = None

    def run(self) -> list[Draft]:
        """Return the drafts of all sentences."""
        post = -1
        for sentence in self.reading.sentences:
            if sentence.post != post:
                post, self.lead, self.quoted = sentence.post, None, None
                self.reading.last_speakers.clear()
            self.read(sentence)
        return self.drafts

    def read(self, sentence: Sentence) -> None:
        """Draft the statements of one sentence."""
        frames = find_frames(self.reading, sentence)
        opened, self.lead = self.lead, None
        quoted, self.quoted = self.quoted, None
        if opened and (not frames or frames[0].speaker in (None, opened[1].speaker)):
            self.drafts += self.draft_quotation(*opened, sentence)
        elif quoted and (not frames or self.goes_on(sentence)):
            self.drafts += self.draft_continued(quoted, sentence)
        elif (
            frames and not self.has_content(frames[-1]) and LEAD.search(self.reading.text, sentence.start, sentence.end)
        ):
            self.drafts += [draft for frame in frames[:-1] if (draft := self.draft_frame(sentence, frame))]
            self.lead = (sentence, frames[-1])
        elif frames:
            self.drafts += [draft for frame in frames if (draft := self.draft_frame(sentence, frame))]
        elif draft := self.draft_bare(sentence):
            self.drafts.append(draft)
        self.remember(sentence, frames)
        self.keep_quotation(sentence, frames, quoted)

    def keep_quotation(self, sentence: Sentence, frames: list[Frame], quoted: Frame | None) -> None:
        """Remember whose quotation goes on after a sentence."""
        text = self.reading.text
        spans = find_quotations(text, sentence.start, sentence.end)
        unclosed = bool(spans) and spans[-1][1] == sentence.end
        if frames and unclosed and spans[-1][0] >= frames[-1].cue.end:
            self.quoted = frames[-1]
        elif quoted and not any(text[i] in CLOSING for i in range(sentence.start, sentence.end)):
            self.quoted = quoted
        if "\n\n" in text[sentence.end : sentence.end + 2]:
            self.quoted = None

    def goes_on(self, sentence: Sentence) -> bool:
        """Whether a sentence within a quotation is closed only at its end."""
        closers = [i for i in range(sentence.start, sentence.end) if self.reading.text[i] in CLOSING]
        return not closers or closers[0] >= sentence.end - 2

    def draft_continued(self, frame: Frame, sentence: Sentence) -> list[Draft]:
        """Draft what a sentence within a quotation that was opened before says, if it is of some kind."""
        start, end = self.tighten(sentence.start, sentence.end)
        kind, weight, cue = weigh(self.reading, (start, end))
        if kind is None or weight < ENOUGH:
            return []
        return [
            Draft(
                kind=kind,
                speaker=frame.speaker,
                co_speakers=frame.co_speakers,
                speaker_from=origin_of(frame),
                pieces=((start, end),),
                core=(start, end),
                cue=cue,
                weight=weight,
                sentence=sentence,
                subject=(start, start),
            )
        ]

    def has_content(self, frame: Frame) -> bool:
        """Whether anything is said after a frame's verb in the sentence itself."""
        return has_words(self.reading, frame.cue.end, frame.end)

    def remember(self, sentence: Sentence, frames: list[Frame]) -> None:
        """Keep whom a pronoun in a later sentence means: the last speaker, else the last one named."""
        names = self.reading.names_in(sentence.start, sentence.end)
        named = [name.entity for name in names if name.kind != "model" and name.entity not in PLATFORMS]
        for entity in [*named, *(frame.speaker for frame in frames if frame.speaker)]:
            self.reading.last_speakers[kind_of(entity)] = entity

    def draft_quotation(self, opener: Sentence, frame: Frame, sentence: Sentence) -> list[Draft]:
        """Draft the statement of a lead (X replied:) and the sentence that follows it."""
        kind, weight, cue = weigh(self.reading, (sentence.start, sentence.end), (frame.cue.start, frame.cue.end))
        whole = (opener.start, opener.end), (sentence.start, sentence.end)
        gap = self.reading.text[opener.end : sentence.start]
        pieces = ((opener.start, sentence.end),) if not any(c.isalnum() for c in gap) else whole
        return [
            Draft(
                kind=kind or "other",
                speaker=frame.speaker,
                co_speakers=frame.co_speakers,
                speaker_from=origin_of(frame),
                pieces=pieces,
                core=(sentence.start, sentence.end),
                cue=cue or frame.cue.word,
                weight=weight,
                sentence=opener,
                subject=frame.subject,
                verb=frame.cue.start,
            )
        ]

    def draft_frame(self, sentence: Sentence, frame: Frame) -> Draft | None:
        """Draft the statement of one frame; None where it says nothing that matters here."""
        start, end = self.tighten(frame.start, frame.end)
        kind, weight, cue = weigh(self.reading, (start, end))
        speech = frame.cue.means("speech")
        if kind is None:
            if not speech or not self.reading.names_in(start, end) or not self.has_content(frame):
                return None
            kind = "other"
        elif not speech and kind == "accusation":
            return self.draft_bare(sentence)
        if kind == "announcement" and not any(name.kind == "model" for name in self.reading.names_in(start, end)):
            kind = "other"
        return Draft(
            kind=kind,
            speaker=frame.speaker,
            co_speakers=frame.co_speakers,
            speaker_from=origin_of(frame),
            pieces=((start, end),),
            core=(start, end),
            cue=cue or frame.cue.word,
            weight=weight,
            sentence=sentence,
            subject=frame.subject,
            verb=frame.cue.start,
        )

    def draft_bare(self, sentence: Sentence) -> Draft | None:
        """Draft a statement without a named speaker: hearsay, the passive, a crowd, or the author of a post."""
        start, end = self.tighten(sentence.start, sentence.end)
        cues = self.reading.cues.between(start, end)
        author = self.author(sentence)
        voiced = [c for c in cues if c.means("passive", "hearsay", "crowd")]
        kind, weight, cue = weigh(self.reading, (start, end), verbs=bool(voiced))
        if kind is None or weight < ENOUGH or not (author or voiced):
            return None
        if (not author or kind == "question") and not self.reading.names_in(start, end):
            return None
        speaker = None if voiced else author
        return Draft(
            kind=kind,
            speaker=speaker,
            co_speakers=(),
            speaker_from="post" if speaker else "nowhere",
            pieces=((start, end),),
            core=(start, end),
            cue=cue or voiced[0].word,
            weight=weight - 0.5,
            sentence=sentence,
        )

    def author(self, sentence: Sentence) -> str | None:
        """Return the entity of a forum post's author."""
        author = self.reading.post_of(sentence).author
        return self.reading.authors.get(author) if author and self.reading.document.kind == "thread" else None

    def tighten(self, start: int, end: int) -> tuple[int, int]:
        """Take list marks off the front and separators off the end."""
        text = self.reading.text
        while start < end and (text[start].isspace() or text[start] in ">-*•·#|"):
            start += 1
        while start < end and (text[end - 1].isspace() or text[end - 1] in ",，;；、|"):
            end -= 1
        return start, end


def origin_of(frame: Frame) -> str:
    """Return where the speaker of a frame was found."""
    if frame.speaker is None:
        return "nowhere"
    return "reference" if frame.referred else "words"


def finish(reading: Reading, drafts: list[Draft], ids: list[str]) -> list[Statement]:
    """Give the drafts their ids, targets, dates and spans."""
    statements: list[Statement] = []
    for draft, identifier in zip(drafts, ids, strict=True):
        statements.append(
            Statement(
                id=identifier,
                kind=draft.kind,
                speaker=draft.speaker,
                speaker_from=draft.speaker_from,  # type: ignore[arg-type]
                co_speakers=draft.co_speakers,
                targets=find_targets(
                    reading,
                    draft.core if len(draft.pieces) > 1 else draft.pieces[0],
                    kind=draft.kind,
                    speakers={draft.speaker, *draft.co_speakers} - {None},
                    subject=(*draft.subject, draft.verb) if draft.subject else None,
                    before=statements,
                ),
                happened=happened(reading, draft),
                spans=tuple(reading.span(a, b) for a, b in draft.pieces),
                cue=draft.cue,
                confidence=confidence(draft),
                post=draft.sentence.post,
            )
        )
    return statements


def confidence(draft: Draft) -> float:
    """Return how sure the rules are, from the weight of the cues and whether a speaker is named."""
    base = 0.35 + 0.1 * min(draft.weight, 5)
    named = 0.0 if draft.speaker is None or draft.speaker_from == "reference" else 0.1
    return round(min(0.95, base + named + (0.05 if draft.subject else 0)), 2)
