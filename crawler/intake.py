"""What `yuanliu ingest` reads: files, folders and standard input in, documents out.

Text, HTML, JSON and JSON Lines flow in, one `Intake` for each document or failure flows out, and goes into the
archive. A file or line that cannot be read is yielded as an error, and the rest goes on.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO, cast

from crawler.document import Document, Header
from crawler.encoding import decode
from crawler.errors import CrawlerError
from crawler.extraction import read_document
from crawler.raw_bytes import Raw
from crawler.records import document_from_record, parse_json
from crawler.warc import MEMBER, WarcFault, is_warc, read_warc

__all__ = ["Intake", "document_from_record", "read_paths"]

LIMIT = 50_000_000  # bytes of a file that is read whole, or of one line
TYPES = dict.fromkeys((".txt", ".md"), "text/plain") | dict.fromkeys((".html", ".htm", ".xhtml"), "text/html")
LINES = (".jsonl", ".ndjson")
WARCS = (".warc", ".warc.gz")
SUFFIXES = (*TYPES, *LINES, ".json", ".mhtml", ".mht", ".webarchive", *WARCS)
START = 600  # bytes that tell a WARC file


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
            if path.lower().endswith(WARCS) or (size > limit and is_warc(stream.peek(START)[:START])):
                yield from read_records(stream, where=path, header=header)
            elif size > limit and not path.lower().endswith(LINES):
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
    first += stream.read(START) if first.startswith(MEMBER) else b""
    if is_warc(first):
        with tempfile.TemporaryFile() as copy:
            copy.write(first)
            shutil.copyfileobj(stream, copy)
            yield from read_records(copy, where=where, header=header)
        return
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


def read_records(stream: IO[bytes], *, where: str, header: Header) -> Iterator[Intake]:
    """Read the pages of a WARC file; a place in it is the byte at which a record begins."""
    stream.seek(0)
    start = stream.read(START)
    stream.seek(0)
    blank = True
    if not is_warc(start):
        yield failed(where, f"is no WARC file: it begins {start[:12]!r}; give the .warc or .warc.gz itself")
        return
    given = {name: value for name, value in header.items() if value and name != "url"}
    for item in read_warc(stream):
        blank = False
        place = f"{where}:{item.offset}"
        if isinstance(item, WarcFault):
            yield failed(place, f"the record {item.reason}")
            continue
        try:
            document = read_document(item.content, header=cast(Header, {**item.header, **given}), where=place)
            yield Intake(where=place, document=document, raw=item.content)
        except CrawlerError as error:
            yield failed(place, f"{error} (record of {item.header.get('url') or 'a file'})")
    if blank:
        yield failed(where, "holds no page; its records are none of HTML, text or JSON that was found (status 200)")


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
    """Read a whole file: JSON, HTML, a page that a browser saved in one file, or plain text."""
    suffix = Path(where).suffix.lower()
    if suffix in TYPES:
        content = Raw(content, content_type=TYPES[suffix])
    try:
        if suffix == ".json" or (suffix not in SUFFIXES and content.lstrip()[:1] in (b"{", b"[")):
            text = decode(content)
            if suffix == ".json" or is_json(text):
                yield from read_json(text, content, where=where, header=header)
                return
        document = read_document(content, header=header, where=where, suffix=suffix)
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


def too_large(size: int, limit: int, *, more: bool = False) -> str:
    """Return the message for too large a file or line."""
    least = "more than " if more else ""
    return f"is {least}{size / 1e6:.1f} MB, above the limit of {limit / 1e6:.1f} MB; split it, or give JSON Lines"


def failed(where: str, message: str) -> Intake:
    """Return the intake of something that could not be read; its message begins with the place."""
    return Intake(where=where, error=message if message.startswith(f"{where}: ") else f"{where}: {message}")
