"""Statements: who said or did what kind of thing, about whom, when, and in which words.

Sentences, names, dates and cues of a reading flow in; statements flow out, in reading order, to nlp.links. Each frame
(nlp.frames) of a sentence is weighed for its kind by the cues in its words; a charge without a frame counts where the
sentence says that somebody is accused; in a forum the post's author speaks.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from nlp.annotation import GROUPS, Statement, StatementKind, statement_ids
from nlp.cues import built_in_cues
from nlp.folding import fold
from nlp.frames import Frame, find_frames, find_quotations, has_words, is_free, kind_of
from nlp.happened import happened
from nlp.kinds import weigh
from nlp.reading import Reading, Sentence
from nlp.sentence_kinds import NONE, Probabilities, kinds_of_sentences
from nlp.targets import PLATFORMS, find_targets

LEAD = re.compile(r"[:：]\s*[”\"」*_]*\s*$")
ADDED = 0.4  # the probability from which a sentence without a draft makes a statement
ADDED_BARE = 0.5  # the same where nobody named says so
ADDED_UNCUED = 0.8  # and where not even a cue does
DROPPED = 0.9  # of making none, from which a draft is dropped
DROPPED_CALM = 0.5  # the same for charges and answers in a document that speaks of no charge
DENSE = 0.7  # the share of charges and answers among its sentences that makes a document one about a dispute
FEW_SENTENCES = 4  # of a snippet
CHANGED = 1.5  # times likelier than the draft's is the kind that takes its place
LEAST_KIND, LEAST_FIRM = 0.35, 0.7  # of the other kind, where the cues weigh little and where they settle it
LEAST_HEATING = 0.6  # of a charge or an answer where the cues find neither
FIRM = 2  # the weight of cues that settle it
NEAR_START = 30  # characters of a sentence within which its subject stands
CHARGING = frozenset(("accusation", "denial", "apology", "admission"))
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
    drafter = Drafter(reading)
    drafts = corrected(drafter.run(), drafter.likely, charged=drafter.charged)
    if not any(GROUPS[draft.kind] == "accusing" for draft in drafts):
        drafts = [draft for draft in drafts if draft.kind != "other"]
    quotes = [" … ".join(reading.text[a:b] for a, b in draft.pieces) for draft in drafts]
    ids = statement_ids(reading.document.id, quotes)
    return finish(reading, drafts, ids)


def corrected(drafts: list[Draft], likely: Mapping[int, Probabilities], *, charged: bool) -> list[Draft]:
    """Drop drafts of sentences that hardly make a statement, and give others the kind that their sentence speaks for."""
    alone = Counter(draft.sentence.start for draft in drafts)
    kept = []
    for draft in drafts:
        probabilities = likely[draft.sentence.start]
        known = charged or draft.speaker is not None
        if draft.weight < FIRM and probabilities.get(NONE, 0.0) > (DROPPED if known else DROPPED_CALM):
            continue
        kind, probability = likeliest({k: p for k, p in probabilities.items() if k != NONE})
        heats = is_heated(kind) and not is_heated(draft.kind)
        least = LEAST_HEATING if heats else LEAST_KIND if draft.weight < FIRM else LEAST_FIRM
        better = probability > CHANGED * probabilities.get(draft.kind, 0.0) and probability > least
        if better and charged and alone[draft.sentence.start] == 1:
            draft = replace(draft, kind=kind)  # type: ignore[arg-type]  # noqa: PLW2901
        kept.append(draft)
    return kept


def is_charged(reading: Reading) -> bool:
    """Whether a document speaks of copying at all, in so many words."""
    title = built_in_cues().find(fold(reading.document.title or ""))
    cues = [*reading.cues.cues, *title]
    return any(kind in CHARGING and weight > 1 for cue in cues for kind, weight in cue.kinds())


def is_dense(likely: Collection[Probabilities]) -> bool:
    """Whether most sentences of a snippet are charges and answers; a longer text has to say so in a word."""
    heat = [sum(p for kind, p in each.items() if is_heated(kind)) for each in likely]
    return len(heat) <= FEW_SENTENCES and sum(heat) > DENSE * len(heat) > 0


def is_heated(kind: str) -> bool:
    """Whether a kind belongs to a dispute: charges and answers do."""
    return GROUPS.get(kind) in ("accusing", "answering")


def likeliest(probabilities: Probabilities) -> tuple[str, float]:
    """Return the likeliest kind with its probability."""
    kind = max(sorted(probabilities), key=lambda each: probabilities[each])
    return kind, probabilities[kind]


class Drafter:
    """Walks the sentences and remembers what is open: a sentence that ends in a colon, and who spoke last."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.likely = dict(zip((s.start for s in reading.sentences), kinds_of_sentences(reading), strict=True))
        self.charged = is_charged(reading) or is_dense(self.likely.values())
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
        before = len(self.drafts)
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
        if len(self.drafts) == before and not self.lead:
            self.drafts += self.draft_likely(sentence, frames)
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

    def draft_likely(self, sentence: Sentence, frames: list[Frame]) -> list[Draft]:
        """Draft what no rule drafts but the model of sentence kinds takes for a statement."""
        kind, probability = likeliest(self.likely[sentence.start])
        frame = next((frame for frame in frames if frame.speaker), None)
        cued = weigh(self.reading, (sentence.start, sentence.end))[0] is not None
        least = ADDED if frame else ADDED_BARE if cued else ADDED_UNCUED
        if kind == NONE or probability < least or (not self.charged and is_heated(kind)):
            return []
        start, end = self.tighten(sentence.start, sentence.end)
        speaker, origin = self.likely_speaker(sentence, frame, kind)
        if (speaker is None and not self.reading.names_in(start, end)) or (origin == "post" and not cued):
            return []  # commentary
        return [
            Draft(
                kind=kind,  # type: ignore[arg-type]
                speaker=speaker,
                co_speakers=frame.co_speakers if frame else (),
                speaker_from=origin,
                pieces=((start, end),),
                core=(start, end),
                cue="the whole sentence",
                weight=4 * probability - 1,
                sentence=sentence,
                subject=frame.subject if frame else None,
                verb=frame.cue.start if frame else 0,
            )
        ]

    def likely_speaker(self, sentence: Sentence, frame: Frame | None, kind: str) -> tuple[str | None, str]:
        """Return who makes a statement that no rule drafts, and where that was found."""
        if frame:
            return frame.speaker, origin_of(frame)
        cues = self.reading.cues.between(sentence.start, sentence.end)
        if any(cue.means("passive", "hearsay", "crowd") for cue in cues):
            return None, "nowhere"
        author = self.author(sentence)
        if author:
            return author, "post"
        named = [name for name in self.reading.names_in(sentence.start, sentence.end) if name.kind != "model"]
        acts = GROUPS[kind] in ("answering", "announcing") or kind == "other"
        if acts and named and named[0].start - sentence.start < NEAR_START and is_free(self.reading, named[0]):
            return named[0].entity, "words"
        return None, "nowhere"

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
        statement = Statement(
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
        own = statement.kind == "accusation" and accuses_itself(reading, statement)
        statements.append(replace(statement, kind="admission") if own else statement)
    return statements


def accuses_itself(reading: Reading, statement: Statement) -> bool:
    """Whether who is accused is the speaker's own model, or the speaker's: whoever says so admits it."""
    speaker = reading.entities.get(statement.speaker or "")
    if speaker is None:
        return False
    own = {speaker.id, speaker.developer} - {None}
    accused = [reading.entities.get(target.entity) for target in statement.targets if target.role == "accused"]
    return any(entity is not None and own & {entity.id, entity.developer} for entity in accused)


def confidence(draft: Draft) -> float:
    """Return how sure the rules are, from the weight of the cues and whether a speaker is named."""
    base = 0.35 + 0.1 * min(draft.weight, 5)
    named = 0.0 if draft.speaker is None or draft.speaker_from == "reference" else 0.1
    return round(min(0.95, base + named + (0.05 if draft.subject else 0)), 2)
