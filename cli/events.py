"""Events: a timeline as people read it in a terminal, one block an event.

Rows of graph.timeline flow in, lines flow out to cli.output: the day, who made what kind of statement about whom, the words, and where they
stand. The mark before a day says how it is known: ~ counted from another one, ≤ only published then.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from cli.output import clean, console

MARKS = {"relative": "~", "published": "≤"}
MARGIN = 14


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
    from rich.padding import Padding  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    out = console()
    for row in rows:
        about = ", ".join(clean(target["name"]) for target in row["targets"])
        head = Text(clean(date_cell(row)).ljust(MARGIN), style="bold")
        head.append(clean(speaker_cell(row)), style="bold")
        head.append(f" · {row['kind']}" + (f" · about {about}" if about else ""))
        out.print(head, soft_wrap=True)
        out.print(Padding(Text(f"“{clean(row['quote'])}”"), (0, 0, 0, MARGIN), expand=False))
        out.print(
            Padding(Text(f"{clean(source_cell(row))}  {row['claim']}", style="dim"), (0, 0, 0, MARGIN), expand=False),
            soft_wrap=True,
        )
