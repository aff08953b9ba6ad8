"""A look at a few addresses, before there is a source: what came of each flows into the given table, nothing is archived."""

from __future__ import annotations

import base64
from collections.abc import AsyncIterator, Sequence
from typing import Any

import scrapy
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.hosts import Hosts
from crawler.redaction import without_secrets
from crawler.spiders.problems import problem_of
from crawler.url import host_of


class LookSpider(scrapy.Spider):
    """Fetch addresses, each by itself."""

    name = "look"
    custom_settings = {"ITEM_PIPELINES": {}}  # noqa: RUF012  (as Scrapy documents it)

    def __init__(
        self, *, addresses: Sequence[str], looks: dict[str, Any], hosts: Hosts, robots: dict[str, bytes]
    ) -> None:
        super().__init__()
        self.addresses = addresses
        self.looks = looks
        self.hosts = hosts
        self.robots = robots

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the addresses."""
        for address in self.addresses:
            arguments = {"address": address}
            yield Request(address, self.keep, errback=self.tell, cb_kwargs=arguments, dont_filter=True)

    def keep(self, response: Response, address: str) -> None:
        """Keep an answer."""
        content = base64.b64encode(response.body).decode("ascii")
        self.looks[address] = {"url": response.url, "content": content, "problem": None}

    def tell(self, failure: Failure) -> None:
        """Keep why there is none."""
        request: Request = failure.request  # type: ignore[attr-defined]
        problem = problem_of(failure.value, url=request.url, hosts=self.hosts, host=host_of(request.url))  # type: ignore[arg-type]
        reason = without_secrets(problem.reason)
        self.looks[request.cb_kwargs["address"]] = {"url": request.url, "content": "", "problem": reason}
