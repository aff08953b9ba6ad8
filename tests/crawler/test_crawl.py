"""Crawls with the real Scrapy in real child processes, over a server on the loopback."""

import json
import os
import signal
import subprocess
import threading

import pytest

from crawler import runner
from crawler.archive import Archive
from crawler.errors import CrawlError
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source

LOCAL = CrawlOptions(delay=0, allow_private=True, timeout=20, contact="mailto:test@example.org")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


def feed(web, **fields):
    return Source(**{"name": "news", "title": "News", "kind": "feed", "url": f"{web.url}/feed.xml"} | fields)


def crawl(path, *sources, options=LOCAL):
    return run_crawl(path, sources, options=options).sources


def counts(report):
    names = ("fetched", "new", "changed", "unchanged", "skipped", "failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def documents(path):
    with Archive(path) as archive:
        return [revision.document for revision in archive.revisions()]


def states(path, source="news"):
    with Archive(path) as archive:
        found = {state: archive.pages(source=source, state=state) for state in ("due", "done", "skipped", "failed")}
        return {page.url.split("/", 3)[3]: page.state for pages in found.values() for page in pages}


def test_articles_and_threads_come_into_the_archive(web, path):
    web.set_articles([1, 2, 3])
    web.set_json("/latest.json", {"topic_list": {"topics": [{"id": 7, "title": "T"}]}})
    posts = [web.post(1, "Is it a copy?"), web.post(2, "It is not.", answers=1)]
    web.set_json("/t/7.json", web.topic(7, posts))
    forum = Source(name="forum", title="Forum", kind="discourse", url=web.url)
    report = crawl(path, feed(web, minimum=3), forum)
    assert counts(report["news"]) == {"fetched": 3, "new": 3} and not report["news"].below_minimum
    assert counts(report["forum"]) == {"fetched": 1, "new": 1}
    thread, *articles = sorted(documents(path), key=lambda document: document.kind != "thread")
    assert (thread.source, thread.url) == ("forum", f"{web.url}/t/7")
    assert [(post.author, post.reply_to) for post in thread.posts] == [("user1", None), ("user2", 0)]
    assert {article.source for article in articles} == {"news"} and len(articles) == 3
    assert all("trained from scratch" in article.text and article.fetched for article in articles)
    with Archive(path) as archive:
        assert [source.name for source in archive.sources()] == ["forum", "news"]
        raws = {archive.raw(revision.raw) for revision in archive.revisions() if revision.document.kind == "article"}
    assert raws == {web.article(n) for n in (1, 2, 3)}


def test_the_posts_that_a_topic_only_names_are_fetched_too_and_their_edits_seen(web, path):
    posts = [web.post(number, f"post {number}") for number in range(1, 53)]
    web.set_json("/latest.json", {"topic_list": {"topics": [{"id": 7}]}})
    web.set_json("/t/7.json", web.topic(7, posts[:1], stream=[post["id"] for post in posts]))
    for portion in (posts[1:51], posts[51:]):
        web.set_json(web.posts_path(7, portion), {"post_stream": {"posts": portion}})
    forum = Source(name="forum", title="Forum", kind="discourse", url=web.url)
    crawl(path, forum)
    (thread,) = documents(path)
    assert [post.text for post in thread.posts] == [f"post {number}" for number in range(1, 53)]
    posts[51]["cooked"] = "<p>edited</p>"
    web.set_json(web.posts_path(7, posts[51:]), {"post_stream": {"posts": posts[51:]}})
    assert counts(crawl(path, forum)["forum"]) == {"fetched": 1, "changed": 1}


def test_a_second_run_fetches_nothing_anew_and_changes_nothing(web, path):
    web.set_articles([1, 2])
    crawl(path, feed(web))
    before = documents(path)
    web.seen.clear()
    report = crawl(path, feed(web, minimum=2))["news"]
    assert counts(report) == {"unchanged": 2} and not report.below_minimum
    assert sorted(web.paths(304)) == sorted(web.paths()) == ["/a/1", "/a/2", "/feed.xml"]
    assert documents(path) == before


def test_an_edited_page_becomes_a_second_revision_though_the_feed_is_as_it_was(web, path):
    web.set_articles([1, 2])
    crawl(path, feed(web))
    web.pages["/a/2"] = web.article(2, lead="Correction: the licence had named the code from the start, they now say.")
    report = crawl(path, feed(web))["news"]
    assert counts(report) == {"fetched": 1, "changed": 1, "unchanged": 1}
    with Archive(path) as archive:
        assert sorted(revision.sequence for revision in archive.revisions()) == [1, 2]


def test_pages_that_cannot_be_had_are_named_and_the_rest_comes(web, path):
    web.set_articles([1])
    web.pages["/broken"] = b"<html><body></body></html>"
    web.pages["/image"] = (200, {"Content-Type": "image/png"}, b"\x89PNG")
    web.pages["/500"] = (500, {}, b"")
    web.pages["/gone-home"] = (302, {"Location": "/"}, b"")
    web.pages["/"] = web.article(9)
    web.set_feed(["/a/1", "/broken", "/image", "/404", "/500", "/gone-home", "http://[::1]:1/x"])
    report = crawl(path, feed(web, minimum=2))["news"]
    assert counts(report) == {"fetched": 4, "new": 1, "skipped": 3, "failed": 3} and report.below_minimum
    reasons = {url.removeprefix(web.url): reason for url, reason in report.reasons}
    assert reasons["/404"] == "HTTP 404" and reasons["/500"] == "HTTP 500" and "http://[::1]:1/x" in reasons
    assert "image/png" in reasons["/image"] and "front page" in reasons["/gone-home"] and reasons["/broken"]
    assert states(path)["404"] == "failed" and states(path)["broken"] == "skipped"


def test_a_page_that_fails_in_three_runs_is_given_up(web, path):
    web.set_feed(["/404"])
    for _ in range(4):
        crawl(path, feed(web))
    assert web.paths().count("/404") == 3


def test_a_server_that_is_busy_is_asked_again_after_the_time_it_names(web, path):
    web.set_articles([1])
    web.pages["/a/1"] = [(503, {"Retry-After": "1"}, b""), web.article(1)]
    assert counts(crawl(path, feed(web))["news"]) == {"fetched": 1, "new": 1}
    assert web.paths() == ["/feed.xml", "/a/1", "/a/1"]
    assert web.times[-1] - web.times[-2] > 0.9


@pytest.mark.parametrize(
    ("answer", "reason"), [(b"<html>maintenance</html>", "no feed"), ((502, {}, b"maintenance"), "HTTP 502")]
)
def test_a_feed_that_is_none_is_named_and_waiting_pages_are_fetched_all_the_same(web, path, answer, reason):
    web.set_articles([1])
    with Archive(path) as archive:
        archive.enqueue(f"{web.url}/a/1", source="news")
    web.pages["/feed.xml"] = answer
    report = crawl(path, feed(web))["news"]
    assert counts(report) == {"fetched": 1, "new": 1, "failed": 1}
    assert report.reasons[0][0] == f"{web.url}/feed.xml" and reason in report.reasons[0][1]


def test_pages_without_a_keyword_are_skipped_and_read_again_when_the_keywords_change(web, path):
    web.set_articles([1, 2])
    web.pages["/a/2"] = web.article(2, lead="Developers call it a Llama in disguise, and show a diff of both models.")
    report = crawl(path, feed(web, keywords=("llama",)))["news"]
    assert counts(report) == {"fetched": 2, "new": 1, "skipped": 1}
    assert report.reasons == [(f"{web.url}/a/1", "says none of the keywords")]
    web.seen.clear()
    assert counts(crawl(path, feed(web, keywords=("tensors",)))["news"]) == {"new": 1, "unchanged": 1}
    assert web.paths(200) == []


def test_an_archived_page_is_followed_even_when_it_no_longer_says_the_keyword(web, path):
    web.set_articles([1])
    web.pages["/a/1"] = web.article(1, lead="Developers call it a Llama in disguise, and show a diff of both models.")
    crawl(path, feed(web, keywords=("llama",)))
    web.pages["/a/1"] = web.article(1)
    assert counts(crawl(path, feed(web, keywords=("llama",)))["news"]) == {"fetched": 1, "changed": 1}


def test_a_page_without_a_date_has_the_feeds(web, path):
    web.set_articles([1])
    web.pages["/a/1"] = web.article(1, date=False)
    crawl(path, feed(web))
    (document,) = documents(path)
    assert document.published == document.posts[0].published == "2023-11-06T09:30:00+08:00"


def test_the_limit_leaves_what_is_listed_last_for_the_next_run(web, path):
    web.set_articles([3, 1, 2])
    limited = CrawlOptions(delay=0, allow_private=True, limit=2)
    assert counts(crawl(path, feed(web), options=limited)["news"]) == {"fetched": 2, "new": 2}
    assert states(path) == {"feed.xml": "done", "a/3": "done", "a/1": "done", "a/2": "due"}
    assert counts(crawl(path, feed(web), options=limited)["news"]) == {"fetched": 1, "new": 1, "unchanged": 1}


def test_a_crawl_killed_in_the_middle_loses_no_page(web, path):
    web.set_articles(range(1, 10))
    reached = web.hold("/a/5")
    child = subprocess.Popen(
        runner.child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=runner.child_environment()
    )
    with child:
        child.stdin.write(runner.job_for(path, [feed(web)], options=LOCAL).encode() + b"\n")
        child.stdin.flush()
        assert reached.wait(60)
        child.kill()
    web.release()
    assert sorted(states(path)) == sorted(["feed.xml", *(f"a/{n}" for n in range(1, 10))])
    web.set_feed([])  # what is no longer listed is not lost either
    left = [url for url, state in states(path).items() if state == "due"]
    assert "a/5" in left
    assert counts(crawl(path, feed(web))["news"]) == {"fetched": len(left), "new": len(left)}
    assert len(documents(path)) == 9
    assert set(states(path).values()) == {"done"}


def test_the_death_of_the_child_is_a_clear_error(web, path, monkeypatch):
    web.set_articles([1])
    reached = web.hold("/a/1")
    children = []

    class Watched(subprocess.Popen):
        def __init__(self, *given, **named):
            super().__init__(*given, **named)
            children.append(self)

    monkeypatch.setattr(runner.subprocess, "Popen", Watched)

    def kill():
        reached.wait(60)
        os.kill(children[0].pid, signal.SIGKILL)

    killer = threading.Thread(target=kill)
    killer.start()
    with pytest.raises(CrawlError, match=r"killed by signal 9.*run it again"):
        crawl(path, feed(web))
    killer.join()
    web.release()
    monkeypatch.undo()
    assert counts(crawl(path, feed(web))["news"]) == {"fetched": 1, "new": 1}


def test_the_child_ends_with_its_parent(web, path):
    web.set_articles([1])
    reached = web.hold("/a/1")
    with subprocess.Popen(
        runner.child_command(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=runner.child_environment()
    ) as child:
        child.stdin.write(runner.job_for(path, [feed(web)], options=LOCAL).encode() + b"\n")
        child.stdin.flush()
        assert reached.wait(60)
        child.stdin.close()
        assert child.wait(20) == 1


def test_an_archive_that_cannot_be_opened_is_a_clear_error(web, tmp_path):
    with pytest.raises(CrawlError, match="no-such-folder"):
        crawl(tmp_path / "no-such-folder" / "a.db", feed(web))


def test_an_archive_that_breaks_stops_the_crawl_visibly(web, path):
    web.set_articles([1, 2])
    with Archive(path) as archive:
        archive.connection.execute(
            "create trigger full before insert on revision begin select raise(abort, 'disk full'); end"
        )
    with pytest.raises(CrawlError, match="disk full"):
        crawl(path, feed(web))


def test_readers_can_read_while_a_crawl_goes_on(web, path):
    web.set_articles([1, 2])
    reached = web.hold("/a/2")
    reports = []
    worker = threading.Thread(target=lambda: reports.append(crawl(path, feed(web))))
    worker.start()
    assert reached.wait(60)
    with Archive(path) as archive:
        archive.enqueue("http://example.org/", source="other")
        assert archive.counts()["documents"] <= 1
    web.release()
    worker.join()
    assert counts(reports[0]["news"]) == {"fetched": 2, "new": 2}


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "2130706433"])
def test_a_private_address_is_refused(web, path, host):
    web.set_articles([1])
    source = feed(web, url=f"{web.url}/feed.xml".replace("127.0.0.1", host))
    report = crawl(path, source, options=CrawlOptions(delay=0))["news"]
    assert counts(report) == {"skipped": 1} and "allow_private" in report.reasons[0][1]
    assert web.seen == []


def test_a_redirect_to_a_private_address_is_refused(web, path):
    """The first hop goes through a name that is public to the guard, as in an attack."""
    report = guarded_crawl(web, path)
    assert counts(report) == {"new": 1, "fetched": 1, "skipped": 1}
    assert "10.0.0.1 is not a public address" in report.reasons[0][1]


def guarded_crawl(web, path):
    web.set_articles([1])
    web.pages["/away"] = (302, {"Location": "http://10.0.0.1/secret"}, b"")
    web.set_feed(["/a/1", "/away"])
    script = (
        "import ipaddress, crawler.middlewares as m, crawler.runner as r\n"
        "public = m.is_public\n"
        "m.is_public = lambda a: a == '127.0.0.1' or public(a)\n"
        "r.main()\n"
    )
    command = [*runner.child_command()[:2], "-c", script]
    job = runner.job_for(path, [feed(web)], options=CrawlOptions(delay=0)) + "\n"
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=runner.child_environment(), encoding="utf-8"
    ) as child:
        child.stdin.write(job)
        child.stdin.flush()
        answer = json.loads(child.stdout.read())
    return runner.report_of(feed(web), answer["tallies"]["news"])


def test_everything_goes_through_the_proxy_if_there_is_one(web, path):
    web.set_articles([1])
    web.set_feed(["http://news.example/a/1"])
    web.pages = {f"http://news.example{name}": page for name, page in web.pages.items()}
    source = feed(web, url="http://news.example/feed.xml")
    report = crawl(path, source, options=CrawlOptions(delay=0, proxy=web.url))["news"]
    assert counts(report) == {"fetched": 1, "new": 1}
    assert ("http://news.example/robots.txt", 404) in [(name, status) for name, status, _ in web.seen]


def test_the_environments_proxy_is_not_used(web, path, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    web.set_articles([1])
    assert counts(crawl(path, feed(web))["news"]) == {"fetched": 1, "new": 1}


def test_robots_txt_is_obeyed_and_the_crawler_says_who_it_is(web, path):
    web.set_articles([1, 2])
    web.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: yuanliu\nDisallow: /a/2\n")
    report = crawl(path, feed(web))["news"]
    assert counts(report) == {"fetched": 1, "new": 1, "skipped": 1}
    assert report.reasons == [(f"{web.url}/a/2", "Forbidden by robots.txt")]
    assert "/a/2" not in web.paths()
    assert {headers["User-Agent"] for _, _, headers in web.seen} == {"yuanliu (+mailto:test@example.org)"}


def test_requests_to_a_host_keep_their_distance(web, path):
    web.set_articles(range(1, 6))
    crawl(path, feed(web), options=CrawlOptions(delay=0.4, allow_private=True))
    assert len(web.times) == 7
    assert web.times[-1] - web.times[0] > 1.0  # six times 0.4 s, which Scrapy varies by a half


def test_no_sources_need_no_process(path):
    assert run_crawl(path, [], options=LOCAL).sources == {}
    assert not path.exists()
