"""Sitemaps: indexes, plain and news sitemaps; only what is newer than what the runs before have seen is asked for."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

from crawler.document import parse_time
from crawler.feeds import Entry
from crawler.listing_pages import ListingPage, day_of, is_before, is_index
from crawler.spiders.article import ArticleSpider
from crawler.spiders.listing_reader import Listed
from crawler.url import canonical_url

NEWEST = 5000  # pages that a first run takes from each sitemap, the latest first
LATE = timedelta(days=3)  # by which an entry may appear after the time it bears


class SitemapSpider(ArticleSpider):
    """Fetch a sitemap and what is new in it."""

    name = "sitemap"

    async def listings(self) -> AsyncIterator[Listed]:
        """Read the sitemap and those that it names, then the source's archive if the run looks back."""
        listed = await self.take(self.source.url, kind="sitemap")
        if listed is not None:
            yield listed
            async for further in self.sitemaps_in(listed, depth=0):
                yield further
        async for older in self.older():
            yield older

    async def take(self, url: str, *, kind: str | None, is_needed: bool = True) -> Listed | None:
        """Read a sitemap; of one that has not changed, only what it names of further ones."""
        return await self.reader.take(
            url,
            lambda content: self.read(content, url=url, kind=kind),
            unchanged=lambda content: self.read_unchanged(content, url=url, kind=kind),
            choose=self.newer,
            is_needed=is_needed,
        )

    def read_unchanged(self, content: bytes, *, url: str, kind: str | None) -> ListingPage:
        """Read a sitemap that has not changed: an index may name sitemaps that did, another one has nothing new to say."""
        if self.since is None and not is_index(content, url=url):
            return ListingPage(entries=())
        return self.read(content, url=url, kind=kind)

    def newer(self, entries: Sequence[Entry]) -> list[Entry]:
        """Return the entries that are newer than what was seen, the latest first; those without a time come last."""
        after = date.fromisoformat(self.run.newest) - LATE if self.run.newest and self.since is None else None
        found = [entry for entry in entries if self.is_newer(entry, after)]
        found.sort(key=lambda entry: day_of(entry) or "", reverse=True)
        if self.since is None and len(found) > NEWEST:
            self.tally.note(
                self.source.url,
                f"{len(found) - NEWEST} older entries of a sitemap were left; `--since DATE` brings them",
            )
            return found[:NEWEST]
        return found

    def is_newer(self, entry: Entry, after: date | None) -> bool:
        """Tell whether an entry is new, or was changed after its page was fetched."""
        page = self.archive.page(canonical_url(entry.url))
        if page is None:
            return not is_before(entry, after)
        if page.state == "due" or page.fetched is None:
            return True
        changed = entry.modified or entry.published
        return changed is not None and not is_earlier(changed, page.fetched)


def is_earlier(time: str, other: str) -> bool:
    """Tell whether a time or day is surely before another; of one day, only times with a zone can be told apart.

    >>> is_earlier("2023-11-06T09:00:00+08:00", "2023-11-06T02:00:00+00:00"), is_earlier("2023-11-06", "2023-11-06T02:00:00+00:00")
    (True, False)
    """
    first, second = parse_time(time), parse_time(other)
    if isinstance(first, datetime) and isinstance(second, datetime) and first.tzinfo and second.tzinfo:
        return first < second
    return time[:10] < other[:10]
