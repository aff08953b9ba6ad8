"""Sitemaps as they are, not as they should be."""

import gzip
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crawler.sitemaps
from crawler.errors import ReadError
from crawler.sitemaps import ENTRIES, SIZE, read_sitemap

URL = "https://example.org/sitemap.xml"
SPACES = (
    'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"'
)
NEWS = """<?xml version="1.0" encoding="{encoding}"?>
<!-- 新闻 --><urlset {spaces} xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
<url><loc> https://example.org/zh/1?a=1&amp;b=2#top </loc><lastmod>2023-11-06T10:00:00+08:00</lastmod>
<image:image><image:loc>https://example.org/1.jpg</image:loc><image:title>图</image:title></image:image>
<news:news><news:publication><news:name>示例网</news:name><news:language>zh-cn</news:language></news:publication>
<news:publication_date>2023-11-06T09:30:00+08:00</news:publication_date><news:title>零一万物回应 &amp; 致歉</news:title></news:news></url>
<url><loc>/en/2</loc><lastmod>2023-11-07</lastmod></url>
</urlset>"""
INDEX = f"""<sitemapindex {SPACES}><sitemap><loc>https://example.org/2023-11.xml.gz</loc>
<lastmod>2023-11-30T00:00Z</lastmod></sitemap><sitemap><loc>https://example.org/news.xml</loc></sitemap></sitemapindex>"""


def news(encoding="utf-8", spaces=SPACES):
    return NEWS.format(encoding=encoding, spaces=spaces).encode(encoding)


def urlset(*addresses):
    return f"<urlset>{''.join(f'<url><loc>{address}</loc></url>' for address in addresses)}</urlset>".encode()


def urls(content):
    return [entry.url for entry in read_sitemap(content, url=URL).entries]


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_a_news_sitemap_gives_address_times_title_and_language(encoding):
    first, second = read_sitemap(news(encoding), url=URL).entries
    assert (first.url, first.title) == ("https://example.org/zh/1?a=1&b=2", "零一万物回应 & 致歉")
    assert (first.published, first.lastmod) == ("2023-11-06T09:30:00+08:00", "2023-11-06T10:00:00+08:00")
    assert (first.language, first.is_index) == ("zh", False)
    assert (second.url, second.lastmod) == ("https://example.org/en/2", "2023-11-07")
    assert (second.published, second.title, second.language) == (None, "", None)


@pytest.mark.parametrize("spaces", ["", 'xmlns="urn:wrong" xmlns:news="urn:wrong-too"', 'xmlns="" xmlns:news="x"'])
def test_namespaces_that_are_missing_or_wrong_are_forgiven(spaces):
    right, found = (read_sitemap(news(spaces=each), url=URL) for each in (SPACES, spaces))
    assert found == right and not found.notes


def test_an_index_names_sitemaps():
    entries = read_sitemap(INDEX.encode(), url=URL).entries
    assert [(entry.url, entry.is_index) for entry in entries] == [
        ("https://example.org/2023-11.xml.gz", True),
        ("https://example.org/news.xml", True),
    ]
    assert entries[0].lastmod == "2023-11-30T00:00:00+00:00"


@pytest.mark.parametrize("pack", [gzip.compress, lambda content: gzip.compress(gzip.compress(content))])
def test_gzip_is_undone_also_when_the_server_did_it_again(pack):
    assert read_sitemap(pack(INDEX.encode()), url=URL) == read_sitemap(INDEX.encode(), url=URL)
    halves = gzip.compress(INDEX.encode()[:99]) + gzip.compress(INDEX.encode()[99:]) + b"\0" * 20
    assert read_sitemap(halves, url=URL) == read_sitemap(INDEX.encode(), url=URL)


def test_a_gzip_file_that_was_cut_off_gives_what_came():
    packed = gzip.compress(urlset(*(f"https://example.org/{zlib.crc32(b'%d' % n)}" for n in range(2000))))
    sitemap = read_sitemap(packed[: len(packed) // 2], url=URL)
    assert 500 < len(sitemap.entries) < 1500 and "not well-formed" in sitemap.notes[0]


@pytest.mark.parametrize("layers", [1, 2])
def test_a_gzip_bomb_is_refused(layers):
    bomb = b" " * (SIZE + 1)
    for _ in range(layers):
        bomb = gzip.compress(bomb)
    with pytest.raises(ReadError, match=f"{URL} unpacks to more than 52,428,800 bytes"):
        read_sitemap(bomb, url=URL)


def test_a_bomb_in_two_parts_is_refused(monkeypatch):
    monkeypatch.setattr(crawler.sitemaps, "SIZE", 1000)
    with pytest.raises(ReadError, match="unpacks to more than 1,000 bytes"):
        read_sitemap(gzip.compress(b" " * 700) + gzip.compress(b" " * 700), url=URL)


def test_the_tree_stays_small(monkeypatch):
    sizes = []
    reader = crawler.sitemaps.read_entry

    def watched(element, *, base):
        sizes.append(len(element.getparent()))
        return reader(element, base=base)

    monkeypatch.setattr(crawler.sitemaps, "read_entry", watched)
    assert len(urls(urlset(*(f"https://example.org/{n}" for n in range(9000))))) == 9000
    assert len(sizes) == 9000 and max(sizes) < 2000  # what one read of the parser brings


def test_what_is_too_long_or_packed_too_often_is_refused(monkeypatch):
    packed = gzip.compress(gzip.compress(gzip.compress(b"x")))
    with pytest.raises(ReadError, match="gzip in gzip in gzip"):
        read_sitemap(packed, url=URL)
    monkeypatch.setattr(crawler.sitemaps, "SIZE", 20)
    with pytest.raises(ReadError, match="larger than 20 bytes"):
        read_sitemap(urlset("https://example.org/1"), url=URL)


def test_entries_beyond_the_protocols_limit_are_cut_with_a_note():
    addresses = [f"https://example.org/{number}" for number in range(ENTRIES + 1)]
    exact, over = (read_sitemap("\n".join(listed).encode(), url=URL) for listed in (addresses[:-1], addresses))
    assert len(exact.entries) == len(over.entries) == ENTRIES
    assert not exact.notes and "more than 50,000 addresses" in over.notes[0]


def test_elements_beyond_all_measure_are_cut_with_a_note(monkeypatch):
    monkeypatch.setattr(crawler.sitemaps, "ELEMENTS", 100)
    sitemap = read_sitemap(urlset("https://example.org/1").replace(b"</urlset>", b"<a/>" * 200 + b"</urlset>"), url=URL)
    assert len(sitemap.entries) == 1 and "more than 100 elements" in sitemap.notes[0]


def test_a_plain_list_of_addresses():
    sitemap = read_sitemap("\ufeffhttps://example.org/1\r\n\r\n例\nhttps://example.org/2\n".encode(), url=URL)
    assert [entry.url for entry in sitemap.entries] == ["https://example.org/1", "https://example.org/2"]
    assert "1 entries" in sitemap.notes[0] and "'例'" in sitemap.notes[0]


def test_a_feed_may_be_a_sitemap():
    feed = b"<rss><channel><item><title>A</title><link>https://example.org/1</link></item></channel></rss>"
    (entry,) = read_sitemap(feed, url=URL).entries
    assert (entry.url, entry.title) == ("https://example.org/1", "A")


def test_broken_xml_gives_what_could_be_read_and_no_half_of_an_address():
    whole = b"\n \xef\xbb\xbf".strip() + urlset("https://example.org/1?a=1&b=2", "https://example.org/2345")
    assert urls(whole) == ["https://example.org/1?a=1&b=2", "https://example.org/2345"]
    for cut in (b"45</loc>", b"</loc></url></urlset>"):
        content = whole[: whole.rindex(cut)]
        sitemap = read_sitemap(content, url=URL)
        assert [entry.url for entry in sitemap.entries] == ["https://example.org/1?a=1&b=2"]
        assert "not well-formed" in sitemap.notes[0]


def test_an_address_that_is_not_of_the_web_is_named_and_left_out():
    sitemap = read_sitemap(
        urlset("javascript:x", "http://[x/", "https://example.org/1", "https://example.org/1#a"), url=URL
    )
    assert [entry.url for entry in sitemap.entries] == ["https://example.org/1"]
    assert "2 entries" in sitemap.notes[0] and "javascript:x" in sitemap.notes[0]


def with_entities(declared, address):
    return read_sitemap(f"<!DOCTYPE urlset [{declared}]>".encode() + urlset(address, "https://example.org/2"), url=URL)


def test_entities_are_neither_expanded_nor_fetched(tmp_path):
    (tmp_path / "secret").write_text("secret")
    declared = f'<!ENTITY mine "words"><!ENTITY file SYSTEM "file://{tmp_path}/secret">'
    for name in ("mine", "file"):
        sitemap = with_entities(declared, f"https://example.org/1?&{name};")
        assert [entry.url for entry in sitemap.entries] == ["https://example.org/2"]
        assert "'https://example.org/1?'" in sitemap.notes[0]


def test_a_billion_laughs_are_not_laughed():
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    sitemap = with_entities(f'<!ENTITY e0 "lol">{levels}', "https://example.org/1?&e9;")
    assert "lol" not in str(sitemap) and sitemap.notes


@pytest.mark.parametrize(
    "content", [b"", b"  ", b"not found", b"<", b"<<<", b"<html><body><a/></body></html>", b"{}", b"\x1f\x8bx"]
)
def test_what_is_no_sitemap_is_an_error_that_names_the_address(content):
    with pytest.raises(ReadError, match=URL):
        read_sitemap(content, url=URL)


def test_a_sitemap_without_entries_is_empty():
    assert urls(b"<urlset/>") == urls(b"<sitemapindex></sitemapindex>") == []


PIECES = st.sampled_from(
    [
        b"<urlset>",
        b"<url>",
        b"<loc>",
        b"https://e.org/",
        b"</loc>",
        b"</url>",
        b"<news:news>",
        b"<a:b:c>",
        b"&x;",
        b"<!--",
        b"<![CDATA[",
        b"]]>",
        b"<?x",
        b"<!DOCTYPE x [",
        b"\x1f\x8b",
        b"\xff\xfe",
        b"<rss>",
        b"<lastmod>",
        b"9999-99-99",
    ]
)


@settings(deadline=None)
@given(st.one_of(st.binary(), st.lists(st.one_of(PIECES, st.binary(max_size=3))).map(b"".join)), st.booleans())
def test_whatever_comes_is_read_or_refused(content, packed):
    try:
        entries = read_sitemap(gzip.compress(content) if packed else content, url=URL).entries
    except ReadError:
        return
    assert all(entry.url.startswith(("http://", "https://")) for entry in entries)
