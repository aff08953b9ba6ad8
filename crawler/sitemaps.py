"""Sitemaps: indexes, sitemaps and news sitemaps in XML, plain lists of addresses, each gzip-compressed or not.

The bytes of a sitemap flow in, its entries flow out to the spider: those of an index are sitemaps to fetch next, the
others are pages for the frontier. Pure: nothing is fetched, no entity is resolved, and a sitemap that is not quite XML is
read as far as it goes. The formats are those of https://www.sitemaps.org/protocol.html (a feed may be a sitemap, too) and
of Google's news extension, http://www.google.com/schemas/sitemap-news/0.9.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from urllib.parse import urldefrag, urljoin

from lxml import etree
from lxml.etree import _Element as Element

from crawler.errors import ReadError
from crawler.feeds import ROOTS, plain, read_feed, read_time, text_in
from crawler.sources import is_web_address

SIZE = 50 * 1024 * 1024  # bytes, uncompressed: the protocol's own limit
ENTRIES = 50_000  # the protocol's own limit
ELEMENTS = 1_000_000  # twenty an entry; more is no sitemap
MEMBERS = 1000  # parts of one gzip file
GZIP = b"\x1f\x8b"
MARKS = ((b"\xef\xbb\xbf", "utf-8"), (b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be"))
SITEMAPS = ("urlset", "sitemapindex")
FEEDS = tuple(name.lower() for name in ROOTS)
LOOSE_AMPERSAND = re.compile(rb"<!\[CDATA\[.*?\]\]>|&(?!#?\w{1,32};)", re.S)


@dataclass(frozen=True, kw_only=True, slots=True)
class SitemapEntry:
    """What a sitemap says of one address: a page, or a further sitemap where `is_index` is true.

    `lastmod` and `published` are ISO 8601 with their zone, or a day where no zone is given; `title`, `published` and
    `language` (zh, en, ...) come from the news extension.
    """

    url: str
    lastmod: str | None = None
    published: str | None = None
    title: str = ""
    language: str | None = None
    is_index: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Sitemap:
    """The entries of a sitemap in its order, each address once, and notes on what was left out."""

    entries: tuple[SitemapEntry, ...]
    notes: tuple[str, ...] = ()


def read_sitemap(content: bytes, *, url: str) -> Sitemap:
    """Read a sitemap, an index of sitemaps or a plain list of addresses.

    Raises:
        ReadError: when the bytes are none of these, or more than 50 MB when uncompressed.
    """
    content = unpacked(content, url=url)
    notes: list[str] = []
    if len(content) > SIZE:
        raise ReadError(f"{url} is larger than {SIZE:,} bytes uncompressed, which no sitemap may be")
    is_xml = opening(content).startswith("<")
    found = xml_entries(content, url=url, notes=notes) if is_xml else text_entries(content)
    entries: dict[str, SitemapEntry] = {}
    refused: list[str] = []
    for address, entry in found:
        if entry is None:
            refused.append(address)
        elif len(entries) == ENTRIES and entry.url not in entries:
            notes.append(f"{url} names more than {ENTRIES:,} addresses; the rest was left out")
            break
        else:
            entries.setdefault(entry.url, entry)
    if not entries and not is_xml:
        raise ReadError(f"{url} is no sitemap: it is neither XML nor a list of addresses")
    if refused:
        notes.append(
            f"{url}: {len(refused):,} entries without a web address were left out, such as {refused[0][:80]!r}"
        )
    return Sitemap(entries=tuple(entries.values()), notes=tuple(notes))


def unpacked(content: bytes, *, url: str) -> bytes:
    """Return content without gzip, undone twice at most (a server may compress a file that is compressed already).

    Of a file that was cut off, what came is returned; of one that unpacks to more than `SIZE`, nothing.
    """
    for _ in range(2):
        if not content.startswith(GZIP):
            break
        content = b"".join(members(content, url=url))
    if content.startswith(GZIP):
        raise ReadError(f"{url} is gzip in gzip in gzip, which no sitemap is")
    return content


def members(content: bytes, *, url: str) -> Iterator[bytes]:
    """Yield the content of each member of a gzip file, refusing more than `SIZE` bytes in all.

    What follows the last member is no part of it (RFC 1952, 2.2), so that padding is left out.
    """
    size = 0
    for _ in range(MEMBERS):
        if not content.startswith(GZIP):
            return
        unpacker = zlib.decompressobj(wbits=16 + zlib.MAX_WBITS)
        try:
            piece = unpacker.decompress(content, SIZE - size + 1)
        except zlib.error as error:
            if not size:
                raise ReadError(f"{url} is no gzip file: {error}") from error
            return
        size += len(piece)
        if size > SIZE:
            raise ReadError(f"{url} unpacks to more than {SIZE:,} bytes, which no sitemap may; it was not read")
        yield piece
        content = unpacker.unused_data


def opening(content: bytes) -> str:
    """Return the first characters of a content, without its mark of order and white space."""
    return as_text(content[:1000]).lstrip()


def as_text(content: bytes) -> str:
    """Return text in the encoding that its mark of order names, else in UTF-8."""
    for mark, encoding in MARKS:
        if content.startswith(mark):
            return content[len(mark) :].decode(encoding, "replace")
    return content.decode("utf-8", "replace")


def text_entries(content: bytes) -> Iterator[tuple[str, SitemapEntry | None]]:
    """Yield the lines of a plain list of addresses, each with its entry, or None for one that is no address."""
    for line in as_text(content).splitlines():
        if line.strip():
            yield line.strip(), SitemapEntry(url=target) if (target := address_in(line)) else None


def xml_entries(content: bytes, *, url: str, notes: list[str]) -> Iterator[tuple[str, SitemapEntry | None]]:
    """Yield the addresses in a sitemap's XML, each with its entry, or None for one that is no address.

    Elements go by their local names, for namespaces are often missing or wrong, and so is the name of the root.
    """
    root, is_sitemap = "", False
    for event, element in events(content, url=url, notes=notes):
        name = name_in(element)
        if event == "start":
            if not root and name in FEEDS:
                yield from feed_entries(content, url=url)
                return
            root = root or name
        elif name in ("url", "sitemap") and (found := read_entry(element, base=url)):
            is_sitemap = True
            yield found
    if not is_sitemap and root not in SITEMAPS:
        raise ReadError(f"{url} is no sitemap: its root is <{root}>, not one of {', '.join(SITEMAPS)}")


def events(content: bytes, *, url: str, notes: list[str]) -> Iterator[tuple[str, Element]]:
    """Yield the root and each element of XML as it begins and ends, mending what can be mended.

    A child of the root is forgotten when it has ended, so that the tree stays small.
    """
    count, depth = 0, 0
    parser = etree.iterparse(
        BytesIO(mended(content)),
        events=("start", "end"),
        recover=True,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        for event, element in parser:
            yield event, element
            depth += 1 if event == "start" else -1
            if event == "end" and depth == 1:
                forget(element)
            count += event == "start"
            if count > ELEMENTS:
                notes.append(f"{url} holds more than {ELEMENTS:,} elements; the rest was left out")
                return
        notes += [f"{url} is not well-formed: {fault}; what could be read was" for fault in faults(parser)]
    except etree.XMLSyntaxError as error:
        if not count:
            raise ReadError(f"{url} is no sitemap: {error}") from error
        notes.append(f"{url} is not well-formed and was read up to {error}")


def faults(parser: etree.iterparse[Element]) -> list[str]:
    """Return what is first wrong with the XML that a parser read, if anything but undeclared prefixes is."""
    wrong = [fault for fault in parser.error_log if fault.domain != etree.ErrorDomains.NAMESPACE]
    return [f"line {fault.line}: {fault.message}" for fault in wrong[:1]]


def mended(content: bytes) -> bytes:
    """Return XML without what stands around its first and last tag, and with loose ampersands escaped.

    Where a file was cut off, that leaves out the half of an address that came.
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content
    content = content.removeprefix(b"\xef\xbb\xbf").strip()
    content = content[: content.rfind(b">") + 1]  # half an address is another address
    return LOOSE_AMPERSAND.sub(lambda found: found[0] if len(found[0]) > 1 else b"&amp;", content)


def forget(element: Element) -> None:
    """Empty an element that has been read, and take those before it out of the tree."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]


def name_in(element: Element) -> str:
    """Return the local name of an element in lower case; of a name with a prefix that nobody declared, what follows."""
    return re.split("[}:]", element.tag)[-1].lower() if isinstance(element.tag, str) else ""


def read_entry(element: Element, *, base: str) -> tuple[str, SitemapEntry | None] | None:
    """Read a url or sitemap element: its address as written, and its entry or None; None where it has no address."""
    texts: dict[str, str] = {}
    for child in element:
        if name_in(child) == "news":
            for part in child.iterdescendants(etree.Element):
                texts.setdefault(f"news {name_in(part)}", text_in(part).strip())
        else:
            texts.setdefault(name_in(child), text_in(child).strip())
    if not (written := texts.get("loc", "")):
        return None
    is_whole = not any(True for child in element if name_in(child) == "loc" for _ in child.iter(etree.Entity))
    target = address_in(urljoined(base, written)) if is_whole else None  # an entity stands for nobody knows what
    if target is None:
        return written, None
    return written, SitemapEntry(
        url=target,
        lastmod=read_time(texts.get("lastmod", "")),
        published=read_time(texts.get("news publication_date", "")),
        title=plain(texts.get("news title", "")),
        language=language_in(texts.get("news language", "")),
        is_index=name_in(element) == "sitemap",
    )


def feed_entries(content: bytes, *, url: str) -> Iterator[tuple[str, SitemapEntry | None]]:
    """Yield the entries of a feed that stands in a sitemap's place, as the protocol allows."""
    for entry in read_feed(content, url=url):
        yield (
            entry.url,
            SitemapEntry(url=entry.url, lastmod=entry.modified, published=entry.published, title=entry.title),
        )


def urljoined(base: str, address: str) -> str:
    """Return an address that may be relative as an absolute one; as it is where it cannot be."""
    try:
        return urljoin(base, address)
    except ValueError:
        return address


def address_in(text: str) -> str | None:
    """Return a web address without its fragment; None for what is none."""
    address = text.strip()
    return urldefrag(address).url if is_web_address(address) else None


def language_in(text: str) -> str | None:
    """Return the language of a language tag in lower case, without its region.

    >>> language_in("zh-CN"), language_in("EN"), language_in("")
    ('zh', 'en', None)
    """
    found = re.match(r"[a-z]{2,3}(?![a-z])", text, re.I)
    return found[0].lower() if found else None
