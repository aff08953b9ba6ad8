"""List pages: the links to articles on a section's or a home page, and the page that goes on with them.

HTML and CSS selectors flow in, links flow out to the spider and to crawler.discovery. Without a selector, what looks like
an article is taken: a link of the same site that stands in no menu and has a headline's length or a dated address. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from crawler import feeds, written_times
from crawler.encoding import decode
from crawler.errors import ReadError
from crawler.page import parse
from crawler.sources import is_selector, is_web_address
from crawler.url import canonical_url, date_in_url, is_home, same_site

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SIZE = 20 * 1024 * 1024  # bytes or characters; no list page comes near
LINKS = 5000
HEADLINE = 16  # weight() of a text that may be a headline: eight Han characters, or some three words
CLIMB = 4  # levels above a link in which its date may stand
MOST_INSIDE = 20  # links in one teaser: to its author, its tags, itself
PIECES = 200  # texts in one teaser
STAMP = 30  # characters of a date and what stands with it
NEARBY = 1000  # characters of a teaser
MENU = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu|breadcrumbs?|footer|foot|header|pagination|pager|tags?)(?:$|[\s_-])", re.I
)
MENU_TAGS = frozenset(("nav", "header", "footer", "form"))
NO_ARTICLE = re.compile(
    r"/(?:tags?|topics?|categor(?:y|ies)|authors?|users?|search|login|signin|register|about|contact|privacy|terms|page)"
    r"(?:/|$)|\.(?:jpe?g|png|gif|webp|svg|pdf|zip|mp[34]|xml|rss|atom|json|apk|exe)$",
    re.I,
)
NEXT_TEXT = re.compile(
    r"(?:下一?[页頁]|下页|后一页|更早的?文章|older(?: posts| entries| articles)?|next(?: page)?)\s?[›»→>]{0,2}|[›»→]|>{1,2}",
    re.I,
)
FULL_DAY = re.compile(
    r"(?<![0-9])(?:19|20)[0-9]{2}\s?[-/.年]\s?[0-9]{1,2}\s?[-/.月]\s?[0-9]{1,2}(?![0-9])"
    rf"|\b{written_times.MONTH}\s[0-9]{{1,2}}(?:st|nd|rd|th)?,?\s[0-9]{{4}}\b"
    rf"|\b[0-9]{{1,2}}\s{written_times.MONTH},?\s[0-9]{{4}}\b"
)
SHORT_DAY = re.compile(
    r"(?<![0-9年/.-])(?P<m>[0-9]{1,2})\s?月\s?(?P<d>[0-9]{1,2})\s?日|(?<![0-9/.:-])(?P<m2>[01][0-9])-(?P<d2>[0-3][0-9])(?![0-9/.-])"
    rf"|\b(?P<month>{written_times.MONTH})\s(?P<d3>[0-9]{{1,2}})(?![0-9:])"
)
AGO = re.compile(
    r"(?P<n>[0-9]{1,3})\s?(?:(?P<day>天|日|days?|d)|(?P<week>周|weeks?|w)|(?P<short>秒|分钟|分鐘|小时|小時|"
    r"(?:second|sec|minute|min|hour|hr)s?|h|m))\s?(?:前|ago)|(?P<now>刚刚|剛剛|今天|just now|today)|(?P<yesterday>昨天|yesterday)|(?P<before>前天)",
    re.I,
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Link:
    """A link on a list page: its canonical address, its text, and the time beside it.

    `published` is ISO 8601 with its zone, or a day where no zone is given.
    """

    url: str
    text: str = ""
    published: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class ListPage:
    """The links of a list page in its order, each address once, and the address of the page that goes on."""

    links: tuple[Link, ...]
    next: str | None = None


def read_list(
    content: bytes | str, *, url: str, items: str | None = None, following: str | None = None, seen: date | None = None
) -> ListPage:
    """Read the links to articles in a list page.

    `items` and `following` are CSS selectors, `items` and `next` of a source: of the links (or of elements that hold
    one) and of the link to the next page. `seen` is the day the page was fetched, which "3 小时前" and "11-06" count from.

    Raises:
        ReadError: when the content is no HTML, is too long, or a selector is none.
    """
    tree = parse_page(content, url=url)
    base = base_of(tree, url=url)
    elements = selected(tree, items) if items else tree.iter("a")
    links: dict[str, Link] = {}
    anchors: list[tuple[HtmlElement, str]] = []
    for element in elements:
        anchor = anchor_of(element)
        target = None if anchor is None else address_of(anchor, base=base)
        if anchor is None or target is None or target == canonical_url(url):
            continue
        link = Link(url=target, text=text_of(anchor))
        if items or is_article(anchor, link, page=url):
            anchors.append((anchor, target))
            links[target] = better(links.get(target), link)
        if len(anchors) == LINKS:
            break
    for anchor, target in anchors:
        if links[target].published is None:
            scope = scope_of(anchor, target, base=base, targets=links.keys())
            links[target] = replace(links[target], published=time_in(scope, links[target], seen=seen))
    return ListPage(links=tuple(links.values()), next=next_page(tree, base=base, page=url, selector=following))


def parse_page(content: bytes | str, *, url: str) -> HtmlElement:
    """Return the tree of a page given as bytes or text."""
    if len(content) > SIZE:
        raise ReadError(f"{url} is longer than {SIZE:,}, which no list page is; it was not read")
    tree = parse(content if isinstance(content, str) else decode(content))
    if tree is None:
        raise ReadError(f"{url} is no HTML: it holds no element")
    return tree


def base_of(tree: HtmlElement, *, url: str) -> str:
    """Return the address that a page's links count from."""
    return next((found for href in tree.xpath("//base/@href")[:1] if (found := joined(url, href))), url)


def joined(base: str, address: str) -> str | None:
    """Return a link's target as an absolute web address; None for what is none."""
    try:
        target = urljoin(base, address.strip())
    except ValueError:
        return None
    return target if is_web_address(target) else None


def selected(tree: HtmlElement, selector: str) -> list[HtmlElement]:
    """Return the elements that a CSS selector chooses, in the order of the page."""
    from lxml.cssselect import CSSSelector  # noqa: PLC0415

    if not is_selector(selector):
        raise ReadError(f"selector {selector!r} is no CSS selector; write one such as 'h2 a'")
    return [found for found in CSSSelector(selector)(tree) if isinstance(found.tag, str)]


def anchor_of(element: HtmlElement) -> HtmlElement | None:
    """Return the link that an element is, holds or stands in."""
    inside = (found for found in element.iter("a") if found.get("href"))
    around = (found for found in element.iterancestors("a") if found.get("href"))
    return next(inside, None) if element.tag == "a" or element.find(".//a[@href]") is not None else next(around, None)


def address_of(anchor: HtmlElement, *, base: str) -> str | None:
    """Return the canonical address of a link's target; None for what is no page of the web."""
    href = (anchor.get("href") or "").strip()
    target = None if not href or href.startswith("#") else joined(base, href)
    return canonical_url(target) if target else None


def text_of(anchor: HtmlElement) -> str:
    """Return the text of a link in one line: that of a heading in it, else all, else its title or its picture's."""
    headings = list(anchor.iter("h1", "h2", "h3", "h4", "h5", "h6"))
    written = " ".join((headings or [anchor])[0].text_content().split())
    pictures = (picture.get("alt") or "" for picture in anchor.iter("img"))
    return written or " ".join((anchor.get("title") or next(filter(None, pictures), "")).split())


def better(known: Link | None, link: Link) -> Link:
    """Return the one of two links to a page whose text says more: the first headline, else the longer text."""
    if known is None or weight(known.text) < min(HEADLINE, weight(link.text)):
        return link
    return known


def weight(text: str) -> int:
    """Return how much a text says: a Han character counts two, any other letter one.

    >>> weight("零一万物回应质疑"), weight("Read more")
    (16, 8)
    """
    return sum(2 if "\u4e00" <= sign <= "\u9fff" else sign.isalpha() for sign in text)


def is_article(anchor: HtmlElement, link: Link, *, page: str) -> bool:
    """Tell whether a link of a page looks like one to an article of the same site, and to no part of it."""
    if urlsplit(link.url).fragment != (anchor.get("href") or "").partition("#")[2].strip():  # to its comments
        return False
    if not same_site(link.url, page) or is_home(link.url) or NO_ARTICLE.search(urlsplit(link.url).path):
        return False
    if any(is_menu(element) for element in anchor.iterancestors()):
        return False
    return bool(link.text) and (weight(link.text) >= HEADLINE or date_in_url(link.url) is not None)


def is_menu(element: HtmlElement) -> bool:
    """Tell whether an element holds links that lead around a site; the header of an article's teaser does not."""
    if element.tag in MENU_TAGS:
        return element.tag != "header" or not any(True for _ in element.iterancestors("article"))
    names = f"{element.get('class') or ''} {element.get('id') or ''}"
    return element.tag in ("div", "ul", "ol", "section", "aside", "p") and bool(MENU.search(names))


def scope_of(anchor: HtmlElement, target: str, *, base: str, targets: Collection[str]) -> HtmlElement:
    """Return the largest element around a link, of `CLIMB` levels, that holds no link to another of the targets."""
    scope = anchor
    for around in islice(anchor.iterancestors(), CLIMB):
        inner = list(islice(around.iter("a"), MOST_INSIDE + 1))
        others = {address_of(link, base=base) for link in inner} - {target}
        if around.tag in ("body", "html") or len(inner) > MOST_INSIDE or not others.isdisjoint(targets):
            break
        scope = around
    return scope


def time_in(scope: HtmlElement, link: Link, *, seen: date | None) -> str | None:
    """Return the time that an element gives for a link: in a time element, in words, else in the address itself."""
    for stamp in scope.iter("time"):
        if time := feeds.read_time(stamp.get("datetime") or ""):
            return time
    pieces = (" ".join(piece.split()) for piece in islice(scope.itertext(), PIECES))
    day = day_in([piece for piece in pieces if piece and piece != link.text], seen=seen) or date_in_url(link.url)
    return day.isoformat() if day else None


def day_in(pieces: Sequence[str], *, seen: date | None) -> date | None:
    """Return the first day that pieces of text name in full, else what a short one gives, reckoned from `seen`.

    >>> day_in(["作者 李", "2023年11月6日 09:30"], seen=None), day_in(["3小时前"], seen=date(2023, 11, 6))
    (datetime.date(2023, 11, 6), datetime.date(2023, 11, 6))
    """
    for found in FULL_DAY.finditer(" | ".join(pieces)[:NEARBY]):
        if time := written_times.read_time(found[0]):
            return date.fromisoformat(time[:10])
    stamps = " | ".join(piece for piece in pieces if len(piece) <= STAMP)  # a longer one tells of something else
    return reckoned(stamps, seen) if seen else None


def reckoned(text: str, seen: date) -> date | None:
    """Return the day that a text gives without its year, the latest one until `seen`, or as some time ago."""
    try:
        if found := SHORT_DAY.search(text):
            named = found["month"]
            month = written_times.MONTHS.index(named[:3].lower()) + 1 if named else int(found["m"] or found["m2"])
            day = date(seen.year, month, int(found["d"] or found["d2"] or found["d3"]))
            return day if day <= seen else day.replace(year=seen.year - 1)
        if found := AGO.search(text):
            count = int(found["n"] or 0) * (7 if found["week"] else 1 if found["day"] else 0)
            return seen - timedelta(days=count + bool(found["yesterday"]) + 2 * bool(found["before"]))
    except (ValueError, OverflowError):  # no such day
        return None
    return None


def next_page(tree: HtmlElement, *, base: str, page: str, selector: str | None) -> str | None:
    """Return the address of the page that goes on with the list, of the same site; None where no link says so."""
    for element in selected(tree, selector) if selector else candidates(tree):
        link = element if element.tag == "link" else anchor_of(element)
        target = None if link is None else address_of(link, base=base)
        if target and target != canonical_url(page) and same_site(target, page):
            return target
    return None


def candidates(tree: HtmlElement) -> Iterator[HtmlElement]:
    """Yield the links that may lead to the next page, those that a program was meant to read first."""
    yield from (link for link in tree.iter("link", "a") if "next" in (link.get("rel") or "").lower().split())
    yield from (link for link in tree.iter("a") if NEXT_TEXT.fullmatch(" ".join(link.text_content().split())))
