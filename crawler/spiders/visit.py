"""One page in the browser: its HTML as it was fetched flows in, the HTML that its scripts made of it flows out.

What the scripts ask for is handed to a function of the caller, crawler.spiders.rendered_pages, and what that gives is handed
to them. Whatever text does not need is refused: frames, images, media, fonts, pings; other pages; data for other sites.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from crawler.errors import RenderError
from crawler.rendering import RenderOptions
from crawler.url import same_site

if TYPE_CHECKING:
    from playwright.async_api import BrowserContext, Page, Request, Route

QUIET = 0.5  # seconds without a request after which a page counts as done
STEP = 0.05  # seconds between two looks at a page
MOST_TIMES = 4  # of the time limit for one request that a page may take with all it asks for
MOST_REQUESTS = 100  # of one page
MOST_BYTES = 64 * 1024 * 1024  # that one page may ask for
NEEDED = ("script", "fetch", "xhr")  # frames, images, media, fonts, pings and manifests are not
OWN_HEADERS = ("user-agent", "cookie", "host", "connection", "accept-encoding", "content-length", "cache-control",
               "pragma", "upgrade-insecure-requests", "if-none-match", "if-modified-since", "te", "priority")  # fmt: skip
KEPT_BACK = ("set-cookie", "content-encoding", "content-length", "transfer-encoding", "connection",
             "content-disposition", "alt-svc", "strict-transport-security", "clear-site-data", "refresh", "link",
             "report-to", "reporting-endpoints", "nel", "service-worker-allowed")  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class Asked:
    """What a page's script asks for; `kind` is script, fetch or xhr."""

    url: str
    kind: str
    method: str = "GET"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """The answer to what a script asked for."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)


Fetch = Callable[[Asked], Awaitable[Given | None]]  # None where it is refused or did not come


class Visit:
    """One page in the browser: it is given its HTML, and what its scripts ask for, until it is quiet."""

    def __init__(self, html: str, *, url: str, fetch: Fetch, options: RenderOptions) -> None:
        self.html = html
        self.url = url
        self.fetch = fetch
        self.options = options
        self.is_shown = False
        self.is_parsed = False
        self.is_broken = False
        self.leads_to: str | None = None  # another page, before this one was there
        self.waiting = 0
        self.asked = 0
        self.received = 0
        self.busy_at = time.monotonic()  # when it last waited for an answer

    async def rendered(self, context: BrowserContext) -> str | None:
        """Show the page and return what it became, None where that is too large.

        Raises:
            RenderError: when the page does not come to an end, or breaks the browser.
        """
        await context.route("**/*", self.answer)
        page = await context.new_page()
        page.on("domcontentloaded", lambda _: setattr(self, "is_parsed", True))
        for event in ("crash", "close"):
            page.on(event, lambda _: setattr(self, "is_broken", True))  # type: ignore[call-overload, unused-ignore]
        page.on("popup", refuse)
        page.on("request", self.notice)
        self.busy_at = begun = time.monotonic()
        await page.goto(self.url, wait_until="commit", timeout=self.options.timeout * 1000)
        while True:
            await self.until_quiet(begun)
            html = await self.read(page)
            if not self.waiting:
                return html

    def notice(self, request: Request) -> None:
        """Notice where the page's scripts lead before it is parsed; the browser reads no more of it then."""
        if request.is_navigation_request() and not self.is_parsed and request.frame.parent_frame is None:
            self.leads_to = request.url if self.is_shown else None

    async def until_quiet(self, begun: float) -> None:
        """Wait until the page is parsed and asks for nothing more.

        Raises:
            RenderError: when that takes too long.
        """
        limit = self.options.timeout
        while True:
            now = time.monotonic()
            if self.waiting:
                self.busy_at = now
            if self.is_broken:
                raise RenderError("the page broke the browser")
            if self.leads_to is not None and not self.is_parsed:
                raise RenderError(
                    f"the page's scripts lead to {self.leads_to}, and no other page is rendered in its place"
                )
            if now - self.busy_at > limit:
                raise endless(limit)
            if now - begun > MOST_TIMES * limit:
                raise RenderError(
                    f"the page asks for more and more, and was not done in {MOST_TIMES * limit:g} seconds"
                )
            if self.is_parsed and now - self.busy_at >= QUIET:
                return
            await asyncio.sleep(STEP)

    async def read(self, page: Page) -> str | None:
        """Return the page's HTML, read apart from its scripts, so that none of them is asked how large it is."""
        length = self.options.largest
        expression = f"(html => html.length > {length} ? null : html)(document.documentElement?.outerHTML ?? '')"

        async def ask() -> str | None:
            session = await page.context.new_cdp_session(page)
            tree = await session.send("Page.getFrameTree")
            world = await session.send("Page.createIsolatedWorld", {"frameId": tree["frameTree"]["frame"]["id"]})
            asked = {"expression": expression, "contextId": world["executionContextId"], "returnByValue": True}
            value: str | None = (await session.send("Runtime.evaluate", asked))["result"].get("value")
            return value

        try:
            html = await asyncio.wait_for(ask(), self.options.timeout)
        except TimeoutError:
            raise endless(self.options.timeout) from None
        text = None if html is None else f"<!DOCTYPE html>\n{html}".encode("utf-8", "replace")
        return None if text is None or len(text) > length else text.decode()

    async def answer(self, route: Route) -> None:
        """Answer a request of the page: with the page itself, once, with what the caller fetches, or not at all."""
        from playwright.async_api import Error  # noqa: PLC0415  (optional)

        with suppress(Error):  # the page is closed already
            kind = route.request.resource_type
            if not self.is_shown and route.request.is_navigation_request():
                self.is_shown = True
                await route.fulfill(status=200, content_type="text/html; charset=utf-8", body=self.html)
            elif kind == "stylesheet":
                await route.fulfill(status=200, content_type="text/css", body="")
            elif self.is_refused(route.request):
                await route.abort("aborted")  # of a navigation: the page stays where it is
            else:
                await self.pass_on(route)

    def is_refused(self, request: Request) -> bool:
        """Tell whether a request is none that the text of a page needs; data is only sent to the page's own site."""
        if request.resource_type not in NEEDED or not request.url.startswith(("http://", "https://")):
            return True
        if request.method != "GET" and not (request.method == "POST" and same_site(request.url, self.url)):
            return True
        return self.asked >= MOST_REQUESTS or self.received > MOST_BYTES

    async def pass_on(self, route: Route) -> None:
        """Have a request fetched, and hand its answer to the page."""
        request = route.request
        names = [
            name for name in request.headers if name not in OWN_HEADERS and not name.startswith(("sec-", "proxy-"))
        ]
        asked = Asked(
            url=request.url,
            kind=request.resource_type,
            method=request.method,
            headers={name: request.headers[name] for name in names},
            body=request.post_data_buffer,
        )
        self.asked += 1
        self.waiting += 1
        try:
            given = await self.fetch(asked)
        finally:
            self.waiting -= 1
            self.busy_at = time.monotonic()
        if given is None or 300 <= given.status < 400:
            await route.abort("failed")
            return
        self.received += len(given.body)
        headers = {name: value for name, value in given.headers.items() if name.lower() not in KEPT_BACK}
        await route.fulfill(status=given.status, headers=headers, body=given.body)


async def refuse(popup: Page) -> None:
    """Close a window that a page opens."""
    from playwright.async_api import Error  # noqa: PLC0415  (optional)

    with suppress(Error):  # it is closed already
        await popup.close()


def endless(seconds: float) -> RenderError:
    """Return the error for scripts that do not end."""
    return RenderError(f"the page's scripts did not end in {seconds:g} seconds")
