"""A crawl that is killed at any moment loses no page and repeats hardly any; a long one stays small."""

import os
import random
import signal
import subprocess
import time
from pathlib import Path

import pytest

from crawler import runner
from crawler.archive import Archive
from crawler.settings import CrawlOptions
from crawler.sources import Source

FAST = CrawlOptions(delay=0, allow_private=True, budget=0)
KILLS = 10
IN_FLIGHT = 32  # 16 requests at once, and answers on their way into the archive
PAGE = "<html><body><article><h1>Questions about model {n}</h1>{body}</article></body></html>"
BODY = (
    "<p>The company said on Tuesday that the weights of its model were trained from scratch by its own engineers.</p>"
    * 3
)


def set_pages(web, count):
    for n in range(count):
        web.pages[f"/a/{n}"] = PAGE.format(n=n, body=BODY.replace("Tuesday", f"day {n}")).encode()
    web.set_feed([f"/a/{n}" for n in range(count)])


def start(web, path, **changes):
    """Start a child that crawls, as `run_crawl` does."""
    source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
    child = subprocess.Popen(
        runner.child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=runner.child_environment()
    )
    child.stdin.write(runner.job_for(path, [source], options=FAST).encode() + b"\n")
    child.stdin.flush()
    return source, child


def committed(path, web):
    with Archive(path) as archive:
        return {page.url.removeprefix(web.url) for page in archive.pages(source="news", state="done")}


def asked(web):
    return [where for where in web.paths() if where.startswith("/a/")]


@pytest.mark.timeout(200)
def test_two_thousand_pages_and_ten_kills(web, tmp_path):
    count, path, chance = 2000, tmp_path / "a.db", random.Random(20231106)
    set_pages(web, count)
    targets = sorted(chance.sample(range(1, count), KILLS - 1))
    before: set = set()
    for kill in range(KILLS):
        web.seen.clear()
        _, child = start(web, path)
        with child:
            if kill == 0:
                time.sleep(chance.uniform(0.2, 1.0))  # before anything came, or nearly
            else:
                while len(before) + len(asked(web)) < targets[kill - 1] and child.poll() is None:
                    time.sleep(0.001)
                time.sleep(chance.uniform(0, 0.02))
            os.kill(child.pid, signal.SIGKILL)
        time.sleep(0.1)  # the last answers are on their way
        requested = asked(web)
        assert not set(requested) & before, "a page that was committed was fetched again"
        assert len(requested) == len(set(requested))
        now = committed(path, web) - {"/feed.xml"}
        assert before <= now and now - before <= set(requested)
        assert len(set(requested) - now) <= IN_FLIGHT
        before = now
    web.seen.clear()
    source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
    report = runner.run_crawl(path, [source], options=FAST).sources["news"]
    assert (report.new, report.left, report.failed) == (count - len(before), 0, 0)
    assert not set(asked(web)) & before
    with Archive(path) as archive:
        assert archive.counts()["documents"] == count
        assert not archive.pages(source="news", state="due")
        assert {row[0] for row in archive.connection.execute("pragma integrity_check")} == {"ok"}


def memory(pid):
    """Return the memory of a process, in megabytes."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmRSS")), 0.0)


@pytest.mark.timeout(200)
def test_ten_thousand_pages_need_little_more_memory_than_two_thousand(web, tmp_path):
    count = 10_000
    set_pages(web, count)
    _, child = start(web, tmp_path / "a.db")
    early = late = 0.0
    with child:
        while child.poll() is None:
            done, now = len(web.seen), memory(child.pid)
            early = max(early, now if done <= count // 5 else 0.0)
            late = max(late, now)
            time.sleep(0.1)
    with Archive(tmp_path / "a.db") as archive:
        assert archive.counts()["documents"] == count
    assert early and late < early + 40, (early, late)
