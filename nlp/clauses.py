"""Clauses: the pieces of sentences that statements are made of.

Sentences flow in, clauses with exact offsets flow out to nlp.statement_spans, which weighs each and joins those that belong together.
A clause is what stands between two marks of punctuation, the comma of "May 1, 2025" apart; short ones stay with their neighbour.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from nlp.folding import is_han
from nlp.reading import CHARACTER, Sentence

CUT = re.compile(
    r"(?:[，；：;:]|,(?!\s(?:19|20)\d\d\b))(?=[\s”\"』」*_）)]|[^\x00-\x7f])[”\"』」*_）)]*|\s[-–—]{1,2}\s|——|—"
)
LONGEST_REFERENCE = 12  # characters, from its ampersand to its semicolon
LEAST_HAN, LEAST_LATIN = 5, 18  # characters of a clause


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """A clause at start:end of the text, of the sentence with that index."""

    start: int
    end: int
    sentence: int


def split_clauses(text: str, sentences: list[Sentence]) -> list[Clause]:
    """Return the clauses of sentences, in order; together they cover each sentence.

    >>> from nlp.reading import Sentence
    >>> zh = "星尘公司否认抄袭，称权重是自己训练的。"
    >>> [zh[c.start : c.end] for c in split_clauses(zh, [Sentence(start=0, end=len(zh), post=0)])]
    ['星尘公司否认抄袭，', '称权重是自己训练的。']
    >>> en = "The lab denied copying anything, but it renamed the file on Monday."
    >>> [en[c.start : c.end] for c in split_clauses(en, [Sentence(start=0, end=len(en), post=0)])]
    ['The lab denied copying anything,', 'but it renamed the file on Monday.']
    >>> en = "It was on February 1, 2025, that the lab renamed the file."
    >>> [en[c.start : c.end] for c in split_clauses(en, [Sentence(start=0, end=len(en), post=0)])]
    ['It was on February 1, 2025,', 'that the lab renamed the file.']
    """
    clauses = []
    for number, sentence in enumerate(sentences):
        begin = sentence.start
        for match in CUT.finditer(text, sentence.start, sentence.end):
            if ends_reference(text, match.start()):
                continue
            if is_long(text, begin, match.start()) and is_long(text, match.end(), sentence.end):
                clauses.append(Clause(start=begin, end=match.end(), sentence=number))
                begin = match.end()
                while begin < sentence.end and text[begin].isspace():
                    begin += 1
        clauses.append(Clause(start=begin, end=sentence.end, sentence=number))
    return clauses


def ends_reference(text: str, place: int) -> bool:
    """Whether a semicolon only ends the name of a character, as pages that were escaped once too often have it.

    >>> [ends_reference(text, text.index(";")) for text in ("&quot;beat&quot;", "it&\\\\#x27;s", "A & B; C")]
    [True, True, False]
    """
    start = text.rfind("&", max(0, place - LONGEST_REFERENCE), place) if text[place] == ";" else -1
    return start >= 0 and CHARACTER.fullmatch(text, start, place + 1) is not None


def is_long(text: str, start: int, end: int) -> bool:
    """Whether start:end has enough letters for a clause; a Han character counts as much as half a Latin word."""
    han = sum(is_han(text[i]) for i in range(start, min(end, start + 60)))
    return han >= LEAST_HAN or end - start >= LEAST_LATIN
