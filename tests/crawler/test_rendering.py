"""Pages that only their scripts make are read as a reader sees them.

A real browser renders pages of a web server on the loopback. Where the browser or the extra is missing, this is skipped.
"""

from crawler.archive import Archive
from tests.crawler.rendered_crawl import WRITE, counts, crawl, feed, rendered, set_pages, shell, text_of, texts


@rendered
def test_text_that_scripts_make_is_archived_as_it_was_rendered(web, path, one):
    set_pages(web, [1, 2], before='<link rel=stylesheet href="/x.css"><link rel=icon href="/i.png">')
    web.pages["/a/2"] = shell(after='<img src="/i.png"><iframe src="/frame"></iframe><script src="/app.js"></script>')
    assert counts(one()) == {"fetched": 2, "new": 2}
    assert "names of two tensors" in texts(path)["1"] and "model 2" in texts(path)["2"]
    assert sorted(web.paths()) == ["/a/1", "/a/2", "/api/1", "/api/2", "/app.js", "/feed.xml"]
    assert {headers["User-Agent"] for _, _, headers in web.seen} == {"yuanliu (+mailto:test@example.org)"}
    with Archive(path) as archive:
        kept = archive.raw(archive.page(f"{web.url}/a/1").raw)
    assert b"names of two tensors" in kept and kept.startswith(b"<!DOCTYPE html>")


@rendered
def test_a_rendered_page_is_asked_for_whole_and_compared(web, path, one):
    """Also one whose answer was kept with its ETag before the source was rendered."""
    set_pages(web, [1, 2])
    assert counts(one(feed(web, render=False))) == {"fetched": 2, "skipped": 2}
    assert counts(one()) == {"fetched": 2, "new": 2}
    web.set_json("/api/2", {"html": text_of(web, 2, lead="The company has corrected this statement since then.")})
    assert counts(one()) == {"fetched": 2, "changed": 1, "unchanged": 1}
    assert web.paths(304) == [] and "has corrected" in texts(path)["2"]


@rendered
def test_a_list_that_a_script_makes_is_read(web, one):
    set_pages(web, [1])
    link = "<ul class=news><li><a href='/a/1'>Questions about the origin of a model, and answers</a></li></ul>"
    web.pages["/list"] = shell(f'{WRITE} write("{link}")', after="")
    source = feed(web, kind="list", url=f"{web.url}/list", items=".news a")
    assert counts(one(source)) == {"fetched": 1, "new": 1}


@rendered
def test_only_the_sources_that_want_it_are_rendered(web, path):
    set_pages(web, [1])
    web.pages["/b/1"] = web.pages["/a/1"]
    web.set_feed(["/b/1"], path="/other.xml")
    other = feed(web, name="other", url=f"{web.url}/other.xml", render=False)
    reports = crawl(path, feed(web), other)
    assert counts(reports["news"]) == {"fetched": 1, "new": 1}
    assert counts(reports["other"]) == {"fetched": 1, "skipped": 1}
    assert web.paths().count("/app.js") == 1


@rendered
def test_a_page_whose_text_does_not_come_is_tried_again(web, one):
    set_pages(web, [1])
    text = web.pages["/api/1"]
    web.pages["/api/1"] = (503, {}, b"")
    report = one()
    assert counts(report) == {"fetched": 0, "failed": 1} or counts(report) == {"failed": 1}
    assert "/api/1: HTTP 503" in report.reasons[0][1]
    web.pages["/api/1"] = text
    assert counts(one()) == {"fetched": 1, "new": 1}
