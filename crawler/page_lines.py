"""The lines of a page: what stands in each block of it, tidied.

An element flows in, its lines with their share of links flow out to crawler.page_facts, crawler.page_body and the
readers of saved pages.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = frozenset(
    "p div section article main h1 h2 h3 h4 h5 h6 li blockquote pre td dd dt tr table ul ol body head item quote "
    "list row lb br".split()
)
CELLS = ("td", "th", "cell")
INVISIBLE = re.compile(r"[\u200b-\u200f\u2060\ufeff\u00ad]")
SIGNS = re.compile(r"[\W_]+")
DATUM = 60  # characters of a cell that holds a datum, not a text


def paragraphs(element: HtmlElement) -> Iterator[tuple[str, int]]:
    """Yield the text of each block below an element, tidied, and how much of it is links."""
    from lxml import etree  # noqa: PLC0415

    line: list[str] = []
    linked, depth = 0, 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag
        if tag in BLOCKS and not is_datum(node):
            if line and (text := tidy("".join(line))):
                yield text, linked
            line, linked = [], 0
        if tag == "a":
            depth += 1 if event == "start" else -1
        part = node.text if event == "start" else node.tail if node is not element else None
        if tag in CELLS:
            line.append(" ")
        if part:
            line.append(part)
            linked += len(part) if depth else 0
    if text := tidy("".join(line)):
        yield text, linked


def is_datum(node: HtmlElement) -> bool:
    """Tell whether an element is a cell of a table of short data, whose rows are lines."""
    row = node.getparent() if node.tag in ("td", "th") else None
    if row is None or len(row) < 2:
        return False
    return all(
        len("".join(cell.itertext())) <= DATUM and not any(inner.tag in BLOCKS for inner in cell.iterdescendants())
        for cell in row
    )


def tidy(text: str) -> str:
    """Return a text on one line, with single spaces and without invisible characters."""
    return " ".join((text if text.isascii() else INVISIBLE.sub("", text)).split())


def squeeze(text: str) -> str:
    """Return a text without spaces, punctuation and case, for comparing titles and names."""
    return SIGNS.sub("", text).casefold()
