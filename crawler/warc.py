"""WARC: the pages in a web archive's file.

A file flows in, a `WarcPage` or a `WarcFault` for each record that matters flows out to crawler.intake: responses that
brought a page (status 200; HTML, text or JSON) and resources, their transfer and content encodings undone. Pictures,
redirects and the like are passed over. After a broken record reading goes on with the next one that can be found.
"""

from __future__ import annotations

import json
import re
import tempfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any, cast

from crawler.document import Header, parse_time
from crawler.errors import CrawlerError
from crawler.raw_bytes import Raw

PAGES = re.compile(
    r"text/html|application/xhtml\+xml|text/plain|application/(?:[\w.-]+\+)?json|multipart/related", re.I
)
STATED = "WARC-JSON-Metadata"  # where our own files keep what the archive knows of a page
FIELDS = ("id", "source", "kind", "language", "title", "published", "modified")
MEMBER = b"\x1f\x8b\x08"
HEAD = b"WARC/1."
LIMIT = 50_000_000  # bytes of a page
LARGEST = 8_000_000_000  # bytes of a compressed part once it is unpacked
WINDOW = 1_000_000


@dataclass(frozen=True, kw_only=True, slots=True)
class WarcPage:
    """A page: the byte of the file at which its record (or compressed part) begins, its bytes, what is known of it."""

    offset: int
    content: Raw
    header: Header


@dataclass(frozen=True, kw_only=True, slots=True)
class WarcFault:
    """A record that cannot be used, and why."""

    offset: int
    reason: str


class BrokenRecord(CrawlerError):
    """Raised within this module for a record that cannot be used; the message says why."""


def is_warc(start: bytes) -> bool:
    """Tell whether a file that starts with these bytes (some hundred) is a WARC file, compressed or not."""
    if start.startswith(MEMBER):
        try:
            start = zlib.decompressobj(31).decompress(start, 20)
        except zlib.error:
            return False
    return start.startswith(HEAD)


def read_warc(stream: IO[bytes]) -> Iterator[WarcPage | WarcFault]:
    """Read the records of a WARC file that can be sought in, compressed record by record, as a whole or not at all."""
    if stream.read(len(MEMBER)) != MEMBER:
        yield from records(stream)
        return
    for offset, member in members(stream):
        if isinstance(member, str):
            yield WarcFault(offset=offset, reason=member)
        else:
            with member:
                yield from records(member, place=offset)


def members(stream: IO[bytes]) -> Iterator[tuple[int, IO[bytes] | str]]:
    """Yield the gzip members of a file, unpacked, with their offsets; for a broken one a message."""
    offset: int | None = 0
    lost = False  # what is found while looking for the next member may be none
    while offset is not None:
        unpacked = cast("IO[bytes]", tempfile.SpooledTemporaryFile(max_size=32_000_000))  # noqa: SIM115
        try:
            end = inflate(stream, offset, into=unpacked)
        except BrokenRecord as error:
            unpacked.close()
            if not lost:
                yield offset, str(error)
            lost, offset = True, find(stream, MEMBER, after=offset + 1)
            continue
        lost = False
        unpacked.seek(0)
        yield offset, unpacked
        offset = find(stream, MEMBER, after=end)


def inflate(stream: IO[bytes], offset: int, *, into: IO[bytes]) -> int:
    """Unpack one gzip member and return the offset behind it."""
    stream.seek(offset)
    unpacker = zlib.decompressobj(31)
    size = 0
    while not unpacker.eof:
        packed = unpacker.unconsumed_tail or stream.read(65_536)
        if not packed:
            raise BrokenRecord("is cut off: the file ends within a compressed record; download it again")
        try:
            part = unpacker.decompress(packed, WINDOW)
        except zlib.error as error:
            raise BrokenRecord(f"is broken: {error}; the next record is looked for") from error
        size += into.write(part)
        if size > LARGEST:
            raise BrokenRecord(f"holds more than {LARGEST / 1e9:.0f} GB; unpack and split the file")
    return stream.tell() - len(unpacker.unused_data)


def find(stream: IO[bytes], mark: bytes, *, after: int) -> int | None:
    """Return the first offset from `after` on at which a mark stands, or None."""
    stream.seek(after)
    window, base = b"", after
    while more := stream.read(WINDOW):
        window += more
        if (found := window.find(mark)) >= 0:
            return base + found
        base += len(window) - len(mark)
        window = window[-len(mark) :]
    return None


def records(stream: IO[bytes], *, place: int | None = None) -> Iterator[WarcPage | WarcFault]:
    """Read uncompressed records; they are told to stand at `place`, or where they begin."""
    offset = 0
    while True:
        where = offset if place is None else place
        try:
            found = read_record(stream, offset, where=where)
        except BrokenRecord as error:
            yield WarcFault(offset=where, reason=str(error))
            mark = find(stream, b"\n" + HEAD, after=offset)
            if mark is None:
                return
            offset = mark + 1
            continue
        if found is None:
            return
        page, offset = found
        if page is not None:
            yield page


def read_record(stream: IO[bytes], offset: int, *, where: int) -> tuple[WarcPage | None, int] | None:
    """Read the record at an offset; return its page, if it is one, and the offset behind it. None at the end."""
    from warcio.archiveiterator import ArchiveIterator  # noqa: PLC0415
    from warcio.exceptions import ArchiveLoadFailed  # noqa: PLC0415

    stream.seek(offset)
    iterator: Any = ArchiveIterator(stream, check_digests=True)
    iterator.INC_RECORD = ""  # it would print that a record's length is wrong; err_count tells it
    try:
        record = next(iterator, None)
        if record is None:
            return None
        if record.length is None or record.rec_headers.get_header("Content-Length") is None:
            raise BrokenRecord("is broken: it has no Content-Length")
        wanted = is_page(record)
        content = record.content_stream().read(LIMIT + 1) if wanted else b""
        iterator.read_to_end()
    except (ArchiveLoadFailed, ValueError, EOFError, zlib.error) as error:
        raise BrokenRecord(f"is broken: {' '.join(str(error).split())[:120]}; the next record is looked for") from error
    check_whole(record, ended=iterator.err_count == 0)
    if not wanted:
        return None, iterator.offset
    if len(content) > LIMIT:
        raise BrokenRecord(f"is above the limit of {LIMIT / 1e6:.0f} MB")
    return WarcPage(offset=where, content=Raw(content, content_type=type_of(record)), header=header_of(record)), (
        iterator.offset
    )


def check_whole(record: Any, *, ended: bool) -> None:  # noqa: ANN401 - warcio has no types
    """Raise BrokenRecord for a record that was cut off or whose bytes are not those that its digest was made of."""
    if getattr(record.raw_stream, "limit", 0) > 0:
        raise BrokenRecord("is cut off: the file ends before the record does; download it again")
    if reason := record.rec_headers.get_header("WARC-Truncated"):
        raise BrokenRecord(f"was cut off when it was recorded ({reason}); save the page again")
    problems = record.digest_checker.problems
    stated = record.rec_headers.get_header("WARC-Block-Digest")
    if any("failed" in problem and ("block" in problem or not stated) for problem in problems):
        raise BrokenRecord("is broken: its bytes do not match its digest; the next record is looked for")
    if not ended:
        raise BrokenRecord("is broken: no empty line follows it, so that its Content-Length must be wrong")


def is_page(record: Any) -> bool:  # noqa: ANN401
    """Tell whether a record holds a page that may hold a document."""
    if record.rec_type == "response" and record.http_headers is not None:
        return record.http_headers.get_statuscode() == "200" and bool(PAGES.match(type_of(record) or "text/html"))
    return record.rec_type == "resource" and bool(PAGES.match(type_of(record) or ""))


def type_of(record: Any) -> str | None:  # noqa: ANN401
    """Return the Content-Type of what a record holds."""
    headers = record.http_headers if record.rec_type == "response" else record.rec_headers
    return str(value).strip() or None if (value := headers.get_header("Content-Type")) else None


def header_of(record: Any) -> Header:  # noqa: ANN401
    """Return what a record says of its page: address and date, and what our own export noted."""
    url = str(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<> ")
    date = str(record.rec_headers.get_header("WARC-Date") or "").replace("Z", "+00:00")
    known: dict[str, str] = {"url": url} if url.lower().startswith(("http://", "https://")) else {}
    known |= {"fetched": date} if parse_time(date) else {}
    try:
        stated = json.loads(record.rec_headers.get_header(STATED) or "{}").get("yuanliu") or {}
        known |= {name: value for name in FIELDS if isinstance(value := stated.get(name), str)}
    except (ValueError, AttributeError, RecursionError):
        pass
    return cast(Header, known)
