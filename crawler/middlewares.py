"""What stands between the spiders and the network: which addresses may be reached, and how long to wait.

Requests flow through on their way out, also those for robots.txt and those that a redirect makes.
"""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import RetryMiddleware
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

LONGEST_WAIT = 120  # seconds; a server that asks for more is asked again in the next run


class PrivateAddressError(IgnoreRequest):
    """Raised by crawler.middlewares for a host that is not on the public internet."""


class AddressGuard:
    """Send everything through the proxy if there is one; else refuse private addresses unless they are allowed."""

    def __init__(self, *, proxy: str | None, allow_private: bool) -> None:
        self.proxy = proxy
        self.allow_private = allow_private

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the guard from the settings."""
        settings = crawler.settings
        return cls(proxy=settings["YUANLIU_PROXY"], allow_private=settings["YUANLIU_ALLOW_PRIVATE"])

    async def process_request(self, request: Request) -> None:
        """Check where a request goes; the name is looked up by `PublicResolver`, as for the connection itself."""
        if self.proxy is not None:
            request.meta["proxy"] = self.proxy
            return
        if self.allow_private:
            return
        from twisted.internet import reactor  # noqa: PLC0415  (Scrapy installs it)

        host = urlparse_cached(request).hostname or ""
        if is_address(host):
            check_public(host, host)
            return
        try:
            await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type]
        except PrivateAddressError:
            raise
        except Exception as error:
            raise LookupError(f"cannot resolve {host}") from error


class PublicResolver(CachingThreadedResolver):
    """Look names up and refuse those that lead to a private address; the connection goes to the address checked."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Return the address of a name."""
        return super().getHostByName(name, timeout).addCallback(check_public, name)


class PatientRetry(RetryMiddleware):
    """Retry as Scrapy does, but not before the time that the server asks for in Retry-After."""

    async def process_response(self, request: Request, response: Response) -> Request | Response:  # type: ignore[override]
        """Wait if the server asks for it, then let Scrapy decide."""
        if response.status in self.retry_http_codes:
            seconds = seconds_to_wait(response.headers.get("Retry-After"))
            if seconds > LONGEST_WAIT:
                return response
            await asyncio.sleep(seconds)
        return super().process_response(request, response)


def check_public(address: str, host: str) -> str:
    """Return an address that is public.

    Raises:
        PrivateAddressError: for a loopback, private, link-local or otherwise special one.
    """
    if not is_public(address):
        name = host if host == address else f"{host} ({address})"
        raise PrivateAddressError(f"{name} is not a public address; set allow_private to fetch from it")
    return address


def is_public(address: str) -> bool:
    """Tell whether an IP address is one of the public internet; an IPv4 address inside an IPv6 one counts as itself.

    >>> [is_public(a) for a in ("93.184.215.14", "127.0.0.1", "169.254.169.254", "::ffff:10.0.0.1", "2002:7f00:1::")]
    [True, False, False, False, False]
    """
    ip = ipaddress.ip_address(address)
    if isinstance(ip, ipaddress.IPv6Address):
        ip = ip.ipv4_mapped or ip.sixtofour or ip
    return ip.is_global and not ip.is_multicast


def is_address(host: str) -> bool:
    """Tell whether a host is an IP address, not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def seconds_to_wait(header: bytes | None) -> float:
    """Return the seconds that a Retry-After header asks for: a number or a date; 0 for none.

    >>> seconds_to_wait(b"3"), seconds_to_wait(b"Mon, 06 Nov 2023 09:30:00 GMT"), seconds_to_wait("稍后".encode())
    (3.0, 0.0, 0.0)
    """
    text = (header or b"").decode("latin-1").strip()
    if text.isdecimal():
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment.tzinfo else 0.0
