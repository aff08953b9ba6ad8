"""Sitemaps: indexes, plain and news sitemaps; only what is newer than what the runs before have seen is asked for.

What of the known pages is asked for is decided by crawler.vouching, from the times that the sitemaps give.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date, datetime, timedelta

from crawler.archive import PageState
from crawler.document import parse_time
from crawler.feeds import Entry
from crawler.listing_pages import day_of, is_before
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
        """Read a sitemap, and of what it names choose what is new or may have changed."""
        return await self.reader.take(
            url,
            lambda content: self.read(content, url=url, kind=kind),
            choose=self.chosen,
            is_needed=is_needed,
        )

    def chosen(self, entries: Sequence[Entry], are_known: bool) -> list[Entry]:
        """Return the entries that are newer than what was seen, the latest first, and the pages to decide on.

        Entries that `are_known`, for the sitemap has not changed, bring nothing new unless the run looks back.
        """
        after = date.fromisoformat(self.run.newest) - LATE if self.run.newest and self.since is None else None
        pages = [(entry, self.archive.page(canonical_url(entry.url))) for entry in entries]
        new = [entry for entry, page in pages if page is None and not is_before(entry, after)]
        if are_known and self.since is None:
            new = []
        new.sort(key=lambda entry: day_of(entry) or "", reverse=True)  # those without a time come last
        if self.since is None and len(new) > NEWEST:
            self.tally.note(
                self.source.url,
                f"{len(new) - NEWEST} older entries of a sitemap were left; `--since DATE` brings them",
            )
            new = new[:NEWEST]
        return new + [entry for entry, page in pages if page is not None and may_have_changed(entry, page)]


def may_have_changed(entry: Entry, page: PageState) -> bool:
    """Tell whether a known page waits, was noted with a time, or was changed after it was fetched."""
    if page.state == "due" or page.fetched is None or (entry.modified and page.modified_when_fetched):
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
