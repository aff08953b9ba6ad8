"""A crawled page that vanishes stays readable, is marked as gone, and is not when it comes back."""

import pytest

from crawler.archive import Archive
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source

LOCAL = CrawlOptions(delay=0, allow_private=True, timeout=20, contact="mailto:test@example.org")


@pytest.fixture
def crawl(web, tmp_path):
    def run():
        source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
        run_crawl(tmp_path / "a.db", [source], options=LOCAL)
        with Archive(tmp_path / "a.db") as archive:
            return {
                revision.document.url.rsplit("/", 1)[1]: archive.state_of(revision.document.id).gone
                for revision in archive.revisions()
            }

    return run


@pytest.mark.parametrize("status", [404, 410])
def test_a_page_that_vanishes_is_marked_and_one_that_comes_back_is_not(web, crawl, status):
    web.set_articles([1, 2])
    assert crawl() == {"1": None, "2": None}
    page = web.pages["/a/2"]
    web.pages["/a/2"] = (status, {}, b"no more")
    gone = crawl()
    assert gone["1"] is None and gone["2"] is not None
    web.pages["/a/2"] = page
    assert crawl() == {"1": None, "2": None}


def test_a_page_that_cannot_be_reached_for_a_while_is_not_gone(web, crawl):
    web.set_articles([1])
    crawl()
    web.pages["/a/1"] = (500, {}, b"")
    assert crawl() == {"1": None}
