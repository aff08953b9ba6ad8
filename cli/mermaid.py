"""Mermaid: a timeline as the text of a Mermaid `timeline` diagram, for Markdown pages that draw such.

Rows of graph.timeline flow in, one text flows out to cli.output. Mermaid reads a colon as the end of a field, # and %% as
comments, ; and & as parts of codes and < as HTML, so each such character becomes its wide sister, which looks the same.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cli.events import date_cell, source_cell, speaker_cell
from cli.output import clean

UNSAFE = ':;#%&<>{}"`\\|'
SAFE = str.maketrans({each: chr(ord(each) + 0xFEE0) for each in UNSAFE} | {'"': "”", "`": "‘", "~": "∼"})
LONGEST = 160  # characters of a quotation in the diagram
MOST_MONTHS = 12  # sections; more than so many months become years


def safe(text: object) -> str:
    """Return text that Mermaid takes as it is, on one line.

    >>> safe('Note: "a;b" #1\\n100%'), safe("零一万物：<b>源流</b>")
    ('Note： ”a；b” ＃1 100％', '零一万物：＜b＞源流＜/b＞')
    """
    return clean(text).translate(SAFE)


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
    return safe(f"{speaker_cell(row)}, {row['kind']} — “{quote}” ({source_cell(row)})")
