"""Spiders: one module for each kind of source.

A source and the frontier flow in; how the fetch of each page ended flows out to crawler.pipelines. What a listing
names is in the frontier before any of it is fetched, so that a killed crawl loses nothing.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from itertools import islice
from typing import Any

import scrapy
from scrapy import Request
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.python.failure import Failure

from crawler.archive import Archive, PageState, SourceRecord
from crawler.document import Document
from crawler.errors import ReadError
from crawler.feeds import Entry
from crawler.pipelines import Fetched, Item, Problem, Tally, Unchanged
from crawler.settings import CrawlOptions
from crawler.sources import Source

TRIES = 3  # runs in which a page may fail before it is given up


class SourceSpider(scrapy.Spider):
    """Fetch what a source lists; a subclass says where its listing is and how listing and pages are read."""

    handle_httpstatus_list = (304,)

    def __init__(self, *, source: Source, archive: Archive, options: CrawlOptions, tally: Tally) -> None:
        super().__init__(name=source.name)
        self.source = source
        self.archive = archive
        self.options = options
        self.tally = tally
        self.listing = self.listing_of(source)
        self.archive.add_source(
            SourceRecord(
                name=source.name, title=source.title, kind=source.kind, url=source.url, language=source.language
            )
        )
        self.archive.enqueue(self.listing, source=self.name)

    def listing_of(self, source: Source) -> str:
        """Return the address of the list of a source's pages."""
        return source.url

    def read_listing(self, content: bytes) -> list[Entry]:
        """Return what a listing names, in its order."""
        raise NotImplementedError

    def read_document(self, response: Response, *, url: str, content: bytes) -> Document:
        """Read the document in the bytes of a page; `url` is its address in the frontier."""
        raise NotImplementedError

    def address_of(self, url: str) -> str:
        """Return the address that a page of the frontier is fetched from."""
        return url

    async def start(self) -> AsyncIterator[Any]:
        """Begin with the listing."""
        yield Request(
            self.listing,
            callback=self.parse_listing,
            errback=self.listing_failed,
            headers=validators(self.archive.page(self.listing)),
            cb_kwargs={"url": self.listing},
            dont_filter=True,
        )

    def parse_listing(self, response: Response, url: str) -> Iterator[Item | Request]:
        """Put what the listing names into the frontier, then ask for it; an unchanged listing names what it named."""
        known = self.archive.page(url)
        content = (self.archive.raw(known.raw) if known and known.raw else None) or b""
        if response.status != 304:
            content = response.body
        try:
            entries = self.read_listing(content)
        except ReadError as error:
            yield Problem(url=url, state="failed", reason=str(error))
            entries = []
        else:
            self.enqueue(entries, response, raw=self.archive.keep_raw(content))
        yield from self.page_requests([entry.url for entry in entries])

    def enqueue(self, entries: Iterable[Entry], response: Response, *, raw: str) -> None:
        """Put entries into the frontier and settle the listing, in one transaction."""
        with self.archive.transaction():
            for entry in entries:
                self.archive.enqueue(entry.url, source=self.name, referrer=self.listing, published=entry.published)
            self.archive.settle(self.listing, state="done", raw=raw, **validators_of(response))

    def listing_failed(self, failure: Failure) -> Iterator[Item | Request]:
        """Name the problem with the listing, and go on with the pages that wait."""
        yield self.page_failed(failure)
        yield from self.page_requests([])

    def page_requests(self, listed: Iterable[str]) -> Iterator[Request]:
        """Yield requests for the pages that wait, the listed ones first, then for those to look at again."""
        due = self.archive.pages(source=self.name, state="due")
        again = (page for page in self.archive.pages(source=self.name, state="failed") if page.failures < TRIES)
        waiting = {page.url: page for page in (*due, *again) if page.url != self.listing}
        known = [page for page in map(self.archive.page, listed) if page is not None]
        first = [page for page in known if page.state == "due" or page.url in waiting]
        seen = [page for page in known if page.state in ("done", "skipped")]
        pages = {page.url: page for page in (*first, *waiting.values(), *seen)}
        for page in islice(pages.values(), self.options.limit):
            yield self.page_request(page)

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
        return Fetched(url=url, content=response.body, read=read, **validators_of(response))

    def page_failed(self, failure: Failure) -> Problem:
        """Say why a page could not be fetched."""
        url: str = failure.request.cb_kwargs["url"]  # type: ignore[attr-defined]
        error = failure.value
        if isinstance(error, HttpError):
            return Problem(url=url, state="failed", reason=f"HTTP {error.response.status}")
        if isinstance(error, IgnoreRequest):
            return Problem(url=url, state="skipped", reason=str(error) or "refused")
        return Problem(url=url, state="failed", reason=f"{type(error).__name__}: {error}".rstrip(": "))


def validators(page: PageState | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed; none where there is nothing to fall back on."""
    if page is None or not (page.raw or page.document):
        return {}
    headers = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in headers.items() if value}


def validators_of(response: Response) -> dict[str, Any]:
    """Return the etag and last_modified of a response, for the frontier."""
    found = {"etag": response.headers.get("ETag"), "last_modified": response.headers.get("Last-Modified")}
    return {name: value.decode("latin-1") for name, value in found.items() if value}
