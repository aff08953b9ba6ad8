"""What a crawl may do: the options of a run, and the Scrapy settings that follow from them.

Options flow in from the command line, settings flow out to the child process that crawls. Scrapy's own defaults suit a
developer's desk; these suit other people's servers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from typing import Any

MEGABYTE = 1024 * 1024
LARGEST_PAGE = 16 * MEGABYTE  # bytes, as it comes and also unpacked
LARGEST_LISTING = 50 * MEGABYTE  # what a sitemap may have


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlOptions:
    """How to crawl: `delay` seconds between two requests to a host, at most `limit` pages a source.

    `contact` goes into the user agent, `timeout` is in seconds for one request. Loopback, private and link-local
    addresses are refused unless `allow_private` is set; `proxy` is an HTTP proxy's URL, which then looks names up.
    `budget` is the number of requests a day to a host, 0 for no limit. `since` is a day in ISO 8601: what was published
    from then on is looked for too. `follow` holds names that are keywords of every source that has keywords. `browser` is
    the program that renders pages; None: one is looked for.
    """

    delay: float = 1.0
    contact: str | None = None
    proxy: str | None = field(default=None, repr=False)
    allow_private: bool = False
    limit: int | None = None
    timeout: float = 30.0
    budget: int = 2000
    since: str | None = None
    follow: tuple[str, ...] = ()
    browser: str | None = None

    @property
    def since_day(self) -> date | None:
        """Return the day to look back to."""
        return date.fromisoformat(self.since) if self.since else None

    @property
    def concurrency(self) -> int:
        """Return how many requests a host gets at once."""
        return 1 if self.delay > 0 else 8


def user_agent(contact: str | None) -> str:
    """Return the user agent: the name, and whom to tell when the crawler is a nuisance.

    >>> user_agent("mailto:me@example.org")
    'yuanliu (+mailto:me@example.org)'
    """
    return f"yuanliu (+{contact})" if contact else "yuanliu"


def crawl_settings(options: CrawlOptions) -> dict[str, Any]:
    """Return the Scrapy settings of a crawl; only for the child process, for it loads Scrapy."""
    from scrapy.downloadermiddlewares.httpauth import HttpAuthMiddleware  # noqa: PLC0415
    from scrapy.downloadermiddlewares.offsite import OffsiteMiddleware  # noqa: PLC0415
    from scrapy.downloadermiddlewares.retry import RetryMiddleware  # noqa: PLC0415
    from scrapy.downloadermiddlewares.robotstxt import RobotsTxtMiddleware  # noqa: PLC0415
    from scrapy.extensions.corestats import CoreStats  # noqa: PLC0415
    from scrapy.extensions.feedexport import FeedExporter  # noqa: PLC0415
    from scrapy.extensions.logstats import LogStats  # noqa: PLC0415
    from scrapy.spidermiddlewares.depth import DepthMiddleware  # noqa: PLC0415
    from scrapy.statscollectors import DummyStatsCollector  # noqa: PLC0415

    from crawler.manners import HostGate, PatientRetry, RobotsRules, WallWatch  # noqa: PLC0415
    from crawler.middlewares import AddressGuard, PublicResolver  # noqa: PLC0415
    from crawler.pipelines import ArchivePipeline  # noqa: PLC0415
    from crawler.spiders.rendered_pages import RenderedPages  # noqa: PLC0415

    settings: dict[str, Any] = {
        "USER_AGENT": user_agent(options.contact),
        "ROBOTSTXT_OBEY": True,
        "ROBOTSTXT_USER_AGENT": "yuanliu",
        "DOWNLOAD_DELAY": options.delay,
        "AUTOTHROTTLE_ENABLED": options.delay > 0,
        "AUTOTHROTTLE_START_DELAY": options.delay,
        "CONCURRENT_REQUESTS_PER_DOMAIN": options.concurrency,
        "DOWNLOAD_TIMEOUT": options.timeout,
        "DOWNLOAD_MAXSIZE": LARGEST_PAGE,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_VERIFY_CERTIFICATES": True,
        "DOWNLOAD_HANDLERS": dict.fromkeys(("data", "file", "ftp", "s3")),  # a feed must not read our disk
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "COOKIES_ENABLED": False,
        "HTTPPROXY_ENABLED": options.proxy is not None,  # and never the environment's proxy
        "RETRY_TIMES": 2,
        "RETRY_GIVE_UP_LOG_LEVEL": "DEBUG",  # the report names what failed
        "URLLENGTH_LIMIT": 0,
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/xhtml+xml,application/xml,*/*;q=0.8"},
        "REMOTE_CONTROL_ENABLED": False,  # a local server that runs code
        "TELNETCONSOLE_ENABLED": False,
        "LOG_LEVEL": "WARNING",
        "ITEM_PIPELINES": {ArchivePipeline: 100},
        "DOWNLOADER_MIDDLEWARES": {
            RenderedPages: 50,  # when everything else is done with an answer
            AddressGuard: 60,
            RobotsTxtMiddleware: None,
            HttpAuthMiddleware: None,
            OffsiteMiddleware: None,
            RobotsRules: 100,
            RetryMiddleware: None,
            PatientRetry: 550,
            WallWatch: 620,  # before redirects are followed
            HostGate: 740,  # around what is really sent
        },
        "SPIDER_MIDDLEWARES": {DepthMiddleware: None},
        "EXTENSIONS": {CoreStats: None, LogStats: None, FeedExporter: None},
        "STATS_CLASS": DummyStatsCollector,  # the tallies count, and nobody reads Scrapy's statistics
        "DOWNLOADER_STATS": False,
        "YUANLIU_PROXY": options.proxy,
        "YUANLIU_ALLOW_PRIVATE": options.allow_private,
    }
    if options.proxy is None and not options.allow_private:
        settings["TWISTED_DNS_RESOLVER"] = PublicResolver
    return settings
