"""Sentences: where one ends and the next begins, in Chinese and English, with repeated caption lines left out.

The posts of a document flow in, sentences with exact offsets flow out. Copied pages repeat their title, captions and
navigation between the paragraphs, and glue them to the front of lines; such pieces belong to no sentence.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator

from crawler.document import Document
from nlp.reading import Sentence

CLOSERS = "”’\"'」』）)】]*_`"
END = re.compile(r"[。！？!?…]+|[;；]|\.(?=[\s”’\"')\]*_]|$)")
ABBREVIATION = re.compile(
    r"(?:\b(?:Mr|Mrs|Ms|Dr|Prof|Inc|Ltd|Co|Corp|vs|etc|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sep|Sept|Oct|Nov|Dec|No|St|Jr|Sr|Fig|al|cf|approx)"
    r"|\b[A-Z]|\b(?:i\.e|e\.g|a\.m|p\.m|U\.S|U\.K|A\.I))\.$"
)
LINE = re.compile(r"[^\n]+")
QUOTE_MARKS = re.compile(r"[>\s#*\-•·|]*")
NOISE_LENGTH = 60
SHORTEST = 4  # characters of a caption
Noise = dict[str, list[str]]
REPEATS = 3


def split_sentences(document: Document) -> list[Sentence]:
    """Return the sentences of a document in order, post by post."""
    noise = repeated_lines(document.text)
    sentences = []
    for index, post in enumerate(document.posts):
        for start, end in blocks(document.text, post.start, post.end, noise):
            sentences += [Sentence(start=a, end=b, post=index) for a, b in cut(document.text, start, end)]
    return sentences


def repeated_lines(text: str) -> Noise:
    """Return the short lines that stand three times or more (captions, navigation, titles), by how they begin."""
    lines = Counter(line.strip() for line in text.split("\n"))
    noise: defaultdict[str, list[str]] = defaultdict(list)
    for line, n in sorted(lines.items(), key=lambda item: (-len(item[0]), item[0])):
        if n >= REPEATS and SHORTEST <= len(line) <= NOISE_LENGTH:
            noise[line[:SHORTEST]].append(line)
    return dict(noise)


def blocks(text: str, start: int, end: int, noise: Noise) -> Iterator[tuple[int, int]]:
    """Yield the spans of paragraphs: lines, with soft-wrapped lines joined and noise cut off."""
    pending: tuple[int, int] | None = None
    for match in LINE.finditer(text, start, end):
        a, b = trim(text, *skip_noise(text, match.start(), match.end(), noise))
        if a >= b:
            continue
        if pending and is_wrapped(text, pending, a, b):
            pending = (pending[0], b)
            continue
        if pending:
            yield pending
        pending = (a, b)
    if pending:
        yield pending


def skip_noise(text: str, start: int, end: int, noise: Noise) -> tuple[int, int]:
    """Cut repeated captions off the front of a line."""
    while pieces := noise.get(text[start : start + SHORTEST]):
        piece = next((piece for piece in pieces if text.startswith(piece, start, end)), None)
        if piece is None:
            break
        start += len(piece)
    return start, end


def is_wrapped(text: str, before: tuple[int, int], start: int, end: int) -> bool:
    """Whether a line only goes on from the one before: hard-wrapped Latin text."""
    gap = text[before[1] : start]
    if gap.count("\n") != 1 or before[1] - before[0] < 40:
        return False
    body = start + len(QUOTE_MARKS.match(text, start, end).group())  # type: ignore[union-attr]
    last = text[before[1] - 1]
    return body < end and text[body].islower() and (last.isascii() and (last.isalnum() or last in ",-(*`\"'"))


def cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Yield the sentences of one paragraph."""
    begin = start
    depth_safe_end = start
    for match in END.finditer(text, start, end):
        stop = match.end()
        if stop <= depth_safe_end or (match.group() == "." and is_abbreviation(text, begin, match.start())):
            continue
        while stop < end and text[stop] in CLOSERS:
            stop += 1
        depth_safe_end = stop
        a, b = trim(text, begin, stop)
        if has_letters(text, a, b):
            yield a, b
            begin = stop
    a, b = trim(text, begin, end)
    if has_letters(text, a, b):
        yield a, b


def is_abbreviation(text: str, begin: int, dot: int) -> bool:
    """Whether the full stop at `dot` belongs to an abbreviation."""
    return bool(ABBREVIATION.search(text[max(begin, dot - 8) : dot + 1]))


def has_letters(text: str, start: int, end: int) -> bool:
    """Whether there is a letter or digit in start:end."""
    return any(text[i].isalnum() for i in range(start, end))


def trim(text: str, start: int, end: int) -> tuple[int, int]:
    """Take white space off both ends."""
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
