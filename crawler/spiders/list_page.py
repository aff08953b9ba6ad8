"""List pages: a section's or a home page that links to articles, and the pages that go on with it."""

from __future__ import annotations

from collections.abc import AsyncIterator

from crawler.spiders.article import ArticleSpider
from crawler.spiders.listing_reader import Listed

FEW_PAGES = 5  # pages of a list in a run that looks for what is new
MOST_PAGES = 500  # pages of a list in a run that looks back


class ListPageSpider(ArticleSpider):
    """Fetch a list page by page, as long as it brings something new, and the articles it links to."""

    name = "list"

    async def listings(self) -> AsyncIterator[Listed]:
        """Read the list and the pages after it, then the source's archive if the run looks back."""
        url: str | None = self.source.url
        seen: set[str] = set()
        looks_back = self.since is not None and self.source.archive is None
        for number in range(MOST_PAGES if looks_back else FEW_PAGES):
            listed = await self.take(url, kind="list", is_needed=number == 0) if url else None
            if listed is None:
                break
            is_new = looks_back or any(map(self.frontier.is_new, listed.urls))
            yield listed if number == 0 else self.without_known(listed)
            if not self.goes_on(listed, seen) or not is_new:
                break
            url = listed.page.next
        async for older in self.older():
            yield older

    def without_known(self, listed: Listed) -> Listed:
        """Return a later page of the list without what was archived long ago; only the first page is looked at again."""
        return Listed(page=listed.page, urls=[url for url in listed.urls if self.frontier.is_new(url)])
