"""Discovery: what a site says of its own feeds, sitemaps and forum software.

The HTML of a home page and the text of its robots.txt flow in, pointers flow out, best first; the command that adds a
source asks the user which, and writes the table that `propose_source` makes of it. Pure: nothing is fetched. Feeds are
named as https://html.spec.whatwg.org/multipage/links.html says (rel=alternate), sitemaps as
https://www.sitemaps.org/protocol.html#submit_robots does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

from crawler.document import LANGUAGES
from crawler.errors import SourceError
from crawler.forums.discourse import base_of
from crawler.lists import parse_page, read_list
from crawler.page import SCRIPTS, language_of, prune
from crawler.sources import KINDS, is_web_address
from crawler.url import suffixes

if TYPE_CHECKING:
    from lxml.html import HtmlElement

FEED_TYPES = {
    "application/rss+xml": "RSS",
    "application/atom+xml": "Atom",
    "application/rdf+xml": "RSS 1.0",
    "application/feed+json": "JSON Feed",
    "application/json": "JSON Feed",
}
COMMENTS = re.compile(r"comments?\b|评论|評論|留言", re.I)
NAMED_RSS = re.compile(r"(?:rss|atom|feed|订阅|訂閱)(?: ?(?:feed|2\.0|订阅|訂閱|源))?", re.I)
LOOKS_LIKE_FEED = re.compile(r"(?:^|[/.=_-])(?:rss|atom|feeds?|rdf)(?:$|[/.?=&_-])|\.xml$", re.I)
SITEMAP_LINE = re.compile(r"^[ \t]*sitemap[ \t]*:[ \t]*(\S+)", re.I | re.M)
ROBOTS = 500 * 1024  # characters of robots.txt that are read, as RFC 9309 asks of crawlers at least
USUAL_FEEDS = ("/feed", "/rss.xml", "/atom.xml", "/index.xml")
USUAL_SITEMAPS = ("/sitemap.xml", "/sitemap_index.xml", "/news-sitemap.xml")
ARTICLES = 5  # links that look like articles make a list page
MOST = 100  # pointers of one site


@dataclass(frozen=True, kw_only=True, slots=True)
class Pointer:
    """Where a site can be followed: `kind` is that of a source, or json-feed, which no source can be yet.

    `reason` says where that was found; `stated` is false for an address that is only usual and must be tried.
    """

    kind: str
    url: str
    title: str
    reason: str
    stated: bool = True


def find_pointers(html: bytes | str, *, url: str, robots: str = "") -> list[Pointer]:
    """Find the feeds, sitemaps and the forum of a site, best first, each address once.

    `html` is the page at `url`, usually the home page; `robots` is the text of the site's robots.txt.

    Raises:
        ReadError: when the page is no HTML or is too long.
    """
    tree = parse_page(html, url=url)
    title = title_of(tree) or (urlsplit(url).hostname or url)
    feeds = list(linked_feeds(tree, url=url, title=title))
    found = [
        *forum_of(tree, url=url, title=title),
        *(feed for feed in feeds if feed.kind == "feed" and not is_of_comments(feed)),
        *named_feeds(tree, url=url, title=title),
        *sorted(robots_sitemaps(robots, url=url, title=title), key=lambda pointer: "news" not in pointer.url.lower()),
        *list_of(html, url=url, title=title),
        *(feed for feed in feeds if feed.kind == "feed" and is_of_comments(feed)),
        *(feed for feed in feeds if feed.kind != "feed"),
        *usual_addresses(url, title=title),
    ]
    first: dict[str, Pointer] = {}
    for pointer in found:
        first.setdefault(pointer.url, pointer)
    return list(first.values())[:MOST]


def forum_of(tree: HtmlElement, *, url: str, title: str) -> Iterator[Pointer]:
    """Yield the forum, if the page says that Discourse made it."""
    for generator in metas(tree, "generator"):
        if generator.lower().startswith("discourse"):
            setup = tree.xpath("//*[@id='data-discourse-setup']/@data-base-uri")
            base = absolute(url, str(setup[0]).rstrip("/") or "/") if setup else base_of(url)
            forum = (base or base_of(url)).rstrip("/")
            yield Pointer(kind="discourse", url=forum, title=title, reason=f"meta generator: {generator[:40]}")
            return


def linked_feeds(tree: HtmlElement, *, url: str, title: str) -> Iterator[Pointer]:
    """Yield the feeds that the page's head links to."""
    for link in tree.iter("link"):
        form = FEED_TYPES.get((link.get("type") or "").partition(";")[0].strip().lower())
        target = absolute(url, link.get("href") or "")
        if form and target and target != url and "alternate" in (link.get("rel") or "").lower().split():
            if form == "JSON Feed" and "/wp-json/" in target:  # WordPress's interface, which is no feed
                continue
            name = one_line(link.get("title") or "") or title
            kind = "json-feed" if form == "JSON Feed" else "feed"
            yield Pointer(kind=kind, url=target, title=name, reason=f"link rel=alternate of type {form}")


def named_feeds(tree: HtmlElement, *, url: str, title: str) -> Iterator[Pointer]:
    """Yield what links named RSS, Atom or 订阅 lead to, if the address looks like that of a feed."""
    for anchor in tree.iter("a"):
        label = one_line(anchor.text_content()) or one_line(anchor.get("title") or anchor.get("aria-label") or "")
        target = absolute(url, anchor.get("href") or "") if NAMED_RSS.fullmatch(label) else None
        if (
            target
            and target != url
            and LOOKS_LIKE_FEED.search(target.partition("//")[2].partition("/")[2] or urlsplit(target).netloc)
        ):
            yield Pointer(kind="feed", url=target, title=title, reason=f"a link named {label!r}")


def robots_sitemaps(robots: str, *, url: str, title: str) -> Iterator[Pointer]:
    """Yield the sitemaps that robots.txt names."""
    for found in SITEMAP_LINE.finditer(robots[:ROBOTS].replace("\r", "\n")):
        if target := absolute(url, found[1]):
            yield Pointer(kind="sitemap", url=target, title=title, reason="a Sitemap line of robots.txt")


def list_of(html: bytes | str, *, url: str, title: str) -> Iterator[Pointer]:
    """Yield the page itself, if it lists articles."""
    if (count := len(read_list(html, url=url).links)) >= ARTICLES:
        reason = f"the page itself links to {count} pages that look like articles"
        yield Pointer(kind="list", url=url, title=title, reason=reason)


def usual_addresses(url: str, *, title: str) -> Iterator[Pointer]:
    """Yield the addresses where many sites have a feed or a sitemap."""
    for kind, paths in (("feed", USUAL_FEEDS), ("sitemap", USUAL_SITEMAPS)):
        for path in paths:
            if target := absolute(url, path):
                yield Pointer(kind=kind, url=target, title=title, reason="a usual address; try it", stated=False)


def is_of_comments(feed: Pointer) -> bool:
    """Tell whether a feed brings what readers comment rather than the articles."""
    return bool(COMMENTS.search(feed.title) or COMMENTS.search(urlsplit(feed.url).path))


def absolute(base: str, address: str) -> str | None:
    """Return an address found on a page as an absolute one, without its fragment; None for what is none."""
    try:
        target = urldefrag(urljoin(base, address.strip())).url if address.strip() else ""
    except ValueError:
        return None
    return target if is_web_address(target) else None


def metas(tree: HtmlElement, name: str) -> list[str]:
    """Return the contents of a page's meta elements of a name or property."""
    found = (meta for meta in tree.iter("meta") if (meta.get("name") or meta.get("property") or "").lower() == name)
    return [text for meta in found if (text := one_line(meta.get("content") or ""))]


def title_of(tree: HtmlElement) -> str:
    """Return the name that a site gives itself, else the title of the page."""
    titles = (one_line(title.text_content()) for title in tree.iter("title"))
    return next(iter(metas(tree, "og:site_name")), "") or next(filter(None, titles), "")


def one_line(text: str) -> str:
    """Return a text in one line, without control characters, cut at 200 characters."""
    return " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", text).split())[:200]


def propose_source(pointer: Pointer, *, html: bytes | str, url: str, taken: Collection[str] = ()) -> dict[str, Any]:
    """Propose the table of a [[source]] for a pointer found on the page `html` at `url`.

    Its name is made of the host and is none of those `taken`; its language is that of the page, where it is zh or en.

    Raises:
        SourceError: when no kind of source reads what the pointer leads to.
        ReadError: when the page is no HTML or is too long.
    """
    if pointer.kind not in KINDS:
        raise SourceError(
            f"{pointer.url} is {pointer.kind}, which cannot be read; the known kinds are {', '.join(KINDS)}"
        )
    tree = parse_page(html, url=url)
    prune(tree, SCRIPTS)
    language = language_of(tree, tree.text_content())
    known = {"language": language} if language in LANGUAGES else {}
    name = free_name(name_from(url), taken=taken)
    return (
        {"name": name, "title": pointer.title or name, "kind": pointer.kind, "url": pointer.url}
        | known
        | {"every": "6h", "documented": f"{pointer.reason} ({url})"}
    )


def name_from(url: str) -> str:
    """Return the name of a source from its host: the part that somebody registered, after the part before it.

    >>> name_from("https://www.example.com.cn/"), name_from("https://tech.example.org/"), name_from("http://10.0.0.1:80/")
    ('example', 'tech-example', '10-0-0-1')
    """
    host = urlsplit(url).hostname or ""
    parts = suffixes()(host)
    labels = [label for label in (*parts.subdomain.split("."), parts.domain) if label and label != "www"]
    return "-".join(re.findall(r"\w+", "-".join(labels))) or "source"


def free_name(name: str, *, taken: Collection[str]) -> str:
    """Return a name, with a number behind it if it is taken."""
    count = 2
    free = name
    while free in taken:
        free, count = f"{name}-{count}", count + 1
    return free


def source_toml(table: Mapping[str, Any]) -> str:
    """Return the table of a source as TOML, to be put behind what yuanliu.toml holds.

    >>> print(source_toml({"name": "a", "minimum": 1, "keywords": ["套壳"], "enabled": True}), end="")
    [[source]]
    name = "a"
    minimum = 1
    keywords = ["套壳"]
    enabled = true
    """
    lines = (f"{field} = {json.dumps(value, ensure_ascii=False)}\n" for field, value in table.items())
    return "".join(("[[source]]\n", *lines)).replace("\x7f", "\\u007f")
