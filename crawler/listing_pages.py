"""Listings of any kind, read into one form: entries, further sitemaps, and the page that goes on.

The bytes of a feed, a sitemap or a list page flow in, a `ListingPage` flows out to the spiders. The readers themselves
are crawler.feeds, crawler.sitemaps and crawler.lists; which one reads an archive page is seen from its bytes. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from crawler.errors import ReadError
from crawler.feeds import ROOTS, Entry, next_feed, read_feed
from crawler.lists import read_list
from crawler.sitemaps import SITEMAPS, SitemapEntry, read_sitemap, unpacked
from crawler.sources import Source, says_any
from crawler.url import date_in_url

FEED = re.compile(rb"<(?:\w+:)?(?:" + "|".join(ROOTS).encode() + rb")[\s>]", re.I)
SITEMAP = re.compile(rb"<(?:\w+:)?(?:" + "|".join(SITEMAPS).encode() + rb")[\s>]", re.I)
MONTH_IN_URL = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_/]?(0[1-9]|1[0-2])(?!\d)|(?<!\d)((?:19|20)\d\d)(?!\d)")
HEAD = 5000  # bytes in which the root of XML stands
TELLING = 60  # characters of title and summary from which a page can be judged, Han characters counted twice
HEADLINE = 12  # the same of a title alone, where pages are looked for far back


@dataclass(frozen=True, kw_only=True, slots=True)
class ListingPage:
    """What one page of a listing names, in its order: pages, further sitemaps, and the page of the listing after it."""

    entries: tuple[Entry, ...]
    sitemaps: tuple[SitemapEntry, ...] = ()
    next: str | None = None
    notes: tuple[str, ...] = ()


def read_listing(content: bytes, *, url: str, source: Source, kind: str | None = None, seen: date) -> ListingPage:
    """Read a page of a listing as a kind says: feed, sitemap or list; without one, as its bytes show.

    `seen` is the day it was fetched.

    Raises:
        ReadError: when the bytes are nothing of the kind.
    """
    kind = kind or kind_of(content, url=url)
    if kind == "feed":
        return ListingPage(entries=tuple(read_feed(content, url=url)), next=next_feed(content, url=url))
    if kind == "sitemap":
        sitemap = read_sitemap(content, url=url)
        pages = [entry for entry in sitemap.entries if not entry.is_index]
        further = tuple(entry for entry in sitemap.entries if entry.is_index)
        return ListingPage(entries=tuple(map(entry_of, pages)), sitemaps=further, notes=sitemap.notes)
    page = read_list(content, url=url, items=source.items, following=source.next, seen=seen)
    links = tuple(Entry(url=link.url, title=link.text, published=link.published) for link in page.links)
    return ListingPage(entries=links, next=page.next)


def kind_of(content: bytes, *, url: str) -> str:
    """Return what the bytes of a listing are: feed, sitemap or list."""
    try:
        head = unpacked(content, url=url)[:HEAD]
    except ReadError:
        return "sitemap"  # only those come packed, and their reader says what is wrong
    if SITEMAP.search(head):
        return "sitemap"
    return "feed" if FEED.search(head) else "list"


def entry_of(entry: SitemapEntry) -> Entry:
    """Return an entry of a sitemap in the form of the other listings; a page was there by the time it was changed."""
    return Entry(url=entry.url, title=entry.title, published=entry.published, modified=entry.lastmod)


def day_of(entry: Entry) -> str | None:
    """Return the day that an entry is from: published, else told by its address, else changed."""
    told = date_in_url(entry.url) if entry.published is None else None
    when = entry.published or (told.isoformat() if told else None) or entry.modified
    return when[:10] if when else None


def is_before(entry: Entry, day: date | None) -> bool:
    """Tell whether an entry is known to be from before a day; one without a time is not."""
    when = day_of(entry) if day else None
    return day is not None and when is not None and when < day.isoformat()


def latest(entries: Sequence[Entry]) -> str | None:
    """Return the latest day that entries give."""
    return max(filter(None, map(day_of, entries)), default=None)


def last_day_of(sitemap: SitemapEntry) -> date | None:
    """Return the last day that a sitemap can tell of: when it was changed, else the end of the time in its address.

    >>> last_day_of(SitemapEntry(url="https://e.org/sitemap-2023-11.xml"))
    datetime.date(2023, 11, 30)
    """
    if sitemap.lastmod:
        return date.fromisoformat(sitemap.lastmod[:10])
    if day := date_in_url(sitemap.url):
        return day
    found = MONTH_IN_URL.search(sitemap.url)
    if not found:
        return None
    if found[3]:
        return date(int(found[3]), 12, 31)
    first = date(int(found[1]), int(found[2]), 1)
    return (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def is_off_topic(entry: Entry, keywords: Sequence[str], *, by_title: bool) -> bool:
    """Tell whether what a listing says of a page is enough to know that none of the keywords is its matter.

    Title and summary together decide; a title alone is too little, unless `by_title` is given.
    """
    told = f"{entry.title}\n{entry.summary}".strip()
    if not keywords or not told:
        return False
    length = sum(2 if "\u4e00" <= sign <= "\u9fff" else 1 for sign in told)
    enough = (bool(entry.summary) and length >= TELLING) or (by_title and length >= HEADLINE)
    return enough and not says_any(told, keywords)
