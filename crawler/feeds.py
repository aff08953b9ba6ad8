"""Feeds: RSS 2.0, RSS 1.0 (RDF) and Atom.

The bytes of a feed flow in, its entries flow out to the spider, which puts their addresses into the frontier. Pure:
nothing is fetched, no entity is resolved, and a feed that is not quite XML is read as far as it goes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urldefrag, urljoin

from lxml import etree
from lxml.etree import _Element as Element

from crawler.errors import ReadError
from crawler.sources import is_web_address

ROOTS = ("rss", "RDF", "feed")
ITEMS = ("item", "entry")
MARKUP = re.compile(r"<(?:/?[a-zA-Z][^<>]*|!--.*?--)>", re.S)
XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"
ISO_TIME = re.compile(r"(\d{4}-\d\d-\d\d)[T ]+(\d\d:\d\d(?::\d\d)?)(?:[.,]\d+)? *(Z|[+-]\d\d:?\d\d)?", re.I)


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """What a listing says of one page: `published` is ISO 8601 with its zone, or a day where no zone is given.

    `modified`, in the same form, is when the page was last changed, where the listing says that of it.
    """

    url: str
    title: str = ""
    published: str | None = None
    summary: str = ""
    modified: str | None = None


def read_feed(content: bytes, *, url: str) -> list[Entry]:
    """Read the entries of a feed, in its order, each address once and without its fragment.

    Raises:
        ReadError: when the bytes are no feed.
    """
    root = parse_xml(content, url=url)
    if name_of(root) not in ROOTS:
        raise ReadError(f"{url} is no feed: its root is <{name_of(root)}>, not one of {', '.join(ROOTS)}")
    entries: dict[str, Entry] = {}
    for item in (node for node in root.iter() if name_of(node) in ITEMS):
        entry = read_entry(item, base=url)
        if entry is not None:
            entries.setdefault(entry.url, entry)
    return list(entries.values())


def next_feed(content: bytes, *, url: str) -> str | None:
    """Return the address of the feed that goes on with older entries, as RFC 5005 names it; None where none is named.

    WordPress has such feeds and does not name them: theirs go by ?paged=2 and so on.

    Raises:
        ReadError: when the bytes are no feed.
    """
    root = parse_xml(content, url=url)
    near = [link for parent in (*root, root) for link in parent if name_of(link) == "link" and link.get("href")]
    links = {link.get("rel"): link.get("href") for link in near}
    for relation in ("next", "prev-archive"):
        if address := links.get(relation):
            try:
                target = urljoin(url, address)
            except ValueError:
                continue
            return target if is_web_address(target) and target != url else None
    generator = next((text_in(found) for found in root.iter() if name_of(found) == "generator"), "")
    return next_page_of_wordpress(url) if "wordpress" in generator.lower() else None


def next_page_of_wordpress(url: str) -> str:
    """Return the address of the feed after one of WordPress's.

    >>> next_page_of_wordpress("https://e.org/feed/"), next_page_of_wordpress("https://e.org/?feed=rss2&paged=2")
    ('https://e.org/feed/?paged=2', 'https://e.org/?feed=rss2&paged=3')
    """
    if found := re.search(r"(?<=[?&]paged=)\d+", url):
        return f"{url[: found.start()]}{int(found[0]) + 1}{url[found.end() :]}"
    return f"{url}{'&' if '?' in url else '?'}paged=2"


def parse_xml(content: bytes, *, url: str) -> Element:
    """Parse XML, mending what can be mended; entities stay unresolved and nothing outside is read."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True
    )
    try:
        root = etree.fromstring(content.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise ReadError(f"{url} is no feed: {error}") from error
    if root is None:
        raise ReadError(f"{url} is no feed: it holds no XML")
    return root


def read_entry(item: Element, *, base: str) -> Entry | None:
    """Read one item or entry; None where it points nowhere."""
    for ancestor in reversed([item, *item.iterancestors()]):
        base = urljoin(base, ancestor.get(XML_BASE) or "")
    address = address_of(item)
    if address is None:
        return None
    try:
        target = urldefrag(urljoin(base, address)).url
    except ValueError:
        return None
    if not is_web_address(target):
        return None
    times = (read_time(text_of(item, name)) for name in ("published", "pubDate", "date", "issued", "updated"))
    return Entry(
        url=target,
        title=plain(text_of(item, "title")),
        published=next(filter(None, times), None),
        summary=plain(text_of(item, "summary") or text_of(item, "description")),
        modified=read_time(text_of(item, "updated")) or read_time(text_of(item, "modified")),
    )


def address_of(item: Element) -> str | None:
    """Return the address of an entry's page: Atom's alternate link, RSS's link, else a guid that is a permalink."""
    for link in children(item, "link"):
        if href := link.get("href"):
            if link.get("rel", "alternate") == "alternate":
                return str(href).strip()
        elif text := text_in(link).strip():
            return text
    for guid in children(item, "guid", "id"):
        if guid.get("isPermaLink", "true").lower() == "true" and is_web_address(text := text_in(guid).strip()):
            return text
    return None


def children(item: Element, *names: str) -> Iterator[Element]:
    """Yield the children of an element by their local names, those of the element's own namespace first."""
    found = [child for child in item if name_of(child) in names]
    yield from sorted(found, key=lambda child: space_of(child) != space_of(item))


def name_of(element: Element) -> str:
    """Return the local name of an element; an empty one for an entity or an instruction.

    A prefix that the feed does not declare, as in <media:title>, stays a part of lxml's tag and is left out here.
    """
    return re.split(r"[}:]", element.tag)[-1] if isinstance(element.tag, str) else ""


def space_of(element: Element) -> str:
    """Return what stands before the local name of an element: its namespace, or the prefix that nothing declares."""
    return str(element.tag).removesuffix(name_of(element))


def text_of(item: Element, name: str) -> str:
    """Return the text of a child by its local name, or an empty one."""
    return next(filter(None, (text_in(child).strip() for child in children(item, name))), "")


def text_in(element: Element) -> str:
    """Return all text in an element; references to the feed's own entities are left out, never expanded."""
    parts = [element.text or ""]
    for child in element:  # the parser refuses more than 256 levels
        parts += (text_in(child) if isinstance(child.tag, str) else "", child.tail or "")
    return "".join(parts)


def plain(text: str) -> str:
    """Return a title or summary without markup, in one line.

    >>> plain("&lt;b&gt;Yi&lt;/b&gt; &amp;amp; Llama"), plain("<p>零一万物 </p>回应")
    ('<b>Yi</b> &amp; Llama', '零一万物 回应')
    """
    if MARKUP.search(text) or "&" in text:
        text = html.unescape(MARKUP.sub("", text))
    return " ".join(text.split())


def read_time(text: str) -> str | None:
    """Return a time of a feed, RFC 822 or ISO 8601, as ISO 8601 with its zone; the day alone where it gives no zone.

    >>> read_time("Mon, 06 Nov 2023 09:30:00 +0800"), read_time("2023-11-06 09:30:00  +0800"), read_time("昨天")
    ('2023-11-06T09:30:00+08:00', '2023-11-06T09:30:00+08:00', None)
    """
    text = text.strip()
    try:
        if found := ISO_TIME.match(text):
            day, time, zone = found.groups()
            return datetime.fromisoformat(f"{day}T{time}{(zone or '').upper()}").isoformat() if zone else checked(day)
        if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
            return checked(text)
        moment = parsedate_to_datetime(text.replace("-0000", "+0000"))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    zoned = moment.tzinfo and not text.endswith("CST")  # Chicago's time or China's
    return moment.isoformat() if zoned else moment.date().isoformat()


def checked(day: str) -> str:
    """Return a day in ISO 8601; ValueError for one that no calendar has."""
    return date.fromisoformat(day).isoformat()
