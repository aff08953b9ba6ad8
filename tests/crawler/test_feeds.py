"""Feeds as they are, not as they should be."""

import re

import pytest

from crawler.errors import ReadError
from crawler.feeds import next_feed, read_feed, read_time

RSS = """<?xml version="1.0" encoding="{encoding}"?>
<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:atom="http://www.w3.org/2005/Atom"
  xmlns:media="http://search.yahoo.com/mrss/"><channel><title>频道</title>
<atom:link rel="self" href="https://example.org/feed"/>
<item><media:title>图</media:title><title>零一万物回应&lt;b&gt;质疑&lt;/b&gt;</title>
<atom:link rel="self" href="https://example.org/self"/><link>https://example.org/1#top</link>
<pubDate>Mon, 06 Nov 2023 09:30:00 +0800</pubDate>
<description><![CDATA[<p>公司说 A &amp; B。</p>]]></description></item>
<item><title>B</title><guid>https://example.org/2</guid><dc:creator>李</dc:creator>
<dc:date>2023-11-07T00:30:00+08:00</dc:date></item>
<item><title>No address</title><guid isPermaLink="false">https://example.org/3</guid></item>
<item><title>Same again</title><link>https://example.org/1</link></item>
</channel></rss>"""
ATOM = """<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://example.org/blog/">
<entry><title type="html">Yi &amp;amp; Llama</title><link rel="self" href="a.json"/><link href="a.html"/>
<updated>2023-11-08T10:00:00Z</updated><published>2023-11-06T10:00:00.123-08:00</published>
<summary>Tensors <b>renamed</b>.</summary></entry>
<entry><title>Only updated</title><link rel="alternate" href="/b"/><updated>2023-11-08T10:00:00Z</updated></entry>
</feed>"""
RDF = """<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"
 xmlns:dc="http://purl.org/dc/elements/1.1/"><channel><title>C</title><link>https://example.org/</link></channel>
<item rdf:about="https://example.org/1"><title>One</title><link>https://example.org/1</link>
<dc:date>2023-11-06</dc:date></item></rdf:RDF>"""
URL = "https://example.org/feed"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_rss_gives_address_title_time_and_summary(encoding):
    first, second = read_feed(RSS.format(encoding=encoding).encode(encoding), url=URL)
    assert (first.url, first.title, first.summary) == ("https://example.org/1", "零一万物回应质疑", "公司说 A & B。")
    assert first.published == "2023-11-06T09:30:00+08:00"
    assert (second.url, second.published) == ("https://example.org/2", "2023-11-07T00:30:00+08:00")


def test_atom_takes_the_alternate_link_and_the_time_of_publication():
    first, second = read_feed(ATOM.encode(), url=URL)
    assert (first.url, first.title) == ("https://example.org/blog/a.html", "Yi & Llama")
    assert (first.published, first.summary) == ("2023-11-06T10:00:00-08:00", "Tensors renamed.")
    assert (second.url, second.published) == ("https://example.org/b", "2023-11-08T10:00:00+00:00")


@pytest.mark.parametrize(
    ("element", "modified"),
    [
        ("<atom:updated>2023-11-08T10:00:00Z</atom:updated>", "2023-11-08T10:00:00+00:00"),
        ("<dcterms:modified>2023-11-08</dcterms:modified>", "2023-11-08"),
        ("<atom:updated>昨天</atom:updated>", None),
        ("<pubDate>Mon, 06 Nov 2023 09:30:00 +0800</pubDate>", None),
    ],
)
def test_when_an_item_was_modified_is_told_apart_from_when_it_was_published(element, modified):
    spaces = "xmlns:atom='http://www.w3.org/2005/Atom' xmlns:dcterms='http://purl.org/dc/terms/'"
    item = f"<item><link>https://example.org/1</link>{element}</item>"
    (entry,) = read_feed(f"<rss {spaces}>{item}</rss>".encode(), url=URL)
    assert entry.modified == modified
    first, second = read_feed(ATOM.encode(), url=URL)
    assert first.modified == second.modified == "2023-11-08T10:00:00+00:00"


def test_rss_one_has_its_items_beside_the_channel():
    (entry,) = read_feed(RDF.encode(), url=URL)
    assert (entry.url, entry.title, entry.published) == ("https://example.org/1", "One", "2023-11-06")


def test_a_feed_that_is_not_quite_xml_is_read_as_far_as_it_goes():
    broken = "\n\ufeff" + RSS.format(encoding="utf-8").replace("质疑", "质疑 & 否认 &nbsp;\x0b")[:-120]
    assert [entry.url for entry in read_feed(broken.encode(), url=URL)][:1] == ["https://example.org/1"]


@pytest.mark.parametrize("content", [b"", b"   ", b"not found", b"<html><body><item/></body></html>", b'{"a": 1}'])
def test_what_is_no_feed_is_an_error_that_names_the_address(content):
    with pytest.raises(ReadError, match=URL):
        read_feed(content, url=URL)


def test_a_feed_without_entries_is_empty():
    assert read_feed(b"<rss><channel/></rss>", url=URL) == []


def test_prefixes_that_nothing_declares_are_read_as_other_namespaces():
    declarations = re.compile(r" *xmlns:\w+=\"[^\"]+\"")
    for feed in (RSS.format(encoding="utf-8"), RDF):
        assert read_feed(declarations.sub("", feed).encode(), url=URL) == read_feed(feed.encode(), url=URL)
    more = "<atom:link rel='next' href='/feed?page=2'/>"
    item = "<item><media:title>Of the picture</media:title><title>Own</title><link>https://e.org/1</link></item>"
    content = f"<rss><channel>{more}{item}</channel></rss>".encode()
    assert [(entry.url, entry.title) for entry in read_feed(content, url=URL)] == [("https://e.org/1", "Own")]
    assert next_feed(content, url=URL) == f"{URL}?page=2"


def test_an_undeclared_prefix_opens_no_way_to_entities(tmp_path):
    (tmp_path / "secret").write_text("secret")
    item = "<item><media:title>x&file;y</media:title><title>a&file;b</title><link>https://e.org/1</link></item>"
    content = f'<!DOCTYPE rss [<!ENTITY file SYSTEM "file://{tmp_path}/secret">]><rss>{item}</rss>'
    assert [entry.title for entry in read_feed(content.encode(), url=URL)] == ["ab"]


def with_entities(declared, title):
    item = f"<item><title>{title}</title><link>https://e.org/1</link></item>"
    return f"<!DOCTYPE rss [{declared}]><rss>{item}</rss>".encode()


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    (tmp_path / "secret").write_text("secret")
    declared = f'<!ENTITY mine "words"><!ENTITY file SYSTEM "file://{tmp_path}/secret">'
    (entry,) = read_feed(with_entities(declared, "a&mine;b&file;c"), url=URL)
    assert entry.title == "abc"


def test_a_billion_laughs_are_not_laughed():
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    entries = read_feed(with_entities(f'<!ENTITY e0 "lol">{levels}', "a&e9;b"), url=URL)
    assert "lol" not in "".join(entry.title for entry in entries)


def test_an_address_that_is_not_of_the_web_is_left_out():
    items = "".join(
        f"<item><link>{link}</link></item>" for link in ("file:///etc/passwd", "javascript:x", "http://[x/")
    )
    assert read_feed(f"<rss>{items}</rss>".encode(), url=URL) == []


@pytest.mark.parametrize(
    ("text", "time"),
    [
        ("Mon, 06 Nov 2023 09:30:00 GMT", "2023-11-06T09:30:00+00:00"),
        ("Mon, 06 Nov 2023 09:30:00 -0000", "2023-11-06T09:30:00+00:00"),
        ("6 Nov 2023 09:30 EST", "2023-11-06T09:30:00-05:00"),
        ("2023-11-06 09:30:00  +0800", "2023-11-06T09:30:00+08:00"),
        ("2023-11-06T09:30Z", "2023-11-06T09:30:00+00:00"),
        ("2023-11-06 09:30:00", "2023-11-06"),
        ("Mon, 06 Nov 2023 09:30:00", "2023-11-06"),
        ("Mon, 06 Nov 2023 09:30:00 CST", "2023-11-06"),
        ("2023-11-06", "2023-11-06"),
        ("2023-13-45 09:30:00", None),
        ("昨天", None),
        ("", None),
    ],
)
def test_a_time_keeps_its_zone_and_one_without_a_zone_gives_its_day(text, time):
    assert read_time(text) == time
