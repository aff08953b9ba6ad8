"""Events: a timeline as people read it in a terminal, one block an event.

Rows of graph.timeline flow in, lines flow out to cli.output: the day, who made what kind of statement about whom, the words, and where they
stand. The mark before a day says how it is known: ~ counted from another one, ≤ only published then.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cli.output import clean, console

MARKS = {"relative": "~", "published": "≤"}
MARGIN = 14
WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uff00-\uffef"
PIECE = re.compile(rf"[{WIDE}][，。、；：？！）」』”]?\s*|[^\s{WIDE}]+\s*|\s+")


def timeline_columns() -> Mapping[str, Callable[[Any], object]]:
    """Return what CSV and Markdown show of each row."""
    return {
        "date": date_cell,
        "who": speaker_cell,
        "what": lambda row: row["kind"],
        "about": lambda row: ", ".join(target["name"] for target in row["targets"]),
        "claim": lambda row: row["claim"],
        "words": lambda row: row["quote"],
        "source": source_cell,
    }


def date_cell(row: Mapping[str, Any]) -> str:
    """Return the day of a row, and the days that other sources give."""
    from graph.timeline import other_dates  # noqa: PLC0415

    others = other_dates(row["dates"])
    mark = MARKS.get(row["basis"] or "", "")
    return f"{mark}{row['date'] or 'undated'}" + (f" or {', '.join(others)}" if others else "")


def speaker_cell(row: Mapping[str, Any]) -> str:
    """Return who speaks; nobody is named where the sources name nobody."""
    return row["speaker"]["name"] if row["speaker"] else "(unnamed)"


def source_cell(row: Mapping[str, Any]) -> str:
    """Return the source, how many more there are, and the address."""
    more = f" and {row['sources'] - 1} more" if row["sources"] > 1 else ""
    return f"{row['source']}{more} {row['url'] or row['document']}"


def show_events(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as blocks, wrapped to the terminal, Chinese counted double."""
    from rich.text import Text  # noqa: PLC0415

    out = console()
    width = max(20, out.width - MARGIN)
    for row in rows:
        about = ", ".join(clean(target["name"]) for target in row["targets"])
        head = Text(f"{clean(date_cell(row))} ".ljust(MARGIN), style="bold")
        head.append(clean(speaker_cell(row)), style="bold")
        head.append(f" · {row['kind']}" + (f" · about {about}" if about else ""))
        out.print(head, soft_wrap=True)
        for line in wrap(f"“{clean(row['quote'])}”", width):
            out.print(Text(" " * MARGIN + line), soft_wrap=True)
        out.print(Text(f"{' ' * MARGIN}{clean(source_cell(row))}  {row['claim']}", style="dim"), soft_wrap=True)


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of so many cells: at spaces, and between Chinese characters.

    >>> wrap("零一万物 released Yi-34B in 十一月。", 12)
    ['零一万物', 'released', 'Yi-34B in 十', '一月。']
    """
    from rich.cells import cell_len  # noqa: PLC0415

    lines = [""]
    for piece in PIECE.findall(text):
        if cell_len(lines[-1] + piece.rstrip()) > width and lines[-1]:
            lines[-1] = lines[-1].rstrip()
            lines.append("")
        lines[-1] += piece if lines[-1] or piece.strip() else ""
        while cell_len(lines[-1].rstrip()) > width:  # one word longer than a line
            lines[-1:] = [lines[-1][:width], lines[-1][width:]]
    return [line.rstrip() for line in lines if line.strip()]
