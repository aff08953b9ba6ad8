"""Which addresses a crawl may reach: public ones by http and https, checked before each request and on what DNS gave.

Requests flow through on their way out, also those for robots.txt and those that a redirect makes. What stands between
them and the servers' patience is in crawler.manners.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from typing import Self

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest
from scrapy.http import Response
from scrapy.resolver import CachingThreadedResolver
from scrapy.utils.defer import maybe_deferred_to_future
from scrapy.utils.httpobj import urlparse_cached
from twisted.internet.defer import Deferred

LOCAL_NAMES = ("localhost", "local", "localdomain", "internal", "home.arpa")  # what only a proxy could look up


class PrivateAddressError(IgnoreRequest):
    """Raised by crawler.middlewares for a host that is not on the public internet."""


class AddressGuard:
    """Refuse what is not http or https, and private addresses unless they are allowed; set the proxy if there is one.

    A name that goes to a proxy is looked up there, and only what it says of itself can be checked here.
    """

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
        parts = urlparse_cached(request)
        host = parts.hostname or ""
        if parts.scheme not in ("http", "https") or not host:
            raise PrivateAddressError(
                f"{parts.scheme or 'an address without a scheme'} is not fetched, only http and https"
            )
        if "@" in parts.netloc:  # its host is not the one that would be looked up
            raise PrivateAddressError(f"an address of {host} with a name or a password before it is not fetched")
        if self.proxy is not None:
            request.meta["proxy"] = self.proxy
        if self.allow_private:
            return
        if is_address(host):
            check_public(host, host)
        elif self.proxy is not None:
            check_name(host)
        else:
            await look_up(host)

    def process_response(self, request: Request, response: Response) -> Response:
        """Check the address that an answer came from, should it have come from another one than was checked."""
        address = getattr(response, "ip_address", None)
        if address is not None and self.proxy is None and not self.allow_private:
            check_public(str(address), urlparse_cached(request).hostname or "")
        return response


async def look_up(host: str) -> None:
    """Look a name up, which refuses it if it leads to a private address.

    Raises:
        PrivateAddressError: for such a name.
        LookupError: for one that cannot be looked up.
    """
    from twisted.internet import reactor  # noqa: PLC0415  (Scrapy installs it)

    try:
        await maybe_deferred_to_future(reactor.resolve(host))  # type: ignore[arg-type]
    except PrivateAddressError:
        raise
    except Exception as error:
        raise LookupError(f"cannot resolve {host}") from error


def check_name(host: str) -> None:
    """Refuse a name that stands for this machine or a network of its own; numbers in other bases count as addresses.

    >>> check_name("news.example")
    """
    name = host.rstrip(".").lower()
    is_number = all(part[:1].isdigit() for part in name.split("."))  # 2130706433, 0x7f.1
    if is_number or any(name == local or name.endswith(f".{local}") for local in LOCAL_NAMES):
        raise PrivateAddressError(f"{host} is not a public address; set allow_private to fetch from it")


class PublicResolver(CachingThreadedResolver):
    """Look names up and refuse those that lead to a private address; the connection goes to the address checked."""

    def getHostByName(self, name: str, timeout: Sequence[int] = ()) -> Deferred[str]:  # noqa: N802
        """Return the address of a name."""
        return super().getHostByName(name, timeout).addCallback(check_public, name)


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
        ip = ip.ipv4_mapped or ip.sixtofour or nat64(ip) or ip
    return ip.is_global and not (ip.is_multicast or ip.is_reserved)


def nat64(ip: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address that a translator reaches by an IPv6 one, 64:ff9b::/96, else None."""
    is_translated = ip in ipaddress.ip_network("64:ff9b::/96")
    return ipaddress.IPv4Address(ip.packed[-4:]) if is_translated else None


def is_address(host: str) -> bool:
    """Tell whether a host is an IP address, not a name."""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
