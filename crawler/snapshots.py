"""Snapshots: pages that a browser saved in one file, MHTML and Safari's WebArchive, and SingleFile's note.

The bytes of a file flow in; the HTML of its main page, its address and when it was saved flow out to
crawler.extraction. Pictures and styles in the file are passed over.
"""

from __future__ import annotations

import plistlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from email import message_from_bytes
from email.errors import HeaderParseError
from email.message import Message
from email.utils import parsedate_to_datetime

from crawler.errors import ReadError

HEADS = re.compile(rb"(?:^|\n)(?:MIME-Version|Content-Type)\s?:", re.I)
RELATED = re.compile(rb"(?:^|\n)Content-Type\s?:\s*(?:multipart/related|text/html|multipart/alternative)", re.I)
SINGLE_FILE = re.compile(r"<!--[^>]{0,40}?Page saved with SingleFile[^>]{0,4000}?saved date:\s*([^\n>]{10,80})", re.I)
STAMP = re.compile(
    r"(?:\w{3} )?(\w{3}) (\d{1,2}) (\d{4}) (\d{2}):(\d{2}):(\d{2}) GMT([+-]\d{2})(\d{2})"  # as JavaScript writes a date
)
MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split()


@dataclass(frozen=True, kw_only=True, slots=True)
class Snapshot:
    """The main page of a file: its bytes and their charset, its address, and when it was saved (ISO 8601)."""

    content: bytes
    charset: str | None
    url: str | None
    saved: str | None


def read_snapshot(content: bytes) -> Snapshot | None:
    """Read an MHTML or WebArchive file; None for bytes that are neither.

    Raises:
        ReadError: for such a file without a page in it.
    """
    if content.startswith(b"bplist00") or b"<key>WebMainResource</key>" in content[:4000]:
        return read_web_archive(content)
    if is_mhtml(content):
        return read_mhtml(content)
    return None


def is_mhtml(content: bytes) -> bool:
    """Tell whether bytes begin like a mail with a page in it."""
    head = content[:4000].lstrip(b"\xef\xbb\xbf\r\n")
    if not re.match(rb"[\w-]{2,40}:\s", head):
        return False
    top = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    return bool(HEADS.search(top) and RELATED.search(top))


def read_mhtml(content: bytes) -> Snapshot:
    """Read MHTML as Chrome, Edge and Firefox's extensions write it."""
    message = message_from_bytes(content.lstrip(b"\xef\xbb\xbf\r\n"))
    address = location(message, "Snapshot-Content-Location")
    pages = [part for part in message.walk() if part.get_content_type() in ("text/html", "application/xhtml+xml")]
    part = main_part(message, pages, address=address)
    payload = part.get_payload(decode=True) if part is not None else None
    if part is None or not isinstance(payload, bytes) or not payload.strip():
        raise ReadError("this MHTML file holds no page; save it again once the page has loaded")
    return Snapshot(
        content=payload,
        charset=part.get_content_charset(),
        url=address or location(part, "Content-Location") or location(message, "Content-Location"),
        saved=mail_date(message),
    )


def main_part(message: Message, pages: list[Message], *, address: str | None) -> Message | None:
    """Return the page that was saved: the one named as start or by the file's address, else the first."""
    start = message.get_param("start")
    named = [part for part in pages if isinstance(start, str) and part.get("Content-ID", "").strip() == start.strip()]
    placed = [part for part in pages if address and location(part, "Content-Location") == address]
    return next(iter([*named, *placed, *pages]), None)


def location(part: Message, name: str) -> str | None:
    """Return an address from a header, folded lines joined; None for what is no address of the web."""
    value = re.sub(r"\s+", "", str(part.get(name) or ""))
    return value if re.match(r"https?://", value, re.I) else None


def mail_date(message: Message) -> str | None:
    """Return the time in the Date header."""
    try:
        return parsedate_to_datetime(str(message.get("Date") or "")).isoformat()
    except (ValueError, TypeError, IndexError, HeaderParseError):
        return None


def read_web_archive(content: bytes) -> Snapshot:
    """Read the main resource of a file that Safari saved."""
    try:
        main = plistlib.loads(content)["WebMainResource"]
        data, media_type = main["WebResourceData"], str(main.get("WebResourceMIMEType", "text/html"))
    except (plistlib.InvalidFileException, KeyError, TypeError, ValueError, IndexError, OverflowError) as error:
        raise ReadError("this property list is no WebArchive with a page in it; save the page as HTML") from error
    if not isinstance(data, bytes) or not media_type.startswith(("text/html", "application/xhtml")):
        raise ReadError(f"this WebArchive holds {media_type}, not a page; save the page itself")
    url = str(main.get("WebResourceURL") or "")
    return Snapshot(
        content=data,
        charset=str(main.get("WebResourceTextEncodingName") or "") or None,
        url=url if url.startswith(("http://", "https://")) else None,
        saved=None,
    )


def saved_date(html: str) -> str | None:
    """Return when SingleFile saved a page, with the zone it notes; None for other pages.

    >>> saved_date("<!-- Page saved with SingleFile url: x saved date: Tue Nov 14 2023 10:20:30 GMT+0800 (CST) -->")
    '2023-11-14T10:20:30+08:00'
    """
    found = SINGLE_FILE.search(html[:8000])
    stamp = STAMP.match(found[1].strip()) if found else None
    if stamp is None or stamp[1] not in MONTHS:
        return None
    day, year, hour, minute, second = (int(stamp[n]) for n in range(2, 7))
    offset = timedelta(hours=int(stamp[7]), minutes=int(stamp[8]) * (-1 if stamp[7][0] == "-" else 1))
    try:
        when = datetime(year, MONTHS.index(stamp[1]) + 1, day, hour, minute, second, tzinfo=timezone(offset))
    except ValueError:
        return None
    return when.isoformat()
