"""Which post of a saved thread answers which.

A text and the headers found in it flow in, for each post the index of the one it answers flows out: told by indentation, by a
floor, by a name that it addresses, or by a line that it quotes. Pure.
"""

from __future__ import annotations

import re

from crawler.thread_headers import Found, clean_author

TO_FLOOR = re.compile(
    r"(?<![a-z])(?:回复|回覆|引用|reply to|re|@)\s{0,3}(?:第\s?)?#?([0-9]{1,6})\s?(?:#|楼|樓|F\b|L\b)|>>([0-9]{1,6})\b",
    re.I,
)
HASH_FLOOR = re.compile(r"(?<![\w/&])#([0-9]{1,6})(?=[\s,，:：])")
TO_NAME = re.compile(
    r"@([\w.\-]{1,39})|(?:回复|回覆|引用|reply to)[ \t]{0,3}[:：@]?[ \t]{0,3}([^\s:：@,，]{1,40})|"
    r"^[>*#\[ \t]{0,8}([^\n>*<\[\]@]{1,80}?)[ \t]{0,3}(?:wrote|said|写道|说道|发表于)|u/([\w\-]{1,39})",
    re.I | re.M,
)
QUOTED = re.compile(r"(?:^|\n)[ \t]{0,3}>[ \t]?([^\n]{4,})")
OPENING = 300  # characters of a body in which it says whom it answers


def replies_of(text: str, found: list[Found]) -> list[int | None]:
    """Return for each post the index of the one it answers: by indentation, floor, name or quoted line."""
    widths = [len((one.group("indent") or "").expandtabs(4)) for one in found]
    nested = len(set(widths)) > 1
    floors: dict[str, int] = {}
    authors: dict[str, int] = {}
    lines: dict[str, int] = {}
    above: list[int] = []
    replies: list[int | None] = []
    for number, one in enumerate(found):
        while above and widths[above[-1]] >= widths[number]:
            above.pop()
        start = text[one.start : min(one.end, one.start + OPENING)]
        told = floor_told(start, floors) if floors else None
        told = named(start, authors) if told is None else told
        told = quoted(start, lines) if told is None else told
        replies.append((above[-1] if above else None) if nested else told)
        above.append(number)
        floors |= {floor: number for floor in [one.group("floor")] if floor}
        authors[(clean_author(one.group("author")) or "").lower()] = number
        for line in text[one.start : one.end].split("\n"):
            lines.setdefault(line.strip(), number)
    return replies


def floor_told(start: str, floors: dict[str, int]) -> int | None:
    """Return the post whose floor a body names first."""
    for pattern in (TO_FLOOR, HASH_FLOOR):
        if match := pattern.search(start):
            return floors.get(match[match.lastindex or 0])
    return None


def named(start: str, authors: dict[str, int]) -> int | None:
    """Return the last post of the first earlier author whom a body addresses."""
    for match in TO_NAME.finditer(start):
        name = match[match.lastindex or 0].lower()
        for form in (name, name.rstrip(".-"), name.rsplit(",", 1)[-1].strip(), name.rsplit(" ", 1)[-1]):
            if form in authors:
                return authors[form]
    return None


def quoted(start: str, lines: dict[str, int]) -> int | None:
    """Return the post in which a line that a body quotes stands first."""
    match = QUOTED.search(start)
    return lines.get(match[1].strip()) if match else None
