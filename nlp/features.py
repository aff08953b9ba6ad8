"""Features: what the name tagger sees of each token, in the words and around them.

The tokens of a line flow in, a list of feature strings for each flows out to nlp.tagger, the same in training and in use. They
hold shapes, neighbours, dictionary words and frequencies; no list of names of the field is among them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set
from functools import lru_cache
from typing import NamedTuple

from nlp.folding import is_han
from nlp.model_words import load_model_words
from nlp.people_words import word_lists
from nlp.words import segmenter

TOKEN = re.compile(r"[\u3400-\u9fff]|\d+(?:\.\d+)+|[^\W_\u3400-\u9fff]+(?:['’][^\W_\u3400-\u9fff]+)?|\S")
SIZE = re.compile(r"(?:\d+[x×])?\d+(?:\.\d+)?[bm]\Z")
VERSION = re.compile(r"[a-z]{0,2}\d{1,2}(?:\.\d+)*[a-z]?\Z")
DIGIT = re.compile(r"\d")
HUMP = re.compile(r"[A-Z]+[a-z]*\Z")  # the last part of a CamelCase word: AI, LM, Labs
RUNS = re.compile(r"(.)\1+")
EDGE = "^"
TAIL_PIECES = frozenset(("tune", "size", "version"))  # what the name of a model may end with
REACH = 4  # tokens to the right in which such a piece is looked for
FEW = 3


class Token(NamedTuple):
    """A token at start:end of the text; `spaced` tells that white space stands before it."""

    text: str
    start: int
    end: int
    spaced: bool


def tokenize(text: str, start: int, end: int) -> list[Token]:
    """Cut a line of a text into tokens: a Han character, a run of letters and digits, any other mark.

    >>> [token.text for token in tokenize("零一 Yi-34B’s v1.5", 0, 16)]
    ['零', '一', 'Yi', '-', '34B’s', 'v1', '.', '5']
    """
    tokens: list[Token] = []
    last = start
    for match in TOKEN.finditer(text, start, end):
        tokens.append(Token(match.group(), match.start(), match.end(), match.start() > last))
        last = match.end()
    return tokens


@lru_cache(maxsize=65536)
def latin_features(word: str) -> tuple[str, ...]:
    """Return the features of a Latin word or a mark by itself."""
    lower = word.lower().replace("’", "'")
    found = [f"w={DIGIT.sub('9', lower)}", f"s={shape(word)}"]
    if word[0].isalpha():
        stem = lower.removesuffix("'s")
        found += [
            f"p3={lower[:3]}",
            f"x2={stem[-2:]}",
            f"x3={stem[-3:]}",
            f"f={frequency(stem)}",
            f"l={min(len(word), 12)}",
        ]
        found.append(f"sf={short_shape(word)}|{frequency(stem)}")
        if (hump := HUMP.search(word)) and hump.start():
            found.append(f"h={hump.group()}")
        if stem in load_model_words().series:
            found.append("tune")
    if word[0].isdigit() or word[-1].isdigit():
        found.append("size" if SIZE.match(lower) else "version" if VERSION.match(lower) else "number")
    return tuple(found)


def shape(word: str) -> str:
    """Return the shape of a word.

    >>> shape("OpenAI"), shape("gpt4"), shape("34B"), shape("-")
    ('XxX', 'x9', '9X', '-')
    """
    return RUNS.sub(
        r"\1", "".join("X" if c.isupper() else "x" if c.isalpha() else "9" if c.isdigit() else c for c in word)
    )[:8]


def short_shape(word: str) -> str:
    """Return whether a word is capitalised, in capitals, mixed or in lower case."""
    if word.islower():
        return "x"
    if word.isupper():
        return "XX" if len(word) > 1 else "X"
    return "Xx" if word[0].isupper() and word[1:].islower() else "xX"


@lru_cache(maxsize=65536)
def frequency(word: str) -> int:
    """Return how frequent an English word is, from 0 (never seen) to 7."""
    count = english_words().get(word, 0)
    return min(len(str(count)), 7) if count else 0


@lru_cache(maxsize=1)
def english_words() -> dict[str, int]:
    """Return the counts of English words of the dictionary that pyspellchecker brings."""
    from spellchecker import SpellChecker  # noqa: PLC0415 - loads a dictionary

    return dict(SpellChecker(language="en").word_frequency.dictionary)


@lru_cache(maxsize=1)
def han_classes() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    """Return characters that are surnames, that transliterate foreign names, and that end organisations' names."""
    lists = word_lists()
    surnames = frozenset(name for name in lists["surnames"] + lists["rare_surnames"] if len(name) == 1)
    letters = frozenset("".join(lists["transliteration"]))
    return surnames, letters, frozenset("司团院所学社报网会局部署台校厂行组坊室盟馆中科技智能")


@lru_cache(maxsize=1)
def given_characters() -> frozenset[str]:
    """Return characters that Chinese given names are often made of."""
    return frozenset("".join(word_lists()["given"]))


@lru_cache(maxsize=65536)
def han_features(character: str) -> tuple[str, ...]:
    """Return the features of a Han character by itself."""
    surnames, letters, ends = han_classes()
    found = [f"w={character}"]
    found += ["sur"] if character in surnames else []
    found += ["giv"] if character in given_characters() else []
    found += ["tr"] if character in letters else []
    found += ["end"] if character in ends else []
    return tuple(found)


def segments(tokens: Sequence[Token], folded: str) -> list[str]:
    """Return for each token where it stands in which dictionary word: B2高度, E2高度, S; Latin tokens stand alone."""
    marks: list[str] = []
    place = 0
    while place < len(tokens):
        stop = place
        while (
            stop < len(tokens)
            and is_han(tokens[stop].text)
            and (stop == place or tokens[stop].start == tokens[stop - 1].end)
        ):
            stop += 1
        if stop == place:
            marks.append("L")
            place += 1
            continue
        for word in segmenter().cut(folded[tokens[place].start : tokens[stop - 1].end], HMM=False):
            size = len(word)
            marks += (
                [f"S{word}"]
                if size == 1
                else [f"{'B' if n == 0 else 'E' if n == size - 1 else 'M'}{min(size, 4)}{word}" for n in range(size)]
            )
        place = stop
    return marks


class Line(NamedTuple):
    """The tokens of a line as features see them, one entry a token in each list."""

    tokens: Sequence[Token]
    words: list[str]  # folded
    own: list[tuple[str, ...]]  # the features of each token by itself
    marks: list[str]  # where it stands in which dictionary word
    shapes: list[str]

    def word(self, place: int) -> str:
        """Return the word at a place, a mark beyond the ends."""
        return self.words[place] if 0 <= place < len(self.words) else EDGE

    def shape(self, place: int) -> str:
        """Return the shape at a place, a mark beyond the ends."""
        return self.shapes[place] if 0 <= place < len(self.shapes) else EDGE


def features_of(tokens: Sequence[Token], folded: str, lowered: Set[str]) -> list[list[str]]:
    """Return the features of the tokens of one line.

    `folded` is the folded text (nlp.folding); `lowered` holds the words that the whole text writes in lower case somewhere.
    """
    words = [folded[token.start : token.end] for token in tokens]
    pairs = list(zip(words, tokens, strict=True))
    line = Line(
        tokens=tokens,
        words=words,
        own=[han_features(word) if is_han(word) else latin_features(token.text) for word, token in pairs],
        marks=segments(tokens, folded),
        shapes=["H" if is_han(word) else word_shape(token.text) for word, token in pairs],
    )
    rows = []
    for place in range(len(tokens)):
        row = shared_features(line, place)
        row += latin_context(line, place, lowered) if line.marks[place] == "L" else han_context(line, place)
        rows.append(row)
    return rows


def word_shape(word: str) -> str:
    """Return the short shape of a word of letters, the shape of anything else."""
    return short_shape(word) if word[0].isalpha() else shape(word)


def shared_features(line: Line, place: int) -> list[str]:
    """Return the features of every token: itself, its neighbours, the dictionary words beside it."""
    before, after = line.word(place - 1), line.word(place + 1)
    before2, after2 = line.word(place - 2), line.word(place + 2)
    row = ["b", *line.own[place], f"-1={before}", f"+1={after}", f"-2={before2}", f"+2={after2}"]
    row += [f"-12={before2}|{before}", f"+12={after}|{after2}"]
    row.append(f"sh={line.shape(place - 1)}{line.shapes[place]}{line.shape(place + 1)}")
    if line.tokens[place].spaced:
        row.append("sp")
    if place and line.marks[place - 1] != "L":
        row.append(f"-gw={line.marks[place - 1][1:].lstrip('234')}")
    if place + 1 < len(line.marks) and line.marks[place + 1] != "L":
        row.append(f"+gw={line.marks[place + 1][1:].lstrip('234')}")
    return row


def latin_context(line: Line, place: int, lowered: Set[str]) -> list[str]:
    """Return the features of a Latin word or a mark from what stands around it."""
    row: list[str] = []
    word = line.tokens[place].text
    if place:
        previous = line.own[place - 1]
        if previous[-1] in TAIL_PIECES:
            row.append(f"-t={previous[-1]}")
        if previous[-1] not in ("tune", "size"):
            row.append(f"-f={line.shapes[place - 1]}{previous[-2] if len(previous) > FEW else ''}")
    if word.lower() in lowered and not word.islower():
        row.append("low")
    for step in range(1, REACH + 1):
        if place + step < len(line.own) and line.own[place + step][-1] in TAIL_PIECES:
            row.append(f"+t{min(step, 3)}={line.own[place + step][-1]}{line.words[place + 1]}")
            break
    return row


def han_context(line: Line, place: int) -> list[str]:
    """Return the features of a Han character from the characters and dictionary words around it."""
    mark, word = line.marks[place], line.words[place]
    before, after = line.word(place - 1), line.word(place + 1)
    left = line.marks[place - 1][:1] if place else EDGE
    right = line.marks[place + 1][:1] if place + 1 < len(line.marks) else EDGE
    row = [f"g={mark[:2] if mark[0] != 'S' else 'S'}", f"gw={mark}", f"01={word}{after}", f"-10={before}{word}"]
    row += [f"-101={before}{word}{after}", f"g3={left}{mark[:1]}{right}"]
    row += patterns(place, line.own, line.marks)
    row += [f"-1{extra}" for extra in line.own[place - 1][1:]] if place else []
    row += [f"-2{extra}" for extra in line.own[place - 2][1:]] if place > 1 else []
    if place + 1 < len(line.own) and line.shapes[place + 1] == "H":
        row += [f"+1{extra}" for extra in line.own[place + 1][1:]]
    return row


def patterns(place: int, own: Sequence[tuple[str, ...]], marks: Sequence[str]) -> list[str]:
    """Return how a surname and the characters after it fall into words, seen from each of the three."""
    found: list[str] = []
    for back in (0, 1, 2):
        first = place - back
        if first < 0 or "sur" not in own[first]:
            continue
        pattern = "".join(
            f"{marks[n][0]}{'g' if 'giv' in own[n] else ''}" if n < len(marks) else EDGE
            for n in range(first, first + 4)
        )
        found.append(f"sur{back}={pattern}")
        left = marks[first - 1][0] if first else EDGE
        found.append(f"sur{back}<{left}{pattern[:5]}")
    return found


def lowered_words(text: str) -> frozenset[str]:
    """Return the words that a text writes in lower case."""
    return frozenset(re.findall(r"(?<![A-Za-z])[a-z]{2,}(?![A-Za-z])", text))
