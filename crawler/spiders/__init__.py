"""Spiders: one module for each kind of source.

A source and the frontier flow in; how the fetch of each page ended flows out to crawler.pipelines. What a listing
names is in the frontier before any of it is fetched, so that a killed crawl loses nothing. What an earlier run left is
fetched first, then what the listings name; a request is made when it can be sent, not before. The pages of a source with
render = true go through crawler.spiders.rendered_pages, a few at once.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any

import scrapy
from scrapy import Request, signals
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.archive import Archive, PageState, SourceRecord
from crawler.errors import RenderError
from crawler.extraction_pool import ExtractionPool, Reader
from crawler.frontier import Frontier
from crawler.hosts import Hosts
from crawler.pipelines import Fetched, Item, Problem, Tally, Unchanged, judge_of, raw_of
from crawler.rendering import PAGES_AT_ONCE, Browser, RenderOptions
from crawler.run_table import RunTable
from crawler.settings import LARGEST_PAGE, CrawlOptions, user_agent
from crawler.sources import Source
from crawler.spiders.conditional import validators, validators_of
from crawler.spiders.listing_reader import Listed, ListingReader
from crawler.spiders.problems import problem_of
from crawler.url import host_of
from crawler.vouching import VouchedPages


@dataclass(frozen=True, kw_only=True, slots=True)
class SpiderRun:
    """What the spiders of one run share; `robots` holds the texts of robots.txt by their addresses, `extraction` reads.

    The browser is not started before a page is to be rendered.
    """

    archive: Archive
    options: CrawlOptions
    hosts: Hosts
    extraction: ExtractionPool
    robots: dict[str, bytes] = field(default_factory=dict)
    browser: Browser = field(default_factory=Browser)


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
        self.browser = run.browser
        self.extraction = run.extraction
        self.rendering = asyncio.Semaphore(PAGES_AT_ONCE)  # of the pages that are under way
        self.tally = tally
        self.runs = RunTable(run.archive.connection)
        self.run = self.runs.begin(source)
        self.frontier = Frontier(run.archive, source=source.name, since=self.run.own)
        self.keywords = with_names(source.keywords, run.options.follow)
        self.reader = ListingReader(self)
        self.asked: set[str] = set()
        self.vouched = VouchedPages(judge=judge_of(self.keywords), recheck=source.longest_unasked)
        self.newest = self.run.newest
        self.archive.add_source(
            SourceRecord(
                name=source.name, title=source.title, kind=source.kind, url=source.url, language=source.language
            )
        )

    def listings(self) -> AsyncIterator[Listed]:
        """Read the source's listings one after another."""
        raise NotImplementedError

    def page_reader(self, response: Response, *, url: str) -> Reader:
        """Return the function that reads the document in the bytes of a page; `url` is its address in the frontier."""
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
        """Ask for what waits, then for what the listings name; of a source that cannot be rendered, for nothing."""
        if self.source.render and not await self.has_browser():
            return
        async for request in self.paced(filter(None, map(self.archive.page, self.frontier.waiting()))):
            yield request
        async for listed in self.listings():
            async for request in self.paced(self.in_order(listed.urls)):
                yield request
            if self.is_full():
                return

    async def has_browser(self) -> bool:
        """Tell whether there is a browser to render pages with; where there is none, say what to install."""
        try:
            await self.browser.open(self.render_options)
        except RenderError as error:
            self.tally.fault = str(error)
            self.tally.counts["failed"] += 1
            self.tally.give_reason(self.source.url, str(error))
            return False
        return True

    @property
    def render_options(self) -> RenderOptions:
        """Return how the pages of this run are rendered."""
        options = self.options
        agent = user_agent(options.contact)
        return RenderOptions(program=options.browser, user_agent=agent, timeout=options.timeout, largest=LARGEST_PAGE)

    def is_full(self) -> bool:
        """Tell whether as many pages were asked for as this run may ask for."""
        return self.options.limit is not None and len(self.asked) >= self.options.limit

    def closed(self, reason: str) -> None:
        """Write down how the run ended, and what waits; a run that was broken off goes on with the next one."""
        self.tally.left = self.frontier.left()
        for page in self.vouched.left(self.asked):
            self.tally.count_unasked(page)
        if reason == "finished":
            counts = {**self.tally.counts, "left": self.tally.left}
            self.runs.end(self.run, counts=counts, error=self.tally.fault, newest=self.newest)

    async def paced(self, pages: Iterable[PageState]) -> AsyncIterator[Request]:
        """Yield the requests for pages, each when there is room for it, until the limit or the host's patience ends."""
        for page in pages:
            if self.is_full():
                return
            if page.url in self.asked:
                continue
            address = self.address_of(page.url)
            if reason := self.hosts.why_closed(host_of(address)):
                self.tally.note(self.source.url, f"pages wait for the next run: {reason}")
                continue
            while self.crawler.engine.needs_backout():
                await self.crawler.signals.wait_for(signals.scheduler_empty)
            await self.extraction.has_room.wait()
            if self.source.render:
                await self.rendering.acquire()
            self.asked.add(page.url)
            yield self.page_request(page, address=address)

    def in_order(self, urls: Sequence[str]) -> list[PageState]:
        """Return listed pages that are to be asked for: new ones first, then those that may have changed."""
        pages = [page for page in map(self.archive.page, urls) if page is not None]
        new = [page for page in pages if page.state == "due"]
        known = [page for page in pages if self.frontier.is_to_follow(page)]
        return [*new, *self.vouched.to_ask(known)]

    def page_request(self, page: PageState, *, address: str) -> Request:
        """Return the request for a page; conditional if the archive has what came last and it was not rendered."""
        return Request(
            address,
            callback=self.parse_page,
            errback=self.page_failed,
            headers={} if self.source.render else validators(page),
            meta={"render": self.source.render},
            cb_kwargs={"url": page.url},
            dont_filter=True,  # the frontier holds each address once; a redirect may lead to another of its pages
        )

    def parse_page(self, response: Response, url: str) -> Item | Request:
        """Hand on a page, or that it has not changed."""
        self.end_rendering()
        read = self.page_reader(response, url=url)
        if response.status == 304:
            return Unchanged(url=url, read=read)
        return Fetched(url=url, content=raw_of(response), read=read, **validators_of(response))

    def end_rendering(self) -> None:
        """Let the next page be rendered, if this source's are."""
        if self.source.render:
            self.rendering.release()

    def page_failed(self, failure: Failure) -> Problem:
        """Say why a page could not be fetched."""
        self.end_rendering()
        request: Request = failure.request  # type: ignore[attr-defined]
        host = host_of(request.url)
        return problem_of(failure.value, url=request.cb_kwargs["url"], hosts=self.hosts, host=host)  # type: ignore[arg-type]


def with_names(keywords: Sequence[str], names: Sequence[str]) -> tuple[str, ...]:
    """Return a source's keywords and the names that are followed; a source without keywords keeps every page as it is.

    >>> with_names(("套壳",), ("Yi-34B", "套壳")), with_names((), ("Yi-34B",))
    (('套壳', 'Yi-34B'), ())
    """
    return tuple(dict.fromkeys((*keywords, *names))) if keywords else ()
