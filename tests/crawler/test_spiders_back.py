"""A run that looks back: archives by month and by page, dated sitemaps, paged feeds and a forum's search."""

from datetime import UTC, date, datetime, timedelta

import pytest

from crawler.archive import Archive
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source

TODAY = datetime.now(UTC).date()
SINCE = TODAY - timedelta(days=100)


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def look_back(web, path):
    def run(kind, url=None, *, since=SINCE, limit=None, **fields):
        place = {"feed": "/feed.xml", "sitemap": "/sitemap.xml", "list": "/list", "discourse": ""}[kind]
        source = Source(name="news", title="News", kind=kind, url=url or web.url + place, **fields)
        options = CrawlOptions(delay=0, allow_private=True, since=since.isoformat(), limit=limit)
        return run_crawl(path, [source], options=options).sources["news"]

    return run


def feed(web, entries, *, head=""):
    """Return a feed of (number, day)."""
    items = "".join(
        f"<item><title>Item {n}</title><link>{web.url}/a/{n}</link><pubDate>{day.isoformat()}</pubDate></item>"
        for n, day in entries
    )
    for n, _ in entries:
        web.pages[f"/a/{n}"] = web.article(n, date=False)
    return (
        f"<rss version='2.0' xmlns:atom='http://www.w3.org/2005/Atom'><channel>{head}{items}</channel></rss>".encode()
    )


def ago(days):
    return TODAY - timedelta(days=days)


def months(first, last):
    """Return the first days of the months from the last to the first day, newest first."""
    found, day = [], last.replace(day=1)
    while day >= first.replace(day=1):
        found.append(day)
        day = (day - timedelta(days=1)).replace(day=1)
    return found


def listed(web):
    return [where for where in web.paths() if not where.startswith(("/a/", "/t/"))]


def articles(web):
    return sorted(int(where.removeprefix("/a/")) for where in web.paths() if where.startswith("/a/"))


def test_the_archive_by_months_is_walked_until_the_day(web, look_back):
    web.pages["/feed.xml"] = feed(web, [(1, TODAY)])
    asked = months(SINCE, TODAY)
    for number, month in enumerate(asked):
        web.pages[f"/{month:%Y/%m}/"] = feed(web, [(10 + number, max(month, SINCE))])
    oldest = asked[-1]
    web.pages[f"/{oldest:%Y/%m}/"] = feed(web, [(10, SINCE), (99, SINCE - timedelta(days=1))])
    report = look_back("feed", archive=f"{web.url}/{{year}}/{{month}}/")
    assert listed(web) == ["/feed.xml", *(f"/{month:%Y/%m}/" for month in asked)]
    assert 99 not in articles(web) and set(range(10, 9 + len(asked))) <= set(articles(web))
    assert report.failed == 0


def test_the_archive_ends_where_a_month_is_missing_but_not_at_the_one_that_has_just_begun(web, look_back):
    web.pages["/feed.xml"] = feed(web, [(1, TODAY)])
    asked = months(SINCE, TODAY)
    web.pages[f"/{asked[1]:%Y/%m}/"] = feed(web, [(2, asked[1])])
    report = look_back("feed", archive=f"{web.url}/{{year}}/{{month}}/")
    assert listed(web) == ["/feed.xml", *(f"/{month:%Y/%m}/" for month in asked[:3])]
    assert (report.new, report.failed) == (2, 0)
    assert (f"{web.url}/{asked[2]:%Y/%m}/", "HTTP 404; older pages end here") in report.reasons


def test_an_archive_by_pages_ends_where_nothing_is_new(web, look_back):
    web.pages["/feed.xml"] = feed(web, [(1, ago(1))])
    for page, entries in enumerate(([(1, ago(1)), (2, ago(2))], [(3, ago(3))], [(3, ago(3))]), start=1):
        web.pages[f"/feed.xml?paged={page}"] = feed(web, entries)
    report = look_back("feed", archive=f"{web.url}/feed.xml?paged={{page}}")
    assert report.new == 3 and listed(web)[-1] == "/feed.xml?paged=3"


def test_an_archive_by_pages_ends_where_all_is_older(web, look_back):
    web.pages["/feed.xml"] = feed(web, [(1, ago(1))])
    for page, entries in enumerate(
        ([(1, ago(1))], [(2, ago(99)), (3, ago(200))], [(4, ago(300))], [(5, ago(400))]), start=1
    ):
        web.pages[f"/p/{page}"] = feed(web, entries)
    report = look_back("feed", archive=f"{web.url}/p/{{page}}")
    assert report.new == 2 and articles(web) == [1, 2] and listed(web)[-1] == "/p/3"


def test_a_feed_without_an_archive_is_followed_by_its_own_links_and_by_wordpress(web, look_back):
    more = "<atom:link rel='next' href='/more.xml'/>"
    web.pages["/feed.xml"] = feed(web, [(1, ago(1))], head=more)
    web.pages["/more.xml"] = feed(web, [(2, ago(2))], head="<generator>https://wordpress.org/?v=6.4</generator>")
    web.pages["/more.xml?paged=2"] = feed(web, [(3, ago(3)), (4, ago(300))])
    assert look_back("feed").new == 3 and articles(web) == [1, 2, 3]


def test_only_the_sitemaps_of_the_time_are_read(web, look_back):
    old = SINCE - timedelta(days=70)
    web.set_sitemap(
        [(f"/map-{old:%Y-%m}.xml", None), (f"/map-{TODAY:%Y-%m}.xml", None), ("/x.xml", str(old))], index=True
    )
    web.set_sitemap([("/a/1", str(TODAY)), ("/a/2", str(old)), ("/a/3", None)], path=f"/map-{TODAY:%Y-%m}.xml")
    for n in (1, 3):
        web.pages[f"/a/{n}"] = web.article(n)
    assert look_back("sitemap").new == 2
    assert listed(web) == ["/sitemap.xml", f"/map-{TODAY:%Y-%m}.xml"]


def test_a_list_is_followed_as_far_back_as_is_asked(web, look_back):
    for n in range(1, 9):
        web.pages[f"/a/{n}"] = web.article(n)
        following = f"/list?p={n + 1}"
        item = f'<li><a href="/a/{n}">Questions about the origin of model {n}</a> <time datetime="{ago(20 * n)}"></time></li>'
        body = f'<html><body><ul class=news>{item}</ul><a rel="next" href="{following}">next</a></body></html>'
        web.pages[f"/list?p={n}" if n > 1 else "/list"] = body.encode()
    assert look_back("list", items="ul.news a").new == 5
    assert articles(web) == [1, 2, 3, 4, 5] and listed(web)[-1] == "/list?p=6"


def test_titles_restrict_what_is_fetched_from_far_back(web, look_back):
    web.set_sitemap(
        [("/a/1", str(ago(2)), "The harbour festival begins"), ("/a/2", str(ago(2)), "Whose tensors are these?")],
        news=True,
    )
    web.pages["/a/2"] = web.article(2)
    report = look_back("sitemap", keywords=("tensors",))
    assert (report.new, report.skipped) == (1, 1) and articles(web) == [2]


def test_a_forum_is_searched_for_the_keywords(web, look_back, path):
    web.set_json("/latest.json", {"topic_list": {"topics": []}})
    query = f"/search.json?q=%22Yi-34B%22+after%3A{SINCE}+order%3Alatest"
    found = {"topics": [{"id": 7, "title": "Tensors"}], "grouped_search_result": {"more_full_page_results": True}}
    web.set_json(query, found)
    web.set_json(f"{query}&page=2", {"topics": [{"id": 8, "title": "Again"}], "grouped_search_result": {}})
    for n in (7, 8):
        web.set_json(f"/t/{n}.json", web.topic(n, [web.post(1, f"Is Yi-34B a copy? {n}")]))
    assert look_back("discourse", keywords=("Yi-34B",)).new == 2
    with Archive(path) as archive:
        assert {revision.document.kind for revision in archive.revisions()} == {"thread"}


def test_the_archive_of_a_source_may_be_sitemaps_by_day(web, look_back):
    since = TODAY - timedelta(days=2)
    web.pages["/feed.xml"] = feed(web, [])
    for n in range(3):
        day = TODAY - timedelta(days=n)
        web.set_sitemap([(f"/a/{n}", str(day))], path=f"/map/{day:%Y%m%d}.xml")
        web.pages[f"/a/{n}"] = web.article(n + 1)
    report = look_back("feed", since=since, archive=f"{web.url}/map/{{year}}{{month}}{{day}}.xml")
    assert report.new == 3 and articles(web) == [0, 1, 2]
    assert date.fromisoformat(str(since)) == since
