"""Extraction: the bytes of one page or file in, the document in them out.

Bytes flow in from crawler.intake, from WARC records and from the archive when it is read again; what they are (saved
page of a known site, HTML, MHTML, a topic of Discourse, a record of JSON, plain text) is told by their Content-Type,
the name they lay under and their beginning.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any, cast

from crawler.document import Document, Header
from crawler.encoding import decode
from crawler.errors import ReadError
from crawler.forums.discourse import read_thread
from crawler.page import read_page
from crawler.plain_text import document_from_text
from crawler.raw_bytes import Raw
from crawler.records import document_from_record, parse_json
from crawler.saved import read_saved
from crawler.snapshots import Snapshot, read_snapshot, saved_date
from crawler.url import canonical_url

HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
HTML_SUFFIXES = (".html", ".htm", ".xhtml")
TOPIC = re.compile(r"(/t)/(?:[^/?#]+/)?([0-9]+)(?:/[0-9]+)?(?:\.json)?(?:[?#].*)?$")
FIELDS = ("url", "source", "kind", "language", "title", "published", "modified", "fetched")


def read_document(content: bytes, *, header: Header, where: str = "", suffix: str = "") -> Document:
    """Read the document in the bytes of a page or a file.

    What `header` says replaces what the page says of itself; its `url` is where the bytes came from. `where` names
    the place in messages, `suffix` is that of the file's name. Of `Raw` bytes the Content-Type counts.

    Raises:
        ReadError: when there is no document in them.
    """
    if (snapshot := read_snapshot(content)) is not None:
        return document_from_snapshot(snapshot, header=header)
    media_type, charset = split_type(content.content_type if isinstance(content, Raw) else None)
    text = decode(content, declared=charset)
    if media_type not in HTML_TYPES and suffix not in HTML_SUFFIXES:
        if media_type != "text/plain" and (value := json_value(text, media_type)) is not None:
            return document_from_json(value, content, where=where, header=header)
        if not HTML.match(text[:4000]):
            return document_from_text(text, header=header)
    return document_from_html(text, header=header)


def document_from_snapshot(snapshot: Snapshot, *, header: Header) -> Document:
    """Read the page that a browser saved in one file; the address and time that it noted count if none are given."""
    known = {"url": header.get("url") or snapshot.url, "fetched": header.get("fetched") or snapshot.saved}
    return document_from_html(decode(snapshot.content, declared=snapshot.charset), header=cast(Header, header | known))


def document_from_html(text: str, *, header: Header) -> Document:
    """Read a saved page; a title, time, language or kind given in the header replaces the page's own."""
    saved = header.get("fetched") or saved_date(text)
    page = read_saved(text, url=header.get("url"), saved=saved) or read_page(text, url=header.get("url"))
    given = {name: value for name, value in header.items() if name != "url"} | {"fetched": saved}
    return with_header(page, header=cast(Header, given))


def document_from_json(value: dict[str, Any], content: bytes, *, where: str, header: Header) -> Document:
    """Read a topic of Discourse, or a record of our own."""
    if "post_stream" not in value:
        return document_from_record(value, where=where or "the record", header=header)
    url = canonical_url(TOPIC.sub(r"\1/\2", header.get("url") or ""))
    given = {name: value for name, value in header.items() if name != "url"}
    return with_header(read_thread(content, url=url), header=cast(Header, given))


def with_header(document: Document, *, header: Header) -> Document:
    """Return a document with what a header gives; the time of an article is that of its post too."""
    given = {name: value for name, value in header.items() if value}
    if not given:
        return document
    own: dict[str, Any] = {name: getattr(document, name) for name in FIELDS} | given
    posts = document.posts
    if document.kind == "article":
        posts = tuple(replace(post, published=own["published"]) for post in posts)
    return Document.create(document.text, posts, **cast(Header, own))


def json_value(text: str, media_type: str) -> dict[str, Any] | None:
    """Return the object in a text that is JSON by its type or to all appearance; None for another text."""
    stated = media_type == "application/json" or media_type.endswith("+json")
    if not stated and not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    try:
        value = parse_json(text, where="the page")
    except ReadError:
        if stated:
            raise
        return None
    if stated and not isinstance(value, dict):
        raise ReadError(f"this is JSON, but {json.dumps(value)[:40]} is not an object with a text")
    return value if isinstance(value, dict) else None


def split_type(content_type: str | None) -> tuple[str, str | None]:
    """Return the media type in lower case and the charset of a Content-Type.

    >>> split_type('Text/HTML; charset="gbk"'), split_type(None)
    (('text/html', 'gbk'), ('', None))
    """
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", content_type or "", re.I)
    return (content_type or "").partition(";")[0].strip().lower(), found[1] if found else None
