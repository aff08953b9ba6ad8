"""Pages are read in a process beside the crawl, which may die without harm to the others and never outlives the crawl."""

import asyncio
import json
import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from crawler import runner
from crawler.archive import Archive
from crawler.errors import ReaderDied, ReadError
from crawler.extraction_pool import MOST_WAITING, ExtractionPool
from crawler.settings import CrawlOptions
from crawler.sources import Source

LOCAL = CrawlOptions(delay=0, allow_private=True, timeout=20)
DEADLY = """
import os, signal
from crawler.fetched_page import read_article as real

def read_article(content, **given):
    if b"deadly" in content:
        os.kill(os.getpid(), signal.SIGKILL)
    return real(content, **given)
"""
WITH_DEADLY = """
import deadly, crawler.runner, crawler.spiders.article
crawler.spiders.article.read_article = deadly.read_article
crawler.runner.main()
"""


def in_pool(work):
    """Run a piece of work that is given a pool."""

    async def run():
        pool = ExtractionPool()
        try:
            return await work(pool)
        finally:
            pool.close()

    return asyncio.run(run())


def test_what_reads_is_another_process_and_errors_come_back_in_words():
    async def work(pool):
        assert await pool.read(b"abc", len) == 3
        with pytest.raises(ReadError, match=r"cannot be read: TypeError: .*'int'"):
            await pool.read(5, len)
        return list(pool.executor._processes)

    (process,) = in_pool(work)
    assert process != os.getpid()


def test_of_pages_that_wait_only_the_one_that_ends_the_process_fails():
    async def work(pool):
        reads = [pool.read(b"x" * n, len) for n in range(1, 4)]
        deadly = [pool.read(signal.SIGKILL, signal.raise_signal)]
        more = [pool.read(b"x" * n, len) for n in range(4, 7)]
        return await asyncio.gather(*reads, *deadly, *more, return_exceptions=True)

    *before, died, one, two, three = in_pool(work)
    assert before == [1, 2, 3] and [one, two, three] == [4, 5, 6]
    assert isinstance(died, ReaderDied)


def test_there_is_room_until_many_pages_wait():
    async def work(pool):
        tasks = [asyncio.ensure_future(pool.read(0.02, time.sleep)) for _ in range(MOST_WAITING)]
        await asyncio.sleep(0)
        assert not pool.has_room.is_set()
        await tasks[0]
        await asyncio.sleep(0)
        assert pool.has_room.is_set()
        await asyncio.gather(*tasks)
        return pool.waiting

    assert in_pool(work) == 0


def test_a_pool_that_read_nothing_starts_nothing():
    async def work(pool):
        return pool.executor

    assert in_pool(work) is None


def start(web, path, *, script=None, folder=None):
    """Start a child that crawls, as `run_crawl` does; with a script in its place and a folder to import from."""
    command = [*runner.child_command()[:2], "-c", script] if script else runner.child_command()
    environment = runner.child_environment()
    if folder:
        environment["PYTHONPATH"] += os.pathsep + str(folder)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment, encoding="utf-8")
    source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
    child.stdin.write(runner.job_for(path, [source], options=LOCAL) + "\n")
    child.stdin.flush()
    return source, child


def test_a_page_that_ends_the_process_is_named_and_failed_and_the_run_goes_on(web, tmp_path):
    (tmp_path / "deadly.py").write_text(DEADLY)
    web.set_articles(range(1, 9))
    web.pages["/a/4"] = web.article(4, lead="This page is deadly to whoever reads it.")
    source, child = start(web, tmp_path / "a.db", script=WITH_DEADLY, folder=tmp_path)
    with child:
        answer = json.loads(child.stdout.read())
    report = runner.report_of(source, answer["tallies"]["news"])
    assert (report.fetched, report.new, report.failed) == (8, 7, 1)
    assert report.reasons == [(f"{web.url}/a/4", "cannot be read: it ended the process that read it")]
    with Archive(tmp_path / "a.db") as archive:
        assert archive.page(f"{web.url}/a/4").state == "failed"
    report = runner.run_crawl(tmp_path / "a.db", [source], options=LOCAL).sources["news"]
    assert (report.new, report.unchanged, report.failed) == (1, 7, 0)


def processes_of(parent):
    """Return the processes that a process started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rpartition(")")[2].split()[1]) == parent:
                found.append(stat.parent)
        except OSError:  # it ended meanwhile
            continue
    return found


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_no_process_outlives_a_crawl_that_is_killed(web, tmp_path, number):
    web.set_articles([1, 2])
    reached = web.hold("/a/2")
    _, child = start(web, tmp_path / "a.db")
    with child:
        assert reached.wait(60)
        until(lambda: archived(tmp_path / "a.db") == 1)
        beside = processes_of(child.pid)
        assert beside
        child.send_signal(number)
        web.release()
        child.wait(30)
        until(lambda: not any(place.exists() for place in beside))


def archived(path):
    with Archive(path) as archive:
        return archive.counts()["documents"]


def until(holds):
    """Wait until something holds."""
    end = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < end
        time.sleep(0.02)
