"""Manners: robots.txt, turns, pauses, retries, and walls that are left alone.

Requests flow through on their way out and answers on their way back, each through what crawler.hosts knows of its host.
The spider carries that (`hosts`); it is the same for all spiders of a run.
"""

from __future__ import annotations

import asyncio
import random
from typing import Any, Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser, RobotParser
from scrapy.utils.httpobj import urlparse_cached

from crawler.hosts import Hosts
from crawler.login_walls import wall_of_redirect
from crawler.rate_limits import seconds_asked

ROBOT = "yuanliu"
FIRST = 1000  # the priority of robots.txt
FORBIDDEN = "Forbidden by robots.txt"
LONGEST_BACKOFF = 30.0  # seconds before a request is tried again, unless the server asks for more


class HostClosed(IgnoreRequest):
    """Raised by crawler.manners for a host that is not asked any more in this run; its pages wait for the next."""


class WallMet(IgnoreRequest):
    """Raised by crawler.manners for a page behind a login or a captcha."""


class RobotsUnread(Exception):
    """Raised by crawler.manners where robots.txt cannot be had for now, so that nothing may be fetched."""


class RobotsRules(RobotsTxtMiddleware):
    """Obey robots.txt as RFC 9309 says: missing, it forbids nothing; out of reach, everything."""

    def __init__(self, crawler: Crawler) -> None:
        super().__init__(crawler)
        spider: Any = crawler.spider
        self.hosts: Hosts = spider.hosts
        self.texts: dict[str, bytes] = spider.robots
        self.rules: dict[str, asyncio.Task[RobotParser]] = {}

    async def robot_parser(self, request: Request) -> RobotParser:
        """Return the rules of a request's host, fetched once a run.

        Raises:
            RobotsUnread: when they cannot be had.
        """
        parts = urlparse_cached(request)
        address = f"{parts.scheme}://{parts.netloc}/robots.txt"
        if address not in self.rules:
            self.rules[address] = asyncio.ensure_future(self.fetch(address, host=parts.hostname or ""))
        return await asyncio.shield(self.rules[address])

    async def fetch(self, address: str, *, host: str) -> RobotParser:
        """Fetch robots.txt and keep the distance it asks for."""
        request = Request(address, priority=FIRST, meta={"dont_obey_robotstxt": True}, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
            if response.status >= 500 or response.status == 429:
                raise RobotsUnread(f"{address} cannot be read (HTTP {response.status}), so that nothing may be fetched")
        except IgnoreRequest:
            raise
        except Exception as error:
            if not isinstance(error, RobotsUnread):
                error = RobotsUnread(f"{address} cannot be read ({type(error).__name__}: {error})")
            self.hosts.close(host, str(error))
            raise error from None
        body = response.body if response.status < 300 else b""
        self.texts[address] = body
        rules = ProtegoRobotParser.from_crawler(self.crawler, body)
        await self.hosts.keep_distance(host, rules.crawl_delay(ROBOT) or 0.0)
        return rules


class HostGate:
    """Let a request out when the turn of its host has come; see what the answer says of the next."""

    def __init__(self, hosts: Hosts) -> None:
        self.hosts = hosts

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the gate of a spider."""
        spider: Any = crawler.spider
        return cls(spider.hosts)

    async def process_request(self, request: Request) -> None:
        """Wait for the request's turn."""
        host = urlparse_cached(request).hostname or ""
        if reason := await self.hosts.take_turn(host):
            raise HostClosed(reason)
        request.meta["turn"] = host

    def process_response(self, request: Request, response: Response) -> Response:
        """Give the turn back, and pause if the server asks for it."""
        host = self.give_back(request) or urlparse_cached(request).hostname or ""
        headers = {
            name.decode("latin-1").lower(): values[0].decode("latin-1")
            for name, values in response.headers.items()
            if values
        }
        seconds = seconds_asked(headers, status=response.status)
        if seconds or response.status == 429:
            self.hosts.pause(host, seconds, refused=response.status in (429, 503))
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:  # noqa: ARG002
        """Give the turn back."""
        self.give_back(request)

    def give_back(self, request: Request) -> str | None:
        """Give a request's turn back, if it has one; return the host."""
        host: str | None = request.meta.pop("turn", None)
        if host is not None:
            self.hosts.give_back(host)
        return host


class WallWatch:
    """Leave a page alone that leads to a login or a captcha, before the redirect is followed."""

    def process_response(self, request: Request, response: Response) -> Response:
        """Look where an answer leads."""
        target = (response.headers.get("Location") or b"").decode("latin-1")
        if 300 <= response.status < 400 and target and (reason := wall_of_redirect(target, source=request.url)):
            raise WallMet(reason)
        return response


class PatientRetry(RetryMiddleware):
    """Try again as Scrapy does, a little later each time, but not where the host asked to be left alone for longer."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Decide whether to ask again for what a server failed at; `HostGate` keeps the pause that it asked for."""
        host = urlparse_cached(request).hostname or ""
        if response.status not in self.retry_http_codes or self.hosts.why_closed(host):
            return response
        return await self.later(super().process_response(request, response))

    async def process_exception(self, request: Request, exception: Exception) -> Request | Response | None:  # type: ignore[override]
        """Decide whether to ask again for what broke off."""
        again = super().process_exception(request, exception)
        return None if again is None else await self.later(again)

    async def later(self, again: Request | Response) -> Request | Response:
        """Wait before a request is made again: twice as long each time, varied by a half."""
        if isinstance(again, Request):
            seconds = self.hosts.delay * 2 ** again.meta["retry_times"] * random.uniform(0.5, 1.5)  # noqa: S311
            await asyncio.sleep(min(seconds, LONGEST_BACKOFF))
        return again

    @property
    def hosts(self) -> Hosts:
        """What the run knows of its hosts."""
        spider: Any = self.crawler.spider
        hosts: Hosts = spider.hosts
        return hosts
