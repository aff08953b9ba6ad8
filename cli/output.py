"""Output: the only place that prints.

Rows and messages flow in; results go to standard output and everything else to standard error. Untrusted text loses
its control characters before it reaches a terminal. Tables are as wide as their text, Chinese counted double.
"""

from __future__ import annotations

import csv
import io
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from typing import Any

CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")


class Format(StrEnum):
    """How results are written."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    markdown = "markdown"


def clean(text: object) -> str:
    """Return text without control, bidirectional and zero-width characters, on one line.

    >>> clean("零一\\x1b[31m万物\\u202e\\nYi")
    '零一[31m万物 Yi'
    """
    return CONTROL.sub("", re.sub(r"\s+", " ", str(text))).strip()


def clean_all(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Return a JSON value of which every text is clean."""
    if isinstance(value, Mapping):
        return {name: clean_all(each) for name, each in value.items()}
    if isinstance(value, list):
        return [clean_all(each) for each in value]
    return clean(value) if isinstance(value, str) else value


def say(message: object) -> None:
    """Write a message to standard error."""
    print(clean(message), file=sys.stderr)  # noqa: T201 - the only printer


def write(text: str) -> None:
    """Write a result to standard output."""
    sys.stdout.write(text if text.endswith("\n") else text + "\n")


def write_json(value: object) -> None:
    """Write one JSON value."""
    write(json_text(value, indent=2))


def write_line(value: object) -> None:
    """Write one JSON value on one line."""
    write(json_text(value))


def json_text(value: object, *, indent: int | None = None) -> str:
    """Return JSON in which what a terminal would obey is escaped, so that nothing is lost and nothing takes effect.

    >>> json_text("源流\\u202e\\x9b")
    '"源流\\\\u202e\\\\u009b"'
    """
    text = json.dumps(value, ensure_ascii=False, indent=indent)
    return CONTROL.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def write_rows(
    rows: Sequence[Mapping[str, Any]], *, form: Format, columns: Mapping[str, Callable[[Any], object]]
) -> None:
    """Write rows in a format; `columns` gives what tables, CSV and Markdown show of each row, by heading."""
    if form is Format.json:
        return write_json(rows)
    if form is Format.jsonl:
        for row in rows:
            write_line(row)
        return None
    cells = [[clean("" if (value := get(row)) is None else value) for get in columns.values()] for row in rows]
    if form is Format.csv:
        return write(csv_text([list(columns), *cells]))
    if form is Format.markdown:
        return write(markdown_text([list(columns), *cells]))
    if rows:
        write_table(list(columns), cells)
    return None


def csv_text(lines: Sequence[Sequence[str]]) -> str:
    """Return lines as CSV."""
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\n").writerows(lines)
    return buffer.getvalue()


def markdown_text(lines: Sequence[Sequence[str]]) -> str:
    """Return lines as a Markdown table."""
    escaped = [[cell.replace("\\", "\\\\").replace("|", "\\|") for cell in line] for line in lines]
    rule = ["---"] * len(lines[0])
    return "\n".join("| " + " | ".join(line) + " |" for line in [escaped[0], rule, *escaped[1:]]) + "\n"


def write_table(headings: Sequence[str], cells: Sequence[Sequence[str]]) -> None:
    """Write a table to the width of the terminal; the last column takes what is left."""
    from rich import box  # noqa: PLC0415 - only tables need rich
    from rich.table import Table  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    table = Table(box=box.SIMPLE_HEAD, pad_edge=False, show_edge=False, header_style="bold")
    for number, heading in enumerate(headings):
        wide = number >= len(headings) - 2
        table.add_column(heading, overflow="fold", ratio=1 if wide and len(headings) > 3 else None, no_wrap=number == 0)
    for line in cells:
        table.add_row(*(Text(cell) for cell in line))
    console().print(table)


def write_tree(label: str, branches: Sequence[Any]) -> None:
    """Write a tree; each branch is a pair of its text and its own branches."""
    from rich.text import Text  # noqa: PLC0415 - only trees and tables need rich
    from rich.tree import Tree  # noqa: PLC0415

    def grow(tree: Tree, below: Sequence[Any]) -> None:
        for text, more in below:
            grow(tree.add(Text(clean(text))), more)

    root = Tree(Text(clean(label), style="bold"))
    grow(root, branches)
    console().print(root)


def console() -> Any:  # noqa: ANN401 - rich is imported late
    """Return a console on standard output; 120 columns where it is no terminal."""
    from rich.console import Console  # noqa: PLC0415

    return Console(file=sys.stdout, width=None if sys.stdout.isatty() else 120, highlight=False, soft_wrap=False)


@contextmanager
def progress(description: str, total: int | None) -> Iterator[Callable[[int], None]]:
    """Show a progress bar on a terminal; give a function that is told of each step."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console  # noqa: PLC0415
    from rich.progress import Progress  # noqa: PLC0415

    with Progress(console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(description, total=total)
        yield lambda step: bar.advance(task, step)
