"""Discourse forums: the answers of their API flow in, threads flow out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from functools import partial

from scrapy import Request
from scrapy.http import Response

from crawler.errors import ReadError
from crawler.extraction_pool import Reader
from crawler.forums.discourse import (
    listing_address,
    missing_posts,
    posts_address,
    read_thread,
    read_topics,
    topic_address,
    with_posts,
)
from crawler.forums.discourse_search import MOST_PAGES, read_search, search_addresses
from crawler.listing_pages import ListingPage
from crawler.pipelines import Fetched, Item, Problem
from crawler.spiders import SourceSpider
from crawler.spiders.listing_reader import Listed


class DiscourseSpider(SourceSpider):
    """Fetch the latest topics of a forum, each with all its posts."""

    name = "discourse"
    titles_tell = False

    def address_of(self, url: str) -> str:
        """Return the address of a topic's JSON."""
        return topic_address(url)

    async def listings(self) -> AsyncIterator[Listed]:
        """Read the latest topics, then what the forum's search finds if the run looks back."""
        url = listing_address(self.source.url)
        listed = await self.reader.take(url, lambda content: ListingPage(entries=tuple(read_topics(content, url=url))))
        if listed is not None:
            yield listed
        if self.since is None:
            return
        for first in search_addresses(self.source.url, keywords=self.keywords, since=self.since):
            following: str | None = first
            for number in range(1, MOST_PAGES + 1):
                found = await self.search(following, page=number) if following else None
                if found is None:
                    break
                yield found
                following = found.page.next

    async def search(self, url: str, *, page: int) -> Listed | None:
        """Read a page of what a search finds."""
        return await self.reader.take(url, lambda content: read_search(content, url=url, page=page), is_needed=False)

    def page_reader(self, response: Response, *, url: str) -> Reader:  # noqa: ARG002
        """Return the function that reads the thread in a topic's JSON."""
        return partial(read_thread, url=url)

    def parse_page(self, response: Response, url: str) -> Item | Request:
        """Hand on a topic that came whole, else ask for its further posts."""
        if response.status == 304:
            return super().parse_page(response, url)
        try:
            portions = missing_posts(response.body, url=url)
        except ReadError as error:
            return Problem(url=url, state="failed", reason=str(error))
        if not portions:
            return super().parse_page(response, url)
        return self.posts_request(url, topic=response.body, answers=(), portions=portions)

    def posts_request(
        self, url: str, *, topic: bytes, answers: Sequence[bytes], portions: Sequence[Sequence[int]]
    ) -> Request:
        """Return the request for the next portion of a topic's posts."""
        return Request(
            posts_address(url, portions[0]),
            callback=self.parse_posts,
            errback=self.page_failed,
            cb_kwargs={"url": url, "topic": topic, "answers": answers, "portions": portions[1:]},
            dont_filter=True,
        )

    def parse_posts(
        self,
        response: Response,
        *,
        url: str,
        topic: bytes,
        answers: Sequence[bytes],
        portions: Sequence[Sequence[int]],
    ) -> Item | Request:
        """Add a portion of posts; the topic is handed on when it is whole.

        No validators are kept for such a topic: its first answer does not change when a later post does.
        """
        answers = (*answers, response.body)
        if portions:
            return self.posts_request(url, topic=topic, answers=answers, portions=portions)
        try:
            content = with_posts(topic, answers, url=url)
        except ReadError as error:
            return Problem(url=url, state="failed", reason=str(error))
        return Fetched(url=url, content=content, read=self.page_reader(response, url=url))
