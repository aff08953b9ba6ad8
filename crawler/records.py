"""Records of JSON: objects in, documents out.

An object with a text or posts flows in from crawler.intake, `yuanliu annotate` and crawler.extraction, a document flows
out. A field of a wrong type is named with its place and its value.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any, cast

from crawler.document import KINDS, Document, Header, Post, join_posts, parse_time
from crawler.errors import CrawlerError, ReadError
from crawler.threads import split_posts
from crawler.url import canonical_url
from crawler.written_times import read_time

SURROGATE = re.compile("[\ud800-\udfff]")


def document_from_record(record: object, *, where: str, header: Header) -> Document:
    """Make a document from a JSON object with id, lang, kind, published, title, url, text, posts and source.

    Posts are {author, published, reply_to} with start and end in the text, or with texts of their own; a thread
    without posts is split by its headers. Other fields are ignored.

    Raises:
        ReadError: naming the place, the field and the value that is wrong.
    """
    if not isinstance(record, Mapping):
        raise ReadError(f"{where}: {shown(record)} is not an object; give one such as {EXAMPLE}")
    own = {name: text_field(record, name, where=where) for name in ("title", "url", "source", "fetched", "kind")}
    own["id"] = text_field(record, "id", where=where, number=True)
    own["language"] = text_field(record, "language", where=where) or text_field(record, "lang", where=where)
    own |= {name: time_field(record, name, where=where) for name in ("published", "modified")}
    own |= {name: value for name, value in header.items() if isinstance(value, str) and value}
    if own["kind"] not in (None, *KINDS):
        raise ReadError(f"{where}: kind {own['kind']!r} is not one of {', '.join(KINDS)}")
    own["language"] = (own["language"] or "").replace("_", "-").split("-")[0].lower() or None
    if own["url"] and not own["id"]:  # with an id of its own, the address is no identity and stays as it is
        own["url"] = canonical_url(own["url"])
    text, posts = text_and_posts(record, where=where)
    if not posts and own["kind"] == "thread":
        posts = split_posts(text, title=own["title"] or "", published=own["published"])
    try:
        return Document.create(text, posts, **cast(Header, own))
    except CrawlerError as error:
        raise ReadError(f"{where}: {error}") from error


EXAMPLE = '{"title": "…", "published": "2023-11-06", "text": "…"}'


def text_and_posts(record: Mapping[Any, object], *, where: str) -> tuple[str, tuple[Post, ...]]:
    """Read the text and the posts of a record; posts with texts of their own are joined."""
    text, posts = text_field(record, "text", where=where), record.get("posts")
    if not isinstance(posts, list | tuple | None):
        raise wrong("posts", posts, expected="a list of objects", where=where)
    parts = [post_fields(post, f"posts[{number}]", where=where) for number, post in enumerate(posts or ())]
    placed = [part for part in parts if part["start"] is not None and part["end"] is not None]
    if text is not None and len(placed) == len(parts):
        for number, part in enumerate(parts):
            if not 0 <= part["start"] <= part["end"] <= len(text):
                place = f"{part['start']}:{part['end']}"
                raise ReadError(f"{where}: posts[{number}] stands at {place} of a text of {len(text)} characters")
            part["text"] = text[part["start"] : part["end"]]
        return text, tuple(Post(**part) for part in parts)
    missing = next((number for number, part in enumerate(parts) if part["text"] is None), None)
    if missing is not None:
        raise ReadError(f"{where}: posts[{missing}] has no place; give start and end in text, or a text of its own")
    if not parts:
        raise ReadError(f"{where}: no text; give a string as text, or posts with texts of their own")
    return join_posts(parts)


def post_fields(post: object, name: str, *, where: str) -> dict[str, Any]:
    """Read the fields of one post, checked."""
    if not isinstance(post, Mapping):
        raise wrong(name, post, expected="an object", where=where)
    part: dict[str, Any] = {key: text_field(post, key, where=where, prefix=name) for key in ("author", "text")}
    part["published"] = time_field(post, "published", where=where, prefix=name)
    for key in ("reply_to", "start", "end"):
        value = post.get(key)
        if value is not None and (isinstance(value, bool) or not isinstance(value, int)):
            raise wrong(f"{name}.{key}", value, expected="a whole number", where=where)
        part[key] = value
    return part


def text_field(
    record: Mapping[Any, object], name: str, *, where: str, prefix: str = "", number: bool = False
) -> str | None:
    """Return a string field, None where it is missing or null; a number may stand for a string if `number`."""
    value = record.get(name)
    if number and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is not None and not isinstance(value, str):
        raise wrong(f"{prefix}.{name}" if prefix else name, value, expected="a string", where=where)
    return SURROGATE.sub("\ufffd", value) if value is not None else None


def time_field(record: Mapping[Any, object], name: str, *, where: str, prefix: str = "") -> str | None:
    """Return a time as ISO 8601; other ways to write one are read if they are clear."""
    value = (text_field(record, name, where=where, prefix=prefix) or "").strip()
    if not value or parse_time(value):
        return value or None
    if read := read_time(value):
        return read
    raise wrong(f"{prefix}.{name}" if prefix else name, value, expected="a date such as 2023-11-06", where=where)


def wrong(name: str, value: object, *, expected: str, where: str) -> ReadError:
    """Return the error for a field of a wrong type or value."""
    return ReadError(f"{where}: {name} is {shown(value)}, expected {expected}; correct it or leave it out")


def shown(value: object) -> str:
    """Return a value as JSON, cut to a length that a message can bear."""
    text = SURROGATE.sub("\ufffd", json.dumps(value, ensure_ascii=False, default=str))
    return text if len(text) <= 60 else f"{text[:57]}…"


def parse_json(text: str, *, where: str) -> object:
    """Parse JSON.

    Raises:
        ReadError: naming the place and what stands there instead.
    """
    try:
        return json.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        start = shown(text.strip())
        raise ReadError(f"{where}: this is not JSON: {error}; it begins {start}; give one JSON object") from error
