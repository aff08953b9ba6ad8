"""What `yuanliu ingest` reads: files, folders and standard input in, documents out.

Text, HTML, JSON and JSON Lines flow in, one `Intake` for each document or failure flows out, and goes into the
archive. A file or line that cannot be read is yielded as an error, and the rest goes on.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, BinaryIO, cast

from crawler.document import KINDS, Document, Header, Post, join_posts, parse_time
from crawler.encoding import decode
from crawler.errors import CrawlerError, ReadError
from crawler.page import read_page
from crawler.threads import first_header, read_time, split_posts
from crawler.url import canonical_url

LIMIT = 50_000_000  # bytes of a file that is read whole, or of one line
SUFFIXES = (".txt", ".md", ".html", ".htm", ".xhtml", ".json", ".jsonl", ".ndjson")
LINES = (".jsonl", ".ndjson")
HTML = re.compile(r"\s*(?:<\?xml[^>]*>\s*)?(?:<!--.{0,500}?-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S)
TITLE_LENGTH = 120
FIRST_LINE = re.compile(r"\s*([^\r\n]+)(?:\r?\n|$)")
SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Intake:
    """One thing read: its document and the bytes it came from, or an error, which names where it stands."""

    where: str
    document: Document | None = None
    raw: bytes | None = None
    error: str | None = None


def read_paths(paths: Iterable[str], *, header: Header, limit: int = LIMIT) -> Iterator[Intake]:
    """Read files, folders (recursively, in order) and "-" for standard input.

    What `header` says overrides what a page or record says of itself. A file or line above `limit` bytes is an
    error; JSON Lines are read line by line and may be larger as a whole.
    """
    for path in paths:
        if path == "-":
            yield from read_stream(sys.stdin.buffer, where="-", header=header, limit=limit)
        elif Path(path).is_dir():
            yield from read_folder(path, header=header, limit=limit)
        else:
            yield from read_file(path, header=header, limit=limit)


def read_folder(folder: str, *, header: Header, limit: int = LIMIT) -> Iterator[Intake]:
    """Read the files of a folder and the folders in it that have a suffix of ours, but no hidden ones."""
    found = False
    failures: list[OSError] = []
    for place, folders, names in os.walk(folder, onerror=failures.append):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith(".") and name.lower().endswith(SUFFIXES):
                found = True
                yield from read_file(str(Path(place, name)), header=header, limit=limit)
    for failure in failures:
        yield failed(str(failure.filename), f"cannot be opened: {failure.strerror}; check its permissions")
    if not found and not failures:
        yield failed(folder, f"holds no file that can be read; put {', '.join(SUFFIXES)} files there")


def read_file(path: str, *, header: Header, limit: int = LIMIT) -> Iterator[Intake]:
    """Read one file."""
    try:
        with Path(path).open("rb") as stream:
            size = os.fstat(stream.fileno()).st_size
            if size > limit and not path.lower().endswith(LINES):
                yield failed(path, too_large(size, limit))
            else:
                yield from read_stream(stream, where=path, header=header, limit=limit)
    except FileNotFoundError:
        yield failed(path, "there is no such file or folder; check the name, or give - for standard input")
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) and error.strerror else error
        yield failed(path, f"cannot be read: {reason}; check the name and its permissions")


def read_stream(stream: BinaryIO, *, where: str, header: Header, limit: int = LIMIT) -> Iterator[Intake]:
    """Read an open file by its suffix, or by its first line where that tells nothing."""
    first = stream.readline(limit + 1)
    if where.lower().endswith(LINES) or (not where.lower().endswith(SUFFIXES) and is_record(first)):
        yield from read_lines(stream, first, where=where, header=header, limit=limit)
        return
    content = first + stream.read(max(limit + 1 - len(first), 0))
    if len(content) > limit:
        yield failed(where, too_large(len(content), limit, more=True))
    elif not content.strip():
        yield failed(where, "is empty; give a file with text")
    else:
        yield from read_content(content, where=where, header=header)


def read_lines(stream: BinaryIO, first: bytes, *, where: str, header: Header, limit: int) -> Iterator[Intake]:
    """Read JSON Lines, of which the first line is read already."""
    number, line, blank = 0, first, True
    while line:
        number += 1
        place, size = f"{where}:{number}", len(line)
        if size > limit:
            while not line.endswith(b"\n") and (line := stream.readline(limit)):
                size += len(line)
            blank = False
            yield failed(place, too_large(size, limit))
        elif line.strip():
            blank = False
            yield read_line(line.rstrip(b"\r\n"), where=place, header=header)
        line = stream.readline(limit + 1)
    if blank:
        yield failed(where, "is empty; give one JSON object a line")


def read_line(line: bytes, *, where: str, header: Header) -> Intake:
    """Read one line of JSON Lines."""
    try:
        document = document_from_record(parse_json(decode(line), where=where), where=where, header=header)
    except CrawlerError as error:
        return failed(where, str(error))
    return Intake(where=where, document=document, raw=line)


def read_content(content: bytes, *, where: str, header: Header) -> Iterator[Intake]:
    """Read a whole file: JSON, HTML or plain text."""
    try:
        text = decode(content)
        suffix = Path(where).suffix.lower()
        if suffix == ".json" or (suffix not in SUFFIXES and text.lstrip()[:1] in ("{", "[") and is_json(text)):
            yield from read_json(text, content, where=where, header=header)
            return
        markup = suffix in (".html", ".htm", ".xhtml") or HTML.match(text[:4000])
        document = (document_from_html if markup else document_from_text)(text, header=header)
        yield Intake(where=where, document=document, raw=content)
    except CrawlerError as error:
        yield failed(where, str(error))


def read_json(text: str, content: bytes, *, where: str, header: Header) -> Iterator[Intake]:
    """Read a JSON file: one object, an array of objects, or JSON Lines under another name."""
    lines = [line for line in text.splitlines() if line.strip()]
    if len(lines) > 1 and is_record(lines[0].encode("utf-8", "replace")):
        for number, line in enumerate(text.split("\n"), 1):
            if line.strip():
                yield read_line(line.encode("utf-8", "replace"), where=f"{where}:{number}", header=header)
        return
    value = parse_json(text, where=where)
    for number, record in enumerate(value if isinstance(value, list) else [value], 1):
        place = f"{where}:{number}" if isinstance(value, list) else where
        try:
            document = document_from_record(record, where=place, header=header)
            yield Intake(where=place, document=document, raw=None if isinstance(value, list) else content)
        except CrawlerError as error:
            yield failed(place, str(error))
    if value == []:
        yield failed(where, "is an empty JSON array; give objects with a title and a text")


def document_from_html(text: str, *, header: Header) -> Document:
    """Read a saved page; a title, time, language or kind given in the header replaces the page's own."""
    page = read_page(text, url=header.get("url"))
    given = {name: value for name, value in header.items() if value and name != "url"}
    if not given:
        return page
    names = ("url", "source", "kind", "language", "title", "published", "modified", "fetched")
    own: dict[str, Any] = {name: getattr(page, name) for name in names} | given
    post = replace(page.posts[0], published=own["published"])
    return Document.create(page.text, [post], **cast(Header, own))


def document_from_text(text: str, *, header: Header) -> Document:
    """Read plain text, which keeps its title line; a text of several posts under headers is a thread."""
    title = header.get("title") or title_line(text)
    posts: tuple[Post, ...] = ()
    if header.get("kind") != "article":
        posts = split_posts(text, title=title, published=header.get("published"))
        if header.get("kind") is None and not looks_like_thread(text, posts):
            posts = ()
    kind = header.get("kind") or ("thread" if posts else "article")
    url = header.get("url")
    own = cast(Header, {**header, "title": title, "kind": kind, "url": canonical_url(url) if url else None})
    return Document.create(text, posts, **own)


def title_line(text: str) -> str:
    """Return the first line if it is a title: short, before a blank line or said again, and no post's header."""
    head = FIRST_LINE.match(text)
    if not head:
        return ""
    line = head[1].strip()
    title = re.sub(r"^#{1,6}\s+|\s+#+$", "", line).strip()
    rest = text[head.end() :]
    if not rest.strip() or len(title) > TITLE_LENGTH or first_header(text) == head.start(1):
        return ""
    return title if re.match(r"[ \t\u3000]*\r?\n", rest) or title in rest else ""


def looks_like_thread(text: str, posts: tuple[Post, ...]) -> bool:
    """Tell whether posts are those of a thread: several, and not just at the end of an article."""
    return len(posts) > 1 and (first_header(text) or 0) * 2 <= len(text)


def is_record(line: bytes) -> bool:
    """Tell whether a line is one JSON object."""
    if not line.lstrip(b"\xef\xbb\xbf \t").startswith(b"{"):
        return False
    try:
        return isinstance(json.loads(line), dict)
    except (ValueError, RecursionError):
        return False


def is_json(text: str) -> bool:
    """Tell whether a text without a telling name is one JSON value."""
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


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


def too_large(size: int, limit: int, *, more: bool = False) -> str:
    """Return the message for too large a file or line."""
    least = "more than " if more else ""
    return f"is {least}{size / 1e6:.1f} MB, above the limit of {limit / 1e6:.1f} MB; split it, or give JSON Lines"


def failed(where: str, message: str) -> Intake:
    """Return the intake of something that could not be read; its message begins with the place."""
    return Intake(where=where, error=message if message.startswith(f"{where}: ") else f"{where}: {message}")
