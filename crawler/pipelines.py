"""From what came over the network to the archive.

The spiders hand on how the fetch of each page ended (`Fetched`, `Unchanged`, `Problem`); the pipeline keeps the bytes,
has the document read (crawler.extraction_pool), stores it and settles the page in the frontier, and counts. Bytes are kept
before they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from time import monotonic
from typing import TYPE_CHECKING, Any, Literal, Self

from crawler.archive import Archive, PageState, now
from crawler.document import Document, digest_of
from crawler.errors import CrawlerError, ReaderDied
from crawler.extraction_pool import ExtractionPool, Reader
from crawler.raw_bytes import Raw
from crawler.redaction import without_secrets
from crawler.sources import Source, says_any

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

TOGETHER = 1.0  # seconds in which unchanged pages are settled by one commit; one each would take longest of all
MOST_REASONS = 1000  # of one source that a report names
Outcome = Literal["new", "changed", "unchanged", "skipped", "failed"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Fetched:
    """The bytes of a page, and the function that reads a document in them."""

    url: str
    content: bytes = field(repr=False)
    read: Reader
    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Unchanged:
    """A page that the server says has not changed (304)."""

    url: str
    read: Reader


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """A page that gave nothing: `failed` is tried again in later runs, `skipped` only while it is listed.

    A page that stays `due` was not asked for, since its host wants to be left alone.
    """

    url: str
    state: Literal["failed", "skipped", "due"]
    reason: str


Item = Fetched | Unchanged | Problem


@dataclass(kw_only=True, slots=True)
class Tally:
    """What a run saw of one source: how many pages' bytes came, how each page ended, and why some gave nothing.

    `left` is the number of pages that wait for the next run, `fault` what was wrong with the source's own listing.
    """

    counts: Counter[str] = field(default_factory=Counter)
    reasons: list[tuple[str, str]] = field(default_factory=list)
    left: int = 0
    fault: str | None = None
    noted: set[str] = field(default_factory=set)
    told: dict[str, int] = field(default_factory=dict)

    def give_reason(self, url: str, reason: str) -> None:
        """Add why an address gave nothing, without secrets; beyond `MOST_REASONS` only that there are more."""
        if len(self.reasons) < MOST_REASONS:
            self.reasons.append((without_secrets(url), without_secrets(reason)))
        elif len(self.reasons) == MOST_REASONS:
            self.reasons.append(("more", f"than {MOST_REASONS} pages gave nothing; the archive has the reason of each"))

    def note(self, url: str, reason: str) -> None:
        """Add a reason that holds for many pages, once."""
        if reason not in self.noted:
            self.noted.add(reason)
            self.give_reason(url, reason)

    def count_unasked(self, page: PageState) -> None:
        """Count a page that was not asked for as it ended when it was: unchanged, or skipped for the reason it has."""
        if page.state == "skipped":
            self.counts["skipped"] += 1
            self.give_reason(page.url, page.error or "skipped")
        else:
            self.counts["unchanged"] += 1


class ArchivePipeline:
    """Store what a source's spider fetched; one write transaction a document.

    Pages that have not changed are settled some at once; a killed run asks for those of its last second again.
    """

    def __init__(
        self, *, archive: Archive, source: Source, tally: Tally, keywords: Sequence[str], extraction: ExtractionPool
    ) -> None:
        self.archive = archive
        self.extraction = extraction
        self.source = source
        self.tally = tally
        self.keywords = keywords
        self.unchanged: dict[str, float] = {}  # when each page was seen that is not settled yet

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline of a spider."""
        spider: Any = crawler.spider
        parts = {name: getattr(spider, name) for name in ("archive", "source", "tally", "keywords", "extraction")}
        return cls(**parts)

    async def process_item(self, item: Item) -> Item:
        """Store one outcome, settle its page and count it."""
        if isinstance(item, Problem):
            self.settle_problem(item)
            return item
        page = self.archive.page(item.url)
        if page is None:
            raise LookupError(f"{item.url} was fetched but is not in the frontier")
        if isinstance(item, Unchanged):
            await self.settle_unchanged(item, page)
        else:
            self.tally.counts["fetched"] += 1
            await self.settle_fetched(item, page, raw=self.archive.keep_raw(item.content))
        return item

    def settle_problem(self, problem: Problem) -> None:
        """Record why a page gave nothing."""
        if problem.state == "due":
            self.tally.note(self.source.url, f"pages wait for the next run: {problem.reason}")
            return
        self.archive.settle(problem.url, state=problem.state, error=without_secrets(problem.reason))
        self.tally.counts[problem.state] += 1
        self.tally.give_reason(problem.url, problem.reason)

    async def settle_unchanged(self, item: Unchanged, page: PageState) -> None:
        """Record that a page is as it was; one that gave no document is read again, for the keywords may be others."""
        content = self.archive.raw(page.raw) if page.document is None and page.raw else None
        if content is not None and page.raw:
            await self.settle_fetched(Fetched(url=item.url, content=content, read=item.read), page, raw=page.raw)
            return
        self.unchanged[item.url] = monotonic()
        self.tally.counts["unchanged"] += 1
        if self.unchanged[item.url] - next(iter(self.unchanged.values())) >= TOGETHER:
            self.settle_together()

    def close_spider(self) -> None:
        """Settle what is left when the run ends."""
        self.settle_together()

    def settle_together(self) -> None:
        """Settle the pages that were seen unchanged."""
        with self.archive.transaction():
            for url in self.unchanged:
                self.archive.settle(url, state="done")
        self.unchanged.clear()

    async def settle_fetched(self, item: Fetched, page: PageState, *, raw: str) -> None:
        """Read a document in the bytes and store it, or say why there is none to store."""
        seen = {"etag": item.etag, "last_modified": item.last_modified, "raw": raw}
        read = partial(read_completed, read=item.read, source=self.source.name, published=page.published)
        try:
            document = await self.extraction.read(item.content, read)
            self.archive.screen(document, raw=raw)
            reason = None if page.document else self.reason_to_skip(document)
        except ReaderDied as error:
            self.settle_problem(Problem(url=item.url, state="failed", reason=str(error)))
            return
        except CrawlerError as error:
            reason = str(error)
        if reason is not None:
            judge = judge_of(self.keywords)
            self.archive.settle(item.url, state="skipped", error=without_secrets(reason), judge=judge, **seen)
            self.tally.counts["skipped"] += 1
            self.tally.give_reason(item.url, reason)
            return
        with self.archive.transaction():
            stored = self.archive.add(document, raw=raw)
            self.archive.settle(item.url, state="done", document=document.id, **seen)
        self.tally.counts["skipped" if stored == "forgotten" else stored] += 1

    def reason_to_skip(self, document: Document) -> str | None:
        """Return why a document that the archive does not have yet is not wanted, else None."""
        if says_any(f"{document.title}\n{document.text}", self.keywords):
            return None
        return "says none of the keywords"


def judge_of(keywords: Sequence[str]) -> str:
    """Return what stands for keywords: a page that these skipped need not be read again as long as they are the same."""
    return digest_of(sorted(keywords))


def raw_of(response: Response) -> Raw:
    """Return the bytes of a response with the Content-Type they came with."""
    header = response.headers.get("Content-Type")
    return Raw(response.body, content_type=header.decode("latin-1") if header else None)


def read_completed(content: bytes, *, read: Reader, source: str, published: str | None) -> Document:
    """Read a document; add its source and, where the page gave no time, the time that the listing gave."""
    document = replace(read(content), source=source, fetched=now())
    if document.published is not None or published is None:
        return document
    posts = document.posts
    if document.kind == "article":
        posts = tuple(replace(post, published=post.published or published) for post in posts)
    header = {name: value for name, value in asdict(document).items() if name not in ("text", "posts", "digest")}
    return Document.create(document.text, posts, **header | {"published": published})
