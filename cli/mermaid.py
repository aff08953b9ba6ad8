"""Mermaid: a timeline as the text of a Mermaid `timeline` diagram, for Markdown pages that draw such.

Rows of graph.timeline flow in, one text flows out to cli.output. Mermaid reads a colon as the end of a field, # and %% as
comments, ; and & as parts of codes and < as HTML, so each such character becomes its wide sister, which looks the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from unicodedata import east_asian_width

from cli.events import date_cell, source_cell, speaker_cell
from cli.output import clean

UNSAFE = ':;#%&<>{}"`\\|'
SAFE = str.maketrans({each: chr(ord(each) + 0xFEE0) for each in UNSAFE} | {'"': "”", "`": "‘", "~": "∼"})
LONGEST = 160  # characters of a quotation in the diagram
BREAK = "\u200a"  # a hair space: lines may break there, and otherwise it is hardly seen
WIDEST = 18  # columns of an event's box in the diagram, a Chinese character being two
MOST_MONTHS = 12  # sections; more than so many months become years


def safe(text: object) -> str:
    """Return text that Mermaid takes as it is, on one line.

    >>> safe('Note: "a;b" #1\\n100%'), safe("零一万物：<b>源流</b>")
    ('Note： ”a；b” ＃1 100％', '零一万物：＜b＞源流＜/b＞')
    """
    return clean(text).translate(SAFE)


def broken(text: str) -> str:
    """Return safe text with breaks where a run of Chinese is wider than its box, since Mermaid breaks lines at spaces alone.

    >>> broken("零一万物表示模型是从零开始训练的"), broken("01.AI said so")
    ('零一万物表示模型是\\u200a从零开始训练的', '01.AI said so')
    """
    pieces: list[str] = []
    width = before = 0
    for character in text:
        columns = 2 if east_asian_width(character) in "WF" else 1
        full = width + columns > WIDEST if columns == 2 else before == 2 and width > WIDEST // 2 and character.isalnum()
        if character.isspace():
            width = 0
        elif full:
            pieces.append(BREAK)
            width = columns
        else:
            width += columns
        pieces.append(character)
        before = columns
    return "".join(pieces)


def mermaid_text(rows: Sequence[Mapping[str, Any]], *, title: str) -> str:
    """Return a timeline diagram: a section a month, or a year where there are many months, and an event a claim."""
    months = {section_of(row, len("2023-11")) for row in rows}
    size = len("2023-11") if len(months) <= MOST_MONTHS else len("2023")
    lines = ["timeline", f"    title {safe(title)}"]
    section = day = ""
    for row in rows:
        if (own := section_of(row, size)) != section:
            section, day = own, ""
            lines.append(f"    section {safe(section)}")
        if (own := date_cell(row)) != day:
            day = own
            lines.append(f"        {safe(day)} : {event(row)}")
        else:
            lines.append(f"            : {event(row)}")
    return "\n".join(lines)


def section_of(row: Mapping[str, Any], size: int) -> str:
    """Return the month or the year of a row, by the length of what names it."""
    return row["date"].split("/")[0][:size] if row["date"] else "undated"


def event(row: Mapping[str, Any]) -> str:
    """Return what a row tells, and where."""
    words = clean(row["quote"])
    quote = words if len(words) <= LONGEST else f"{words[: LONGEST - 1]}…"
    return broken(safe(f"{speaker_cell(row)}, {row['kind']} — “{quote}” ({source_cell(row)})"))
