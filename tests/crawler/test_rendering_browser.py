"""The browser that renders: it ends with the crawl, may die, may be missing, and is named and asked for in the configuration.

What needs a real browser is skipped where the browser or the extra is missing.
"""

import json
import os
import signal
import time
from pathlib import Path

import pytest

from cli.config import load_config
from crawler import runner
from crawler.errors import SourceError
from crawler.settings import CrawlOptions
from crawler.sources import load_sources
from tests.crawler.rendered_crawl import (
    HAS_PACKAGE,
    LOCAL,
    child_of,
    counts,
    crawl,
    crawl_in,
    feed,
    rendered,
    set_pages,
)


def descendants(pid):
    """Return the processes that a process started, and those that they did."""
    parents = {}
    for place in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, parent = place.read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        if state != "Z":
            parents[int(place.parent.name)] = int(parent)
    found = {pid}
    while more := {each for each, parent in parents.items() if parent in found} - found:
        found |= more
    return found & parents.keys() - {pid}


@rendered
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are only listed under /proc")
@pytest.mark.parametrize("script", ["", "while (true) {}"])
def test_the_browser_ends_with_the_process_that_crawls(web, path, script):
    set_pages(web, [1], script=script)
    reached = web.hold("/a/1" if script else "/api/1")
    job = runner.job_for(path, [feed(web)], options=CrawlOptions(**LOCAL))
    with child_of(job) as child:
        child.stdin.write(job + "\n")
        child.stdin.flush()
        assert reached.wait(60)
        if script:
            web.release()
            time.sleep(1)
        started = descendants(child.pid)
        assert len(started) > 3
        os.kill(child.pid, signal.SIGKILL)
    web.release()
    until = time.monotonic() + 20
    alive = started
    while alive and time.monotonic() < until:
        time.sleep(0.05)
        alive = {pid for pid in started if is_alive(pid)}
    assert not alive


@rendered
@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are only listed under /proc")
def test_a_browser_that_dies_costs_the_pages_it_had(web, path):
    set_pages(web, [1, 2])
    reached = [web.hold("/api/1"), web.hold("/a/2")]
    job = runner.job_for(path, [feed(web)], options=CrawlOptions(**LOCAL))
    with child_of(job) as child:
        child.stdin.write(job + "\n")
        child.stdin.flush()
        assert all(event.wait(60) for event in reached)
        browsers = [pid for pid in descendants(child.pid) if is_browser(pid)]
        assert len(browsers) == 1
        os.kill(browsers[0], signal.SIGKILL)
        web.release()
        answer = json.loads(child.stdout.read())
    report = runner.report_of(feed(web), answer["tallies"]["news"])
    assert counts(report) == {"fetched": 1, "new": 1, "failed": 1}
    assert report.reasons[0][0] == f"{web.url}/a/1" and "broke" in report.reasons[0][1]


def is_browser(pid):
    command = Path(f"/proc/{pid}/cmdline").read_bytes()
    return b"--host-resolver-rules" in command and b"--type=" not in command


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_without_a_browser_a_source_is_refused_and_the_others_go_on(web, path):
    if not HAS_PACKAGE:
        pytest.skip("the package is missing too, which is another test")
    web.set_articles([1])
    plain = feed(web, name="plain", render=False)
    reports = crawl(path, feed(web), plain, browser="/no/such/browser")
    assert counts(reports["news"]) == {"failed": 1} and counts(reports["plain"]) == {"fetched": 1, "new": 1}
    ((_, reason),) = reports["news"].reasons
    assert "/no/such/browser is no program" in reason and "YUANLIU_BROWSER" in reason


@pytest.mark.parametrize(
    ("setup", "told"),
    [
        ("sys.modules['playwright'] = None", "pip install 'yuanliu[browser]'"),
        ("import shutil; shutil.which = lambda _: None", "install chromium"),
        ("import shutil; shutil.which = lambda _: '/bin/false'", "/bin/false does not start"),
    ],
)
def test_what_is_missing_is_named(web, path, setup, told):
    if not HAS_PACKAGE and "playwright" not in setup:
        pytest.skip("the extra browser is missing, which is told first")
    web.set_articles([1])
    report = crawl_in(path, feed(web), setup=setup)
    assert counts(report) == {"failed": 1} and told in report.reasons[0][1]
    assert web.paths() == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [({"render": "yes"}, "true or false"), ({"render": True, "kind": "discourse"}, "kind discourse")],
)
def test_render_is_checked(fields, told):
    table = {"name": "a", "kind": "feed", "url": "https://example.org/feed"} | fields
    with pytest.raises(SourceError, match=told):
        load_sources([table])
    assert load_sources([table | {"render": True, "kind": "list"}])["a"].render


def test_the_browser_is_named_in_the_configuration_or_the_environment(tmp_path):
    file = tmp_path / "yuanliu.toml"
    file.write_text('[crawl]\nbrowser = "/opt/chromium"\n', "utf-8")
    assert load_config(file, environment={}).crawl.browser == "/opt/chromium"
    assert load_config(file, environment={"YUANLIU_BROWSER": "chromium"}).crawl.browser == "chromium"
