"""Sources of articles: what feeds, sitemaps and list pages have in common.

Pages of HTML flow in, documents flow out. For a run that looks back, the pages of the source's archive are walked from the
newest to the oldest, whatever they are: feeds, sitemaps or list pages.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from functools import partial

from scrapy.http import Response

from crawler.backfill import archive_pages
from crawler.extraction import split_type
from crawler.extraction_pool import Reader
from crawler.fetched_page import read_article
from crawler.listing_pages import ListingPage, is_before, last_day_of, read_listing
from crawler.spiders import SourceSpider
from crawler.spiders.listing_reader import Listed
from crawler.url import canonical_url

DEEP = 3  # levels of sitemaps in sitemaps


class ArticleSpider(SourceSpider):
    """Fetch listings and the articles they name."""

    async def take(self, url: str, *, kind: str | None, is_needed: bool = True) -> Listed | None:
        """Read a listing of a kind, or of any."""
        return await self.reader.take(url, lambda content: self.read(content, url=url, kind=kind), is_needed=is_needed)

    def read(self, content: bytes, *, url: str, kind: str | None) -> ListingPage:
        """Read the bytes of a listing."""
        return read_listing(content, url=url, source=self.source, kind=kind, seen=self.today)

    async def older(self) -> AsyncIterator[Listed]:
        """Yield the pages of the source's archive, the newest first, until they end or are older than is asked."""
        if self.source.archive is None or self.since is None or self.since > self.today:
            return
        by_page = "{page}" in self.source.archive
        seen: set[str] = set()
        for number, url in enumerate(archive_pages(self.source, since=self.since, until=self.today)):
            listed = await self.take(url, kind=None, is_needed=False)
            if listed is None:
                if number == 0 and not by_page:  # of a month that has just begun there may be nothing yet
                    continue
                return
            yield listed
            async for further in self.sitemaps_in(listed, depth=1):
                yield further
            if by_page and not self.goes_on(listed, seen):
                return
            if not by_page and listed.page.entries and self.is_all_older(listed):
                return

    def goes_on(self, listed: Listed, seen: set[str]) -> bool:
        """Tell whether a page of a list brought what none before it did, and not only what is too old."""
        urls = {canonical_url(entry.url) for entry in listed.page.entries}
        brings_new = not urls <= seen
        seen |= urls
        return brings_new and not self.is_all_older(listed)

    def is_all_older(self, listed: Listed) -> bool:
        """Tell whether everything that a listing names is from before the day that is asked for."""
        return self.since is not None and all(is_before(entry, self.since) for entry in listed.page.entries)

    async def sitemaps_in(self, listed: Listed, *, depth: int) -> AsyncIterator[Listed]:
        """Yield the sitemaps that an index names, those of the latest time first."""
        if depth >= DEEP:
            return
        dated = [(last_day_of(sitemap), sitemap) for sitemap in listed.page.sitemaps]
        if all(day is not None for day, _ in dated):
            dated.sort(key=lambda pair: str(pair[0]), reverse=True)
        for day, sitemap in dated:
            if self.since is not None and day is not None and day < self.since:
                continue
            further = await self.take(sitemap.url, kind="sitemap")
            if further is not None:
                yield further
                async for deeper in self.sitemaps_in(further, depth=depth + 1):
                    yield deeper

    def page_reader(self, response: Response, *, url: str) -> Reader:
        """Return the function that reads the article in a page."""
        return partial(read_article, asked=url, url=response.url)


def content_type(response: Response) -> tuple[str, str | None]:
    """Return the media type of a response, in lower case, and the charset it declares."""
    return split_type((response.headers.get("Content-Type") or b"").decode("latin-1"))
