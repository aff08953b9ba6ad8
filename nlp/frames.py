"""Frames: who is the subject of which verb of saying or doing, in one sentence.

A sentence with its names and cues flows in; frames flow out in reading order to nlp.statements. The rules are light on
syntax: Chinese subjects stand before their verb with the head of the phrase last (零一万物开源总监 Richard Lin 指出),
English subjects with the head first unless a person follows the company (OpenAI CEO Sam Altman said), or after the
verb behind a quotation. Crowds and unnamed sources are subjects too: they keep the next name from being taken.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from nlp.cues import Cue
from nlp.folding import is_han
from nlp.reading import NameSpan, Reading, Sentence
from nlp.references import subject_meant

ANSWERING = frozenset(("denial", "admission", "explanation", "apology", "defence", "remedy"))
QUOTATION = {"“": "”", "「": "」", "『": "』", '"': '"'}
ACTS = frozenset(("announcement", "remedy", "apology", "admission", "denial"))
PLATFORMS = frozenset(("org:hugging-face", "org:github", "org:reddit", "org:x", "org:twitter", "org:hacker-news"))
REACH = 70  # characters between a subject and its verb; twice as many between Latin words
JOINING = ("and", "和", "与", "及", "&")
CLAUSE = re.compile(r"[，,；;：:。！？!?—]|(?<=\s)(?:and|but|while|whereas|though|although|which|after|before)(?=\s)")
OPEN_QUOTE = re.compile(r"[“「『\"]\s*$")
AFTER_QUOTE = re.compile(r"[”\"」』,，]\s*$")
NO_SUBJECT = re.compile(
    r"['’]s\b|的|[ ]?(?:页面|社区|论坛|平台|网站|官网|账号|仓库|原贴|榜单|用户|网友|[前原]\S)| (?:page|repo|issue|users?|discussion|forum|thread)\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """A verb with its subject: `speaker` is an entity, or None for a crowd, a pronoun without referent, nobody.

    `start` is where the clause of the subject begins, `end` where the next frame or the sentence ends.
    """

    cue: Cue
    speaker: str | None
    co_speakers: tuple[str, ...]
    subject: tuple[int, int] | None
    start: int
    end: int
    referred: bool = False  # the subject is an expression such as 该公司, not a name


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """What stands as the subject of a verb: entities, or a crowd."""

    start: int
    end: int
    speaker: str | None
    co_speakers: tuple[str, ...] = ()
    referred: bool = False


def read_frames(reading: Reading) -> list[list[Frame]]:
    """Return the frames of each sentence; whom a pronoun means goes on from one to the next within a post."""
    frames = []
    post = -1
    for sentence in reading.sentences:
        if sentence.post != post:
            post = sentence.post
            reading.last_speakers.clear()
        found = find_frames(reading, sentence)
        remember(reading, sentence, found)
        frames.append(found)
    return frames


def remember(reading: Reading, sentence: Sentence, frames: list[Frame]) -> None:
    """Keep whom a pronoun in a later sentence means: the last speaker, else the last one named."""
    names = reading.names_in(sentence.start, sentence.end)
    named = [name.entity for name in names if name.kind != "model" and name.entity not in PLATFORMS]
    for entity in [*named, *(frame.speaker for frame in frames if frame.speaker)]:
        reading.last_speakers[kind_of(entity)] = entity


def find_frames(reading: Reading, sentence: Sentence) -> list[Frame]:
    """Return the frames of a sentence.

    What stands in quotation marks after a verb of saying is what is said, whoever is its subject.
    """
    found: list[tuple[int, Cue, Subject]] = []
    left = sentence.start
    quotations = find_quotations(reading.text, sentence.start, sentence.end)
    for cue in reading.cues.between(sentence.start, sentence.end):
        if not is_head(reading, cue) or reading.masked(cue.start, cue.end):
            continue
        if found and any(a < cue.start < b and a >= found[-1][1].end - 1 for a, b in quotations):
            continue
        subject = subject_of(reading, sentence, cue, left=left)
        if subject is None or (found and same_speaker(subject, found[-1][2])):
            continue  # a second verb of the same subject: one frame
        begin = clause_start(reading, max(left, sentence.start), subject.start)
        if found and not has_words(reading, found[-1][1].end, begin):
            if not answers(cue) or found[-1][1].means("wish"):
                continue  # X says that Y claims, X asks that Y apologise: what X says
            found.pop()
        found.append((begin, cue, subject))
        left = max(cue.end, subject.end)
        if subject.speaker:
            reading.last_speakers[kind_of(subject.speaker)] = subject.speaker
    return [
        Frame(
            cue=cue,
            speaker=subject.speaker,
            co_speakers=subject.co_speakers,
            subject=(subject.start, subject.end),
            referred=subject.referred,
            start=start if index else sentence.start,
            end=found[index + 1][0] if index + 1 < len(found) else sentence.end,
        )
        for index, (start, cue, subject) in enumerate(found)
    ]


def find_quotations(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the spans in quotation marks; one that is not closed goes on to the end."""
    spans = []
    opened: tuple[int, str] | None = None
    for position in range(start, end):
        character = text[position]
        if opened is None and character in QUOTATION:
            opened = (position, QUOTATION[character])
        elif opened and (character == opened[1] or (character in "“”" and opened[1] == "”")):
            spans.append((opened[0], position))
            opened = None
    if opened:
        spans.append((opened[0], end))
    return spans


def same_speaker(one: Subject, other: Subject) -> bool:
    """Whether two subjects are one: the same words, or the same entity."""
    return one.start == other.start or (one.speaker is not None and one.speaker == other.speaker)


def kind_of(entity: str) -> str:
    """Return which pronouns may mean an entity: person or organization."""
    return "person" if entity.startswith("person:") else "organization"


def has_words(reading: Reading, start: int, end: int) -> bool:
    """Whether anything but particles stands in start:end."""
    return any(c.isalnum() for c in re.sub(r"[了道着]|that|的是", "", reading.folded[start:end]))


def answers(cue: Cue) -> bool:
    """Whether a verb answers by itself: denied, apologised, replied."""
    return any(kind in ANSWERING for kind, _ in cue.kinds())


def is_head(reading: Reading, cue: Cue) -> bool:
    """Whether a cue can be the verb of a frame: a verb of saying, or an act such as a release or a withdrawal."""
    if cue.means("unnamed", "passive") or describes(reading, cue):
        return False
    return cue.means("speech") or any(kind in ACTS for kind, _ in cue.kinds())


def describes(reading: Reading, cue: Cue) -> bool:
    """Whether a verb of release only describes: X 是 Y 发布的……."""
    return (
        any(kind == "announcement" for kind, _ in cue.kinds())
        and reading.text.startswith("的", cue.end)
        and "是" in reading.text[max(0, cue.start - 15) : cue.start]
    )


def subject_of(reading: Reading, sentence: Sentence, cue: Cue, *, left: int) -> Subject | None:
    """Return the subject of a verb, or None where it has none in the sentence."""
    if cue.word in ("according to", "in the words of"):
        return first_name(reading, cue.end, min(sentence.end, cue.end + REACH))
    han = is_han(reading.text[cue.start : cue.start + 1])
    zone = max(left, cue.start - (REACH if han else 2 * REACH))
    candidates = subjects_between(reading, zone, cue.start)
    if candidates:
        return pick(reading, candidates, cue)
    if not han and AFTER_QUOTE.search(reading.text, 0, cue.start):
        return first_name(reading, cue.end, min(sentence.end, cue.end + 40))
    return None


def subjects_between(reading: Reading, start: int, end: int) -> list[Subject]:
    """Return what may be a subject in start:end, in order: unblocked people, organisations, crowds and pronouns."""
    found = [
        Subject(start=name.start, end=name.end, speaker=name.entity)
        for name in reading.names_in(start, end)
        if name.kind != "model" and is_free(reading, name)
    ]
    for cue in reading.cues.between(start, end):
        if cue.means("crowd") and not follows(reading, cue, found):
            found.append(Subject(start=cue.start, end=cue.end, speaker=None))
    for reference in reading.references_in(start, end):
        meant = subject_meant(reading, reference) if reference.kind != "model" else None
        if meant:
            found.append(Subject(start=reference.start, end=reference.end, speaker=meant, referred=True))
    taken = [(subject.start, subject.end) for subject in found]
    return sorted(
        (s for s in found if not any(a < s.end and s.start < b for a, b in taken if (a, b) != (s.start, s.end))),
        key=lambda subject: subject.start,
    )


def follows(reading: Reading, crowd: Cue, named: Sequence[Subject]) -> bool:
    """Whether a crowd only goes along with somebody named: **a** and others argue."""
    return any(
        subject.end <= crowd.start and reading.folded[subject.end : crowd.start].strip(" *_`,") in JOINING
        for subject in named
    )


def is_free(reading: Reading, name: NameSpan) -> bool:
    """Whether nothing keeps a name from being a subject: no object marker before it, no possessive or place after it."""
    after = reading.folded[name.end : name.end + 12].lstrip('*_`”"」')
    return not is_object(reading, name) and not NO_SUBJECT.match(after)


def is_object(reading: Reading, name: NameSpan) -> bool:
    """Whether a preposition or an object marker stands right before a name; 据 before a source does not count."""
    before = name.start
    while before > 0 and reading.folded[before - 1] in " *_`“\"「'@[":
        before -= 1
    blockers = reading.cues.between(max(0, before - 10), before)
    if blockers and blockers[-1].end == before and blockers[-1].means("blocker"):
        return reading.text[blockers[-1].start : before] not in ("据", "根据")
    return False


def pick(reading: Reading, candidates: list[Subject], cue: Cue) -> Subject:
    """Choose the subject of a verb among the candidates before it."""
    if is_han(reading.text[cue.start : cue.start + 1]):
        last = candidates[-1]
        return with_companions(reading, candidates, last)
    clause = clause_start(reading, candidates[0].start, cue.start)
    near = [subject for subject in candidates if subject.start >= clause] or candidates[-2:]
    people = [s for s in near if s.speaker and s.speaker.startswith("person:")]
    chosen = (people or near)[0]
    return with_companions(reading, near, chosen)


def with_companions(reading: Reading, candidates: list[Subject], chosen: Subject) -> Subject:
    """Join subjects that are listed together: A and B, A、B 和 C."""
    group = [chosen]
    for subject in candidates:
        between = reading.folded[group[-1].end : subject.start].strip(" *_`")
        if subject.start >= group[-1].end and subject.speaker and between in (*JOINING, "、", ","):
            group.append(subject)
    for subject in reversed(candidates):
        between = reading.folded[subject.end : group[0].start].strip(" *_`")
        if subject.end <= group[0].start and subject.speaker and between in (*JOINING, "、"):
            group.insert(0, subject)
    speakers = list(dict.fromkeys(subject.speaker for subject in group if subject.speaker))
    return Subject(
        start=group[0].start,
        end=group[-1].end,
        speaker=speakers[0] if speakers else None,
        co_speakers=tuple(speakers[1:]),
        referred=len(group) == 1 and chosen.referred,
    )


def first_name(reading: Reading, start: int, end: int) -> Subject | None:
    """Return the first person or organisation in start:end, a person of the same phrase before an organisation."""
    names = [name for name in reading.names_in(start, end) if name.kind != "model"]
    if not names:
        return None
    chosen = names[0]
    for name in names[1:]:
        if (
            name.kind == "person"
            and chosen.kind == "organization"
            and not CLAUSE.search(reading.text, chosen.end, name.start)
        ):
            chosen = name
    return Subject(start=chosen.start, end=chosen.end, speaker=chosen.entity)


def clause_start(reading: Reading, start: int, end: int) -> int:
    """Return where the clause that holds `end` begins, not before `start`."""
    begin = start
    for match in CLAUSE.finditer(reading.text, start, end):
        if (
            match.group() in ",，"
            and reading.text[match.end() : match.end() + 1].isdigit()
            and reading.text[max(0, match.start() - 1) : match.start()].isdigit()
        ):
            continue
        begin = match.end()
    while begin < end and reading.text[begin].isspace():
        begin += 1
    return begin
