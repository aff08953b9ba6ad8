"""A site's own pointers are found, best first, and one of them makes a source."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.discovery import Pointer, find_pointers, propose_source, source_toml
from crawler.errors import ReadError, SourceError
from crawler.sources import load_sources

PAGES = Path(__file__).parents[1] / "pages"
ZH, EN = "https://www.example.com.cn/", "https://courier.example.org/front/"
ROBOTS = """User-agent: *
Disallow: /private  # Sitemap: https://www.example.com.cn/not-this.xml
sitemap:https://www.example.com.cn/sitemap_all.xml\r
Sitemap : /sitemap-news.xml
Sitemap: javascript:x
Sitemap:
"""
FORUM = """<html lang=en><head><meta name="generator" content="Discourse 3.4.0 - https://github.com/discourse/discourse">
<title>Talk</title></head><body><div id="data-discourse-setup" data-base-uri="{base}"></div><p>Hello</p></body></html>"""


def home(name):
    return (PAGES / f"home.{name}.html").read_bytes()


def stated(pointers):
    return [(pointer.kind, pointer.url) for pointer in pointers if pointer.stated]


def test_feeds_and_sitemaps_of_a_chinese_home_page_are_found_best_first():
    pointers = find_pointers(home("zh"), url=ZH, robots=ROBOTS)
    assert stated(pointers) == [
        ("feed", "https://www.example.com.cn/feed"),
        ("feed", "https://www.example.com.cn/rss/all.xml"),
        ("sitemap", "https://www.example.com.cn/sitemap-news.xml"),
        ("sitemap", "https://www.example.com.cn/sitemap_all.xml"),
        ("feed", "https://www.example.com.cn/comments/feed"),
    ]
    assert [pointer.title for pointer in pointers[:2]] == ["示例科技 » Feed", "示例科技"]
    assert [pointer.reason for pointer in pointers[:3]] == [
        "link rel=alternate of type RSS",
        "a link named 'RSS订阅'",
        "a Sitemap line of robots.txt",
    ]


def test_an_english_page_gives_its_feed_then_itself_and_last_what_cannot_be_read():
    pointers = find_pointers(home("en"), url=EN)
    assert stated(pointers) == [
        ("feed", "https://courier.example.org/front/atom.xml"),
        ("list", EN),
        ("json-feed", "https://courier.example.org/front/feed.json"),
    ]
    assert "5 pages" in pointers[1].reason


def test_usual_addresses_come_last_and_are_marked_unless_the_site_names_them():
    pointers = find_pointers("<p>x</p>", url=ZH, robots="Sitemap: https://www.example.com.cn/sitemap.xml")
    assert [pointer.stated for pointer in pointers] == [True] + [False] * (len(pointers) - 1)
    assert {pointer.url.removeprefix(ZH) for pointer in pointers} >= {"feed", "sitemap.xml", "sitemap_index.xml"}
    assert len({pointer.url for pointer in pointers}) == len(pointers)


@pytest.mark.parametrize(
    ("url", "base", "forum"),
    [
        ("https://talk.example.org/", "", "https://talk.example.org"),
        ("https://talk.example.org/c/ai/5", "", "https://talk.example.org"),
        ("https://example.org/talk/categories", "/talk", "https://example.org/talk"),
    ],
)
def test_a_forum_that_discourse_made_comes_first(url, base, forum):
    first, *_ = find_pointers(FORUM.format(base=base), url=url)
    assert (first.kind, first.url, first.title) == ("discourse", forum, "Talk")
    assert "Discourse 3.4.0" in first.reason


@pytest.mark.parametrize("generator", ["WordPress 6.4", "not Discourse", ""])
def test_what_another_program_made_is_no_forum(generator):
    pointers = find_pointers(f'<meta name="generator" content="{generator}"><p>x</p>', url=ZH)
    assert all(pointer.kind != "discourse" for pointer in pointers)


def test_addresses_that_are_not_of_the_web_are_left_out():
    links = "".join(
        f"<link rel=alternate type=application/rss+xml href='{href}'><a href='{href}'>RSS</a>"
        for href in ("javascript:feed", "file:///feed.xml", "http://[x/feed", "", "#feed")
    )
    assert stated(find_pointers(f"<html><head>{links}</head></html>", url=ZH)) == []


def test_a_pointer_makes_a_source_that_can_be_loaded():
    pointer = find_pointers(home("zh"), url=ZH)[0]
    table = propose_source(pointer, html=home("zh"), url=ZH, taken=["example", "example-2"])
    assert table == {
        "name": "example-3",
        "title": "示例科技 » Feed",
        "kind": "feed",
        "url": "https://www.example.com.cn/feed",
        "language": "zh",
        "every": "6h",
        "documented": "link rel=alternate of type RSS (https://www.example.com.cn/)",
    }
    written = tomllib.loads(source_toml(table))
    assert written == {"source": [table]} and load_sources(written)["example-3"].language == "zh"


@pytest.mark.parametrize(
    ("url", "name"),
    [
        ("https://www.example.com/", "example"),
        ("https://tech.example.com.cn/x", "tech-example"),
        ("https://somebody.github.io/blog/", "somebody"),
        ("http://10.0.0.1:8000/", "10-0-0-1"),
        ("http://[::1]:8000/", "source"),
        ("https://例子.中国/", "例子"),
    ],
)
def test_a_source_is_named_for_its_host(url, name):
    pointer = Pointer(kind="list", url=url, title="", reason="x")
    table = propose_source(pointer, html="<html lang=fr><p>Une page en français.</p></html>", url=url)
    assert (table["name"], table["title"]) == (name, name) and "language" not in table
    load_sources([table])


def test_what_no_source_reads_is_refused_by_name():
    pointer = find_pointers(home("en"), url=EN)[2]
    with pytest.raises(SourceError, match="json-feed, which cannot be read; the known kinds are feed"):
        propose_source(pointer, html=home("en"), url=EN)
    with pytest.raises(ReadError, match=ZH):
        find_pointers("", url=ZH)


@settings(deadline=None)
@given(st.text(), st.lists(st.text(), max_size=3))
def test_any_text_survives_toml(text, words):
    table = {"name": "a", "title": text, "keywords": words, "minimum": 1, "enabled": False}
    assert tomllib.loads(source_toml(table)) == {"source": [table]}


PIECES = st.sampled_from(
    [
        "<link rel=alternate type=application/rss+xml href='",
        "<a href='",
        "'>RSS</a>",
        "http://[",
        "'>",
        "<title>",
        "\x00",
        "<meta name=generator content='Discourse",
        "<div id=data-discourse-setup data-base-uri='//[",
        "<html lang=zh>",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.binary(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)), st.text())
def test_whatever_comes_is_read_or_refused(html, robots):
    try:
        pointers = find_pointers(html, url=ZH, robots="Sitemap: " + robots)
    except ReadError:
        return
    for pointer in pointers:
        if pointer.kind != "json-feed":
            table = propose_source(pointer, html=html, url=ZH)
            assert load_sources(tomllib.loads(source_toml(table)))
