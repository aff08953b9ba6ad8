"""Spiders: one module for each kind of source.

A source and the frontier flow in; how the fetch of each page ended flows out to crawler.pipelines. What a listing
names is in the frontier before any of it is fetched, so that a killed crawl loses nothing. What an earlier run left is
fetched first, then what the listings name; a request is made when it can be sent, not before.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import scrapy
from scrapy import Request, signals
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archive import Archive, PageState, SourceRecord
from crawler.document import Document
from crawler.frontier import Frontier
from crawler.hosts import Hosts
from crawler.pipelines import Fetched, Item, Problem, Tally, Unchanged, raw_of
from crawler.run_table import RunTable
from crawler.settings import CrawlOptions
from crawler.sources import Source
from crawler.spiders.conditional import validators, validators_of
from crawler.spiders.listing_reader import Listed, ListingReader
from crawler.spiders.problems import problem_of
from crawler.url import host_of


@dataclass(frozen=True, kw_only=True, slots=True)
class SpiderRun:
    """What the spiders of one run share; `robots` holds the texts of robots.txt by their addresses."""

    archive: Archive
    options: CrawlOptions
    hosts: Hosts
    robots: dict[str, bytes] = field(default_factory=dict)


class SourceSpider(scrapy.Spider):
    """Fetch what a source lists; a subclass says where that is and how listings and pages are read."""

    handle_httpstatus_list = (304,)
    titles_tell = True  # whether the title alone may show that a page is not worth a request

    def __init__(self, *, source: Source, run: SpiderRun, tally: Tally) -> None:
        super().__init__(name=source.name)
        self.source = source
        self.archive = run.archive
        self.options = run.options
        self.hosts = run.hosts
        self.robots = run.robots
        self.tally = tally
        self.runs = RunTable(run.archive.connection)
        self.run = self.runs.begin(source)
        self.frontier = Frontier(run.archive, source=source.name, since=self.run.own)
        self.keywords = with_names(source.keywords, run.options.follow)
        self.reader = ListingReader(self)
        self.asked: set[str] = set()
        self.newest = self.run.newest
        self.archive.add_source(
            SourceRecord(
                name=source.name, title=source.title, kind=source.kind, url=source.url, language=source.language
            )
        )

    def listings(self) -> AsyncIterator[Listed]:
        """Read the source's listings one after another."""
        raise NotImplementedError

    def read_document(self, response: Response, *, url: str, content: bytes) -> Document:
        """Read the document in the bytes of a page; `url` is its address in the frontier."""
        raise NotImplementedError

    def address_of(self, url: str) -> str:
        """Return the address that a page of the frontier is fetched from."""
        return self.frontier.address_of(url)

    @property
    def since(self) -> date | None:
        """Return the day that this run looks back to."""
        return self.options.since_day

    @property
    def today(self) -> date:
        """Return the day of this run."""
        return datetime.now(UTC).date()

    async def start(self) -> AsyncIterator[Any]:
        """Ask for what waits, then for what the listings name."""
        async for request in self.paced(self.frontier.waiting()):
            yield request
        async for listed in self.listings():
            async for request in self.paced(self.in_order(listed.urls)):
                yield request
            if self.is_full():
                return

    def is_full(self) -> bool:
        """Tell whether as many pages were asked for as this run may ask for."""
        return self.options.limit is not None and len(self.asked) >= self.options.limit

    def closed(self, reason: str) -> None:
        """Write down how the run ended, and what waits; a run that was broken off goes on with the next one."""
        self.tally.left = self.frontier.left()
        if reason == "finished":
            counts = {**self.tally.counts, "left": self.tally.left}
            self.runs.end(self.run, counts=counts, error=self.tally.fault, newest=self.newest)

    async def paced(self, urls: Iterable[str]) -> AsyncIterator[Request]:
        """Yield the requests for pages, each when there is room for it, until the limit or the host's patience ends."""
        for url in urls:
            if self.is_full():
                return
            page = None if url in self.asked else self.archive.page(url)
            if page is None:
                continue
            if reason := self.hosts.why_closed(host_of(self.address_of(url))):
                self.tally.note(self.source.url, f"pages wait for the next run: {reason}")
                continue
            while self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            self.asked.add(url)
            yield self.page_request(page)

    def in_order(self, urls: Sequence[str]) -> list[str]:
        """Return listed pages that are to be asked for: new ones first, then those to look at again."""
        pages = [page for page in map(self.archive.page, urls) if page is not None]
        new = [page.url for page in pages if page.state == "due"]
        return [*new, *(page.url for page in pages if self.frontier.is_to_follow(page))]

    def page_request(self, page: PageState) -> Request:
        """Return the request for a page; conditional if the archive has what came last."""
        return Request(
            self.address_of(page.url),
            callback=self.parse_page,
            errback=self.page_failed,
            headers=validators(page),
            cb_kwargs={"url": page.url},
            dont_filter=True,  # the frontier holds each address once; a redirect may lead to another of its pages
        )

    def parse_page(self, response: Response, url: str) -> Item | Request:
        """Hand on a page, or that it has not changed."""

        def read(content: bytes) -> Document:
            return self.read_document(response, url=url, content=content)

        if response.status == 304:
            return Unchanged(url=url, read=read)
        return Fetched(url=url, content=raw_of(response), read=read, **validators_of(response))

    def page_failed(self, failure: Failure) -> Problem:
        """Say why a page could not be fetched."""
        request: Request = failure.request  # type: ignore[attr-defined]
        host = host_of(request.url)
        return problem_of(failure.value, url=request.cb_kwargs["url"], hosts=self.hosts, host=host)  # type: ignore[arg-type]


def with_names(keywords: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return a source's keywords and the names that are followed; a source without keywords keeps every page as it is.

    >>> with_names(("套壳",), ("Yi-34B", "套壳")), with_names((), ("Yi-34B",))
    (('套壳', 'Yi-34B'), ())
    """
    return tuple(dict.fromkeys((*keywords, *names))) if keywords else ()
