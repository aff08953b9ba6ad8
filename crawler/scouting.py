"""Scouting: how a site can be followed, found out by fetching its page, its robots.txt and what those point to.

An address flows in, what was found there flows out, best first, each with what became of trying it. What is fetched goes
through the same manners as a crawl.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from crawler.discovery import Pointer, find_pointers, propose_source
from crawler.errors import CrawlerError, CrawlError, ReadError
from crawler.forums.discourse import listing_address, read_topics
from crawler.listing_pages import kind_of, read_listing
from crawler.runner import Look, run_look
from crawler.settings import CrawlOptions
from crawler.sources import KINDS, Source

TRIED = 6  # addresses of one site that are fetched besides the first


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A way to follow a site: `verdict` says what came of trying it, `table` is that of the [[source]] if it works."""

    pointer: Pointer
    verdict: str
    table: dict[str, Any] | None = None


def scout(url: str, *, archive: Path, options: CrawlOptions, taken: Collection[str] = ()) -> list[Found]:
    """Find and try the ways to follow a site, best first; names of sources that are `taken` are not proposed.

    Raises:
        CrawlError: when the page at the address cannot be fetched.
        ReadError: when it is no page and no listing.
    """
    looks = run_look(archive, [url], options=options)
    page = looks.pop(url, None)
    if page is None or page.problem is not None:
        raise CrawlError(f"{url} cannot be fetched: {page.problem if page else 'nothing came'}")
    robots = looks.get(urljoin(page.url, "/robots.txt"))
    text = robots.content.decode("utf-8", "replace") if robots else ""
    kind = kind_of(page.content, url=page.url)
    if kind != "list":  # the address is a feed or a sitemap itself
        own = Pointer(kind=kind, url=page.url, title="", reason="the address itself")
        return [tried(own, page, html=b"<html></html>", url=page.url, taken=taken)]
    pointers = find_pointers(page.content, url=page.url, robots=text)
    chosen = [pointer for pointer in pointers if pointer.kind in KINDS][:TRIED]
    fetched = {address_of(pointer): page for pointer in chosen if pointer.url == page.url}
    missing = [address_of(pointer) for pointer in chosen if address_of(pointer) not in fetched]
    fetched |= run_look(archive, missing, options=options) if missing else {}
    return [
        tried(pointer, fetched.get(address_of(pointer)), html=page.content, url=page.url, taken=taken)
        for pointer in chosen
    ]


def address_of(pointer: Pointer) -> str:
    """Return the address that a pointer is tried by."""
    return listing_address(pointer.url) if pointer.kind == "discourse" else pointer.url


def tried(pointer: Pointer, answer: Look | None, *, html: bytes, url: str, taken: Collection[str]) -> Found:
    """Return a pointer with what came of it."""
    if answer is None or answer.problem is not None:
        return Found(pointer=pointer, verdict=f"not there ({answer.problem if answer else 'nothing came'})")
    try:
        count = entries_in(answer.content, pointer=pointer)
        if not count:
            raise ReadError("names no page")
        table = propose_source(pointer, html=html, url=url, taken=taken)
    except CrawlerError as error:
        return Found(pointer=pointer, verdict=f"of no use ({error})")
    return Found(pointer=pointer, verdict=f"names {count} pages", table=table)


def entries_in(content: bytes, *, pointer: Pointer) -> int:
    """Return how many pages, or further sitemaps, an answer names."""
    if pointer.kind == "discourse":
        return len(read_topics(content, url=listing_address(pointer.url)))
    source = Source(name="found", title="", kind=pointer.kind, url=pointer.url)
    today = datetime.now(UTC).date()
    page = read_listing(content, url=pointer.url, source=source, kind=pointer.kind, seen=today)
    return len(page.entries) + len(page.sitemaps)
