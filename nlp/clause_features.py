"""Clause features: what the models of statements see of a piece of text.

A reading with its names, references, dates and cues flows in; lists of features flow out to nlp.statement_spans and
nlp.statement_kinds. Names count by their kind only, so that what was learnt on invented disputes holds for others.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from nlp.cues import Cue
from nlp.folding import is_han
from nlp.reading import NameSpan, Reading
from nlp.senses import built_in_senses
from nlp.words import segmenter

WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[\u4e00-\u9fff]+")
FIRST_PERSON = re.compile(r"(?<![a-z])(?:i|we|our|my|us|i'm|we've|i've)(?![a-z])|我们|我司|本公司|我方|我|咱")
SECOND_PERSON = re.compile(r"(?<![a-z])(?:you|your)(?![a-z])|你们|你|贵司|您")
QUOTED = re.compile(r"[“「『\"].{4,}?[”」』\"]")
LISTED = re.compile(r"\s*(?:[-*•·>]|\d{1,2}[.、)])")
SUFFIXES = ("ing", "ed", "es", "ly", "s")
LEAST_STEM = 4
CLAUSE_END = re.compile(r"[,，;；:：。！？!?—()（）]|\s-\s")
REACH = 15  # characters behind a negation or a wish that it turns; three times as many between Latin words
MOST = 2000  # characters of a piece that are looked at
OPENING = "\"“”'*_`「『 "


def piece_features(reading: Reading, start: int, end: int, *, post: int) -> list[str]:
    """Return the features of start:end by itself: names, cues, senses, words, and the form of the whole; each once.

    Of a piece without any mark of punctuation only the first MOST characters count.
    """
    end = min(end, start + MOST)
    folded = reading.folded[start:end]
    names = reading.names_in(start, end)
    cues = reading.cues.between(start, end)
    row = [f"n={name.kind}" for name in names]
    row += [f"nn={min(len(names), 4)}", f"r={len(reading.references_in(start, end)) > 0}"]
    row += [f"c={meaning.sort}:{meaning.kind}" for cue in cues for meaning in cue.meanings]
    row += [f"cw={cue.word}" for cue in cues]
    row += subject_features(reading, names, start, end)
    row.append(f"author={reading.document.posts[post].author is not None}")
    patterns = ("I", FIRST_PERSON), ("you", SECOND_PERSON), ("quoted", QUOTED)
    row += [mark for mark, pattern in patterns if pattern.search(folded)]
    row += ["listed"] if LISTED.match(folded) else []
    row += ["asks"] if folded.rstrip('”"」』*_ ').endswith(("?", "？")) else []
    row += ["dated"] if reading.dates_in(start, end) else []
    row.append(f"length={min((end - start) // (20 if is_han(folded[:1]) else 50), 6)}")
    row += sense_features(reading, start, end)
    words = content(reading, start, end, names)
    row += [f"w={word}" for word in words]
    row += [f"w2={one} {two}" for one, two in pairwise(words)]
    return list(dict.fromkeys(row))


def sense_features(reading: Reading, start: int, end: int) -> list[str]:
    """Return the senses of the words in start:end, and the pairs of neighbours among them, in reading order."""
    found = [sense for _, _, sense in built_in_senses().find(reading.folded[start:end])]
    return list(dict.fromkeys([f"s={sense}" for sense in found] + [f"s2={one} {two}" for one, two in pairwise(found)]))


def turned_senses(reading: Reading, start: int, end: int) -> list[str]:
    """Return the senses of the words in start:end, each with what turns it: a negation or a wish before it in its clause."""
    end = min(end, start + MOST)
    cues = reading.cues.between(start, end)
    turning = {sort: [cue for cue in cues if cue.means(sort)] for sort in ("negation", "wish")}
    row = []
    for begin, _, sense in built_in_senses().find(reading.folded[start:end]):
        place = start + begin
        marks = [sort for sort, found in turning.items() if any(reaches(reading, cue, place) for cue in found)]
        row.append(f"t={'+'.join(marks) or 'plain'} {sense}")
    return list(dict.fromkeys(row))


def reaches(reading: Reading, cue: Cue, place: int) -> bool:
    """Whether what stands at a place is in the scope of a cue: behind it, near it and in the same clause."""
    reach = REACH if is_han(reading.folded[cue.start : cue.start + 1]) else REACH * 3
    return cue.end <= place <= cue.end + reach and not CLAUSE_END.search(reading.folded, cue.end, place)


def subject_features(reading: Reading, names: Sequence[NameSpan], start: int, end: int) -> list[str]:
    """Return what stands before the first verb of saying: somebody named, a crowd, nobody."""
    for cue in reading.cues.between(start, end):
        if cue.means("speech"):
            before = [name.kind for name in names if name.end <= cue.start]
            return [f"says={before[-1] if before else 'nobody'}", f"verb={cue.word}"]
    return ["silent"]


def opening(folded: str) -> str:
    """Return how a clause opens: its first word, or its first two Han characters."""
    begin = folded[:24].lstrip(OPENING)
    return begin[:2] if is_han(begin[:1]) else " ".join(begin.split()[:1])


def content(reading: Reading, start: int, end: int, names: Sequence[NameSpan]) -> list[str]:
    """Return the words of a piece without its names, English ones without their endings."""
    pieces: list[str] = []
    position = start
    for name in names:
        pieces.append(reading.folded[position : name.start])
        position = max(position, name.end)
    pieces.append(reading.folded[position:end])
    words: list[str] = []
    for run in WORD.findall(" ".join(pieces)):
        words += segmenter().cut(run, HMM=False) if is_han(run[0]) else [stem(run)]
    return words


def stem(word: str) -> str:
    """Return an English word without its ending.

    >>> stem("copied"), stem("releases"), stem("said")
    ('copi', 'releas', 'said')
    """
    for suffix in SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= LEAST_STEM:
            return word.removesuffix(suffix)
    return word
