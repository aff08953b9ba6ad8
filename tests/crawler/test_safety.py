"""What hostile servers try does no harm: private addresses, bombs, endless answers, other schemes, leaked passwords."""

import asyncio
import gzip
import json
import logging
import subprocess
import time
from pathlib import Path

import brotli
import pytest

from crawler import runner
from crawler.archive import Archive
from crawler.errors import SourceError
from crawler.extraction_pool import ExtractionPool
from crawler.pipelines import ArchivePipeline, Problem, Tally
from crawler.redaction import has_secrets, without_secrets
from crawler.settings import LARGEST_PAGE, CrawlOptions, crawl_settings
from crawler.sources import Source, load_sources

BOMB = LARGEST_PAGE + 1024 * 1024


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def crawl(web, path):
    def run(url=None, **options):
        source = Source(name="news", title="News", kind="feed", url=url or f"{web.url}/feed.xml")
        options = {"delay": 0, "allow_private": True, "timeout": 20} | options
        return runner.run_crawl(path, [source], options=CrawlOptions(**options)).sources["news"]

    return run


def counts(report):
    names = ("fetched", "new", "changed", "unchanged", "skipped", "failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def reasons(web, report):
    return {url.removeprefix(web.url): reason for url, reason in report.reasons}


def guarded(web, path, setup):
    """Crawl with the guard on, in a child in which some lines were run before: 127.0.0.1 counts as public there."""
    script = (
        "import crawler.middlewares as m, crawler.runner as r\n"
        "public = m.is_public\n"
        "m.is_public = lambda a: a == '127.0.0.1' or public(a)\n" + setup + "r.main()\n"
    )
    source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
    job = runner.job_for(path, [source], options=CrawlOptions(delay=0)) + "\n"
    with subprocess.Popen(
        [*runner.child_command()[:2], "-c", script],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=runner.child_environment(),
        encoding="utf-8",
    ) as child:
        child.stdin.write(job)
        child.stdin.flush()
        answer = json.loads(child.stdout.read())
    return runner.report_of(source, answer["tallies"]["news"])


PRIVATE = [
    "http://10.0.0.1/x",
    "http://[::1]/x",
    "http://169.254.169.254/meta",
    "http://0.0.0.0/",
    "http://[::ffff:10.0.0.1]/",
]
PRIVATE += [
    "http://224.0.0.1/",
    "http://240.0.0.1/",
    "http://[fe80::1]/",
    "http://[64:ff9b::a00:1]/",
    "http://100.64.0.1/",
]


def test_a_redirect_to_a_private_address_is_refused(web, path):
    web.set_articles([1])
    paths = [f"/away/{n}" for n in range(len(PRIVATE))]
    for where, target in zip(paths, PRIVATE, strict=True):
        web.pages[where] = (302, {"Location": target}, b"")
    web.set_feed(["/a/1", *paths])
    report = guarded(web, path, "")
    assert counts(report) == {"fetched": 1, "new": 1, "skipped": len(PRIVATE)}
    assert all("is not a public address" in reason for _, reason in report.reasons)


RESOLVER = """
answers = {"inside.example": ["10.0.0.7"], "rebinding.example": ["127.0.0.1", "10.0.0.8"]}
from scrapy.resolver import dnscache
type(dnscache).__setitem__ = lambda *_: None  # so that each connection looks the name up anew
from twisted.internet import defer
from twisted.internet.base import ThreadedResolver
def look_up(self, name, timeout=()):
    found = answers.get(name, [name])
    return defer.succeed(found.pop(0) if len(found) > 1 else found[0])
ThreadedResolver.getHostByName = look_up
"""


@pytest.mark.parametrize("host", ["inside.example", "rebinding.example"])
def test_a_name_that_points_inside_is_refused_even_if_it_changes_its_mind(web, path, host):
    """The second name leads to a public address when it is checked, and inside when the connection is made."""
    web.set_articles([1])
    web.set_feed([f"http://{host}:{web.url.rpartition(':')[2]}/a/1"])
    report = guarded(web, path, RESOLVER)
    assert "/a/1" not in web.paths()
    assert report.skipped + report.failed == 1 and "is not a public address" in report.reasons[0][1]


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:1/x", "http://localhost/x", "http://2130706433/x", "http://printer.local/"]
)
def test_a_proxy_is_not_asked_for_private_addresses(web, crawl, address):
    report = crawl(address, proxy=web.url, allow_private=False)
    assert counts(report) == {"skipped": 1} and "is not a public address" in report.reasons[0][1]
    assert web.seen == []


@pytest.mark.parametrize(
    "target", ["file:///etc/passwd", "ftp://127.0.0.1/x", "data:text/html,x", "gopher://127.0.0.1/"]
)
def test_a_redirect_to_another_scheme_is_not_followed(web, crawl, target):
    web.set_articles([1])
    web.pages["/a/1"] = (302, {"Location": target}, b"")
    report = crawl()
    assert counts(report) == {"failed": 1} and report.reasons[0][1] == "HTTP 302"


def test_redirects_in_a_circle_end(web, crawl):
    web.set_feed(["/r/1"])
    web.pages["/r/1"] = (302, {"Location": "/r/2"}, b"")
    web.pages["/r/2"] = (302, {"Location": "/r/1"}, b"")
    assert reasons(web, crawl()) == {"/r/1": "max redirections reached"}
    assert len(web.paths()) == 1 + 6


@pytest.mark.parametrize(("name", "pack"), [("gzip", gzip.compress), ("br", brotli.compress)])
def test_a_bomb_is_not_unpacked(web, crawl, name, pack):
    web.set_articles([1, 2])
    web.pages["/a/1"] = (200, {"Content-Encoding": name}, pack(b"<p>" + b"a" * BOMB))
    report = crawl()
    assert counts(report) == {"fetched": 1, "new": 1, "skipped": 1}
    assert reasons(web, report)["/a/1"] == "is larger than 16 MB when unpacked"


def test_a_sitemap_that_is_a_bomb_is_named(web, path):
    web.pages["/sitemap.xml.gz"] = gzip.compress(b"<urlset>" + b" " * (60 * 1024 * 1024))
    source = Source(name="map", title="Map", kind="sitemap", url=f"{web.url}/sitemap.xml.gz")
    report = runner.run_crawl(path, [source], options=CrawlOptions(delay=0, allow_private=True)).sources["map"]
    assert counts(report) == {"failed": 1} and "unpacks to more than" in report.reasons[0][1]


def endless(pause):
    def answer(request):
        request.send_response(200)
        request.send_header("Content-Type", "text/html")
        request.end_headers()
        deadline = time.monotonic() + 15
        while time.monotonic() < deadline:
            request.wfile.write(b"<p>" + b"a" * (65536 if not pause else 1))
            time.sleep(pause)

    return answer


def test_endless_and_slow_answers_end(web, crawl):
    web.set_articles([1])
    web.pages["/endless"] = endless(0)
    web.pages["/slow"] = endless(0.05)
    web.pages["/large"] = (200, {}, b"a" * BOMB)
    web.set_feed(["/endless", "/slow", "/large", "/a/1"])
    began = time.monotonic()
    report = crawl(timeout=1)
    assert time.monotonic() - began < 14
    assert report.new == 1
    told = reasons(web, report)
    assert told["/large"] == "is larger than 16 MB" and told["/slow"].startswith("timed out") and "/endless" in told


def test_passwords_reach_neither_messages_nor_archive_nor_logs(web, crawl, path, capfd):
    web.set_articles([1])
    web.pages["/away"] = (302, {"Location": "http://me:hush@127.0.0.1:1/x"}, b"")
    web.set_feed([f"{web.url.replace('//', '//reader:hush@')}/a/1", "http://me:hush@[::1]:1/x", "/away"])
    proxy = web.url.replace("//", "//user:hush@")
    report = crawl("http://news.example/feed.xml", proxy=proxy)
    assert counts(report) == {"failed": 1}
    told_of = reasons(web, crawl())
    assert "with a name or a password before it" in told_of["/away"]
    told = capfd.readouterr()
    assert "hush" not in repr(report) + told.out + told.err
    assert "hush" not in repr(CrawlOptions(proxy=proxy))
    with Archive(path) as archive:
        dump = "\n".join(map(str, archive.connection.iterdump()))
    assert "hush" not in dump and "news" in dump


def test_an_error_that_holds_a_password_is_told_without_it(web, path):
    """Whatever a library says of an address that it could not reach, the password in it goes nowhere."""
    with Archive(path) as archive:
        archive.enqueue(f"{web.url}/a/1", source="news")
        source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
        tally = Tally()
        extraction = ExtractionPool()
        pipeline = ArchivePipeline(archive=archive, source=source, tally=tally, keywords=(), extraction=extraction)
        reason = "no answer from http://me:hush@proxy.example:3128/"
        asyncio.run(pipeline.process_item(Problem(url=f"{web.url}/a/1", state="failed", reason=reason)))
        assert tally.reasons == [(f"{web.url}/a/1", "no answer from http://proxy.example:3128/")]
        assert archive.page(f"{web.url}/a/1").error == "no answer from http://proxy.example:3128/"


def test_a_proxy_is_given_its_password_and_nobody_else(web, crawl):
    web.set_feed(["http://news.example/a/1"], path="http://news.example/feed.xml")
    web.pages["http://news.example/a/1"] = web.article(1)
    crawl("http://news.example/feed.xml", proxy=web.url.replace("//", "//user:hush@"))
    assert all(headers["Proxy-Authorization"].startswith("Basic ") for _, _, headers in web.seen)


def test_a_source_holds_no_password():
    with pytest.raises(SourceError, match="without a name or a password") as caught:
        load_sources([{"name": "a", "kind": "feed", "url": "https://me:hush@a.example/feed"}])
    assert "hush" not in str(caught.value)


def test_secrets_are_taken_out_of_addresses():
    assert (
        without_secrets("see http://a:b@c.example/x and https://d.example/@e")
        == "see http://c.example/x and https://d.example/@e"
    )
    assert without_secrets("http://a:p@ss@c.example/") == "http://c.example/"
    assert has_secrets("http://a@c.example/") and not has_secrets("https://c.example/a@b")


def test_no_door_is_open():
    settings = crawl_settings(CrawlOptions())
    assert settings["REMOTE_CONTROL_ENABLED"] is False and settings["TELNETCONSOLE_ENABLED"] is False
    assert settings["ROBOTSTXT_OBEY"] is True and settings["DOWNLOAD_VERIFY_CERTIFICATES"] is True
    assert {name for name, handler in settings["DOWNLOAD_HANDLERS"].items() if handler is None} == {
        "data",
        "file",
        "ftp",
        "s3",
    }
    assert settings["HTTPPROXY_ENABLED"] is False
    assert logging.getLogger("scrapy").level == logging.NOTSET


def test_a_crawl_listens_nowhere(web, path):
    """Neither Scrapy's remote control nor its telnet console is there while a crawl goes on."""
    web.set_articles([1])
    reached = web.hold("/a/1")
    source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
    job = runner.job_for(path, [source], options=CrawlOptions(delay=0, allow_private=True))
    with subprocess.Popen(
        runner.child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=runner.child_environment()
    ) as child:
        child.stdin.write(job.encode() + b"\n")
        child.stdin.flush()
        assert reached.wait(60)
        links = subprocess.run(["ls", "-l", f"/proc/{child.pid}/fd"], capture_output=True, text=True, check=True).stdout
        tables = "".join(Path(f"/proc/net/{name}").read_text() for name in ("tcp", "tcp6"))
        sockets = {line.split()[9] for line in tables.splitlines() if len(line.split()) > 9 and line.split()[3] == "0A"}
        assert not [number for number in sockets if f"socket:[{number}]" in links]
        child.kill()
    web.release()
