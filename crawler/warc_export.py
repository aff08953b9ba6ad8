"""The archive as WARC 1.1: a response record for each revision whose raw bytes are kept.

An open archive flows in, the records of a file flow out; crawler.warc and other readers of the format read them.
Documents that have no address of the web become resource records. What the archive knows besides the page itself
stands in the header of its record, so that reading the file again gives the same documents.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from io import BytesIO
from typing import IO, Any
from uuid import NAMESPACE_URL, uuid5

from crawler.archive import Archive, Revision
from crawler.document import parse_time
from crawler.extraction import HTML
from crawler.raw_bytes import Raw
from crawler.snapshots import is_mhtml
from crawler.warc import FIELDS, STATED

MARKUP = re.compile(rb"<(?:html|head|meta|title|body|article|div|h1|p)\b[^<]{0,2000}>", re.I)
FORMAT = "http://iipc.github.io/warc-specifications/specifications/warc-format/warc-1.1/"


@dataclass(frozen=True, kw_only=True, slots=True)
class ExportReport:
    """How many pages of how many documents were written, and how many revisions have no raw bytes to write."""

    pages: int
    documents: int
    without: int


def export_warc(
    archive: Archive, out: IO[bytes], *, gzip: bool = True, source: str | None = None, since: str | None = None
) -> ExportReport:
    """Write the raw pages of an archive, or of one source, or of revisions recorded on a day or later."""
    from warcio.warcwriter import WARCWriter  # noqa: PLC0415

    writer: Any = WARCWriter(out, gzip=gzip, warc_version="WARC/1.1")
    writer.write_record(
        writer.create_warcinfo_record("", {"software": "yuanliu", "format": "WARC 1.1", "conformsTo": FORMAT})
    )
    pages = without = 0
    documents: set[str] = set()
    for revision in archive.all_revisions(source=source, since=since):
        content = archive.raw(revision.raw) if revision.raw else None
        if content is None:
            without += 1
            continue
        writer.write_record(record_of(writer, revision, content))
        pages += 1
        documents.add(revision.document.id)
    return ExportReport(pages=pages, documents=len(documents), without=without)


def record_of(writer: Any, revision: Revision, content: Raw) -> Any:  # noqa: ANN401 - warcio has no types
    """Return the record of a revision."""
    from warcio.statusandheaders import StatusAndHeaders  # noqa: PLC0415

    document = revision.document
    content_type = content.content_type or type_of(content)
    stated = {name: value for name in FIELDS if (value := getattr(document, name))}
    headers = {
        "WARC-Date": warc_date(document.fetched or revision.recorded),
        "WARC-Record-ID": f"<{uuid5(NAMESPACE_URL, f'{document.id} {document.digest}').urn}>",
        STATED: json.dumps({"yuanliu": stated}),
    }
    served = StatusAndHeaders(
        "200 OK", [("Content-Type", content_type), ("Content-Length", str(len(content)))], protocol="HTTP/1.1"
    )
    of_web = bool(document.url and re.match(r"https?://", document.url))
    return writer.create_warc_record(
        document.url if of_web else f"urn:yuanliu:{document.id}",
        "response" if of_web else "resource",
        payload=BytesIO(content),
        length=len(content),
        warc_content_type="" if of_web else content_type,
        warc_headers_dict=headers,
        http_headers=served if of_web else None,
    )


def type_of(content: bytes) -> str:
    """Return the media type of bytes whose type is not known; no charset, which reading finds as it did before."""
    if is_mhtml(content):
        return "multipart/related"
    start = content[:4000].decode("latin-1").removeprefix("\xef\xbb\xbf").lstrip()
    if start.startswith("{"):
        return "application/json"
    return "text/html" if HTML.match(start) or MARKUP.search(content) else "text/plain"


def warc_date(time: str) -> str:
    """Return an ISO 8601 time as WARC writes it, in UTC.

    >>> warc_date("2023-11-14T10:20:30+08:00"), warc_date("2023-11-14")
    ('2023-11-14T02:20:30Z', '2023-11-14T00:00:00Z')
    """
    moment = parse_time(time)
    if not isinstance(moment, datetime):
        return f"{time[:10]}T00:00:00Z"
    whole = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return whole.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
