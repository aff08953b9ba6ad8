"""Speakers: who makes a statement, weighed candidate by candidate by a small model of our own.

A statement's span and kind flow in, its speaker with where that was found flows out to nlp.statements. Candidates are the people and
organisations named in the sentence, what its references stand for, the subject of an earlier sentence whose quotation goes on, the author of the
post, who spoke last, and nobody. The model is a maximum-entropy classifier (a conditional random field over single items), trained on our
own annotated texts by `python -m nlp.training.statements`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from nlp.annotation import GROUPS
from nlp.clause_features import FIRST_PERSON
from nlp.folding import is_han
from nlp.frames import PLATFORMS, Frame, is_free
from nlp.models import built_in_model
from nlp.reading import NameSpan, Reading, Sentence

FILE = "speakers.crfsuite"
YES, NO = "yes", "no"
NEAR = 400  # characters of a sentence around the beginning of a statement that are looked at
MOST_FRAMES = 20  # of a sentence before
FOLLOWING = 100  # characters behind a name within which a cue counts
PASSIVE_REACH = 12  # characters from a name to what makes it the object of its sentence
MOST_SENTENCES = 3  # back to the frame of a sentence before
LEADING = frozenset(
    ("n:in", "n:before", "n:after", "ref", "f:over", "f:other", "author", "last", "back", "colon", "maker", "quoted")
)
Origin = Literal["words", "reference", "post", "title", "site", "nowhere"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Speaker:
    """Who makes a statement: an entity or nobody named, where that was found, how sure it is, and the frame that says so."""

    entity: str | None
    origin: Origin
    probability: float
    frame: Frame | None = None
    place: tuple[int, int] | None = None  # of the name or the expression


class SpeakerFinder:
    """Finds the speakers of the statements of one document, in reading order."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.starts = [sentence.start for sentence in reading.sentences]
        self.opened = opened_quotations(reading)
        makers = Counter(
            entity.developer
            for name in reading.names
            if name.kind == "model" and (entity := reading.entities.get(name.entity)) and entity.developer
        )
        self.maker = max(sorted(makers), key=lambda maker: makers[maker]) if makers else None
        self.last: str | None = None

    def find(self, span: tuple[int, int], kind: str) -> Speaker:
        """Return the speaker of the next statement."""
        model = built_in_model(FILE)
        best, probability = None, -1.0
        for entity, row in self.rows(span, kind):
            model.set([row])
            weighed = model.marginal(YES, 0)
            if weighed > probability:
                best, probability = entity, weighed
        self.last = best
        return Speaker(
            entity=best,
            origin=self.origin(span, best),
            probability=probability,
            frame=next((f for f in self.frames_over(span) if f.speaker == best), None) if best else None,
            place=self.place(span, best) if best else None,
        )

    def rows(self, span: tuple[int, int], kind: str) -> list[tuple[str | None, list[str]]]:
        """Return the features of each candidate of a span; the last candidate is nobody."""
        candidates = self.candidates(span)
        around = self.context(span, kind)
        rows: list[tuple[str | None, list[str]]] = []
        seen: set[str] = set()
        for entity, found in candidates.items():
            signs = sorted({mark for each in found if (mark := each.split("|")[0]) in LEADING})
            seen.update(signs)
            row = ["b", *dict.fromkeys(found), "signs=" + ",".join(signs)]
            row += [f"{sign}&{each}" for sign in signs for each in around]
            row += [f"of={min(len(candidates), 4)}", f"kind={entity.split(':', 1)[0]}"]
            rows.append((entity, row))
        nobody = ["nobody", f"nobody&of={min(len(candidates), 4)}", "nobody&signs=" + ",".join(sorted(seen))]
        nobody += [f"nobody&{each}" for each in around] + [f"nobody&has {sign}" for sign in sorted(seen)]
        return [*rows, (None, nobody)]

    def candidates(self, span: tuple[int, int]) -> dict[str, list[str]]:
        """Return the features of who may be the speaker, by entity."""
        place, sentence = self.sentence_of(span)
        found: dict[str, list[str]] = defaultdict(list)
        names = [
            name
            for name in self.reading.names_in(sentence.start, max(sentence.end, min(span[1], span[0] + NEAR)))
            if name.kind != "model"
        ]
        for rank, name in enumerate(names):
            found[name.entity] += name_features(self.reading, name, span, sentence, rank=rank)
        for reference in self.reading.references_in(sentence.start, sentence.end):
            if reference.kind != "model":
                words = self.reading.folded[reference.start : reference.end]
                found[reference.entity] += [
                    "ref",
                    f"ref|{reference.kind}",
                    f"ref|{words}",
                    f"ref|{int(10 * reference.confidence)}",
                ]
        for frame in self.reading.frames_over(place, sentence.start, sentence.end):
            if frame.speaker:
                found[frame.speaker] += frame_features(frame, span)
            for other in frame.co_speakers:
                found[other].append("f:beside")
        for entity, marks in self.from_before(place):
            found[entity] += marks
        author = self.author(sentence)
        if author:
            found[author] += ["author", f"author|{self.opened[place] is not None}"]
        if self.last:
            found[self.last].append("last")
        if self.maker:
            found[self.maker].append("maker")
        return found

    def from_before(self, place: int) -> list[tuple[str, list[str]]]:
        """Return who is the subject of an earlier sentence: one whose quotation goes on, one that ends in a colon, the nearest."""
        sentences = self.reading.sentences
        for back in range(1, MOST_SENTENCES + 1):
            if place - back < 0 or sentences[place - back].post != sentences[place].post:
                break
            frames = [frame for frame in self.reading.frames[place - back][-MOST_FRAMES:] if frame.speaker]
            if frames:
                quoted = self.opened[place] == place - back
                marks = ["back", f"back|{back}", f"back|{back}|{quoted}"] + ["quoted"] * quoted
                end = sentences[place - back].end
                before = self.reading.text[max(sentences[place - back].start, end - 10) : end]
                marks += ["colon"] if back == 1 and before.rstrip(' ”"*').endswith((":", "：")) else []
                return [(frames[-1].speaker or "", marks)]
        return []

    def context(self, span: tuple[int, int], kind: str) -> list[str]:
        """Return what the candidates of a span share."""
        place, sentence = self.sentence_of(span)
        near = self.reading.cues.between(max(sentence.start, span[0] - 20), span[1])
        whole = self.reading.cues.between(sentence.start, sentence.end)
        row = [f"k={kind}", f"g={GROUPS[kind]}", f"thread={self.reading.document.kind == 'thread'}"]
        for sort in ("crowd", "hearsay", "passive"):
            row += [f"c:{sort}"] * any(cue.means(sort) for cue in near)
            row += [f"cs:{sort}"] * any(cue.means(sort) for cue in whole)
        row.append(f"I={bool(FIRST_PERSON.search(self.reading.folded, *span))}")
        row.append(f"within={self.opened[place] is not None}")
        row.append(f"speech={any(cue.means('speech') for cue in whole)}")
        over = self.frames_over(span)
        row += [
            f"frame={any(frame.speaker for frame in over)}",
            f"crowd={any(frame.speaker is None for frame in over)}",
        ]
        return row

    def sentence_of(self, span: tuple[int, int]) -> tuple[int, Sentence]:
        """Return the sentence that a span begins in, with its number; of one without end what stands near the span."""
        place = max(0, bisect_right(self.starts, span[0]) - 1)
        sentence = self.reading.sentences[place]
        start, end = max(sentence.start, span[0] - NEAR), min(sentence.end, span[0] + NEAR)
        return place, Sentence(start=start, end=end, post=sentence.post)

    def frames_over(self, span: tuple[int, int]) -> list[Frame]:
        """Return the frames that touch a span, the ones whose verb stands in it first."""
        place, _ = self.sentence_of(span)
        over = self.reading.frames_over(place, *span)
        return sorted(over, key=lambda frame: not span[0] <= frame.cue.start < span[1])

    def author(self, sentence: Sentence) -> str | None:
        """Return the entity of a forum post's author."""
        author = self.reading.post_of(sentence).author
        return self.reading.authors.get(author) if author and self.reading.document.kind == "thread" else None

    def place(self, span: tuple[int, int], entity: str) -> tuple[int, int] | None:
        """Return where a sentence names its speaker, or the expression that stands for it; within the statement first."""
        _, sentence = self.sentence_of(span)
        end = max(sentence.end, min(span[1], span[0] + NEAR))
        names = [*self.reading.names_in(sentence.start, end), *self.reading.references_in(sentence.start, end)]
        found = [(name.start, name.end) for name in names if name.entity == entity]
        return min(found, key=lambda each: (not span[0] <= each[0] < span[1], each), default=None)

    def origin(self, span: tuple[int, int], entity: str | None) -> Origin:
        """Return where a speaker was found."""
        if entity is None:
            return "nowhere"
        _, sentence = self.sentence_of(span)
        if any(
            name.entity == entity
            for name in self.reading.names_in(sentence.start, max(sentence.end, min(span[1], span[0] + NEAR)))
        ):
            return "words"
        return "post" if entity == self.author(sentence) else "reference"


def name_features(
    reading: Reading, name: NameSpan, span: tuple[int, int], sentence: Sentence, *, rank: int
) -> list[str]:
    """Return how a name stands to a statement: where, after and before what."""
    place = "n:in" if span[0] <= name.start < span[1] else "n:before" if name.start < span[0] else "n:after"
    row = [place, f"{place}|{name.kind}", f"{place}|rank {min(rank, 3)}", f"free={is_free(reading, name)}"]
    row.append(f"begins={name.start - sentence.start < 6}")
    row += ["starts"] * (0 <= name.start - span[0] < 4)
    after = reading.folded[name.end : name.end + 14].lstrip(' *_`”"」@')
    before = reading.folded[max(0, name.start - 12) : name.start].rstrip(' *_`“"「@[')
    row += [f"a={after[:1]}", f"a2={after[:2]}"] if is_han(after[:1]) else [f"a={after.split(' ')[0][:8]}"]
    cues = reading.cues.between(name.end, min(sentence.end, name.end + FOLLOWING))
    row += [f"then passive|{place}"] * any(c.means("passive") and c.start - name.end < PASSIVE_REACH for c in cues)
    row += [f"between={kind}" for kind in kinds_between(reading, name, span)]
    row.append(f"b={before[-1:] if is_han(before[-1:]) else before.split(' ')[-1][-8:]}")
    following = cues[0] if cues else None
    if following:
        sorts = "/".join(sorted({meaning.sort for meaning in following.meanings}))
        row.append(f"next={sorts}|{min((following.start - name.end) // 8, 4)}")
    return row + ["platform"] * (name.entity in PLATFORMS)


def kinds_between(reading: Reading, name: NameSpan, span: tuple[int, int]) -> list[str]:
    """Return what stands between a name and the end of its statement, before the next name: sorts of cues, nothing else."""
    end = min(span[1], name.end + FOLLOWING)
    end = min([end, *(other.start for other in reading.names_in(name.end, end))])
    return sorted({f"{m.sort}:{m.kind}" for cue in reading.cues.between(name.end, end) for m in cue.meanings})


def frame_features(frame: Frame, span: tuple[int, int]) -> list[str]:
    """Return how a subject with its verb stands to a statement."""
    over = frame.start < span[1] and span[0] < frame.end
    mark = "f:over" if over else "f:other"
    within = span[0] <= frame.cue.start < span[1]
    row = [mark, f"{mark}|{within}", f"{mark}|{frame.referred}"]
    meanings = sorted({f"{meaning.sort}{meaning.kind or ''}" for meaning in frame.cue.meanings})
    return row + [f"verb={'/'.join(meanings)}"] * over


def opened_quotations(reading: Reading) -> list[int | None]:
    """Return for each sentence the number of an earlier one whose quotation still runs at its beginning, or None."""
    found: list[int | None] = []
    running: int | None = None
    sentences = reading.sentences
    for place, sentence in enumerate(sentences):
        if place and (
            sentences[place - 1].post != sentence.post
            or "\n\n" in reading.text[sentences[place - 1].end : sentence.start]
        ):
            running = None
        found.append(running)
        opener = last_of(reading.text, "“「『", sentence)
        closer = last_of(reading.text, "”」』", sentence)
        if opener > closer:
            running = place
        elif closer >= 0:
            running = None
    return found


def last_of(text: str, marks: Sequence[str], sentence: Sentence) -> int:
    """Return where the last of some marks stands in a sentence, or -1."""
    return max(text.rfind(mark, sentence.start, sentence.end) for mark in marks)
