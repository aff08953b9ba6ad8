"""A crawl in the process that does it: spiders are started, the reactor runs, tallies come back.

Sources and options flow in from crawler.runner, which starts the process; pages flow into the archive, what became of them
flows back. Of one host's sources one is crawled after another, different hosts at once.
"""

from __future__ import annotations

import asyncio
import base64
import json
import logging
from collections.abc import Callable, Coroutine, Mapping, Sequence
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, TextIO

from crawler.archive import Archive
from crawler.budget_table import BudgetTable
from crawler.errors import CrawlError
from crawler.extraction_pool import ExtractionPool
from crawler.hosts import Hosts
from crawler.runner import OUTCOMES, PROGRESS
from crawler.settings import CrawlOptions, crawl_settings
from crawler.sources import Source
from crawler.url import host_of

if TYPE_CHECKING:
    from scrapy import Spider
    from scrapy.crawler import AsyncCrawlerProcess
    from twisted.python.failure import Failure

    from crawler.pipelines import Tally

QUIET = (  # the report names those pages
    "scrapy.downloadermiddlewares.robotstxt",
    "scrapy.downloadermiddlewares.httpcompression",
    "scrapy.core.downloader.handlers.http11",
    "scrapy.core.scraper",
    "trafilatura",
)


def crawl(
    archive: Archive, sources: Sequence[Source], *, options: CrawlOptions, output: TextIO | None = None
) -> dict[str, Any]:
    """Crawl in this process, the sources of one host one after another; return the tallies by source.

    Raises:
        CrawlError: when the archive failed, or a spider did not begin.
    """
    from crawler.pipelines import Tally  # noqa: PLC0415
    from crawler.spiders import SpiderRun  # noqa: PLC0415
    from crawler.spiders.discourse import DiscourseSpider  # noqa: PLC0415
    from crawler.spiders.feed import FeedSpider  # noqa: PLC0415
    from crawler.spiders.list_page import ListPageSpider  # noqa: PLC0415
    from crawler.spiders.sitemap import SitemapSpider  # noqa: PLC0415

    spiders = {"feed": FeedSpider, "sitemap": SitemapSpider, "list": ListPageSpider, "discourse": DiscourseSpider}
    tallies = {source.name: Tally() for source in sources}
    with closing(BudgetTable(archive, limit=options.budget)) as budget, closing(ExtractionPool()) as extraction:
        hosts = Hosts(budget, concurrency=options.concurrency, delay=options.delay)
        run = SpiderRun(archive=archive, options=options, hosts=hosts, extraction=extraction)
        groups = [
            [(spiders[source.kind], {"source": source, "run": run, "tally": tallies[source.name]}) for source in group]
            for group in by_host(sources)
        ]
        run_spiders(groups, options=options, meanwhile=lambda: tell_counts(tallies, output))
    return {
        name: {"counts": tally.counts, "reasons": tally.reasons, "left": tally.left} for name, tally in tallies.items()
    }


def look(archive: Archive, addresses: Sequence[str], *, options: CrawlOptions) -> dict[str, Any]:
    """Fetch addresses in this process; return what came, by their addresses, with the robots.txt of their hosts."""
    from crawler.spiders.look import LookSpider  # noqa: PLC0415

    looks: dict[str, Any] = {}
    robots: dict[str, bytes] = {}
    with closing(BudgetTable(archive, limit=options.budget)) as budget:
        hosts = Hosts(budget, concurrency=options.concurrency, delay=options.delay)
        arguments = {"addresses": addresses, "looks": looks, "hosts": hosts, "robots": robots}
        run_spiders([[(LookSpider, arguments)]], options=options)
    return {address: {"url": address, "content": encoded(text)} for address, text in robots.items()} | looks


def run_spiders(
    groups: Sequence[Sequence[tuple[type[Spider], Mapping[str, Any]]]],
    *,
    options: CrawlOptions,
    meanwhile: Callable[[], None] = lambda: None,
) -> None:
    """Run groups of spiders, each with its arguments, those of one group one after another, the groups at once.

    Raises:
        CrawlError: when something broke that is no page's fault.
    """
    from scrapy import signals  # noqa: PLC0415
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415

    items = {
        "CONCURRENT_ITEMS": 1
    }  # a page gives one; Scrapy would start a hundred tasks for each page to wait for more
    process = AsyncCrawlerProcess(crawl_settings(options) | items)
    logging.getLogger("scrapy").setLevel(logging.WARNING)  # else it makes a record of each page and drops it
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.CRITICAL)
    faults: list[str] = []
    stops: list[asyncio.Future[None]] = []

    def broken(failure: Failure) -> None:
        faults.append(f"{type(failure.value).__name__}: {failure.value}")
        stops.append(asyncio.ensure_future(process.stop()))

    async def run_group(group: Sequence[tuple[type[Spider], Mapping[str, Any]]]) -> None:
        for spider, arguments in group:
            if faults:
                return
            crawler = process.create_crawler(spider)
            for signal in (signals.spider_error, signals.item_error):
                crawler.signals.connect(broken, signal=signal)
            await process.crawl(crawler, **arguments)

    run_until_done(process, [run_group(group) for group in groups], faults, meanwhile)
    if faults:
        raise CrawlError(faults[0])


def tell_counts(tallies: Mapping[str, Tally], output: TextIO | None) -> None:
    """Print the counts of the sources that changed since they were last printed, a line each."""
    for name, tally in tallies.items():
        counts = {outcome: tally.counts[outcome] for outcome in OUTCOMES}
        if output is not None and counts != tally.told:
            tally.told = counts
            output.write(f"{PROGRESS}{json.dumps([name, counts])}\n")
            output.flush()


def encoded(content: bytes) -> str:
    """Return bytes as text in base64."""
    return base64.b64encode(content).decode("ascii")


def run_until_done(
    process: AsyncCrawlerProcess,
    groups: Sequence[Coroutine[None, None, None]],
    faults: list[str],
    meanwhile: Callable[[], None],
) -> None:
    """Run the reactor until every group is done, and something besides twice a second; add what broke to the faults."""
    from twisted.internet import reactor  # noqa: PLC0415  (Scrapy installed it)
    from twisted.internet.error import ReactorNotRunning  # noqa: PLC0415

    async def everything() -> None:
        for result in await asyncio.gather(*groups, return_exceptions=True):
            if isinstance(result, BaseException):
                faults.append(f"{type(result).__name__}: {result}")
        with suppress(ReactorNotRunning):
            reactor.stop()  # type: ignore[misc]

    async def beside() -> None:
        while True:
            await asyncio.sleep(0.5)
            meanwhile()

    loop = asyncio.get_event_loop()
    tasks = [loop.create_task(everything()), loop.create_task(beside())]
    process.start(stop_after_crawl=False)
    for task in tasks:
        task.cancel()


def by_host(sources: Sequence[Source]) -> list[list[Source]]:
    """Group sources by their hosts, so that no host is asked by two spiders at once."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(host_of(source.url), []).append(source)
    return list(groups.values())
