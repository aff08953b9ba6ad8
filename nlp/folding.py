"""Folding: one form for what only typography tells apart, character by character, so that offsets stay.

Names and cues are matched on a folded copy; spans are taken from the original. Every rule maps one code point to one:
full-width forms to ASCII, typographic hyphens, quotes and spaces to plain ones, traditional to simplified characters
(OpenCC's character table, never its phrases, which change the length), upper to lower case.
"""

from __future__ import annotations

import sys
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

LONG = 1_000  # characters from which numpy folds faster than str.translate
HYPHENS = "‐‑‒–−﹣"
SPACES = "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t"
APOSTROPHES = "’‘ʼ＇"
INVISIBLE = "\u200b\u200c\u200d\u2060\ufeff\u00ad"


def fold(text: str) -> str:
    """Return the folded text, of equal length.

    >>> fold("李開復談ＧＰＴ－４"), fold("Kai‑Fu Lee’s LLaMA")
    ('李开复谈gpt-4', "kai-fu lee's llama")
    """
    if len(text) < LONG:
        return text.translate(folding_table())
    import numpy as np  # noqa: PLC0415 - a slow import that short texts never need

    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4")
    return bytes(long_table()[codes].data).decode("utf-32-le", "surrogatepass")


def fold_case(text: str) -> str:
    """Fold without OpenCC: enough where the characters are known to be simplified.

    >>> fold_case("零一万物　ＡＩ"), fold_case("01.AI")
    ('零一万物 ai', '01.ai')
    """
    return text.translate(plain_table())


@lru_cache(maxsize=1)
def plain_table() -> dict[int, str]:
    """Return the table without traditional characters."""
    table = {code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)}
    table |= dict.fromkeys(map(ord, HYPHENS), "-") | dict.fromkeys(map(ord, SPACES), " ")
    table |= dict.fromkeys(map(ord, APOSTROPHES), "'")
    lowered = {}
    for code in (*range(0x41, 0x5B), *range(0xC0, 0x24F), *range(0x370, 0x530), *range(0xFF21, 0xFF3B)):
        lower = table.get(code, chr(code)).lower()
        if len(lower) == 1 and lower != chr(code):
            lowered[code] = lower
    return table | lowered


@lru_cache(maxsize=1)
def long_table() -> NDArray[np.uint32]:
    """Return the table for every code point, for texts long enough to fold all at once."""
    import numpy as np  # noqa: PLC0415

    table = np.arange(sys.maxunicode + 1, dtype="<u4")
    pairs = folding_table()
    table[list(pairs)] = [ord(character) for character in pairs.values()]
    return table


@lru_cache(maxsize=1)
def folding_table() -> dict[int, str]:
    """Return the whole table; OpenCC is asked once for all of the common ideographs."""
    from opencc import OpenCC  # noqa: PLC0415 - a slow import that most commands never need

    characters = [chr(code) for code in (*range(0x4E00, 0xA000), *range(0xF900, 0xFAFF))]
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    pairs = zip(characters, simplified, strict=True)
    return plain_table() | {ord(a): b for a, b in pairs if a != b and len(b) == 1}


def on_boundaries(folded: str, start: int, end: int) -> bool:
    """Whether a match does not cut a Latin word or number in two: no Meta in Metadata, no 01.AI in 101.AI."""
    first, last = folded[start], folded[end - 1]
    if start and is_latin(first) and (is_latin(folded[start - 1]) or folded[start - 1] == "_"):
        return False
    if end < len(folded) and is_latin(last):
        after = folded[end]
        if is_latin(after) or after == "_":
            return False
    return True


def is_latin(character: str) -> bool:
    """Whether a character continues a Latin word: letters with or without accents, and digits."""
    return character.isalnum() and not "\u2e80" <= character <= "\ud7ff"


def is_han(character: str) -> bool:
    """Whether a string is one common Han character."""
    return len(character) == 1 and "\u4e00" <= character <= "\u9fff"
