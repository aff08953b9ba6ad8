"""A list page gives its articles, with the day beside each, and the page that goes on."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crawler.lists
from crawler.errors import ReadError
from crawler.lists import read_list

PAGES = Path(__file__).parents[1] / "pages"
ZH, EN = "https://tech.example.com.cn/ai/", "https://news.example.org/front/"
SEEN = date(2023, 11, 15)


def saved(name, url, **options):
    return read_list((PAGES / f"list.{name}.html").read_bytes(), url=url, **options)


def days(page):
    return {link.url.partition("//")[2].partition("/")[2]: link.published for link in page.links}


def teaser(beside, href="/p/1", **options):
    content = f"<ul><li><a href='{href}'>海澜实验室说没有复制别人的权重</a> <i>{beside}</i></li></ul>"
    (link,) = read_list(content, url=ZH, **options).links
    return link.published


def test_articles_of_a_chinese_page_are_recognised():
    page = saved("zh", ZH, seen=SEEN)
    assert days(page) == {
        "p/4821.html": "2023-11-14",
        "p/4820.html": "2023-11-15",
        "2023-11/12/c_4819.htm": "2023-11-12",
        "p/4818.html": "2023-11-09",
    }
    assert page.links[0].text == "北辰智能回应晨星模型架构争议"
    assert page.next == "https://tech.example.com.cn/ai/?page=2"


def test_articles_of_an_english_page_are_recognised():
    page = saved("en", EN, seen=date(2024, 2, 27))
    assert days(page) == {
        "ai/larkwing-denies": "2024-03-01T09:30:00-05:00",
        "2024/02/28/lab-answers": "2024-02-28",
        "ai/licence-row": "2024-02-25",
    }
    assert [link.text for link in page.links][1:] == ["A laboratory answers", "What the row over a licence is about"]
    assert page.next == "https://news.example.org/ai/?page=2"


def test_selectors_choose_the_links_and_the_next_page():
    page = saved("zh", ZH, items="ul.list h2", following=".pagination a:last-child")
    assert [link.url for link in page.links] == [
        "https://tech.example.com.cn/p/4821.html",
        "https://tech.example.com.cn/p/4820.html",
        "https://tech.example.com.cn/2023-11/12/c_4819.htm",
        "https://tech.example.com.cn/p/4818.html",
        "https://ads.example.net/p/1",
    ]
    assert page.links[-1].published == "2023-11-01" and page.links[1].published is None
    assert page.next == "https://tech.example.com.cn/ai/?page=2"
    assert saved("zh", ZH, items="ul.list h2", following="a.none").next is None


def test_a_selector_may_choose_what_stands_in_a_link():
    (link,) = read_list("<a href='/p/1'><h3>快讯</h3></a><h3>更多</h3>", url=ZH, items="h3").links
    assert (link.url, link.text) == ("https://tech.example.com.cn/p/1", "快讯")


@pytest.mark.parametrize(
    ("beside", "day"),
    [
        ("2023-11-06 09:30", "2023-11-06"),
        ("2023/11/6", "2023-11-06"),
        ("2023.11.06", "2023-11-06"),
        ("发布于 2023年11月6日 来源：示例", "2023-11-06"),
        ("Nov 6, 2023", "2023-11-06"),
        ("November 6th, 2023", "2023-11-06"),
        ("6 November 2023 by A. Writer", "2023-11-06"),
        ("<time datetime='2023-11-06T09:30:00+08:00'>昨天</time>", "2023-11-06T09:30:00+08:00"),
        ("11-06 09:30", "2023-11-06"),
        ("11月6日", "2023-11-06"),
        ("12月31日", "2022-12-31"),
        ("Nov 6", "2023-11-06"),
        ("3小时前", "2023-11-15"),
        ("刚刚", "2023-11-15"),
        ("昨天 09:30", "2023-11-14"),
        ("前天", "2023-11-13"),
        ("9天前", "2023-11-06"),
        ("2周前", "2023-11-01"),
        ("20 minutes ago", "2023-11-15"),
        ("2 days ago", "2023-11-13"),
        ("2023-13-45", None),
        ("02-30", None),
        ("公司今天说，它的权重是从零开始训练的，没有用过别人的权重，也欢迎核对。", None),
        ("阅读 4821", None),
    ],
)
def test_a_day_beside_a_link_in_its_usual_forms(beside, day):
    assert teaser(beside, seen=SEEN) == day


def test_without_the_day_of_the_visit_only_full_days_are_read():
    assert teaser("3小时前") is teaser("11-06") is None and teaser("2023-11-06") == "2023-11-06"
    assert teaser("3小时前", href="/2023/11/05/1.htm") == "2023-11-05"


def test_the_day_of_one_article_is_not_given_to_another():
    content = "<div><p><a href='/p/1'>海澜实验室说没有复制权重</a></p><p><a href='/p/2'>北辰智能回应架构争议</a> 2023-11-06</p></div>"
    assert [link.published for link in read_list(content, url=ZH).links] == [None, "2023-11-06"]


@pytest.mark.parametrize(
    "anchor",
    [
        "<a href='/p/1'>评论 12</a>",
        "<a href='/'>示例科技网站的首页在这里</a>",
        "<a href='/tag/yuanliu'>关于模型来历的全部报道</a>",
        "<a href='/report.pdf'>关于模型来历的全部报道</a>",
        "<a href='https://other.example/p/1'>关于模型来历的全部报道</a>",
        "<a href='/ai/#more'>关于模型来历的全部报道</a>",
        "<a href='/ai/?from=top'>关于模型来历的全部报道</a>",
        "<a href='/p/1#comments'>关于模型来历的全部报道</a>",
        "<a href='mailto:a@example.org'>关于模型来历的全部报道</a>",
        "<a>关于模型来历的全部报道</a>",
        "<nav><a href='/p/1'>关于模型来历的全部报道</a></nav>",
        "<div class='site-footer'><a href='/p/1'>关于模型来历的全部报道</a></div>",
    ],
)
def test_what_leads_around_the_site_is_no_article(anchor):
    assert read_list(f"<main>{anchor}</main>", url=ZH).links == ()


@pytest.mark.parametrize(
    ("link", "target"),
    [
        ("<a href='?page=2'>下一页</a>", "https://tech.example.com.cn/ai/?page=2"),
        ("<a href='?page=2'>下頁 »</a>", "https://tech.example.com.cn/ai/?page=2"),
        ("<a href='/ai/2'>Older posts</a>", "https://tech.example.com.cn/ai/2"),
        ("<a href='/ai/2' rel='nofollow next'>2</a>", "https://tech.example.com.cn/ai/2"),
        ("<a href='https://other.example/2'>Next</a>", None),
        ("<a href='/ai/'>Next</a>", None),
        ("<a href='/p/1'>Next week a model will be released</a>", None),
        ("<a>Next</a>", None),
    ],
)
def test_the_next_page(link, target):
    assert read_list(f"<body>{link}</body>", url=ZH).next == target


def test_bytes_in_a_chinese_encoding_are_decoded():
    content = (
        (PAGES / "list.zh.html").read_text("utf-8").replace('charset="utf-8"', 'charset="gb2312"').encode("gb18030")
    )
    assert read_list(content, url=ZH) == saved("zh", ZH)


@pytest.mark.parametrize("options", [{"items": "a["}, {"following": "a:foo"}, {"items": "a::text"}])
def test_what_is_no_selector_is_named(options):
    with pytest.raises(ReadError, match="no CSS selector"):
        saved("zh", ZH, **options)


def test_what_is_no_page_is_an_error_that_names_the_address(monkeypatch):
    for content in ("", b"   ", b"\x89PNG\r\n\x1a\n"):
        with pytest.raises(ReadError):
            read_list(content, url=ZH)
    monkeypatch.setattr(crawler.lists, "SIZE", 10)
    with pytest.raises(ReadError, match=f"{ZH} is longer than 10"):
        read_list("<p>海澜实验室说</p>", url=ZH)


def test_a_day_in_the_headline_or_among_many_other_links_is_not_the_articles():
    assert teaser("2023-11-06") == "2023-11-06"
    headline = "<li><a href='/p/1'>2023年11月1日发布的模型引发争议</a> {}</li>"
    for beside, day in (("2023-11-06", "2023-11-06"), ("", None)):
        (link,) = read_list(headline.format(beside), url=ZH).links
        assert link.published == day
    many = "<div><p><a href='/p/1'>海澜实验室说没有复制权重</a></p>" + "<a href='/x'>更多</a>" * 30 + "2023-11-06</div>"
    assert [link.published for link in read_list(many, url=ZH).links] == [None]


def test_of_several_links_to_one_page_the_headline_gives_the_text():
    links = "<a href='/p/1'>{}</a><a href='/p/1'>{}</a><a href='/p/1'>阅读全文</a>"
    for texts in (("封面", "北辰智能回应架构争议"), ("北辰智能回应架构争议", "公司在声明中说，权重是从零开始训练的。")):
        (link,) = read_list(links.format(*texts), url=ZH, items="a").links
        assert link.text == "北辰智能回应架构争议"


def test_a_page_of_very_many_links_is_cut():
    content = "".join(f"<p><a href='/p/{n}'>海澜实验室说没有复制别人的权重</a></p>" for n in range(6000))
    assert len(read_list(content, url=ZH).links) == crawler.lists.LINKS


PIECES = st.sampled_from(
    [
        "<a href='",
        "/2023/11/06/x",
        "http://[",
        "'>",
        "</a>",
        "<base href='",
        "<time datetime='",
        "Next",
        "<li>",
        "</li>",
        "<link rel=next href=",
        "2023年2月30日",
        "99天前",
        "999 weeks ago",
        "<h2>",
        "&#0;",
        "<!--",
        "Feb 30",
        "x" * 20,
    ]
)


@settings(deadline=None)
@given(st.one_of(st.binary(), st.text(), st.lists(st.one_of(PIECES, st.text(max_size=3))).map("".join)))
def test_whatever_comes_is_read_or_refused(content):
    for items in (None, "li"):
        try:
            page = read_list(content, url=ZH, items=items, seen=date(1, 1, 1))
        except ReadError:
            continue
        assert all(link.url.startswith(("http://", "https://")) for link in page.links)
