"""The browser that renders pages whose text only their scripts make. It reaches no network.

How to render flows in from the spiders, an empty browser context for one page flows out to crawler.spiders.visit, which
answers everything that the page asks for. The browser is cut off: it resolves no names, its proxy is a port where nobody
listens, and WebRTC may use that proxy alone. No cookie and no storage outlives a page.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from crawler.errors import RenderError

if TYPE_CHECKING:
    from playwright.async_api import Browser as Chromium
    from playwright.async_api import BrowserContext, Playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
CUT_OFF = (
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--proxy-server=http://0.0.0.0:1",
    "--proxy-bypass-list=<-loopback>",  # the loopback too goes to the proxy that there is not
    "--webrtc-ip-handling-policy=disable_non_proxied_udp",
    "--force-webrtc-ip-handling-policy=disable_non_proxied_udp",  # its name in older versions
    "--disable-quic",
)
SPARING = ("--blink-settings=imagesEnabled=false", "--mute-audio", "--js-flags=--max-old-space-size=512")
WITHOUT_WEBRTC = "for (const name of ['RTCPeerConnection', 'webkitRTCPeerConnection']) delete globalThis[name]"
PAGES_AT_ONCE = 2
STARTS_IN = 30.0  # seconds
CLOSES_IN = 5.0  # seconds, after which a browser that hangs is given up


@dataclass(frozen=True, kw_only=True, slots=True)
class RenderOptions:
    """How to render: the browser's program, None to look for one, and who it says it is.

    A page's scripts may run `timeout` seconds on end without asking for anything; what they make has `largest` bytes at most.
    """

    program: str | None
    user_agent: str
    timeout: float
    largest: int


class Browser:
    """One browser for all pages of a run, started when it is first needed and closed when nobody uses it any more."""

    def __init__(self) -> None:
        self.places = asyncio.Semaphore(PAGES_AT_ONCE)
        self.starting = asyncio.Lock()
        self.users = 0
        self.playwright: Playwright | None = None
        self.chromium: Chromium | None = None

    async def open(self, options: RenderOptions) -> Chromium:
        """Return the running browser, started if it does not run yet or any more.

        Raises:
            RenderError: where there is none, saying what to install.
        """
        async with self.starting:
            if self.chromium is None or not self.chromium.is_connected():
                await self.stop()
                self.playwright, self.chromium = await start(find_program(options.program))
            return self.chromium

    async def leave(self) -> None:
        """Say that one of the users needs it no more."""
        self.users -= 1
        if self.users <= 0:
            async with self.starting:
                await self.stop()

    async def stop(self) -> None:
        """End the browser, and what drives it."""
        playwright, chromium, self.playwright, self.chromium = self.playwright, self.chromium, None, None
        if chromium is not None:
            with suppress(Exception):
                await asyncio.wait_for(chromium.close(), CLOSES_IN)
        if playwright is not None:
            with suppress(Exception):
                await asyncio.wait_for(playwright.stop(), CLOSES_IN)

    @asynccontextmanager
    async def context(self, options: RenderOptions) -> AsyncIterator[BrowserContext]:
        """Give a place for one page, in which nothing is kept of any other; wait where too many are under way.

        Raises:
            RenderError: when the browser broke off.
        """
        from playwright.async_api import Error  # noqa: PLC0415  (optional)

        async with self.places:
            try:
                context = await self.new_context(options)
                try:
                    await context.add_init_script(WITHOUT_WEBRTC)
                    yield context
                finally:
                    await self.close(context)
            except Error as error:
                raise RenderError(f"the browser broke off: {first_line(error)}") from error

    async def new_context(self, options: RenderOptions) -> BrowserContext:
        """Return an empty context; a browser that gives none has died, and another one is started."""
        from playwright.async_api import Error  # noqa: PLC0415  (optional)

        kept: dict[str, Any] = {"user_agent": options.user_agent, "accept_downloads": False, "service_workers": "block"}
        chromium = await self.open(options)
        try:
            return await chromium.new_context(**kept)
        except Error:
            await self.give_up(chromium)
            return await (await self.open(options)).new_context(**kept)

    async def close(self, context: BrowserContext) -> None:
        """Close a page with all it kept; a browser that does not manage to is ended."""
        try:
            await asyncio.wait_for(context.close(), CLOSES_IN)
        except Exception:
            await self.give_up(context.browser)

    async def give_up(self, chromium: Chromium | None) -> None:
        """End a browser that does not work any more, if no other one runs already."""
        async with self.starting:
            if chromium is self.chromium:
                await self.stop()


async def start(program: str) -> tuple[Playwright, Chromium]:
    """Start a browser that reaches no network; return it and what drives it."""
    from playwright.async_api import Error, async_playwright  # noqa: PLC0415  (optional)

    playwright = await async_playwright().start()
    try:
        chromium = await playwright.chromium.launch(
            executable_path=program,
            args=[*CUT_OFF, *SPARING],
            chromium_sandbox=os.geteuid() != 0,  # as root it cannot have one
            timeout=STARTS_IN * 1000,
            handle_sigint=False,  # the crawl ends in order and closes it
            handle_sigterm=False,
            handle_sighup=False,
        )
    except Error as error:
        await playwright.stop()
        raise RenderError(f"the browser {program} does not start: {first_line(error)}") from error
    return playwright, chromium


def find_program(program: str | None) -> str:
    """Return the path of the browser, the given one or the first that is installed.

    Raises:
        RenderError: where the browser or the optional package is missing, saying what to install.
    """
    try:
        import playwright  # noqa: F401, PLC0415  (optional)
    except ImportError:
        raise RenderError(
            "render = true needs the package playwright, which is not installed; run pip install 'yuanliu[browser]'"
        ) from None
    found = next(filter(None, map(shutil.which, [program] if program else NAMES)), None)
    if found is not None:
        return found
    if program:
        raise RenderError(
            f"render = true needs a browser, and {program} is no program; correct browser under [crawl], or "
            "YUANLIU_BROWSER, or leave it out to have one looked for"
        )
    raise RenderError(
        f"render = true needs a browser, and none of {', '.join(NAMES)} is installed; install chromium (on Debian "
        "apt-get install chromium), or name the program in YUANLIU_BROWSER"
    )


def first_line(error: Exception) -> str:
    """Return the first line of a browser's message; the others are its log."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
