"""Servers are asked as they wish to be: robots.txt, pauses, budgets and walls, over a server on the loopback."""

import asyncio
import sqlite3
import time
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise

import pytest

from crawler.archive import Archive
from crawler.budget_table import RESERVED, BudgetTable
from crawler.hosts import Hosts
from crawler.login_walls import wall_in_page, wall_of_redirect, wall_of_status
from crawler.rate_limits import seconds_asked
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source

NOON = datetime(2023, 11, 6, 12, tzinfo=UTC)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def crawl(web, path):
    def run(**options):
        source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
        options = {"delay": 0, "allow_private": True, "timeout": 20} | options
        return run_crawl(path, [source], options=CrawlOptions(**options)).sources["news"]

    return run


def counts(report):
    names = ("fetched", "new", "changed", "unchanged", "skipped", "failed", "left")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def robots(web, text):
    web.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, text.encode())


@pytest.mark.parametrize(
    ("headers", "status", "seconds"),
    [
        ({}, 429, 0),
        ({"retry-after": "7"}, 429, 7),
        ({"retry-after": "7"}, 200, 0),
        ({"retry-after": format_datetime(NOON + timedelta(seconds=90), usegmt=True)}, 503, 90),
        ({"retry-after": "soon"}, 503, 0),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 200, 30),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOON.timestamp()) + 45)}, 429, 45),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": str(int(NOON.timestamp() + 45) * 1000)}, 429, 45),
        ({"x-ratelimit-remaining": "0", "x-ratelimit-reset": "2023-11-06T12:00:20Z"}, 429, 20),
        ({"x-ratelimit-remaining": "5", "x-ratelimit-reset": "30"}, 429, 0),
        ({"x-ratelimit-reset": "30"}, 429, 30),
        ({"x-ratelimit-reset": "30"}, 200, 0),
        ({"ratelimit-remaining": "0", "ratelimit-reset": "12"}, 503, 12),
        ({"ratelimit": "limit=100, remaining=0, reset=50"}, 200, 50),
        ({"ratelimit": '"default";r=0;t=8'}, 429, 8),
        ({"ratelimit": '"default";r=9;t=8'}, 429, 0),
        ({"retry-after": "9" * 40}, 429, 0),
    ],
)
def test_what_a_server_asks_for_is_understood(headers, status, seconds):
    assert seconds_asked(headers, status=status, now=NOON) == seconds


@pytest.mark.parametrize("status", [429, 503])
def test_a_pause_is_kept_for_the_whole_host(web, crawl, status):
    web.set_articles(range(1, 5))
    web.pages["/a/1"] = [(status, {"Retry-After": "1"}, b""), web.article(1)]
    assert counts(crawl(delay=0.01)) == {"fetched": 4, "new": 4}
    refused = next(n for n, (path, code, _) in enumerate(web.seen) if code == status)
    assert web.times[refused + 1] - web.times[refused] > 0.9


def test_a_limit_that_is_used_up_is_waited_for(web, crawl):
    web.set_articles([1, 2])
    used_up = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1"}
    web.pages["/a/1"] = (200, used_up, web.article(1))
    assert counts(crawl(delay=0.01)) == {"fetched": 2, "new": 2}
    assert web.times[-1] - web.times[-2] > 0.9


def test_a_host_that_asks_for_too_long_is_left_until_the_next_run(web, crawl):
    web.set_articles(range(1, 40))
    for n in range(1, 40):
        web.pages[f"/a/{n}"] = [(429, {"Retry-After": "3600"}, b""), web.article(n)]
    began = time.monotonic()
    report = crawl(delay=0.01)
    assert time.monotonic() - began < 20
    assert counts(report) == {"left": 39} and len(web.paths(429)) == 1
    assert any("asks to wait 3600 seconds" in reason for _, reason in report.reasons) and len(report.reasons) == 1
    for n in range(1, 40):
        web.pages[f"/a/{n}"] = web.article(n)
    assert counts(crawl()) == {"fetched": 39, "new": 39}


def test_retries_are_bounded_and_come_later_each_time(web, crawl):
    web.set_articles([1])
    web.pages["/a/1"] = (500, {}, b"")
    assert counts(crawl(delay=0.2)) == {"failed": 1}
    times = [when for when, (path, _, _) in zip(web.times, web.seen, strict=True) if path == "/a/1"]
    assert len(times) == 3
    first, second = (later - earlier for earlier, later in pairwise(times))
    assert first > 0.2 and second > 0.4


def test_the_budget_of_a_day_is_kept_over_runs(web, crawl, path):
    web.set_articles(range(1, 31))
    report = crawl(budget=10)
    assert len(web.seen) == 10 and counts(report) == {"fetched": 8, "new": 8, "left": 22}
    assert any("budget of 10 requests a day is used up" in reason for _, reason in report.reasons)
    assert counts(crawl(budget=10)) == {"left": 22} and len(web.seen) == 10
    assert crawl(budget=15).left == 22 - 4 and len(web.seen) == 15  # robots.txt is a request too
    with Archive(path) as archive:
        assert BudgetTable(archive, limit=15).spent("127.0.0.1") == 15


def test_a_killed_run_has_counted_too_many_rather_than_too_few(path):
    with Archive(path) as archive:
        killed = BudgetTable(archive, limit=50)
        assert all(killed.take("a.example") for _ in range(3))
        assert killed.spent("a.example") == RESERVED
        ended = BudgetTable(archive, limit=50)
        assert sum(ended.take("a.example") for _ in range(100)) == 30 and ended.spent("a.example") == 50
        other = BudgetTable(archive, limit=50)
        assert other.take("b.example")
        other.close()
        assert other.spent("b.example") == 1 and not other.take("a.example")


def test_the_budget_begins_anew_each_day(path):
    with Archive(path) as archive:
        budget = BudgetTable(archive, limit=1)
        assert budget.take("a.example") and not budget.take("a.example")
        archive.connection.execute("update request_budget set day = '2023-11-06'")
        assert BudgetTable(archive, limit=1).take("a.example")


def test_no_limit_counts_nothing(path):
    with Archive(path) as archive:
        assert all(BudgetTable(archive, limit=0).take("a.example") for _ in range(100))
        assert isinstance(archive.connection, sqlite3.Connection)


def test_the_crawl_delay_of_robots_txt_is_kept_if_it_is_larger(web, crawl):
    web.set_articles([1, 2, 3])
    robots(web, "User-agent: *\nCrawl-delay: 0.5\n")
    assert counts(crawl()) == {"fetched": 3, "new": 3}
    assert len(web.times) == 5 and web.times[-1] - web.times[0] > 1.7


def test_an_absurd_crawl_delay_is_not_sat_out(web, crawl):
    web.set_articles([1])
    robots(web, "User-agent: *\nCrawl-delay: 86400\n")
    report = crawl()
    assert web.paths() == [] and "86400 seconds between requests" in report.reasons[0][1]


@pytest.mark.parametrize(
    ("answer", "is_open"),
    [
        ((404, {}, b""), True),
        ((403, {}, b"User-agent: *\nDisallow: /\n"), True),
        ((200, {}, b"\xff\xfe\x00garbage"), True),
        ((200, {}, b"User-agent: *\nDisallow: /\n\nUser-agent: yuanliu\nAllow: /\n"), True),
        ((200, {}, b"User-agent: *\nDisallow: /\n"), False),
        ((503, {}, b""), False),
    ],
)
def test_robots_txt_is_read_as_rfc_9309_says(web, crawl, answer, is_open):
    web.set_articles([1])
    web.pages["/robots.txt"] = answer
    report = crawl()
    assert (report.new == 1) is is_open and (web.paths() != []) is is_open
    assert is_open or "robots.txt" in report.reasons[0][1]


def test_robots_txt_holds_for_where_a_redirect_leads(web, crawl):
    web.set_articles([1])
    web.pages["/a/1"] = (302, {"Location": "/secret/1"}, b"")
    web.pages["/secret/1"] = web.article(1)
    robots(web, "User-agent: *\nDisallow: /secret/\n")
    assert crawl().reasons == [(f"{web.url}/a/1", "Forbidden by robots.txt")]
    assert "/secret/1" not in web.paths()


@pytest.mark.parametrize("status", [401, 402, 403])
def test_a_page_that_is_not_open_is_named_and_left_alone(web, crawl, status):
    web.set_articles([1, 2])
    web.pages["/a/1"] = (status, {}, b"")
    report = crawl()
    assert counts(report) == {"fetched": 1, "new": 1, "skipped": 1}
    assert "is behind a wall" in report.reasons[0][1] and str(status) in report.reasons[0][1]
    web.seen.clear()
    crawl()
    assert "/a/1" not in web.paths()


@pytest.mark.parametrize("target", ["/login?next=/a/1", "/captcha/check", "http://passport.news.example/visitor"])
def test_a_redirect_to_a_login_is_not_followed(web, crawl, target):
    web.set_articles([1])
    web.pages["/a/1"] = (302, {"Location": target}, b"")
    web.pages["/login?next=/a/1"] = web.pages["/captcha/check"] = web.article(1)
    report = crawl()
    assert counts(report) == {"skipped": 1} and "is behind a wall: it leads to" in report.reasons[0][1]
    assert web.paths() == ["/feed.xml", "/a/1"]


def test_walls_are_told_from_pages():
    assert wall_of_status(404) is None
    assert wall_of_redirect("https://example.org/articles/login-flaw-found", source="https://example.org/a") is None
    assert wall_of_redirect("https://example.org/signin/", source="https://example.org/a")
    assert wall_in_page("<title>安全验证</title><div></div>") == "is behind a wall: the page shows '安全验证'"
    assert wall_in_page("<title>Hello</title><input name=p type='password'>")
    assert wall_in_page("<title>Hello</title>") is None


def test_a_captcha_in_the_place_of_a_page_is_named(web, crawl):
    web.set_articles([1])
    web.pages["/a/1"] = "<html><head><title>百度安全验证</title></head><body></body></html>".encode()
    assert crawl().reasons == [(f"{web.url}/a/1", "is behind a wall: the page shows '百度安全验证'")]


def test_two_sources_on_one_host_share_its_turns(path):
    """Whoever waits for a host gets one turn at a time, whichever spider it is."""
    with Archive(path) as archive:
        hosts = Hosts(BudgetTable(archive, limit=0), concurrency=1, delay=0)
        inside, most = 0, 0

        async def ask():
            nonlocal inside, most
            assert await hosts.take_turn("a.example") is None
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.001)
            inside -= 1
            hosts.give_back("a.example")

        async def everybody():
            await asyncio.gather(*(ask() for _ in range(20)))

        asyncio.run(everybody())
    assert most == 1


def test_who_the_crawler_is_stands_in_every_request(web, crawl):
    web.set_articles([1])
    crawl(contact="mailto:test@example.org")
    assert {headers["User-Agent"] for _, _, headers in web.seen} == {"yuanliu (+mailto:test@example.org)"}
    assert all("Cookie" not in headers and "Referer" not in headers for _, _, headers in web.seen)
