"""Articles of WeChat's public accounts (mp.weixin.qq.com).

A saved page flows in, an article flows out; its source is the account, its author who the account names. The text
stands in #js_content, the time in a script as `ct` (Unix seconds) or in #publish_time.
"""

from __future__ import annotations

import html
import re

from crawler.document import Document
from crawler.page_body import kept_paragraphs
from crawler.page_lines import paragraphs, squeeze
from crawler.saved.page_view import HIDDEN, PageView, article_of, time_of_seconds, time_shown
from crawler.url import canonical_url

SITE = "WeChat"
SECONDS = re.compile(r"\b(?:var\s+)?(?:ct|create_time|oriCreateTime|ori_create_time)\s*[=:]\s*[\"']?([0-9]{10})\b")
SHOWN = re.compile(r"\bcreateTime\s*=\s*[\"']([0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2})")
NICKNAME = re.compile(r"\bnickname\s*=\s*(?:htmlDecode\()?[\"']([^\"'\n]{1,60})[\"']")
LINK = re.compile(r"\bmsg_link\s*=\s*[\"'](https?:[^\"'\n]{10,400})[\"']")
REMOVED = re.compile(
    r"该内容已被发布者删除|此内容因违规无法查看|此内容被投诉[^<。]{0,30}|该公众号已迁移|此帐号已[^<。]{0,20}|链接已过期|"
    r"The content has been deleted by the author|Unable to view this content because it violates[^<.]{0,40}"
)
CHECK = re.compile(r"环境异常|完成验证后即可继续访问|请在微信客户端打开|去验证|verify to continue|参数错误")


def read_wechat(page: PageView) -> Document:
    """Read an article.

    Raises:
        ReadError: for an article that was removed, or a check in place of it.
    """
    content = page.first("//*[@id='js_content']")
    title = page.text("//*[@id='activity-name']") or page.meta("og:title") or page.text("//h1")
    lines: list[str] = []
    if content is not None:
        for hidden in content.xpath(HIDDEN):
            hidden.drop_tree()
        lines = kept_paragraphs(paragraphs(content), title=title)
    if not lines:
        if notice := REMOVED.search(page.html):
            raise page.removed(SITE, notice=notice[0])
        raise page.closed(SITE, reason="shows a check instead of the article" if CHECK.search(page.html) else "")
    account = page.text("//*[@id='js_name']") or found(NICKNAME, page.html)
    authors = [page.meta("author"), page.text("//*[@id='js_author_name']")]
    author = next((name for name in authors if name and squeeze(name) != squeeze(account)), "") or account
    stated = found(SECONDS, page.html)
    written = found(SHOWN, page.html) or page.text("//*[@id='publish_time']")
    return article_of(
        "\n\n".join(lines),
        author,
        {
            "url": address_of(page),
            "source": account or None,
            "title": title,
            "published": time_of_seconds(stated) or time_shown(written, saved=page.saved),
        },
    )


def address_of(page: PageView) -> str | None:
    """Return the address of an article: the one it names, with the ids that open it, else the page's."""
    named = [page.meta("og:url"), html.unescape(found(LINK, page.html).replace("\\x26", "&"))]
    return next((canonical_url(url) for url in (*named, page.url or "") if url.startswith("http")), None)


def found(pattern: re.Pattern[str], text: str) -> str:
    """Return the first group of the first match, or ""."""
    match = pattern.search(text)
    return html.unescape(match[1]).strip() if match else ""
