"""What the readers of saved pages look at: a page as text and tree, the parts of it, and times as sites write them.

A page flows in from crawler.saved; texts, times and the documents made of posts flow out to the readers.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import TYPE_CHECKING, Any, cast

from crawler.document import Document, Header, join_posts, parse_time
from crawler.errors import ReadError
from crawler.page_lines import paragraphs, tidy
from crawler.written_times import read_time

if TYPE_CHECKING:
    from lxml.html import HtmlElement

CHINA = timezone(timedelta(hours=8))
HIDDEN = ".//script|.//style|.//noscript|.//template|.//svg|.//button|.//figcaption|.//iframe"
SHORT_YEAR = re.compile(r"([0-9]{2})-([0-9]{1,2})-([0-9]{1,2})(?:\s+([0-9]{1,2}:[0-9]{2}))?")
MONTH_DAY = re.compile(r"([0-9]{1,2})[-月]([0-9]{1,2})日?(?:\s*([0-9]{1,2}:[0-9]{2}))?")
AGO = re.compile(r"([0-9]{1,3})\s?(秒|分钟|小时|天)前|刚刚")
DAY_WORD = re.compile(r"(今天|昨天|前天)\s*([0-9]{1,2}:[0-9]{2})?")
UNITS = {"秒": "seconds", "分钟": "minutes", "小时": "hours", "天": "days"}


@dataclass(frozen=True, kw_only=True, slots=True)
class PageView:
    """A page to read: its text, its tree, its address and when it was saved."""

    html: str
    tree: HtmlElement
    url: str | None
    saved: str | None

    def first(self, path: str) -> HtmlElement | None:
        """Return the first element of an XPath, or None."""
        return next(iter(self.tree.xpath(path)), None)

    def text(self, path: str) -> str:
        """Return the text of the first element of an XPath on one line, or ""."""
        return "" if (node := self.first(path)) is None else line_of(node)

    def meta(self, name: str) -> str:
        """Return the content of a meta element by its name or property, or ""."""
        found = self.tree.xpath("//meta[@name=$name or @property=$name or @itemprop=$name]/@content", name=name)
        return tidy(found[0]) if found else ""

    def closed(self, site: str, *, reason: str = "") -> ReadError:
        """Return the error for a page that shows a login, a check or an empty frame in place of the post."""
        shown = reason or "shows a login or an empty frame instead of the post"
        return ReadError(
            f"{self.url or 'the page'} was saved from {site}, but {shown}; open it in a browser in which you are logged "
            "in, wait until the whole post is to be seen, and save the page again"
        )

    def removed(self, site: str, *, notice: str) -> ReadError:
        """Return the error for a post that is no more."""
        return ReadError(
            f"{self.url or 'the page'} holds no post: {site} says “{notice}”; look for a copy that was saved earlier"
        )


def has_class(name: str) -> str:
    """Return the XPath condition for a class by its whole name."""
    return f"contains(concat(' ',normalize-space(@class),' '),' {name} ')"


def line_of(node: HtmlElement) -> str:
    """Return the text of an element on one line."""
    return tidy(" ".join(text for text in node.itertext() if isinstance(text, str)))


def text_of(node: HtmlElement, *, separator: str = "\n\n") -> str:
    """Return the text of an element, block by block, without scripts, captions and buttons."""
    inner = copy.deepcopy(node)
    inner.tail = None
    for hidden in inner.xpath(HIDDEN):
        hidden.drop_tree()
    return separator.join(line for line, _ in paragraphs(inner))


def text_of_markup(markup: str, *, separator: str = "\n\n") -> str:
    """Return the text of a piece of HTML."""
    from lxml import etree, html  # noqa: PLC0415

    try:
        return text_of(html.fragment_fromstring(markup, create_parent="div"), separator=separator)
    except (etree.ParserError, ValueError):
        return ""


def time_of_seconds(value: object) -> str | None:
    """Return a Unix time in seconds as ISO 8601 in China's zone, which the sites show; None for what is none.

    >>> time_of_seconds(1699928430), time_of_seconds("1699928430"), time_of_seconds(0)
    ('2023-11-14T10:20:30+08:00', '2023-11-14T10:20:30+08:00', None)
    """
    try:
        seconds = int(cast("Any", value))
        return datetime.fromtimestamp(seconds, CHINA).isoformat() if seconds > 0 else None
    except (TypeError, ValueError, OverflowError, OSError):
        return None


def time_shown(value: str, *, saved: str | None) -> str | None:
    """Return a time as Chinese sites show it, in their zone; relative ones count from when the page was saved.

    >>> time_shown("23-11-14 10:20", saved=None), time_shown("昨天 10:20", saved="2023-11-15T09:00:00+08:00")
    ('2023-11-14T10:20+08:00', '2023-11-14T10:20+08:00')
    >>> time_shown("3小时前", saved="2023-11-15T09:00:00+08:00"), time_shown("3小时前", saved=None)
    ('2023-11-15T06:00+08:00', None)
    """
    value = re.sub(r"^(?:发布于|编辑于|发表于)\s*|\s*(?:来自|发布于|IP 属地|[・·]).*$", "", tidy(value))
    moment = parse_time(saved) if saved else None
    now = moment.astimezone(CHINA) if isinstance(moment, datetime) and moment.tzinfo else None
    if found := SHORT_YEAR.fullmatch(value):
        value = f"20{found[1]}-{found[2]}-{found[3]}" + (f" {found[4]}" if found[4] else "")
    elif found := MONTH_DAY.fullmatch(value):
        if now is None:
            return None
        year = now.year - ((int(found[1]), int(found[2])) > (now.month, now.day))
        value = f"{year}-{found[1]}-{found[2]}" + (f" {found[3]}" if found[3] else "")
    elif found := AGO.fullmatch(value):
        back = timedelta(**{UNITS[found[2]]: int(found[1])}) if found[2] else timedelta()
        return (now - back).isoformat(timespec="minutes") if now else None
    elif found := DAY_WORD.fullmatch(value):
        day = (now - timedelta(days=("今天", "昨天", "前天").index(found[1]))).date() if now else None
        value = "" if day is None else day.isoformat() + (f" {found[2]}" if found[2] else "")
    time = read_time(value) if value else None
    return with_zone(time)


def with_zone(time: str | None) -> str | None:
    """Return a time with China's zone if it names none; a day stays a day."""
    moment = parse_time(time) if time else None
    return f"{time}+08:00" if isinstance(moment, datetime) and moment.tzinfo is None else time


def utc_time(value: str) -> str | None:
    """Return a time such as 2023-11-14T02:20:30.000Z without its fractions; None for what is none."""
    moment = parse_time(value)
    return moment.astimezone(UTC).isoformat(timespec="seconds") if isinstance(moment, datetime) else None


def thread_of(parts: Sequence[dict[str, Any]], header: Header) -> Document:
    """Return the thread of posts given as {author, published, reply_to, text}."""
    text, posts = join_posts(parts)
    first = next((post.published for post in posts if post.published), None)
    known: dict[str, Any] = {"kind": "thread", "published": first} | {
        key: value for key, value in header.items() if value
    }
    return Document.create(text, posts, **cast(Header, known))


def article_of(text: str, author: str | None, header: Header) -> Document:
    """Return the article of one author."""
    part = {"author": author or None, "published": header.get("published"), "text": text}
    whole, posts = join_posts([part])
    return Document.create(whole, posts, **header)
