"""Weibo: a post with its comments, from the mobile page or the desktop's.

A saved page flows in, an article (no comments shown) or a thread flows out. The mobile page holds the post as JSON in
a script ($render_data), both show it and the comments as elements; what a post passes on stands below its own words.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from crawler.document import Document, Header
from crawler.page_lines import tidy
from crawler.saved.page_view import (
    PageView,
    article_of,
    has_class,
    line_of,
    text_of,
    text_of_markup,
    thread_of,
    time_shown,
)
from crawler.url import canonical_url

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SITE = "Weibo"
Json = dict[str, Any]
DATA = re.compile(r"\$render_data\s*=\s*(?=\[)")
REMOVED = re.compile(
    r"抱歉，(?:此微博已被(?:作者删除|删除)|作者已设置|根据作者设置)[^<]{0,40}|该微博不存在|微博不存在或暂无查看权限"
)
Row = tuple[str | None, str, str]
Reader = Callable[["HtmlElement"], list[Row]]
REPLY = re.compile(r"^回复\s?@([^:：\s]{1,40})\s?[:：]\s*")
FULL_TEXT = re.compile(r"\s*\.{3}\s*(?:全文|展开c?)$|\s*收起d?$")
MOBILE_COMMENTS = f"//*[{has_class('lite-page-comment')}]"
DESKTOP_COMMENTS = f"//*[{has_class('wbpro-list')}]//*[{has_class('item1')}]"


def read_weibo(page: PageView) -> Document:
    """Read a post and the comments that the page shows.

    Raises:
        ReadError: for a post that was removed, or a login in place of it.
    """
    root = post_from_data(page) or post_on_desktop(page) or post_on_mobile(page)
    if root is None:
        if notice := REMOVED.search(page.html):
            raise page.removed(SITE, notice=notice[0])
        raise page.closed(SITE)
    header: Header = {
        "url": canonical_url(page.url) if page.url else root["url"],
        "source": "weibo.com",
        "title": root["title"],
    }
    parts = [{"author": root["author"], "published": root["published"], "text": root["text"]}]
    for node in page.tree.xpath(DESKTOP_COMMENTS):
        add_comment(parts, node, page=page, read=desktop_comment)
    for node in page.tree.xpath(MOBILE_COMMENTS):
        add_comment(parts, node, page=page, read=mobile_comment)
    if len(parts) == 1:
        return article_of(root["text"], root["author"], header | {"published": root["published"]})
    return thread_of(parts, header | {"published": root["published"]})


def add_comment(parts: list[Json], node: HtmlElement, *, page: PageView, read: Reader) -> None:
    """Add a comment on the post and the replies below it; a reply answers whom it names, else the comment."""
    first = len(parts)
    for number, (author, time, text) in enumerate(read(node)):
        to = 0 if number == 0 else first
        if number and (found := REPLY.match(text)):
            named = [n for n in range(first, len(parts)) if parts[n]["author"] == found[1]]
            to = named[-1] if named else first
        said = REPLY.sub("", text).strip()
        if said:
            parts.append(
                {"author": author, "published": time_shown(time, saved=page.saved), "text": said, "reply_to": to}
            )


def post_from_data(page: PageView) -> Json | None:
    """Return the post in the script of a mobile page, None where there is none."""
    found = DATA.search(page.html)
    if not found:
        return None
    try:
        value, _ = json.JSONDecoder().raw_decode(page.html, found.end())
        status = value[0]["status"]
    except (ValueError, KeyError, IndexError, TypeError, RecursionError):
        return None
    text = words_of(status) if isinstance(status, dict) else ""
    if not text:
        return None
    passed_on = status.get("retweeted_status")
    if isinstance(passed_on, dict) and (more := words_of(passed_on)):
        text += f"\n\n{name_of(passed_on) or '原微博'}：{more}"
    user = status.get("user")
    number = status.get("bid") or status.get("id")
    return {
        "author": name_of(status),
        "published": stamp(status.get("created_at")),
        "text": text,
        "title": tidy(str(status.get("status_title") or "")),
        "url": f"https://weibo.com/{user['id']}/{number}"
        if isinstance(user, dict) and user.get("id") and number
        else None,
    }


def words_of(status: Json) -> str:
    """Return the text of a post in the data, the long one where there is one."""
    long = status.get("longText")
    markup = (long.get("longTextContent") if isinstance(long, dict) else None) or status.get("text")
    return (
        FULL_TEXT.sub("", text_of_markup(markup.replace("\n", "<br>"), separator="\n"))
        if isinstance(markup, str)
        else ""
    )


def name_of(status: Json) -> str | None:
    """Return the name of the account that wrote a post."""
    user = status.get("user")
    return tidy(str(user.get("screen_name") or "")) or None if isinstance(user, dict) else None


def stamp(value: object) -> str | None:
    """Return a time such as Tue Nov 14 10:20:30 +0800 2023 in ISO 8601.

    >>> stamp("Tue Nov 14 10:20:30 +0800 2023"), stamp("11-14")
    ('2023-11-14T10:20:30+08:00', None)
    """
    try:
        return datetime.strptime(str(value), "%a %b %d %H:%M:%S %z %Y").isoformat()
    except ValueError:
        return None


def post_on_desktop(page: PageView) -> Json | None:
    """Return the post that a desktop page shows."""
    article = page.first("//article[.//*[contains(@class,'detail_wbtext')]]")
    scope = page.tree if article is None else article
    texts = scope.xpath(".//*[contains(@class,'detail_wbtext')]")
    if not texts:
        return None
    names = [line_of(one) for one in scope.xpath(".//*[contains(@class,'head_name')]")]
    times = [one.get("title") or line_of(one) for one in scope.xpath(".//a[contains(@class,'head-info_time')]")]
    words = [text for one in texts if (text := FULL_TEXT.sub("", text_of(one, separator="\n")))]
    if not words:
        return None
    return {
        "author": names[0] if names else None,
        "published": time_shown(times[0], saved=page.saved) if times else None,
        "text": "\n\n".join(words),
        "title": "",
        "url": None,
    }


def desktop_comment(node: HtmlElement) -> list[Row]:
    """Return the author, time and words of a comment on a desktop page and of each reply below it."""
    rows: list[Row] = []
    for box in node.xpath(f".//*[{has_class('con1')} or {has_class('con2')}]"):
        said = next(iter(box.xpath(f".//*[{has_class('text')}]")), None)
        if said is None:
            continue
        names = [line_of(one) for one in said.xpath("./a[1]")]
        whole = text_of(said, separator="\n")
        words = re.sub(r"^\s*[:：]\s*", "", whole.removeprefix(names[0])) if names else whole
        times = [line_of(one) for one in box.xpath(f".//*[{has_class('info')}]/div[1]")]
        rows.append((names[0] if names else None, times[0] if times else "", words))
    return rows


def post_on_mobile(page: PageView) -> Json | None:
    """Return the post that a mobile page shows."""
    node = page.first(f"//*[{has_class('weibo-text')}]")
    text = FULL_TEXT.sub("", text_of(node, separator="\n")) if node is not None else ""
    if not text:
        return None
    top = f"//*[{has_class('weibo-top')}]"
    return {
        "author": page.text(f"{top}//*[{has_class('m-text-cut')}]") or None,
        "published": time_shown(page.text(f"{top}//*[{has_class('time')}]"), saved=page.saved),
        "text": text,
        "title": "",
        "url": None,
    }


def mobile_comment(node: HtmlElement) -> list[Row]:
    """Return the author, time and words of a comment on a mobile page and of each reply below it."""
    said = next(iter(node.xpath(".//h3")), None)
    if said is None:
        return []
    names = [line_of(one) for one in node.xpath(".//h4")]
    times = [line_of(one) for one in node.xpath(f".//*[{has_class('time')}]")]
    rows = [(names[0] if names else None, times[0] if times else "", text_of(said, separator="\n"))]
    for reply in node.xpath(f".//*[{has_class('cmt-sub-txt')}]//p"):
        author = [line_of(one) for one in reply.xpath("./a[1]")]
        whole = line_of(reply)
        words = re.sub(r"^\s*[:：]\s*", "", whole.removeprefix(author[0])) if author else whole
        rows.append((author[0] if author else None, "", re.sub(r"^回复\s*@", "回复@", words)))
    return rows
