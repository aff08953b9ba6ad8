"""Sentence kinds: which sentences make a statement and of what kind, weighed by a small model of our own.

A reading with its names, references, dates and cues flows in; for each sentence the probability of every kind and of none flows out to
nlp.statements, which corrects by it what the cue rules draft and drafts what they miss. The model is a linear-chain conditional
random field over the sentences of a document, trained on our own annotated texts by `python -m nlp.training.statements`.
"""

from __future__ import annotations

import re
from itertools import pairwise

from nlp.folding import is_han
from nlp.kinds import weigh
from nlp.models import built_in_model
from nlp.reading import NameSpan, Reading, Sentence
from nlp.words import segmenter

FILE = "kinds.crfsuite"
NONE = "none"
Probabilities = dict[str, float]
WORD = re.compile(r"[a-z]+(?:'[a-z]+)?|[\u4e00-\u9fff]+")
FIRST_PERSON = re.compile(r"(?<![a-z])(?:i|we|our|my|us|i'm|we've|i've)(?![a-z])|我们|我司|本公司|我方|我|咱")
SECOND_PERSON = re.compile(r"(?<![a-z])(?:you|your)(?![a-z])|你们|你|贵司|您")
QUOTED = re.compile(r"[“「『\"].{4,}?[”」』\"]")
LISTED = re.compile(r"\s*(?:[-*•·>]|\d{1,2}[.、)])")
SUFFIXES = ("ing", "ed", "es", "ly", "s")
LEAST_STEM = 4


def sentence_features(reading: Reading) -> list[list[str]]:
    """Return the features of each sentence of a document, in order."""
    weighed = [weigh(reading, (sentence.start, sentence.end)) for sentence in reading.sentences]
    charged = any(kind == "accusation" and weight > 1 for kind, weight, _ in weighed)
    rows = []
    for place, sentence in enumerate(reading.sentences):
        row = ["b", f"charged={charged}", f"thread={reading.document.kind == 'thread'}"]
        row += own_features(reading, sentence)
        for step, mark in ((-1, "<"), (0, "="), (1, ">")):
            if 0 <= place + step < len(weighed):
                kind, weight, _ = weighed[place + step]
                row.append(f"k{mark}{kind}")
                row.append(f"k{mark}{kind}|{min(int(weight), 4)}")
        first = place == 0 or reading.sentences[place - 1].post != sentence.post
        row.append(f"first={first}")
        rows.append(row)
    return rows


def own_features(reading: Reading, sentence: Sentence) -> list[str]:
    """Return the features of one sentence by itself."""
    start, end = sentence.start, sentence.end
    folded = reading.folded[start:end]
    names = reading.names_in(start, end)
    cues = reading.cues.between(start, end)
    row = [f"n={name.kind}" for name in names]
    row += [f"nn={min(len(names), 4)}", f"r={len(reading.references_in(start, end)) > 0}"]
    row += [f"c={meaning.sort}:{meaning.kind}" for cue in cues for meaning in cue.meanings]
    row += [f"cw={cue.word}" for cue in cues]
    row += subject_features(reading, names, sentence)
    row.append(f"author={reading.post_of(sentence).author is not None}")
    row += [
        mark
        for mark, pattern in (("I", FIRST_PERSON), ("you", SECOND_PERSON), ("quoted", QUOTED))
        if pattern.search(folded)
    ]
    row += ["listed"] if LISTED.match(folded) else []
    row += ["asks"] if folded.rstrip('”"」』*_ ').endswith(("?", "？")) else []
    row += ["dated"] if any(start <= date.start < end for date in reading.dates) else []
    row.append(f"length={min((end - start) // (20 if is_han(folded[:1]) else 50), 6)}")
    words = content(reading, sentence, names)
    row += [f"w={word}" for word in words]
    row += [f"w2={one} {two}" for one, two in pairwise(words)]
    return row


def subject_features(reading: Reading, names: list[NameSpan], sentence: Sentence) -> list[str]:
    """Return what stands before the first verb of saying: somebody named, a crowd, nobody."""
    for cue in reading.cues.between(sentence.start, sentence.end):
        if cue.means("speech"):
            before = [name.kind for name in names if name.end <= cue.start]
            return [f"says={before[-1] if before else 'nobody'}", f"verb={cue.word}"]
    return ["silent"]


def content(reading: Reading, sentence: Sentence, names: list[NameSpan]) -> list[str]:
    """Return the words of a sentence without its names, English ones without their endings."""
    pieces: list[str] = []
    position = sentence.start
    for name in names:
        pieces.append(reading.folded[position : name.start])
        position = max(position, name.end)
    pieces.append(reading.folded[position : sentence.end])
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


def kinds_of_sentences(reading: Reading) -> list[Probabilities]:
    """Return the probability of each kind, and of none, for each sentence."""
    rows = sentence_features(reading)
    if not rows:
        return []
    model = built_in_model(FILE)
    model.set(rows)
    labels = model.labels()
    return [{label: model.marginal(label, place) for label in labels} for place in range(len(rows))]
