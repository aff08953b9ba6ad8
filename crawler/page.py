"""HTML to a document: title, author, time, canonical address and the paragraphs of the body.

The text of a saved or fetched page flows in, a Document of one post flows out, to the archive by way of
crawler.extraction and the pipelines.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.document import Document, Post
from crawler.errors import ReadError
from crawler.page_body import REMOVED, body_of, prune, prune_asides
from crawler.page_facts import (
    address_of,
    author_of,
    choose_time,
    language_of,
    linked_data,
    meta_values,
    modified_of,
    times_of,
    title_of,
    top_lines,
    with_zone,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement

__all__ = ["SCRIPTS", "language_of", "parse", "prune", "read_page", "saved_from"]

SAVED_FROM = re.compile(r"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|\burl:)\s{0,9}(https?://[^\s>]{1,2000})", re.I)
SCRIPTS = "//script|//style|//noscript|//template|//iframe|//svg|//button|//select"


def read_page(html: str, *, url: str | None) -> Document:
    """Read a page into a document; its one post carries the authors, joined with commas.

    Raises:
        ReadError: when no text is found on the page.
    """
    tree = parse(html)
    if tree is None:
        raise ReadError(f"no text found on {url or 'the page'}; it is empty")
    facts, metas = linked_data(tree), meta_values(tree)
    prune(tree, SCRIPTS)
    _held = list(tree.iter())  # else lxml makes each element's object anew whenever the tree is walked
    top = "\n".join(top_lines(tree))
    address = address_of(tree, metas, url=url or saved_from(html))
    title = title_of(tree, metas, facts)
    author = author_of(tree, metas, facts, top=top)
    times = times_of(tree, metas, facts, top=top)
    prune(tree, REMOVED)
    prune_asides(tree)
    text = "\n\n".join(body_of(tree, facts, title=title))
    if not text:
        raise ReadError(f"no text found on {address or 'the page'}; save it once it has loaded, or give its text alone")
    language = language_of(tree, title + text)
    published, modified = (
        with_zone(time, language) for time in (choose_time(times, url=address), modified_of(metas, facts))
    )
    return Document.create(
        text,
        [Post(author=author, published=published, text=text, start=0, end=len(text))],
        url=address,
        title=title,
        language=language,
        published=published,
        modified=modified,
    )


def parse(html: str) -> HtmlElement | None:
    """Return the tree of a page, or None for one without elements."""
    from lxml import etree  # noqa: PLC0415
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415

    content = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\ufeff]", "", html).encode("utf-8", "replace")
    try:
        return document_fromstring(
            content, parser=HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def saved_from(html: str) -> str | None:
    """Return the address that a browser wrote into a page when it saved it."""
    found = SAVED_FROM.search(html[:5000])
    return found[1] if found else None
