"""Dated entries: the date at the head of a note or of an item in a list dates what the item tells.

A text and the places of its dates flow in. Which of them head an entry flows out to nlp.dates, where the year of such dates runs on from entry
to entry; how far each entry goes, to nlp.happened.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST = 1500  # characters of an entry
LINE = 40  # characters before a date in its line that are looked at
MARKS = r"(?:[-*•·>#|+]|\d{1,3}[.)、])"
BEFORE = re.compile(rf"(?P<marks>(?:{MARKS}[^\S\n]*)*)(?P<open>[*_~]*[\[(（【「]?[*_~]*)")
AFTER = re.compile(r"[*_~]*(?P<close>[\])）】」]?)[*_~]*[^\S\n]*(?P<sign>[-–—:：|,，]|\n|$)?")
NEXT = re.compile(rf"\n[^\S\n]*(?:{MARKS}[^\S\n]|[【#]|\n)")
BRACKETS = {"【": "】", "[": "]", "(": ")", "（": "）", "「": "」"}


@dataclass(frozen=True, slots=True)
class Entry:
    """What the date at `head` dates: text[start:end], the head left out."""

    head: int
    start: int
    end: int


def is_head(text: str, start: int, end: int) -> bool:
    """Whether a date stands at the head of an item or note, set off from what follows.

    A date alone in its line is a dateline, and a date that opens an ordinary sentence belongs to that sentence.

    >>> [is_head(text, text.index("5"), text.index("5") + 1) for text in ("- **5** — A said", "【5】A said", "On 5, A said", "5, A said")]
    [True, True, False, False]
    """
    line = text.rfind("\n", max(0, start - LINE), start) + 1
    before = BEFORE.fullmatch(text[line:start].strip(" \t\u3000")) if line or start <= LINE else None
    after = AFTER.match(text, end)
    if before is None or after is None:
        return False
    opened = before["open"].strip("*_~")
    if opened and BRACKETS[opened] != after["close"]:
        return False
    if opened:
        return after["sign"] != "\n" or bool(before["marks"])
    set_off = bool(before["marks"] or "*" in before["open"])
    return bool(after["sign"]) and after["sign"] in ("-–—:：|,，" if set_off else "—–:：") and not after["close"]


def entries_of(text: str, heads: Sequence[tuple[int, int]]) -> list[Entry]:
    """Return the entries that dates at these places head, in order.

    An entry ends before the next item, heading, empty line or head. One that stands alone counts only in the brackets of a note.

    >>> text = "- Jan 3: A spoke.\\n- Jan 5: B answered.\\n\\nC wrote."
    >>> [text[each.start : each.end] for each in entries_of(text, [(2, 7), (20, 25)])]
    [': A spoke.', ': B answered.']
    """
    if len(heads) < 2 and not all(text[end : end + 1] == "】" for _, end in heads):
        return []
    found = []
    for place, (start, end) in enumerate(heads):
        limit = min(heads[place + 1][0] if place + 1 < len(heads) else len(text), end + LONGEST)
        broken = NEXT.search(text, end, limit) if text[end : end + 1] != "】" else None
        found.append(Entry(start, end, broken.start() if broken else limit))
    return found


def entry_at(entries: Sequence[Entry], place: int) -> Entry | None:
    """Return the entry that a place lies in."""
    index = bisect_right(entries, place, key=lambda entry: entry.start) - 1
    return entries[index] if index >= 0 and place < entries[index].end else None
