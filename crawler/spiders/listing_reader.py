"""Reading a spider's listings: fetched as pages are, their entries chosen and put into the frontier.

Addresses flow in, `Listed` pages flow out to the spider; what is wrong with a listing goes into the spider's tally. A
listing is settled in the transaction that puts its entries into the frontier, and not asked for twice in one run, even if
the run was killed in between.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from scrapy import Request
from scrapy.http.request import NO_CALLBACK

from crawler.errors import ReadError
from crawler.feeds import Entry
from crawler.listing_pages import ListingPage, is_before, is_off_topic, latest
from crawler.pipelines import Problem, raw_of
from crawler.redaction import without_secrets
from crawler.settings import LARGEST_LISTING
from crawler.spiders.conditional import validators, validators_of
from crawler.spiders.problems import problem_of, problem_of_status
from crawler.url import canonical_url, host_of

if TYPE_CHECKING:
    from crawler.spiders import SourceSpider

Reader = Callable[[bytes], ListingPage]
Choice = Callable[[Sequence[Entry], bool], Sequence[Entry]]  # told whether they are those of an earlier run


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """The bytes of a listing; `raw` is their digest where they are those of an earlier run and in the archive."""

    content: bytes = field(repr=False)
    raw: str | None = None
    validators: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True, slots=True)
class Listed:
    """A listing that was read: the page itself, and the addresses in the frontier of what it names."""

    page: ListingPage
    urls: Sequence[str] = ()


class ListingReader:
    """Fetch and read the listings of a spider."""

    def __init__(self, spider: SourceSpider) -> None:
        self.spider = spider
        self.archive = spider.archive
        self.frontier = spider.frontier

    async def take(
        self,
        url: str,
        read: Reader,
        *,
        choose: Choice | None = None,
        is_needed: bool = True,
    ) -> Listed | None:
        """Fetch a listing, put what it names and is wanted into the frontier, and return both; None where it failed.

        One that has not changed names what it named before. `choose` leaves out more than what is too old or off topic. A
        listing that `is_needed` is counted where it fails.
        """
        answer = await self.fetch(url, is_needed=is_needed)
        if answer is None:
            return None
        try:
            page = read(answer.content)
        except ReadError as error:
            self.tell(Problem(url=url, state="failed", reason=str(error)), is_needed=is_needed)
            return None
        for note in page.notes:
            self.spider.tally.note(url, note)
        entries = choose(page.entries, answer.raw is not None) if choose else page.entries
        chosen = list(self.wanted(entries, listing=url))
        raw = answer.raw or self.archive.keep_raw(answer.content)
        with self.archive.transaction():
            self.frontier.note_listing(url)
            urls = self.frontier.add(chosen, listing=url)
            self.archive.settle(url, state="done", raw=raw, **answer.validators)
        self.spider.newest = max(filter(None, (self.spider.newest, latest(page.entries))), default=None)
        return Listed(page=page, urls=urls)

    def wanted(self, entries: Sequence[Entry], *, listing: str) -> Iterator[Entry]:
        """Yield the entries that are worth a request: known ones, and new ones neither too old nor off topic."""
        spider = self.spider
        passed = 0
        for entry in entries:
            if self.archive.page(canonical_url(entry.url)) is None:
                if is_before(entry, spider.since):
                    continue
                if is_off_topic(entry, spider.keywords, by_title=spider.titles_tell and spider.since is not None):
                    passed += 1
                    continue
            yield entry
        if passed:
            spider.tally.counts["skipped"] += passed
            spider.tally.give_reason(listing, f"{passed} entries say none of the keywords in what it tells of them")

    async def fetch(self, url: str, *, is_needed: bool) -> Answer | None:
        """Fetch a listing, or take it from the archive if this run had it before it was killed; None where it failed."""
        known = self.archive.page(url)
        kept = self.archive.raw(known.raw) if known and known.raw else None
        if known and kept is not None and self.frontier.is_settled(known):
            return Answer(content=kept, raw=known.raw)
        request = Request(
            url,
            callback=NO_CALLBACK,
            headers=validators(known) if kept is not None and not self.spider.source.render else {},
            meta={"download_maxsize": LARGEST_LISTING, "render": self.spider.source.render},
            dont_filter=True,
        )
        try:
            response = await self.spider.crawler.engine.download_async(request)
        except Exception as error:
            problem = problem_of(error, url=url, hosts=self.spider.hosts, host=host_of(url))
            self.tell(problem, is_needed=is_needed)
            return None
        if response.status == 304 and known and kept is not None:
            return Answer(content=kept, raw=known.raw, validators=validators_of(response))
        if response.status != 200:
            reason = self.spider.hosts.why_closed(host_of(url))
            self.tell(problem_of_status(response.status, url=url, reason=reason), is_needed=is_needed)
            return None
        return Answer(content=raw_of(response), validators=validators_of(response))

    def tell(self, problem: Problem, *, is_needed: bool) -> None:
        """Name a listing that gave nothing; one that merely may be there is not counted."""
        tally = self.spider.tally
        if not is_needed:
            tally.give_reason(problem.url, f"{problem.reason}; older pages end here")
            return
        tally.fault = tally.fault or f"{problem.url}: {problem.reason}"
        tally.give_reason(problem.url, problem.reason)
        if problem.state != "due":
            tally.counts[problem.state] += 1
            with self.archive.transaction():
                self.frontier.note_listing(problem.url)
                self.archive.settle(problem.url, state=problem.state, error=without_secrets(problem.reason))
