"""Running a crawl: in a child process of its own, for Twisted's reactor can be started once a process.

Sources and options flow to the child as JSON on its standard input, the counts flow back as JSON on its standard
output. The archive is the only other thing they share; it is right at every moment, whenever the child is killed. The
child ends when its standard input closes, so that it does not outlive its parent.
"""

from __future__ import annotations

import asyncio
import json
import logging
import os
import subprocess
import sys
import threading
from collections.abc import Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from crawler.archive import Archive
from crawler.errors import CrawlerError, CrawlError
from crawler.settings import CrawlOptions, crawl_settings
from crawler.sources import Source

if TYPE_CHECKING:
    from scrapy.crawler import AsyncCrawlerProcess
    from twisted.python.failure import Failure

OUTCOMES = ("fetched", "new", "changed", "unchanged", "skipped", "failed")


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReport:
    """What a run saw of one source: `fetched` counts the pages whose bytes came, the others how each page ended.

    `reasons` names every page (or listing) that was skipped or failed. `below_minimum` is true where fewer documents
    were seen (new, changed or unchanged) than the source should have.
    """

    fetched: int
    new: int
    changed: int
    unchanged: int
    skipped: int
    failed: int
    reasons: list[tuple[str, str]]
    below_minimum: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlReport:
    """What a run saw, by the names of the sources."""

    sources: Mapping[str, SourceReport]


def run_crawl(archive: Path, sources: Sequence[Source], *, options: CrawlOptions) -> CrawlReport:
    """Crawl sources into an archive, in a child process.

    Raises:
        CrawlError: when the child broke off; what it had archived stays, and the next run goes on from there.
    """
    if not sources:
        return CrawlReport(sources={})
    with subprocess.Popen(
        child_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(),
        encoding="utf-8",
    ) as child:
        try:
            output = converse(child, job_for(archive, sources, options=options))
        except KeyboardInterrupt:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=options.timeout)  # the terminal interrupts it too, and it stops cleanly
            raise
        finally:
            if child.poll() is None:
                child.kill()
    answer = answer_in(output, code=child.returncode)
    return CrawlReport(sources={source.name: report_of(source, answer[source.name]) for source in sources})


def converse(child: subprocess.Popen[str], job: str) -> str:
    """Give the child its job and return what it printed when it has ended; its input stays open until then."""
    if child.stdin is None or child.stdout is None:
        raise CrawlError("the crawl has no pipes to its child process")
    try:
        child.stdin.write(job + "\n")
        child.stdin.flush()
    except BrokenPipeError:  # it died at once; its exit code says more
        with suppress(BrokenPipeError):
            child.stdin.close()
    output = child.stdout.read()
    child.wait()
    return output


def child_command() -> list[str]:
    """Return the command of the child; -P, for a folder named crawler where the user works is not this package."""
    return [sys.executable, "-P", "-m", "crawler.runner"]


def child_environment() -> dict[str, str]:
    """Return the environment of the child, in which it imports the same packages as this process."""
    root = str(Path(__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([root, inherited] if inherited else [root])}


def job_for(archive: Path, sources: Sequence[Source], *, options: CrawlOptions) -> str:
    """Return a job as one line of JSON."""
    return json.dumps(
        {"archive": str(archive), "sources": [asdict(source) for source in sources], "options": asdict(options)}
    )


def answer_in(output: str, *, code: int) -> dict[str, Any]:
    """Return the tallies in the last line that the child printed.

    Raises:
        CrawlError: when it printed an error, or nothing.
    """
    try:
        answer = json.loads(output.strip().rpartition("\n")[2])
    except ValueError:
        ended = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        raise CrawlError(
            f"the crawl broke off: its process {ended}; what was archived stays, run it again to go on"
        ) from None
    if "error" in answer:
        raise CrawlError(f"the crawl broke off: {answer['error']}; what was archived stays")
    tallies: dict[str, Any] = answer["tallies"]
    return tallies


def report_of(source: Source, tally: Mapping[str, Any]) -> SourceReport:
    """Make the report on one source."""
    counts = {name: int(tally["counts"].get(name, 0)) for name in OUTCOMES}
    seen = counts["new"] + counts["changed"] + counts["unchanged"]
    reasons = sorted((url, reason) for url, reason in tally["reasons"])
    return SourceReport(**counts, reasons=reasons, below_minimum=seen < source.minimum)


def main() -> None:
    """Do the job on standard input: the child's part."""
    job = json.loads(sys.stdin.readline())
    output, sys.stdout = sys.stdout, sys.stderr
    threading.Thread(target=end_with_parent, args=(sys.stdin.fileno(),), daemon=True).start()
    sources = [Source(**table | {"keywords": tuple(table["keywords"])}) for table in job["sources"]]
    try:
        with Archive(job["archive"]) as archive:
            tallies = crawl(archive, sources, options=CrawlOptions(**job["options"]))
        answer: dict[str, Any] = {"tallies": tallies}
    except CrawlerError as error:
        answer = {"error": str(error)}
    output.write(json.dumps(answer) + "\n")
    output.flush()


def end_with_parent(pipe: int) -> None:
    """End this process when the parent's end of the pipe closes; read the descriptor, for a stream would be locked."""
    while os.read(pipe, 1024):
        pass
    os._exit(1)


def crawl(archive: Archive, sources: Sequence[Source], *, options: CrawlOptions) -> dict[str, Any]:
    """Crawl in this process, the sources of one host one after another; return the tallies by source.

    Raises:
        CrawlError: when the archive failed, or a spider did not begin.
    """
    from scrapy import signals  # noqa: PLC0415
    from scrapy.crawler import AsyncCrawlerProcess  # noqa: PLC0415

    from crawler.pipelines import Tally  # noqa: PLC0415
    from crawler.spiders.discourse import DiscourseSpider  # noqa: PLC0415
    from crawler.spiders.feed import FeedSpider  # noqa: PLC0415

    spiders = {"feed": FeedSpider, "discourse": DiscourseSpider}
    process = AsyncCrawlerProcess(crawl_settings(options))
    for name in ("scrapy.downloadermiddlewares.robotstxt", "trafilatura"):  # the report names those pages
        logging.getLogger(name).setLevel(logging.CRITICAL)
    tallies = {source.name: Tally() for source in sources}
    faults: list[str] = []
    stops: list[asyncio.Future[None]] = []

    def broken(failure: Failure) -> None:
        faults.append(f"{type(failure.value).__name__}: {failure.value}")
        stops.append(asyncio.ensure_future(process.stop()))

    async def crawl_host(group: Sequence[Source]) -> None:
        for source in group:
            if faults:
                return
            crawler = process.create_crawler(spiders[source.kind])
            for signal in (signals.spider_error, signals.item_error):
                crawler.signals.connect(broken, signal=signal)
            await process.crawl(crawler, source=source, archive=archive, options=options, tally=tallies[source.name])

    run_until_done(process, [crawl_host(group) for group in by_host(sources)], faults)
    if faults:
        raise CrawlError(faults[0])
    return {name: {"counts": tally.counts, "reasons": tally.reasons} for name, tally in tallies.items()}


def run_until_done(
    process: AsyncCrawlerProcess, hosts: Sequence[Coroutine[None, None, None]], faults: list[str]
) -> None:
    """Run the reactor until every host's sources are done; add what broke to the faults."""
    from twisted.internet import reactor  # noqa: PLC0415  (Scrapy installed it)
    from twisted.internet.error import ReactorNotRunning  # noqa: PLC0415

    async def everything() -> None:
        for result in await asyncio.gather(*hosts, return_exceptions=True):
            if isinstance(result, BaseException):
                faults.append(f"{type(result).__name__}: {result}")
        with suppress(ReactorNotRunning):
            reactor.stop()  # type: ignore[misc]

    task = asyncio.get_event_loop().create_task(everything())
    process.start(stop_after_crawl=False)
    task.cancel()


def by_host(sources: Sequence[Source]) -> list[list[Source]]:
    """Group sources by their hosts, so that no host is asked by two spiders at once."""
    groups: dict[str, list[Source]] = {}
    for source in sources:
        groups.setdefault(urlsplit(source.url).hostname or "", []).append(source)
    return list(groups.values())


if __name__ == "__main__":
    main()
