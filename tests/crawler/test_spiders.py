"""Sitemaps, lists and feeds are read for what is new, each page once, over a server on the loopback."""

import pytest

from crawler.archive import Archive
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source

LOCAL = {"delay": 0, "allow_private": True, "timeout": 20}


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def crawl(web, path):
    """Crawl one source: crawl("sitemap", keywords=("x",), options={"since": "2023-11-01"})."""

    def run(kind, url=None, *, options=None, **fields):
        place = {"feed": "/feed.xml", "sitemap": "/sitemap.xml", "list": "/list", "discourse": ""}[kind]
        source = Source(name="news", title="News", kind=kind, url=url or web.url + place, **fields)
        return run_crawl(path, [source], options=CrawlOptions(**LOCAL | (options or {}))).sources["news"]

    return run


def counts(report):
    names = ("fetched", "new", "changed", "unchanged", "skipped", "failed")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def pages(web):
    return sorted(path for path in web.paths() if path.startswith("/a/"))


def addresses(path):
    with Archive(path) as archive:
        return sorted(revision.document.url.partition("//")[2].partition("/")[2] for revision in archive.revisions())


def set_pages(web, numbers):
    for n in numbers:
        web.pages[f"/a/{n}"] = web.article(n)


def test_a_sitemap_is_asked_for_what_is_newer_than_what_was_seen(web, crawl):
    set_pages(web, range(1, 7))
    web.set_sitemap([("/a/1", "2023-11-01"), ("/a/2", "2023-11-09"), ("/a/3", None)])
    assert counts(crawl("sitemap")) == {"fetched": 3, "new": 3}
    web.seen.clear()
    new = [("/a/4", "2023-11-10"), ("/a/5", "2023-10-01"), ("/a/6", None)]  # 5 is older than what was seen
    web.set_sitemap([("/a/1", "2023-11-01"), ("/a/2", "2099-01-01"), ("/a/3", None), *new])
    assert counts(crawl("sitemap")) == {"fetched": 2, "new": 2, "unchanged": 2}
    assert pages(web) == ["/a/2", "/a/4", "/a/6"]
    assert "/a/2" in web.paths(304)


def test_an_unchanged_sitemap_costs_one_request(web, crawl):
    set_pages(web, [1, 2])
    web.set_sitemap([("/a/1", "2023-11-01"), ("/a/2", "2023-11-02")])
    crawl("sitemap")
    web.seen.clear()
    assert counts(crawl("sitemap")) == {"unchanged": 2}
    assert web.paths() == web.paths(304) == ["/sitemap.xml"]


def test_an_index_leads_to_sitemaps_packed_or_not_and_in_the_news_form(web, crawl, path):
    set_pages(web, range(1, 5))
    web.set_sitemap([("/old.xml", "2023-10-01"), ("/new.xml.gz", "2023-11-02"), ("/inner.xml", None)], index=True)
    web.set_sitemap([("/a/1", "2023-10-01")], path="/old.xml")
    web.set_sitemap([("/a/2", "2023-11-02"), ("/a/3", "2023-11-01")], path="/new.xml.gz")
    web.set_sitemap([("/news.xml", None)], path="/inner.xml", index=True)
    web.set_sitemap([("/a/4", "2023-11-04T08:00:00+08:00", "A title")], path="/news.xml", news=True)
    web.pages["/a/4"] = web.article(4, date=False)
    assert counts(crawl("sitemap")) == {"fetched": 4, "new": 4}
    with Archive(path) as archive:
        told = {revision.document.url: revision.document.published for revision in archive.revisions()}
    assert told[f"{web.url}/a/4"] == "2023-11-04T08:00:00+08:00"
    web.set_sitemap([("/a/5", "2023-11-09"), ("/a/2", "2023-11-02")], path="/new.xml.gz")
    set_pages(web, [5])
    assert counts(crawl("sitemap")) == {"fetched": 1, "new": 1, "unchanged": 2}  # the index itself is as it was


def test_a_sitemap_that_is_missing_is_named_and_the_others_are_read(web, crawl):
    set_pages(web, [1])
    web.set_sitemap([("/none.xml", None), ("/some.xml", None)], index=True)
    web.set_sitemap([("/a/1", None)], path="/some.xml")
    report = crawl("sitemap", minimum=1)
    assert counts(report) == {"fetched": 1, "new": 1, "failed": 1}
    assert report.reasons == [(f"{web.url}/none.xml", "HTTP 404")]


def test_a_list_is_read_page_by_page_while_it_brings_something_new(web, crawl):
    set_pages(web, range(1, 9))
    web.set_list(["/a/7", "/a/6"], following="/list?p=2")
    web.set_list(["/a/5", "/a/4"], path="/list?p=2", following="/list?p=3")
    web.set_list(["/a/3", "/a/2"], path="/list?p=3")
    assert counts(crawl("list", items="ul.news a")) == {"fetched": 6, "new": 6}
    web.seen.clear()
    web.set_list(["/a/8", "/a/7"], following="/list?p=2")
    assert counts(crawl("list", items="ul.news a")) == {"fetched": 1, "new": 1, "unchanged": 1}
    assert [where for where in web.paths() if "list" in where] == ["/list", "/list?p=2"]


def test_a_list_is_not_followed_for_ever(web, crawl):
    for n in range(1, 40):
        set_pages(web, [n])
        web.set_list([f"/a/{n}"], path=f"/list?p={n}" if n > 1 else "/list", following=f"/list?p={n + 1}")
    crawl("list", items="ul.news a")
    assert sum("list" in where for where in web.paths()) == 5


def test_variants_of_an_address_are_one_page_fetched_where_it_was_found(web, crawl, path):
    """Hosts are invented; the server is their proxy."""
    host = "http://en.news.example"
    variants = [
        "http://en.m.news.example/a/1?utm_source=rss",
        f"{host}/a/1/amp",
        f"{host}/a/1#top",
        f"{host}/a/2?utm_medium=x",
    ]
    web.set_feed(variants, path=f"{host}/feed.xml")
    for n, where in ((1, "http://en.m.news.example/a/1"), (2, f"{host}/a/2")):
        web.pages[where] = web.article(n)
    options = {"proxy": web.url, "allow_private": False}
    assert counts(crawl("feed", f"{host}/feed.xml", options=options)) == {"fetched": 2, "new": 2}
    assert {where for where in web.paths() if "/a/" in where} == {"http://en.m.news.example/a/1", f"{host}/a/2"}
    assert len(addresses(path)) == 2


def test_what_a_summary_tells_is_judged_before_the_download(web, crawl):
    long = "The weather stays mild, and the harbour festival begins on Saturday with a parade of boats."
    items = [
        (1, "Harbour", long),
        (2, "Harbour", f"{long} A reader asks whether Yi-34B is Llama."),
        (3, "Harbour", "Short."),
        (4, "Yi-34B", long),
    ]
    set_pages(web, range(1, 5))
    for n in (2, 3, 4):
        web.pages[f"/a/{n}"] = web.article(
            n, lead="Everybody now asks about the origin of Yi-34B, and what its tensors show."
        )
    rows = "".join(
        f"<item><link>{web.url}/a/{n}</link><title>{t}</title><description>{s}</description></item>"
        for n, t, s in items
    )
    web.pages["/feed.xml"] = f"<rss version='2.0'><channel>{rows}</channel></rss>".encode()
    report = crawl("feed", keywords=("Yi-34B",))
    assert counts(report) == {"fetched": 3, "new": 3, "skipped": 1}
    assert pages(web) == ["/a/2", "/a/3", "/a/4"]
    assert report.reasons == [(f"{web.url}/feed.xml", "1 entries say none of the keywords in what it tells of them")]


def test_followed_names_are_keywords_of_sources_that_have_keywords(web, crawl):
    web.set_articles([1, 2])
    web.pages["/a/2"] = web.article(
        2, lead="Tamsin Oduya said on Tuesday that the model of her company is its own work."
    )
    options = {"follow": ("Tamsin Oduya",)}
    assert counts(crawl("feed", keywords=("harbour",), options=options)) == {"fetched": 2, "new": 1, "skipped": 1}
    assert counts(crawl("feed", options=options)) == {"new": 1, "unchanged": 1}


def test_what_an_earlier_run_left_is_fetched_before_what_is_listed(web, crawl, path):
    web.set_articles([1, 2, 3])
    with Archive(path) as archive:
        for n, day in ((8, "2023-11-01"), (9, "2023-11-02")):
            web.pages[f"/a/{n}"] = web.article(n)
            archive.enqueue(f"{web.url}/a/{n}", source="news", published=day)
    crawl("feed", options={"limit": 2, "delay": 0.01})
    assert [where for where in web.paths() if where != "/feed.xml"] == ["/a/9", "/a/8"]


def test_a_moved_page_is_read_where_it_went_and_what_was_archived_stays(web, crawl, path):
    web.set_articles([1])
    crawl("feed")
    web.pages["/a/1"] = (301, {"Location": "/b/1"}, b"")
    web.pages["/b/1"] = web.article(1, lead="Correction: the licence had named the code from the start, they now say.")
    assert counts(crawl("feed")) == {"fetched": 1, "new": 1}
    web.pages["/b/1"] = web.article(1, lead="Correction: the licence had named the code since 2022, they now say.")
    assert counts(crawl("feed")) == {"fetched": 1, "changed": 1}
    assert addresses(path) == ["a/1", "b/1"]


CHINESE = (
    "周二，北辰智能回应了开发者对晨星模型来源的质疑，称其架构参考公开论文，权重由团队从头训练得到。",
    "多位工程师指出，两个张量的名称在文档中未作说明便被更改，要求公司恢复原名并在许可证文件中写明所用代码。",
    "北辰智能承诺一周内完成更改，并感谢社区仔细阅读其代码，此后又在官网发布了完整的说明与时间表。",
)


@pytest.mark.parametrize(
    ("encoding", "meta", "header"),
    [
        ("gb18030", "", "text/html"),
        ("gb18030", "<meta charset=utf-8>", "text/html; charset=gbk"),
        ("gb18030", "<meta charset=gbk>", "text/html; charset=utf-8"),
        ("utf-8", "<meta charset=gb2312>", "text/html; charset=iso-8859-1"),
        ("big5", "", "text/html"),
    ],
)
def test_a_wrong_or_missing_charset_does_no_harm(web, crawl, path, encoding, meta, header):
    words = (
        CHINESE
        if encoding != "big5"
        else (
            "週二，北辰智能回應了開發者對晨星模型來源的質疑，稱其架構參考公開論文，權重由團隊從頭訓練得到。",
            "多位工程師指出，兩個張量的名稱在文件中未作說明便被更改，要求公司恢復原名並在授權檔案中寫明所用程式碼。",
            "北辰智能承諾一週內完成更改，並感謝社群仔細閱讀其程式碼，此後又在官網發布了完整的說明與時間表。",
        )
    )
    html = f"<html><head>{meta}<title>晨星模型</title></head><body><article><h1>晨星模型</h1>{''.join(f'<p>{p}</p>' for p in words)}</article></body></html>"
    web.pages["/a/1"] = (200, {"Content-Type": header}, html.encode(encoding))
    web.set_feed(["/a/1"])
    assert counts(crawl("feed")) == {"fetched": 1, "new": 1}
    with Archive(path) as archive:
        (revision,) = archive.revisions()
    assert words[0] in revision.document.text
