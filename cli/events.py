"""Events: a timeline as people read it in a terminal, one block an event.

Rows of graph.timeline flow in, lines flow out to cli.output: the day, who made what kind of statement about whom, the words,
and where they stand. The mark before a day says how it is known: ~ counted from another one, ≤ only published then. A
terminal gets links and the colours of the groups; what is piped gets neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from cli.output import clean, console

if TYPE_CHECKING:
    from rich.text import Text

MARKS = {"relative": "~", "published": "≤"}
COLOURS = {"accusing": "red", "answering": "green", "announcing": "blue"}
MARGIN = 14
LEAST = 20  # cells that words get in the narrowest terminal
WIDE = "\u2e80-\u9fff\uac00-\ud7ff\uff00-\uffef"
OPENING = "（「『《〈【〔“‘"
PIECE = re.compile(rf"[{OPENING}]*[{WIDE}][，。、；：？！）」』》〉】〕”’]*\s*|[^\s{WIDE}]+\s*|\s+")


class Lead(NamedTuple):
    """What stands before the first line of a block, and before its other lines: the branches of a tree."""

    first: str = ""
    rest: str = ""


FLAT = Lead()


def timeline_columns(*, tree: bool = False) -> Mapping[str, Callable[[Any], object]]:
    """Return what CSV and Markdown show of each row; of a tree also the depth and the claim above."""
    columns: dict[str, Callable[[Any], object]] = {
        "date": date_cell,
        "who": speaker_cell,
        "what": lambda row: row["kind"],
        "about": lambda row: ", ".join(target["name"] for target in row["targets"]),
        "claim": lambda row: row["claim"],
        "words": lambda row: row["quote"],
        "source": lambda row: f"{source_cell(row)} {row['url'] or row['document']}",
    }
    if tree:
        columns |= {"depth": lambda row: row["depth"], "under": lambda row: row["under"]}
    return columns


def date_cell(row: Mapping[str, Any]) -> str:
    """Return the day of a row, and the days that other sources give."""
    from graph.timeline import other_dates  # noqa: PLC0415

    others = other_dates(row["dates"])
    mark = MARKS.get(row["basis"] or "", "")
    return f"{mark}{row['date'] or 'undated'}" + (f", other sources: {', '.join(others)}" if others else "")


def speaker_cell(row: Mapping[str, Any]) -> str:
    """Return who speaks; nobody is named where the sources name nobody."""
    return row["speaker"]["name"] if row["speaker"] else "(unnamed)"


def source_cell(row: Mapping[str, Any]) -> str:
    """Return the source with the day of its page, and how many true sources more there are.

    >>> source_cell({"source": "晨报", "published": "2023-11-15T08:00:00+08:00", "sources": 3})
    '晨报, 2023-11-15, and 2 more'
    >>> source_cell({"source": "Courier", "published": None, "sources": 1})
    'Courier'
    """
    day = f", {row['published'][:10]}" if row["published"] else ""
    return f"{row['source']}{day}" + (f", and {row['sources'] - 1} more" if row["sources"] > 1 else "")


def show_events(rows: Sequence[Mapping[str, Any]]) -> None:
    """Write rows as blocks, wrapped to the terminal, Chinese counted double."""
    show_lines(lambda width: (line for row in rows for line in event_lines(row, width)))


def show_lines(make: Callable[[int], Any]) -> None:
    """Write the lines that are made for the width of the terminal."""
    out = console()
    for line in make(out.width):
        out.print(line, soft_wrap=True)


def event_lines(row: Mapping[str, Any], width: int, lead: Lead = FLAT) -> list[Text]:
    """Return one event as lines of at most so many cells; only an address alone on its line may be longer."""
    from rich.cells import cell_len  # noqa: PLC0415
    from rich.style import Style  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    room = max(LEAST, width - MARGIN - cell_len(lead.first))
    about = ", ".join(clean(target["name"]) for target in row["targets"])
    head = Text().append(f"{clean(date_cell(row))}  ".ljust(MARGIN), style="bold")
    head.append(clean(speaker_cell(row)), style="bold")
    head.append(" · ").append(row["kind"], style=COLOURS.get(row["group"], ""))
    head.append(f" · about {about}" if about else "")
    url = clean(row["url"] or row["document"])
    link = Style(dim=True, link=url if url.startswith(("http://", "https://")) else None)
    source = Text(clean(source_cell(row)), style=link).append(f"  {row['claim']}", style=Style(dim=True, link=None))
    lines = cut(head, room + MARGIN, rest=room)
    told = [*cut(Text(f"“{clean(row['quote'])}”"), room), *cut(source, room)]
    if cell_len(told[-1].plain) + cell_len(url) + 2 <= room:
        told[-1] = Text.assemble(told[-1], "  ", (url, link))
    else:
        told.append(Text(url, style=link))
    margin = " " * MARGIN
    return [Text(lead.first).append_text(lines[0])] + [
        Text(lead.rest + margin).append_text(line) for line in (*lines[1:], *told)
    ]


def cut(text: Text, width: int, *, rest: int | None = None) -> list[Text]:
    """Break a styled text into lines of so many cells; `rest` is the width of all lines but the first."""
    return [text[start:end] for start, end in breaks(text.plain, width, rest=rest)] or [text]


def wrap(text: str, width: int) -> list[str]:
    """Break a text into lines of so many cells: at spaces, and between Chinese characters.

    >>> wrap("零一万物 released Yi-34B in 十一月。", 12)
    ['零一万物', 'released', 'Yi-34B in 十', '一月。']
    """
    return [text[start:end] for start, end in breaks(text, width)]


def breaks(text: str, width: int, *, rest: int | None = None) -> list[tuple[int, int]]:
    """Return where the lines of a text begin and end, without the spaces between them; a word longer than a line is cut."""
    from rich.cells import cell_len  # noqa: PLC0415

    lines: list[tuple[int, int]] = []
    start = end = 0
    for piece in PIECE.finditer(text):
        word = piece[0].rstrip()
        room = width if not lines or rest is None else rest
        if not word and end == start:
            start = end = piece.end() if lines else start
        elif word and end > start and cell_len(text[start : piece.start()] + word) > room:
            lines.append((start, end))
            start, room = piece.start(), width if rest is None else rest
        if word:
            end = piece.start() + len(word)
        while cell_len(text[start:end]) > room and end > start + 1:
            stop = start + fitting(text[start:end], room)
            lines.append((start, stop))
            start, room = stop, width if rest is None else rest
    return [*lines, (start, end)] if end > start else lines


def fitting(text: str, width: int) -> int:
    """Return how many characters of a text, at least one, go into so many cells.

    >>> fitting("abcdef", 4), fitting("零一万物", 5)
    (4, 2)
    """
    from rich.cells import cell_len  # noqa: PLC0415

    used = 0
    for number, character in enumerate(text):
        used += cell_len(character)
        if used > width:
            return max(1, number)
    return len(text)
