"""Pages whose modification time in the listing stays as it was count without a request."""

from datetime import UTC, datetime, timedelta

import pytest

from crawler import vouching
from crawler.archive import Archive
from crawler.page_table import PageState
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source, load_sources
from crawler.vouching import VouchedPages, is_vouched

THEN, LATER = "2023-11-07T10:00:00+08:00", "2023-11-08T10:00:00+08:00"
LOCAL = {"delay": 0, "allow_private": True, "timeout": 20}
EDIT = "Correction: the licence had named the code from the start, they now say."


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def crawl(web, path):
    def run(kind="feed", *, options=None, **fields):
        place = {"feed": "/feed.xml", "sitemap": "/sitemap.xml"}[kind]
        source = Source(name="news", title="News", kind=kind, url=web.url + place, **fields)
        web.seen.clear()
        return run_crawl(path, [source], options=CrawlOptions(**LOCAL | (options or {}))).sources["news"]

    return run


def counts(report):
    names = ("fetched", "new", "changed", "unchanged", "skipped", "failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def set_pages(web, numbers, *, modified=THEN):
    """Set articles and a feed with one time for all of them, or times by number."""
    for n in numbers:
        web.pages[f"/a/{n}"] = web.article(n)
    times = {f"/a/{n}": time for n, time in modified.items()} if isinstance(modified, dict) else modified
    web.set_feed([f"/a/{n}" for n in numbers], modified=times)


def age(path, days):
    """Let the pages have been asked for so many days ago."""
    then = (datetime.now(UTC) - timedelta(days=days)).isoformat(timespec="seconds")
    with Archive(path) as archive:
        archive.connection.execute("update page set fetched = ?", (then,))


def test_pages_that_the_feed_vouches_for_are_counted_and_not_asked_for(web, crawl):
    set_pages(web, [1, 2])
    assert counts(crawl()) == {"fetched": 2, "new": 2}
    for change in (False, True):  # the feed is as it was, then it has other bytes
        if change:
            web.pages["/feed.xml"] += b"<!-- -->"
        report = crawl(minimum=2)
        assert counts(report) == {"unchanged": 2} and not report.below_minimum
        assert web.paths() == ["/feed.xml"]


def test_a_page_whose_time_moved_is_fetched_and_an_edit_without_one_is_not_seen(web, crawl):
    set_pages(web, [1, 2])
    crawl()
    for n in (1, 2):
        web.pages[f"/a/{n}"] = web.article(n, lead=EDIT)
    web.set_feed(["/a/1", "/a/2"], modified={"/a/1": THEN, "/a/2": LATER})
    assert counts(crawl()) == {"fetched": 1, "changed": 1, "unchanged": 1}
    assert web.paths() == ["/feed.xml", "/a/2"]
    assert counts(crawl()) == {"unchanged": 2} and web.paths() == ["/feed.xml"]


def test_a_time_that_went_back_or_away_vouches_for_nothing(web, crawl):
    set_pages(web, [1, 2], modified=LATER)
    crawl()
    web.set_feed(["/a/1", "/a/2"], modified={"/a/1": THEN})
    assert counts(crawl()) == {"unchanged": 2}
    assert sorted(web.paths(304)) == ["/a/1", "/a/2"]


def test_a_page_is_asked_for_all_the_same_after_a_week_or_what_the_source_says(web, crawl, path):
    set_pages(web, [1, 2])
    crawl()
    web.pages["/a/2"] = web.article(2, lead=EDIT)  # and the feed does not say so
    age(path, 8)
    assert counts(crawl(recheck="30d")) == {"unchanged": 2} and web.paths() == ["/feed.xml"]
    assert counts(crawl()) == {"fetched": 1, "changed": 1, "unchanged": 1}
    assert web.paths(304) == ["/feed.xml", "/a/1"]
    assert counts(crawl()) == {"unchanged": 2} and web.paths() == ["/feed.xml"]


def test_a_page_changed_within_the_hour_before_it_came_is_asked_for_once_more(web, crawl):
    set_pages(web, [1], modified=(datetime.now(UTC) - timedelta(minutes=20)).isoformat())
    crawl()
    assert counts(crawl()) == {"unchanged": 1} and "/a/1" in web.paths(304)


def test_what_a_sitemap_vouches_for_is_counted_also_where_it_has_not_changed(web, crawl):
    set_pages(web, range(1, 5))
    web.set_sitemap([("/map.xml", None)], index=True)
    web.set_sitemap([("/a/1", "2023-11-01"), ("/a/2", THEN), ("/a/3", None)], path="/map.xml")
    assert counts(crawl("sitemap")) == {"fetched": 3, "new": 3}
    report = crawl("sitemap", minimum=2)
    assert counts(report) == {"unchanged": 2} and not report.below_minimum
    assert web.paths() == web.paths(304) == ["/sitemap.xml", "/map.xml"]
    web.pages["/a/2"] = web.article(2, lead=EDIT)
    rows = [("/a/1", "2023-11-01"), ("/a/2", LATER), ("/a/3", None), ("/a/4", "2023-11-09")]
    web.set_sitemap(rows, path="/map.xml")
    assert counts(crawl("sitemap")) == {"fetched": 2, "new": 1, "changed": 1, "unchanged": 1}
    assert sorted(web.paths(200)) == ["/a/2", "/a/4", "/map.xml"]


def test_pages_of_a_sitemap_are_asked_for_after_a_week_too(web, crawl, path):
    set_pages(web, [1, 2])
    web.set_sitemap([("/a/1", THEN), ("/a/2", None)])
    crawl("sitemap")
    age(path, 8)
    assert counts(crawl("sitemap")) == {"unchanged": 1}
    assert web.paths(304) == ["/sitemap.xml", "/a/1"]


def test_a_page_that_a_later_listing_of_the_run_calls_changed_is_fetched_and_counted_once(web, crawl):
    set_pages(web, [1])
    web.set_sitemap([("/one.xml", None), ("/two.xml", None)], index=True)
    web.set_sitemap([("/a/1", THEN)], path="/one.xml")
    web.set_sitemap([("/a/1", THEN)], path="/two.xml")
    crawl("sitemap")
    web.pages["/a/1"] = web.article(1, lead=EDIT)
    web.set_sitemap([("/a/1", LATER)], path="/two.xml")
    assert counts(crawl("sitemap")) == {"fetched": 1, "changed": 1}


def test_pages_without_a_keyword_are_not_asked_for_until_the_keywords_change(web, crawl):
    set_pages(web, [1, 2])
    web.pages["/a/2"] = web.article(2, lead="Developers call it a Llama in disguise, and show a diff of both models.")
    crawl(keywords=("llama", "disguise"))
    report = crawl(keywords=("disguise", "llama"))
    assert counts(report) == {"unchanged": 1, "skipped": 1} and web.paths() == ["/feed.xml"]
    assert report.reasons == [(f"{web.url}/a/1", "says none of the keywords")]
    assert counts(crawl(keywords=("tensors",))) == {"new": 1, "unchanged": 1}
    assert web.paths(304) == ["/feed.xml", "/a/1"]


def test_a_page_that_vanished_is_asked_for_until_it_is_there_again(web, crawl, path):
    set_pages(web, [1])
    crawl()
    page = web.pages.pop("/a/1")
    age(path, 8)
    assert counts(crawl()) == {"failed": 1}
    with Archive(path) as archive:
        (document,) = archive.document_ids()
        assert archive.state_of(document).gone
    web.pages["/a/1"] = page
    assert counts(crawl()) == {"unchanged": 1} and "/a/1" in web.paths()
    with Archive(path) as archive:
        assert archive.state_of(document).gone is None


def test_what_a_limit_left_is_noted_with_its_time_too(web, crawl):
    set_pages(web, [1, 2])
    assert counts(crawl(options={"limit": 1})) == {"fetched": 1, "new": 1}
    assert counts(crawl()) == {"fetched": 1, "new": 1, "unchanged": 1} and len(web.paths()) == 2
    assert counts(crawl()) == {"unchanged": 2} and web.paths() == ["/feed.xml"]


def test_a_run_that_looks_back_finds_what_is_older_and_asks_for_nothing_again(web, crawl):
    set_pages(web, range(1, 4))
    web.set_sitemap([("/a/1", "2023-11-01"), ("/a/2", "2023-10-02")])
    crawl("sitemap", options={"since": "2023-10-15"})
    assert web.paths(200) == ["/sitemap.xml", "/a/1"]
    assert counts(crawl("sitemap", options={"since": "2023-09-15"})) == {"fetched": 1, "new": 1, "unchanged": 1}
    assert web.paths(200) == ["/a/2"]


def page(number, **fields):
    known = {"source": "s", "state": "done", "etag": None, "last_modified": None, "failures": 0, "error": None}
    times = {"fetched": "2023-11-10T00:00:00+00:00", "modified": THEN, "modified_when_fetched": THEN}
    return PageState(**{"url": f"https://news.example/{number}", "document": f"d{number}"} | known | times | fields)


@pytest.mark.parametrize(
    "fields",
    [
        {"modified": None, "modified_when_fetched": None},
        {"modified_when_fetched": None},
        {"modified": LATER},
        {"fetched": "2023-11-07T02:30:00+00:00"},
        {"fetched": None},
        {"state": "failed"},
        {"state": "due"},
        {"state": "skipped", "judge": "other"},
        {"modified": "2023-11-09", "modified_when_fetched": "2023-11-09"},  # which is not over everywhere
        {"modified": "9999-12-31", "modified_when_fetched": "9999-12-31"},
    ],
)
def test_what_vouches_for_nothing(fields):
    assert is_vouched(page(1), judge="j") and is_vouched(page(1, state="skipped", judge="j"), judge="j")
    assert not is_vouched(page(1, **fields), judge="j")


def test_of_many_pages_those_are_asked_for_first_that_waited_longest(monkeypatch):
    monkeypatch.setattr(vouching, "MOST_RECHECKED", 3)
    pages = [page(n, fetched=f"2023-11-{20 - n}T00:00:00+00:00") for n in range(5)]
    now = datetime(2023, 12, 1, tzinfo=UTC)
    vouched = VouchedPages(judge="j", recheck=timedelta(days=7), now=now)
    assert vouched.to_ask(pages) == pages[2:]
    assert vouched.to_ask(pages) == pages[2:] and vouched.left(set()) == pages[:2]
    assert vouched.left({pages[0].url}) == pages[1:2]


def test_how_long_a_source_goes_unasked_is_checked():
    table = {"name": "news", "kind": "feed", "url": "https://news.example/feed"}
    assert load_sources([table])["news"].longest_unasked == timedelta(days=7)
    assert load_sources([table | {"recheck": "12h"}])["news"].longest_unasked == timedelta(hours=12)
    with pytest.raises(Exception, match=r"recheck = 'weekly' is not allowed.*30m, 6h or 1d"):
        load_sources([table | {"recheck": "weekly"}])
