"""Pages that users saved from sites of posts; each page in tests/pages/saved has a JSON beside it that says what it holds.

A new page needs no new test: put NAME.html and NAME.json there, with `error` for what cannot be read and `given` for
what is known besides the page.
"""

import json
import quopri
from pathlib import Path

import pytest

from crawler.errors import ReadError
from crawler.extraction import read_document
from crawler.saved import read_saved, reader_for

PAGES = Path(__file__).parents[1] / "pages" / "saved"
GOLDEN = {path.stem: json.loads(path.read_text(encoding="utf-8")) for path in sorted(PAGES.glob("*.json"))}
FIELDS = ("url", "source", "kind", "title", "language", "published", "modified", "fetched")


def page(name):
    return (PAGES / f"{name}.html").read_bytes()


def shown(document):
    posts = [
        {"author": post.author, "published": post.published, "reply_to": post.reply_to, "text": post.text}
        for post in document.posts
    ]
    return {name: getattr(document, name) for name in FIELDS} | {"posts": posts}


def test_every_page_has_its_golden():
    assert {path.stem for path in PAGES.glob("*.html")} == set(GOLDEN) and len(GOLDEN) >= 16


@pytest.mark.parametrize("name", [name for name, golden in GOLDEN.items() if "error" not in golden])
def test_a_saved_page_gives_its_posts(name):
    golden = dict(GOLDEN[name])
    document = read_document(page(name), header=golden.pop("given", {}))
    assert shown(document) == {"fetched": None} | golden


@pytest.mark.parametrize("name", [name for name, golden in GOLDEN.items() if "error" in golden])
def test_a_login_or_a_removed_post_is_told_with_what_to_do(name):
    with pytest.raises(ReadError) as told:
        read_document(page(name), header={})
    assert GOLDEN[name]["error"] in str(told.value)
    assert "save the page again" in str(told.value) or "look for a copy" in str(told.value)


@pytest.mark.parametrize("name", ["zhihu-question", "weibo-desktop", "wechat", "x-thread"])
def test_without_an_address_the_marks_of_the_page_tell_the_site(name):
    html = page(name).decode().replace("saved from url", "no url")
    document = read_saved(html, url=None, saved=None)
    assert [post.text for post in document.posts] == [post["text"] for post in GOLDEN[name]["posts"]]


def test_a_page_saved_as_mhtml_gives_the_same_thread():
    head = (
        "From: <Saved by Blink>\r\nSnapshot-Content-Location: https://twitter.com/toduya/status/17240002\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/related;\r\n\ttype="text/html";\r\n\tboundary="b"\r\n\r\n--b\r\n'
        "Content-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n"
        "Content-Location: https://twitter.com/toduya/status/17240002\r\n\r\n"
    )
    content = head.encode() + quopri.encodestring(page("x-thread")) + b"\r\n--b--\r\n"
    assert shown(read_document(content, header={}))["posts"] == GOLDEN["x-thread"]["posts"]


@pytest.mark.parametrize(
    "url",
    ["https://notzhihu.com/p/1", "https://example.org/zhihu.com", "https://weixin.qq.com/s/1", "https://box.com/"],
)
def test_pages_of_other_sites_are_left_to_the_general_reader(url):
    assert reader_for(page("zhihu-question").decode(), url) is None


def test_broken_data_in_a_page_is_a_login_not_a_fault():
    for data in ("", "{broken", "[]", '{"initialState": null}', '{"initialState": {"entities": {"answers": [1]}}}'):
        html = f'<html><body><script id="js-initialData">{data}</script></body></html>'
        with pytest.raises(ReadError, match="was saved from Zhihu"):
            read_saved(html, url="https://www.zhihu.com/question/1", saved=None)
    for data in ("[", "[{}][0]", '[{"status": null}][0]', '[{"status": {"text": 1, "user": []}}][0]'):
        html = f"<html><body><script>var $render_data = {data} || {{}};</script></body></html>"
        with pytest.raises(ReadError, match="was saved from Weibo"):
            read_saved(html, url="https://m.weibo.cn/detail/1", saved=None)
