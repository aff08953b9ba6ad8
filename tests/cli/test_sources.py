"""The commands sources, sources add and sources test, over a web on the loopback."""

import csv
import io
import json
import tomllib

import pytest

from tests.crawler.loopback import Loopback

SETTINGS = "catalogue = false\n[crawl]\ndelay = 0\nallow_private = true\n"


@pytest.fixture
def web():
    with Loopback() as server:
        yield server


@pytest.fixture
def home(web):
    """A site with a feed, a sitemap that robots.txt names, and a link to a feed that is not there."""
    web.set_articles(range(1, 8))
    web.set_sitemap([("/a/1", "2023-11-01")])
    web.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, f"Sitemap: {web.url}/sitemap.xml\n".encode())
    web.pages["/"] = (
        b"<!doctype html><html lang=en><head><title>Lantern Gazette</title>"
        b"<link rel=alternate type=application/rss+xml title=Old href=/old.xml>"
        b"<link rel=alternate type=application/rss+xml title=News href=/feed.xml></head><body><p>Welcome.</p></body></html>"
    )
    return web


def own(web, **fields):
    table = {"name": "gazette", "kind": "feed", "url": f"{web.url}/feed.xml"} | fields
    return "[[source]]\n" + "".join(f"{name} = {json.dumps(value)}\n" for name, value in table.items())


def test_the_catalogue_is_listed_in_every_format(yuanliu, tmp_path):
    rows = json.loads(yuanliu("sources", "-f", "json").out)
    assert len(rows) >= 45
    assert rows[0].keys() >= {"name", "language", "kind", "enabled", "last_run", "yield", "next_due", "last_error"}
    assert [json.loads(line) for line in yuanliu("sources", "-f", "jsonl").out.splitlines()] == rows
    lines = list(csv.DictReader(io.StringIO(yuanliu("sources", "-f", "csv").out)))
    assert [line["name"] for line in lines] == [row["name"] for row in rows]
    assert {line["enabled"] for line in lines} == {"no"} and set(lines[0]) == {
        *("name", "language", "kind", "enabled", "last run", "yield", "next due", "last error")
    }
    assert rows[0]["name"] in yuanliu("sources").out
    assert list(tmp_path.iterdir()) == []  # looking makes no archive


def test_the_list_tells_of_the_last_run(yuanliu, write, home):
    write(
        "yuanliu.toml",
        SETTINGS + own(home, every="1d", language="en") + own(home, name="gone", url=f"{home.url}/none.xml"),
    )
    (before, _) = json.loads(yuanliu("sources", "-f", "json").out)
    assert (before["last_run"], before["yield"], before["next_due"]) == (None, None, "now")
    yuanliu("crawl", "--limit", "3")
    told = {row["name"]: row for row in json.loads(yuanliu("sources", "-f", "json").out)}
    assert (told["gazette"]["yield"], told["gazette"]["last_error"]) == (3, None)
    assert told["gazette"]["next_due"] > told["gazette"]["last_run"]
    assert told["gone"]["last_error"] == f"{home.url}/none.xml: HTTP 404"


def test_a_site_is_added_by_what_it_says_of_itself_and_then_works(yuanliu, write, home, tmp_path):
    path = write("yuanliu.toml", SETTINGS + "# my own words stay\n")
    added = yuanliu("sources", "add", f"{home.url}/", "--name", "gazette")
    assert (added.code, added.out) == (0, ""), added.err
    assert f"{home.url}/old.xml" in added.err and "not there (HTTP 404)" in added.err
    text = path.read_text()
    assert text.startswith(SETTINGS + "# my own words stay\n")
    (table,) = tomllib.loads(text)["source"]
    assert (table["name"], table["kind"], table["url"]) == ("gazette", "feed", f"{home.url}/feed.xml")
    assert table["language"] == "en"
    assert sorted(each.name for each in tmp_path.iterdir()) == ["yuanliu.toml"]
    for again in (f"{home.url}/", f"{home.url}/feed.xml"):
        told = yuanliu("sources", "add", again)
        assert told.code == 1 and "is the source 'gazette' already" in told.err
    assert path.read_text() == text
    assert yuanliu("crawl", "gazette", "--limit", "2").code == 0


def test_a_dry_run_prints_the_table_and_writes_nothing(yuanliu, write, home):
    path = write("yuanliu.toml", SETTINGS)
    told = yuanliu("sources", "add", f"{home.url}/", "--dry-run")
    assert told.code == 0 and tomllib.loads(told.out)["source"][0]["url"] == f"{home.url}/feed.xml"
    assert path.read_text() == SETTINGS


def test_a_sitemap_or_a_list_is_proposed_where_there_is_no_feed(yuanliu, write, home):
    write("yuanliu.toml", SETTINGS)
    home.pages["/"] = b"<html><head><title>Gazette</title></head><body></body></html>"
    assert tomllib.loads(yuanliu("sources", "add", f"{home.url}/", "--dry-run").out)["source"][0]["kind"] == "sitemap"
    home.set_list([f"/a/{n}" for n in range(1, 8)], path="/section")
    del home.pages["/robots.txt"], home.pages["/sitemap.xml"]
    for url in (f"{home.url}/section",):
        assert tomllib.loads(yuanliu("sources", "add", url, "--dry-run").out)["source"][0]["kind"] == "list"
    direct = tomllib.loads(yuanliu("sources", "add", f"{home.url}/feed.xml", "--dry-run").out)["source"][0]
    assert (direct["kind"], direct["url"]) == ("feed", f"{home.url}/feed.xml")


def test_what_cannot_be_added_is_said(yuanliu, write, home):
    write("yuanliu.toml", SETTINGS + own(home))
    home.pages["/bare"] = b"<html><body>nothing</body></html>"
    for name in ("/feed.xml", "/sitemap.xml"):
        home.pages[name] = (404, {}, b"")
    for arguments, code, words in (
        (["ftp://a.example/"], 2, "is no address"),
        (["http://me:hush@a.example/"], 2, "without a password"),
        ([f"{home.url}/none"], 1, "cannot be fetched: HTTP 404"),
        ([f"{home.url}/bare"], 1, "can be followed"),
        ([f"{home.url}/", "--name", "gazette"], 2, "is taken"),
        ([f"{home.url}/", "--name", "two words"], 2, "is not allowed"),
    ):
        told = yuanliu("sources", "add", *arguments)
        assert told.code == code and words in told.err and "hush" not in told.err, told


def test_adding_obeys_robots_txt(yuanliu, write, home):
    write("yuanliu.toml", SETTINGS)
    home.pages["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /\n")
    told = yuanliu("sources", "add", f"{home.url}/")
    assert told.code == 1 and "Forbidden by robots.txt" in told.err and home.paths() == []


def test_a_test_shows_what_would_be_kept_and_archives_nothing(yuanliu, write, home):
    lead = "Developers call it a Llama in disguise, and show a diff of both models."
    home.pages["/a/2"] = home.article(2, lead=lead)
    home.pages["/a/3"] = b"<html><body></body></html>"
    write("yuanliu.toml", SETTINGS + own(home, keywords=["disguise"], minimum=5))
    told = yuanliu("sources", "test", "gazette", "-f", "json")
    assert told.code == 0, told.err
    rows = {row["url"].rpartition("/")[2]: row for row in json.loads(told.out)}
    assert set(rows) == {"1", "2", "4", "5"} and rows["2"]["kept"] == "yes" and "keywords" in rows["1"]["kept"]
    assert rows["2"]["title"] == "Questions about model 2" and rows["2"]["date"].startswith("2023-11-02")
    assert rows["2"]["length"] > 300 and f"{home.url}/a/3: no text found" in told.err
    assert json.loads(yuanliu("stats", "-f", "json").out)["documents"] == 0
    assert json.loads(yuanliu("sources", "-f", "json").out)[0]["tested"] is True


def test_a_source_that_gives_nothing_does_not_pass(yuanliu, write, home):
    home.set_feed([])
    write("yuanliu.toml", SETTINGS + own(home))
    told = yuanliu("sources", "test", "gazette")
    assert told.code == 1 and "not to be crawled yet" in told.err
    assert json.loads(yuanliu("sources", "-f", "json").out)[0]["tested"] is False
    assert yuanliu("sources", "test", "nosuch").code == 2
