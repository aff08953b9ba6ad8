"""A page gives its article: text, title, authors, time and address, and nothing else."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import crawler.page_body
from crawler.errors import ReadError
from crawler.page import read_page
from crawler.url import canonical_url, date_in_url, is_home, same_site

PAGES = Path(__file__).parents[1] / "pages"
WORDS = "北辰智能在声明中说，晨星模型的权重是从零开始训练的，团队没有使用别人的权重，也欢迎第三方核对训练的记录。"


def saved(name, url=None):
    return read_page((PAGES / f"{name}.html").read_text(encoding="utf-8"), url=url)


def page(head="", body="", url=None, lang="zh"):
    body = body or f"<h1>晨星模型之争</h1><p>{WORDS}</p><p>{WORDS}第二段。</p>"
    return read_page(f"<html lang={lang}><head>{head}</head><body><article>{body}</article></body></html>", url=url)


def test_the_paragraphs_of_a_portal_page():
    document = saved("portal.zh", "https://m.example.com.cn/tech/2023-11/15/c_4821.htm?from=timeline")
    parts = document.text.split("\n\n")
    assert parts[0].startswith("示例网讯 11月14日") and parts[-1].startswith("截至发稿") and len(parts) == 9
    assert {
        "公司如何回应",
        "大模型的核心在于数据与训练方法，而不是结构上的标新立异。",
        "一周内恢复原有的张量名称；",
    } <= set(parts)


@pytest.mark.parametrize(
    "extractor", [crawler.page_body.extracted, lambda tree: []], ids=["trafilatura", "densest block"]
)
@pytest.mark.parametrize(
    "left_out",
    [
        "截图",
        "分享到",
        "责任编辑",
        "推荐阅读",
        "许可证的十个误区",
        "网友甲",
        "版权所有",
        "首页",
        "回应架构争议",
        "tracker",
    ],
)
def test_what_is_no_article_is_left_out(left_out, extractor, monkeypatch):
    monkeypatch.setattr(crawler.page_body, "extracted", extractor)
    text = saved("portal.zh").text
    assert left_out not in text and "邀请第三方核对训练记录。" in text


def test_title_authors_time_and_address_of_a_portal_page():
    document = saved("portal.zh", "https://m.example.com.cn/tech/2023-11/15/c_4821.htm?from=timeline")
    assert document.title == "北辰智能回应架构争议：将更正张量名称"
    assert document.posts[0].author == "林知远, 周敏"
    assert document.published == document.posts[0].published == "2023-11-15T09:42+08:00"
    assert document.url == "https://www.example.com.cn/tech/2023-11/15/c_4821.htm"
    assert (document.language, document.source, document.kind) == ("zh", "example.com.cn", "article")


def test_an_english_page():
    document = saved("blog.en", "https://ledger.example.org/2024/06/03/northwind-admits/amp?utm_source=x#top")
    assert document.title == "Northwind admits its model was fine-tuned from Alder 7B"
    assert document.posts[0].author == "Ruth Okafor, Jan Meyer"
    assert document.published == "2024-06-03T21:15:00-07:00"
    assert document.modified == "2024-06-04T08:00:00-07:00"
    assert document.url == "https://ledger.example.org/2024/06/03/northwind-admits"
    assert document.language == "en"
    parts = document.text.split("\n\n")
    assert parts[0].startswith("Northwind, a small") and parts[-1].startswith("The Alder team said") and len(parts) == 7


def test_text_between_line_breaks_in_a_table_is_found_without_the_menu():
    document = saved("breaks.zh")
    parts = document.text.split("\n\n")
    assert [part[:5] for part in parts] == ["一位研究者", "北辰智能的", "另一位读者"]
    assert document.published == "2023-11-16T20:05+08:00"


def test_paragraphs_each_in_a_box_of_their_own_are_all_found():
    lines = [f"第{n}段。{WORDS}" for n in range(1, 8)]
    boxes = "".join(f"<section><section><p><span>{line}</span></p></section></section>" for line in lines)
    document = read_page(f"<html><body><div id=js_content>{boxes}</div></body></html>", url=None)
    assert document.text.split("\n\n") == lines


@pytest.mark.parametrize(
    "sentence",
    [
        "版权问题在业内引发了新的讨论，许多人表示关注。",
        "未经许可使用他人的数据训练模型，可能构成侵权。",
        "举报者表示，他手里有完整的日志可以证明这一点。",
        "声明：我们没有抄袭任何人的模型，也没有使用过它的权重。",
        "Copyright law does not say who owns the weights of a model.",
    ],
)
def test_sentences_that_begin_like_notices_stay(sentence):
    assert sentence in page(body=f"<h1>晨星模型之争</h1><p>{WORDS}</p><p>{sentence}</p><p>{WORDS}完。</p>").text


def test_comments_inside_the_article_are_left_out():
    comment = '<div class="comment-item"><p>网友甲：这也太像了吧，官方应该道歉。</p></div>'
    assert page(body=f"<p>{WORDS}</p><p>{WORDS}中</p>{comment}<p>{WORDS}完。</p>").text.count("网友") == 0


def test_sentences_after_a_block_of_further_reading_stay():
    text = page(body=f"<p>{WORDS}</p><p>相关阅读</p><p>另一家公司的旧闻一则</p><p>{WORDS}完。</p>").text
    assert text == f"{WORDS}\n\n{WORDS}完。"


LINKED = '<script type="application/ld+json">{"@type":"NewsArticle","datePublished":"%s"}</script>'


@pytest.mark.parametrize(
    ("head", "url", "published"),
    [
        (LINKED % "2023-11-06T10:20:00+08:00", None, "2023-11-06T10:20:00+08:00"),
        (LINKED % "2023-11-06T02:20:00.000Z", None, "2023-11-06T02:20:00+00:00"),
        ('<meta property="article:published_time" content="2023-11-06T10:20:00">', None, "2023-11-06T10:20:00+08:00"),
        ('<meta name="pubdate" content="2023年11月06日 10:20">', None, "2023-11-06T10:20+08:00"),
        (LINKED % "2024-05-01T08:00:00+08:00", "https://e.example/2023/11/06/a", "2023-11-06"),
        (LINKED % "2024-05-01", "https://e.example/20231106/a.html", "2023-11-06"),
        ("", "https://e.example/a/2023-11-06/1.html", "2023-11-06"),
        (LINKED % "yesterday", None, None),
    ],
)
def test_the_publication_time(head, url, published):
    assert page(head, url=url).published == published


def test_a_precise_time_of_the_day_in_the_address_is_preferred():
    head = LINKED % "2023-11-05" + '<meta name="pubdate" content="2023-11-06 10:20:30">'
    assert page(head, url="https://e.example/2023/11/06/a").published == "2023-11-06T10:20:30+08:00"


def test_a_written_time_is_found_below_the_title():
    body = f"<h1>晨星模型之争</h1><div>发布时间：2023-11-06 10:20</div><p>{WORDS}</p><p>此前的 2021-03-04 11:11 有过一次。{WORDS}</p>"
    assert page(body=body).published == "2023-11-06T10:20+08:00"


@pytest.mark.parametrize(
    ("stated", "believed"),
    [
        ("https://www.e.example/p/1", True),
        ("/p/1", True),
        ("https://other.example/p/1", False),
        ("https://www.e.example/", False),
        ("https://www.e.example/index.html", False),
    ],
)
def test_a_canonical_link_counts_on_the_same_site_only_and_not_to_a_home_page(stated, believed):
    document = page(f'<link rel="canonical" href="{stated}">', url="https://www.e.example/p/99?x=1")
    assert document.url == ("https://www.e.example/p/1" if believed else "https://www.e.example/p/99?x=1")


def test_a_page_that_a_browser_saved_tells_its_address():
    html = f"<!-- saved from url=(0033)https://e.example/2023/a.html -->\n<html><body><p>{WORDS * 2}</p></body></html>"
    assert read_page(html, url=None).url == "https://e.example/2023/a.html"


@pytest.mark.parametrize(
    "html", ["", "   ", "<html><body></body></html>", "<html><body><script>x</script><img></body></html>"]
)
def test_a_page_without_text_is_an_error_that_names_it(html):
    with pytest.raises(ReadError, match=r"no text found on https://e\.example/a"):
        read_page(html, url="https://e.example/a")


def test_a_template_in_the_wrong_language_does_not_decide():
    assert page(lang="en").language == "zh"


@settings(max_examples=60, deadline=None)
@given(st.text(st.sampled_from("<>/!-=\"' apdivbodyh1&;#x0文。\n\0\ud800"), max_size=120))
def test_any_text_gives_a_document_or_a_read_error(html):
    try:
        document = read_page(html, url=None)
    except ReadError:
        return
    assert document.text == document.posts[0].text


@pytest.mark.parametrize(
    ("variant", "canonical"),
    [
        ("https://e.example/a?utm_source=x&id=3&spm=1.2#part", "https://e.example/a?id=3"),
        ("https://e.example/a?from=groupmessage&share_token=9", "https://e.example/a"),
        ("HTTPS://WWW.E.Example:443/a", "https://www.e.example/a"),
        ("https://m.news-site.com/a", "https://www.news-site.com/a"),
        ("https://en.m.news-site.com/a", "https://en.news-site.com/a"),
        ("https://e.example/a/amp/", "https://e.example/a"),
        ("https://e.example/a.amp.html?amp=1", "https://e.example/a.html"),
        ("https://www.google.com/amp/s/e.example/a/amp", "https://e.example/a"),
        ("https://e.example", "https://e.example/"),
        ("https://e.example/#/post/3", "https://e.example/#/post/3"),
        ("mailto:someone@e.example", "mailto:someone@e.example"),
        ("http://[broken", "http://[broken"),
    ],
)
def test_the_variants_of_an_address_are_folded(variant, canonical):
    assert canonical_url(variant) == canonical


@given(st.text(max_size=60).map(lambda rest: f"https://m.e.example/{rest}") | st.text(max_size=60))
def test_folding_twice_is_folding_once(url):
    assert canonical_url(canonical_url(url)) == canonical_url(url)


def test_sites_are_what_somebody_registered():
    assert same_site("https://news.e.com.cn/a", "https://m.e.com.cn/b")
    assert not same_site("https://a.com.cn/", "https://b.com.cn/")
    assert not same_site("https://anna.github.io/", "https://ben.github.io/")


def test_home_pages_and_days_in_addresses():
    assert is_home("https://e.example/index.html") and not is_home("https://e.example/?p=3")
    assert str(date_in_url("https://e.example/2023/1106/a")) == "2023-11-06"
    assert date_in_url("https://e.example/2023/13/40/a") is None
