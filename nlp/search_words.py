"""Search words: a text as the words that the full-text index keeps and that a question is matched by.

Statements and titles flow in, their words flow out to graph.search_index; what somebody asks flows in and becomes the
same words for graph.search. Han and kana are cut into overlapping pairs, so that nothing needs a dictionary and every
two characters are found; the last character of a run stands alone, so that each character begins one word. Latin
letters and digits are words of their own: GPT4, GPT-4 and "GPT 4" have the same ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from nlp.folding import INVISIBLE, fold

PAIRED = "々〇\u3041-\u309f\u30a1-\u30fa\u30fc-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003134f"
LONGEST = 64  # characters of a word; what is longer is cut, so that no index refuses it
PIECE = re.compile(rf"[{PAIRED}]+|[^\W\d_{PAIRED}]{{1,{LONGEST}}}|\d{{1,{LONGEST}}}")
RUN = re.compile(f"[{PAIRED}]")
UNSEEN = dict.fromkeys(map(ord, INVISIBLE))
QUOTED = re.compile(r'["＂]([^"＂]*)["＂]?|“([^”]*)”?|「([^」]*)」?|『([^』]*)』?|[^\s"＂“「『]+')


class Phrase(NamedTuple):
    """Words that follow each other; of an open one the last word is only the beginning of one."""

    words: tuple[str, ...]
    is_open: bool = False

    @property
    def text(self) -> str:
        """The words with spaces between them."""
        return " ".join(self.words)


def cut(text: str) -> list[str]:
    """Return the words of a text in their order, folded.

    >>> cut("被指套殼GPT-4"), cut("Yi‑34B copied LLaMA2")
    (['被指', '指套', '套壳', '壳', 'gpt', '4'], ['yi', '34', 'b', 'copied', 'llama', '2'])
    """
    words: list[str] = []
    for piece in PIECE.findall(fold(text).translate(UNSEEN)):
        if RUN.match(piece):
            words += map(str.__add__, piece, piece[1:])
            words.append(piece[-1])
        else:
            words.append(piece)
    return words


def cut_in_place(text: str) -> list[tuple[str, int, int]]:
    """Return the words of a text, each with the code points from and to which it stands in it.

    >>> cut_in_place("套殼GPT4")[1:], cut_in_place("a LLaMA2")[1:]
    ([('壳', 1, 2), ('gpt', 2, 5), ('4', 5, 6)], [('llama', 2, 7), ('2', 7, 8)])
    """
    folded = fold(text)
    places = [number for number, character in enumerate(folded) if ord(character) not in UNSEEN]
    placed: list[tuple[str, int, int]] = []
    for match in PIECE.finditer("".join(folded[place] for place in places)):
        first, last = match.span()
        if RUN.match(match[0]):
            step = [(number, min(number + 2, last)) for number in range(first, last)]
        else:
            step = [(first, last)]
        placed += ((match.string[start:end], places[start], places[end - 1] + 1) for start, end in step)
    return placed


def phrase_of(text: str) -> Phrase | None:
    """Return the phrase that finds a text wherever it stands, None for a text without words.

    >>> phrase_of("套壳"), phrase_of("GPT-4")
    (Phrase(words=('套壳',), is_open=False), Phrase(words=('gpt', '4'), is_open=False))
    >>> phrase_of("壳"), phrase_of("！")
    (Phrase(words=('壳',), is_open=True), None)
    """
    words = cut(text)
    if not words:
        return None
    if not RUN.match(words[-1]):
        return Phrase(tuple(words))
    if len(words) > 1 and len(words[-2]) == 2 and RUN.match(words[-2]) and words[-2][1] == words[-1]:
        return Phrase(tuple(words[:-1]))  # the run may go on behind its last pair
    return Phrase(tuple(words), is_open=True)


def count_phrase(words: str, phrase: Phrase) -> int:
    """Count a phrase in words that stand between single spaces, with one before the first and behind the last.

    >>> count_phrase(" 被指 指套 套壳 壳 gpt 4 ", Phrase(("套壳",))), count_phrase(" gpt 4 ", Phrase(("gpt", "4")))
    (1, 1)
    """
    return words.count(f" {phrase.text}" if phrase.is_open else f" {phrase.text} ")


def find_phrases(text: str, phrases: list[Phrase]) -> list[tuple[int, int]]:
    """Return where any of the phrases stands in a text, in code points; what overlaps is one place.

    >>> find_phrases("被指套殼 GPT-4", [Phrase(("套壳",)), Phrase(("gpt", "4"))])
    [(2, 4), (5, 10)]
    >>> find_phrases("Copied from LLaMA", [Phrase(("llama",))])
    [(12, 17)]
    """
    placed = cut_in_place(text)
    found: list[tuple[int, int]] = []
    for phrase in phrases:
        length = len(phrase.words)
        for first in range(len(placed) - length + 1):
            here = placed[first : first + length]
            last = phrase.words[-1]
            fits = here[-1][0].startswith(last) if phrase.is_open else here[-1][0] == last
            if fits and tuple(word for word, _, _ in here[:-1]) == phrase.words[:-1]:
                found.append((here[0][1], here[-1][1] + 1 if phrase.is_open else here[-1][2]))
    merged: list[tuple[int, int]] = []
    for start, end in sorted(found):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged


class Asked(NamedTuple):
    """A word as somebody asks for it, or what stands in quotation marks."""

    text: str
    is_quoted: bool = False


def read_question(question: str) -> list[Asked]:
    """Return the words and quoted phrases of a question; what holds no letter, digit or character is left out.

    >>> read_question("套壳 “开源模型”"), read_question('wrapper "open source" !')
    ([Asked(text='套壳', is_quoted=False), Asked(text='开源模型', is_quoted=True)], [Asked(text='wrapper', is_quoted=False), Asked(text='open source', is_quoted=True)])
    """
    asked: list[Asked] = []
    for match in QUOTED.finditer(question):
        quoted = next((group for group in match.groups() if group is not None), None)
        pieces = [Asked(match[0])] if quoted is None else [Asked(quoted.strip(), is_quoted=True)]
        asked += (piece for piece in pieces if cut(piece.text))
    return asked


def parts_of(asked: Asked) -> Iterator[Phrase]:
    """Yield the pairs of characters of a word that nothing holds whole: 被质疑套壳 as 被质, 质疑, 疑套, 套壳.

    >>> [phrase.text for phrase in parts_of(Asked("质疑壳"))], list(parts_of(Asked("wrapper")))
    (['质疑', '疑壳'], [])
    """
    words = [word for word in cut(asked.text) if len(word) == 2 and RUN.match(word)]
    if len(words) > 1 and not asked.is_quoted:
        yield from (Phrase((word,)) for word in dict.fromkeys(words))
