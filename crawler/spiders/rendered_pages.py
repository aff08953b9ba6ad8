"""Rendered pages: the answers of a source with render = true, after everything else that a crawl does with an answer.

Pages of HTML flow in as they came, rendered ones flow out to the spider. What their scripts ask for is fetched by the same
downloader as every page, and so robots.txt, delays, budgets, the address guard, limits, the user agent and the proxy hold
for it as well. Scripts are fetched once a run.
"""

from __future__ import annotations

import asyncio
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DownloadCancelledError, IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK

from crawler.encoding import decode
from crawler.errors import ReadError, RenderError
from crawler.listing_pages import kind_of
from crawler.manners import HostClosed
from crawler.middlewares import PrivateAddressError
from crawler.rendering import Browser
from crawler.settings import LARGEST_PAGE, MEGABYTE
from crawler.spiders.article import content_type
from crawler.spiders.visit import Asked, Given, Visit
from crawler.url import host_of, same_site

HTML = ("text/html", "application/xhtml+xml")
MOST_SCRIPTS = 32 * MEGABYTE  # bytes of scripts that are kept for the other pages of a run


class RenderedPages:
    """Render the pages of a spider whose source wants it."""

    def __init__(self, crawler: Crawler) -> None:
        spider: Any = crawler.spider
        self.crawler = crawler
        self.spider = spider
        self.browser: Browser = spider.browser
        self.browser.users += 1
        self.scripts: dict[str, asyncio.Task[Given]] = {}
        self.kept = 0

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make it for a spider whose source is to be rendered; others go on without."""
        source = getattr(crawler.spider, "source", None)
        if source is None or not source.render:
            raise NotConfigured
        middleware = cls(crawler)
        crawler.signals.connect(middleware.spider_closed, signal=signals.spider_closed)
        return middleware

    async def spider_closed(self) -> None:
        """Leave the browser to the other spiders; the last one ends it."""
        await self.browser.leave()

    async def process_response(self, request: Request, response: Response) -> Response:
        """Put what a page's scripts made of it in the place of what came.

        Raises:
            RenderError: when that failed.
            IgnoreRequest: when it is too large.
        """
        if not request.meta.get("render") or response.status != 200 or not is_page(response):
            return response
        try:
            html = decode(response.body, declared=content_type(response)[1])
        except ReadError:  # whoever reads the page says so
            return response
        asked = SubRequests(self, page=response.url)
        options = self.spider.render_options
        async with self.browser.context(options) as context:
            visit = Visit(html, url=response.url, fetch=asked.fetch, options=options)
            rendered = await visit.rendered(context)
        if asked.fault is not None:
            raise asked.fault
        if rendered is None:
            raise IgnoreRequest(f"is larger than {LARGEST_PAGE // MEGABYTE} MB when rendered")
        headers = {"Content-Type": "text/html; charset=utf-8"}  # an ETag would be that of another content
        return response.replace(body=rendered.encode(), headers=headers)

    async def load(self, asked: Asked) -> Given:
        """Fetch what a script asked for; a script itself once a run."""
        if asked.kind != "script":
            return await self.download(asked)
        if asked.url not in self.scripts:
            self.scripts[asked.url] = asyncio.ensure_future(self.download(asked))
        task = self.scripts[asked.url]
        try:
            given = await asyncio.shield(task)
        except Exception:
            self.forget(task, asked.url)
            raise
        return given

    def forget(self, task: asyncio.Task[Given], url: str) -> None:
        """Have a script fetched anew by the next page that asks for it."""
        if self.scripts.get(url) is task:
            del self.scripts[url]

    async def download(self, asked: Asked) -> Given:
        """Fetch what a script asked for, as everything is fetched."""
        request = Request(
            asked.url,
            method=asked.method,
            headers=dict(asked.headers),
            body=asked.body or b"",
            meta={} if asked.method == "GET" else {"dont_retry": True},
            callback=NO_CALLBACK,
            dont_filter=True,
        )
        engine: Any = self.crawler.engine
        response: Response = await engine.download_async(request)
        headers = {
            name.decode("latin-1"): b", ".join(values).decode("latin-1") for name, values in response.headers.items()
        }
        given = Given(status=response.status, headers=headers, body=response.body)
        if asked.kind == "script":
            self.kept += len(given.body)
            if given.status != 200 or self.kept > MOST_SCRIPTS or "no-store" in headers.get("Cache-Control", ""):
                self.scripts.pop(asked.url, None)
        return given


class SubRequests:
    """What one page asks for; `fault` is set where something of its own site did not come that may come another time."""

    def __init__(self, pages: RenderedPages, *, page: str) -> None:
        self.pages = pages
        self.page = page
        self.fault: Exception | None = None

    async def fetch(self, asked: Asked) -> Given | None:
        """Return the answer to what a page asked for, None where there is none."""
        is_own = same_site(asked.url, self.page)
        try:
            given = await self.pages.load(asked)
        except (IgnoreRequest, DownloadCancelledError) as error:
            if is_own and isinstance(error, HostClosed):
                self.fault = self.fault or error
            elif is_own or isinstance(error, PrivateAddressError):
                self.tell(asked.url, str(error))
            return None
        except Exception as error:
            if is_own:
                reason = f"{type(error).__name__}: {error}".rstrip(": ")
                self.fault = self.fault or RenderError(f"what the page needs did not come: {asked.url}: {reason}")
            return None
        if is_own and (given.status >= 500 or given.status == 429):
            self.fault = self.fault or self.refused(asked.url, given.status)
        return given

    def refused(self, url: str, status: int) -> Exception:
        """Return the error for an answer that may be another one later."""
        if reason := self.pages.spider.hosts.why_closed(host_of(url)):
            return HostClosed(reason)
        return RenderError(f"what the page needs did not come: {url}: HTTP {status}")

    def tell(self, url: str, reason: str) -> None:
        """Name what is refused to a source's pages, once for each host and reason."""
        spider = self.pages.spider
        spider.tally.note(spider.source.url, f"its pages ask {host_of(url)} for more, which is refused: {reason}")


def is_page(response: Response) -> bool:
    """Tell whether an answer is a page of HTML; a feed or a sitemap may say that it is one too."""
    return content_type(response)[0] in HTML and kind_of(response.body, url=response.url) == "list"
