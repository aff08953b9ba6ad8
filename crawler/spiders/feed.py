"""Feeds: their entries flow in, articles flow out; a run that looks back goes on with the feeds of older entries."""

from __future__ import annotations

from collections.abc import AsyncIterator

from crawler.spiders.article import ArticleSpider
from crawler.spiders.listing_reader import Listed

MOST_PAGES = 500  # feeds of one source in a run that looks back


class FeedSpider(ArticleSpider):
    """Fetch a feed and the pages it names."""

    name = "feed"

    async def listings(self) -> AsyncIterator[Listed]:
        """Read the feed, then what is older."""
        listed = await self.take(self.source.url, kind="feed")
        if listed is not None:
            yield listed
        if self.since is None:
            return
        if self.source.archive is not None:
            async for older in self.older():
                yield older
        elif listed is not None:
            async for older in self.paged(listed):
                yield older

    async def paged(self, listed: Listed) -> AsyncIterator[Listed]:
        """Yield the feeds that go on where one ends."""
        seen: set[str] = set()
        for _ in range(MOST_PAGES):
            if not self.goes_on(listed, seen) or listed.page.next is None:
                return
            following = await self.take(listed.page.next, kind="feed", is_needed=False)
            if following is None:
                return
            listed = following
            yield listed
