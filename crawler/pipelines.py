"""From what came over the network to the archive.

The spiders hand on how the fetch of each page ended (`Fetched`, `Unchanged`, `Problem`); the pipeline keeps the bytes,
reads the document, stores it and settles the page in the frontier, and counts. Bytes are kept before they are read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Literal, Self

from crawler.archive import Archive, PageState, now
from crawler.document import Document
from crawler.errors import CrawlerError
from crawler.raw_bytes import Raw
from crawler.redaction import without_secrets
from crawler.sources import Source, says_any

if TYPE_CHECKING:
    from scrapy.crawler import Crawler
    from scrapy.http import Response

MOST_REASONS = 1000  # of one source that a report names
Reader = Callable[[bytes], Document]
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


class ArchivePipeline:
    """Store what a source's spider fetched; one write transaction a document."""

    def __init__(self, *, archive: Archive, source: Source, tally: Tally, keywords: Sequence[str]) -> None:
        self.archive = archive
        self.source = source
        self.tally = tally
        self.keywords = keywords

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Make the pipeline of a spider."""
        spider: Any = crawler.spider
        return cls(archive=spider.archive, source=spider.source, tally=spider.tally, keywords=spider.keywords)

    def process_item(self, item: Item) -> Item:
        """Store one outcome, settle its page and count it."""
        if isinstance(item, Problem):
            self.settle_problem(item)
            return item
        page = self.archive.page(item.url)
        if page is None:
            raise LookupError(f"{item.url} was fetched but is not in the frontier")
        if isinstance(item, Unchanged):
            self.settle_unchanged(item, page)
        else:
            self.tally.counts["fetched"] += 1
            self.settle_fetched(item, page, raw=self.archive.keep_raw(item.content))
        return item

    def settle_problem(self, problem: Problem) -> None:
        """Record why a page gave nothing."""
        if problem.state == "due":
            self.tally.note(self.source.url, f"pages wait for the next run: {problem.reason}")
            return
        self.archive.settle(problem.url, state=problem.state, error=without_secrets(problem.reason))
        self.tally.counts[problem.state] += 1
        self.tally.give_reason(problem.url, problem.reason)

    def settle_unchanged(self, item: Unchanged, page: PageState) -> None:
        """Record that a page is as it was; one that gave no document is read again, for the keywords may be others."""
        content = self.archive.raw(page.raw) if page.document is None and page.raw else None
        if content is not None and page.raw:
            self.settle_fetched(Fetched(url=item.url, content=content, read=item.read), page, raw=page.raw)
            return
        self.archive.settle(item.url, state="done")
        self.tally.counts["unchanged"] += 1

    def settle_fetched(self, item: Fetched, page: PageState, *, raw: str) -> None:
        """Read a document in the bytes and store it, or say why there is none to store."""
        seen = {"etag": item.etag, "last_modified": item.last_modified, "raw": raw}
        try:
            document = completed(item.read(item.content), source=self.source, published=page.published)
            reason = None if page.document else self.reason_to_skip(document)
        except CrawlerError as error:
            reason = str(error)
        except Exception as error:  # a fault of ours in reading one page must not end the crawl
            reason = f"cannot be read: {type(error).__name__}: {error}"
        if reason is not None:
            self.archive.settle(item.url, state="skipped", error=without_secrets(reason), **seen)
            self.tally.counts["skipped"] += 1
            self.tally.give_reason(item.url, reason)
            return
        with self.archive.transaction():
            stored = self.archive.add(document, raw=raw)
            self.archive.settle(item.url, state="done", document=document.id, **seen)
        self.tally.counts[stored] += 1

    def reason_to_skip(self, document: Document) -> str | None:
        """Return why a document that the archive does not have yet is not wanted, else None."""
        if says_any(f"{document.title}\n{document.text}", self.keywords):
            return None
        return "says none of the keywords"


def raw_of(response: Response) -> Raw:
    """Return the bytes of a response with the Content-Type they came with."""
    header = response.headers.get("Content-Type")
    return Raw(response.body, content_type=header.decode("latin-1") if header else None)


def completed(document: Document, *, source: Source, published: str | None) -> Document:
    """Return a document with its source and, where the page gave no time, the time that the listing gave."""
    document = replace(document, source=source.name, fetched=now())
    if document.published is not None or published is None:
        return document
    posts = document.posts
    if document.kind == "article":
        posts = tuple(replace(post, published=post.published or published) for post in posts)
    header = {name: value for name, value in asdict(document).items() if name not in ("text", "posts", "digest")}
    return Document.create(document.text, posts, **header | {"published": published})
