"""Running a crawl: in a child process of its own, for Twisted's reactor can be started once a process.

Sources and options flow to the child as JSON on its standard input, the counts flow back as JSON on its standard
output. The archive is the only other thing they share; it is right at every moment, whenever the child is killed. The
child ends when its standard input closes, so that it does not outlive its parent.
"""

from __future__ import annotations

import base64
import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TextIO

from crawler.archive import Archive
from crawler.errors import CrawlerError, CrawlError
from crawler.redaction import without_secrets
from crawler.settings import CrawlOptions
from crawler.sources import Source

OUTCOMES = ("fetched", "new", "changed", "unchanged", "skipped", "failed")

PROGRESS = "progress "  # how the lines begin that the child prints on its way

Progress = Callable[[str, Mapping[str, int]], None]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceReport:
    """What a run saw of one source: `fetched` counts the pages whose bytes came, the others how each page ended.

    `reasons` names every page (or listing) that was skipped or failed. `below_minimum` is true where fewer documents
    were seen (new, changed or unchanged) than the source should have. `left` counts the pages that wait for the next run.
    """

    fetched: int
    new: int
    changed: int
    unchanged: int
    skipped: int
    failed: int
    reasons: list[tuple[str, str]]
    below_minimum: bool
    left: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlReport:
    """What a run saw, by the names of the sources."""

    sources: Mapping[str, SourceReport]


@dataclass(frozen=True, kw_only=True, slots=True)
class Look:
    """What came from an address: `url` is where it led, `problem` why nothing came."""

    url: str
    content: bytes = field(repr=False)
    problem: str | None = None


def run_crawl(
    archive: Path, sources: Sequence[Source], *, options: CrawlOptions, progress: Progress | None = None
) -> CrawlReport:
    """Crawl sources into an archive, in a child process; `progress` is told the counts of each source as they change.

    Raises:
        CrawlError: when the child broke off; what it had archived stays, and the next run goes on from there.
    """
    if not sources:
        return CrawlReport(sources={})
    answer = run_child(job_for(archive, sources, options=options, tells=progress is not None), options, progress)
    tallies = answer["tallies"]
    return CrawlReport(sources={source.name: report_of(source, tallies[source.name]) for source in sources})


def run_look(archive: Path, addresses: Sequence[str], *, options: CrawlOptions) -> dict[str, Look]:
    """Fetch a few addresses as politely as a crawl does, in a child process, and archive nothing.

    Returns the answers by their addresses, and the robots.txt of each host that was asked, by its address.

    Raises:
        CrawlError: when the child broke off.
    """
    job = json.dumps({"archive": str(archive), "look": list(addresses), "options": asdict(options)})
    looks = run_child(job, options, None)["looks"]
    return {url: Look(**look | {"content": base64.b64decode(look["content"])}) for url, look in looks.items()}


def run_child(job: str, options: CrawlOptions, progress: Progress | None) -> dict[str, Any]:
    """Run a job in a child process and return its answer."""
    with subprocess.Popen(
        child_command(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=child_environment(),
        encoding="utf-8",
    ) as child:
        try:
            output = converse(child, job, progress)
        except KeyboardInterrupt:
            with suppress(subprocess.TimeoutExpired):
                child.wait(timeout=options.timeout)  # the terminal interrupts it too, and it stops cleanly
            raise
        finally:
            if child.poll() is None:
                child.kill()
    return answer_in(output, code=child.returncode)


def converse(child: subprocess.Popen[str], job: str, progress: Progress | None = None) -> str:
    """Give the child its job and return the last line that it printed when it has ended; its input stays open until then.

    The lines before are what it tells on its way.
    """
    if child.stdin is None or child.stdout is None:
        raise CrawlError("the crawl has no pipes to its child process")
    try:
        child.stdin.write(job + "\n")
        child.stdin.flush()
    except BrokenPipeError:  # it died at once; its exit code says more
        with suppress(BrokenPipeError):
            child.stdin.close()
    last = ""
    for line in child.stdout:
        if progress is not None and line.startswith(PROGRESS):
            progress(*json.loads(line.removeprefix(PROGRESS)))
        else:
            last = line
    child.wait()
    return last


def child_command() -> list[str]:
    """Return the command of the child; -P, for a folder named crawler where the user works is not this package."""
    return [sys.executable, "-P", "-m", "crawler.runner"]


def child_environment() -> dict[str, str]:
    """Return the environment of the child, in which it imports the same packages as this process."""
    root = str(Path(__file__).resolve().parent.parent)
    inherited = os.environ.get("PYTHONPATH")
    return os.environ | {"PYTHONPATH": os.pathsep.join([root, inherited] if inherited else [root])}


def job_for(archive: Path, sources: Sequence[Source], *, options: CrawlOptions, tells: bool = False) -> str:
    """Return a job as one line of JSON; `tells` asks for the counts on the way."""
    described = [asdict(source) for source in sources]
    return json.dumps({"archive": str(archive), "sources": described, "options": asdict(options), "tells": tells})


def answer_in(output: str, *, code: int) -> dict[str, Any]:
    """Return the answer in the last line that the child printed.

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
    found: dict[str, Any] = answer
    return found


def report_of(source: Source, tally: Mapping[str, Any]) -> SourceReport:
    """Make the report on one source."""
    counts = {name: int(tally["counts"].get(name, 0)) for name in OUTCOMES}
    seen = counts["new"] + counts["changed"] + counts["unchanged"]
    reasons = sorted((url, reason) for url, reason in tally["reasons"])
    left = int(tally.get("left", 0))
    return SourceReport(**counts, reasons=reasons, below_minimum=seen < source.minimum, left=left)


def main() -> None:
    """Do the job on standard input: the child's part."""
    job = json.loads(sys.stdin.readline())
    output, sys.stdout = sys.stdout, sys.stderr
    threading.Thread(target=end_with_parent, args=(sys.stdin.fileno(),), daemon=True).start()
    try:
        answer = do_job(job, output)
    except CrawlerError as error:
        answer = {"error": without_secrets(str(error))}
    output.write(json.dumps(answer) + "\n")
    output.flush()


def do_job(job: Mapping[str, Any], output: TextIO) -> dict[str, Any]:
    """Crawl, or look at a few addresses, and return the answer."""
    from crawler.child import crawl, look  # noqa: PLC0415  (the parent never imports Scrapy)

    options = CrawlOptions(**job["options"] | {"follow": tuple(job["options"]["follow"])})
    if "look" in job:
        with Archive(job["archive"]) as archive:
            return {"looks": look(archive, job["look"], options=options)}
    sources = [Source(**table | {"keywords": tuple(table["keywords"])}) for table in job["sources"]]
    with Archive(job["archive"]) as archive:
        return {"tallies": crawl(archive, sources, options=options, output=output if job.get("tells") else None)}


def end_with_parent(pipe: int) -> None:
    """End this process when the parent's end of the pipe closes; read the descriptor, for a stream would be locked."""
    while os.read(pipe, 1024):
        pass
    os._exit(1)


if __name__ == "__main__":
    main()
