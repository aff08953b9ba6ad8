"""Serve the sample outlets on the loopback interface.

Requests for the invented .example hosts flow in, as a forward proxy gets them (`GET http://guancha.example/feed.xml`)
or addressed by the Host header. The static files below site/<host>/ flow out with the headers that such sites send,
and `SampleSite.requests` counts what was asked for.
"""

from __future__ import annotations

import hashlib
import re
import socketserver
import sys
import threading
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import format_datetime, parsedate_to_datetime
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib import resources
from types import TracebackType
from typing import Self
from urllib.parse import parse_qs, unquote, urlsplit

SITE = "site"
EDITED = ".edition2"  # beside a page: the same page after its editors changed it
BEYOND = ".beyond"  # beside a listing: what a request for a later page of it gets
WRITTEN = datetime(2024, 6, 12, 8, 0, tzinfo=UTC)  # files in a wheel carry no date that means anything
REWRITTEN = datetime(2024, 6, 19, 8, 0, tzinfo=UTC)
SAFE_PART = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]*")
OTHER_CHARSET = re.compile(rb"<meta charset=\"(?!utf-8\")", re.IGNORECASE)
TYPES = {
    "css": "text/css; charset=utf-8",
    "json": "application/json; charset=utf-8",
    "svg": "image/svg+xml",
    "txt": "text/plain; charset=utf-8",
}
NOT_FOUND = b'<!doctype html>\n<html lang="en"><head><title>404 Not Found</title></head><body></body></html>\n'


@dataclass(frozen=True, kw_only=True, slots=True)
class Target:
    """What a request asks for: a host and a path with its query, whichever way the request line named them."""

    host: str
    path: str
    query: str

    @property
    def url(self) -> str:
        """Return the URL that requests are counted under."""
        return f"http://{self.host}{self.path}" + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Page:
    """The answer to a request for a file that exists."""

    body: bytes
    content_type: str
    modified: datetime

    @property
    def tag(self) -> str:
        """Return the entity tag: a hash of the bytes, so that two editions of a page differ in it."""
        return f'"{hashlib.sha256(self.body).hexdigest()[:20]}"'


class SampleSite:
    """The sample outlets behind one local port, for as long as the `with` block lasts.

    `edition` may change between requests: at 2, the pages that were edited later show their second edition.
    """

    def __init__(self, edition: int = 1) -> None:
        self.edition = edition
        self.requests: Counter[str] = Counter()
        self._lock = threading.Lock()
        self._server: _Server | None = None
        self._thread: threading.Thread | None = None

    @property
    def proxy(self) -> str:
        """Return the URL to name as HTTP proxy.

        Raises:
            RuntimeError: outside the `with` block, when there is no port yet or no longer.
        """
        if self._server is None:
            raise RuntimeError("the sample site is not running; use it in a with statement")
        return f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        self._server = _Server(self)
        # The default poll of half a second would be most of the time that a short test takes to stop.
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        server, thread, self._server, self._thread = self._server, self._thread, None, None
        if server is not None:
            server.shutdown()
            server.server_close()
        if thread is not None:
            thread.join()

    def answer(self, target: Target) -> Page | None:
        """Count a request and return the page it asks for, or None where there is none."""
        with self._lock:  # adding to a Counter is a read and a write, and every connection has its own thread
            self.requests[target.url] += 1
        return find_page(target, self.edition)


class _Server(ThreadingHTTPServer):
    """A server that knows its site and says nothing about connections that a crawler drops."""

    daemon_threads = True

    def __init__(self, site: SampleSite) -> None:
        self.site = site
        super().__init__(("127.0.0.1", 0), _Handler)

    def server_bind(self) -> None:
        """Bind without looking up the name of the address, which takes seconds where no name server answers."""
        socketserver.TCPServer.server_bind(self)
        self.server_name, self.server_port = "127.0.0.1", int(self.server_address[1])

    def handle_error(self, request: object, client_address: object) -> None:
        """Pass over a connection that the other side dropped; report everything else as usual."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class _Handler(BaseHTTPRequestHandler):
    """Answer GET and HEAD from the static files."""

    protocol_version = "HTTP/1.1"
    server_version = "SampleSite"
    sys_version = ""
    timeout = 30
    wbufsize = -1  # one write for the headers and the body; two of them wait for each other's acknowledgement

    def do_GET(self) -> None:
        """Send a page with its headers, or 304 where the crawler has these bytes already."""
        target = parse_target(self.path, self.headers.get("Host", ""))
        page = self._site.answer(target) if target else None
        if page is None:
            self._send(HTTPStatus.NOT_FOUND, {"Content-Type": "text/html"}, NOT_FOUND)
            return
        validators = {"ETag": page.tag, "Last-Modified": format_datetime(page.modified, usegmt=True)}
        if is_unchanged(self.headers, page):
            self._send(HTTPStatus.NOT_MODIFIED, validators, None)
        else:
            self._send(HTTPStatus.OK, {"Content-Type": page.content_type, **validators}, page.body)

    do_HEAD = do_GET  # noqa: N815 (the name is the protocol's)

    def log_message(self, format: str, *args: object) -> None:
        """Keep standard error for the command that runs the crawl."""

    @property
    def _site(self) -> SampleSite:
        assert isinstance(self.server, _Server)  # noqa: S101 (tells mypy; no other server makes this handler)
        return self.server.site

    def _send(self, status: HTTPStatus, headers: dict[str, str], body: bytes | None) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        if body is not None:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if body is not None and self.command != "HEAD":
            self.wfile.write(body)


def parse_target(line: str, host: str) -> Target | None:
    """Return what a request asks for; a host in the request line goes before the Host header, as for any proxy.

    >>> parse_target("http://a.example/x?page=1", "127.0.0.1:80").url, parse_target("/x", "A.example:8080").url
    ('http://a.example/x?page=1', 'http://a.example/x')
    """
    try:
        parts = urlsplit(line if "://" in line.partition("?")[0] else f"http://{host}{line}")
        name = parts.hostname
    except ValueError:
        return None
    return Target(host=name, path=parts.path or "/", query=parts.query) if name else None


def find_page(target: Target, edition: int) -> Page | None:
    """Return the page that a host serves under a path, or None."""
    parts = [target.host, *split_path(target.path)]
    if parts[-1].endswith((EDITED, BEYOND)) or not all(SAFE_PART.fullmatch(part) for part in parts):
        return None
    folder = resources.files(__package__ or "cli.demo").joinpath(SITE, *parts[:-1])
    for name, modified in candidates(parts[-1], target.query, edition):
        file = folder.joinpath(name)
        if file.is_file():
            body = file.read_bytes()
            return Page(body=body, content_type=content_type(parts[-1], body), modified=modified)
    return None


def split_path(path: str) -> list[str]:
    """Split a path before decoding it, so that an encoded slash stays inside its part and fails the check there.

    >>> split_path("/"), split_path("/t/41.json"), split_path("/a%2F..%2Fb")
    (['index.html'], ['t', '41.json'], ['a/../b'])
    """
    parts = [unquote(part) for part in path.removeprefix("/").split("/")]
    return [*parts[:-1], parts[-1] or "index.html"]


def candidates(name: str, query: str, edition: int) -> list[tuple[str, datetime]]:
    """List the files that may answer for a name, the best first, with the time that each counts as written."""
    if is_later_page(query):
        return [(name + BEYOND, WRITTEN)]
    plain = (name, WRITTEN)
    return [(name + EDITED, REWRITTEN), plain] if edition >= 2 else [plain]


def is_later_page(query: str) -> bool:
    """Tell whether a query asks for a page of a listing after the first; the sample listings have one page each.

    >>> is_later_page("page=1"), is_later_page("page=0&order=created"), is_later_page("cat=3")
    (True, False, False)
    """
    return any(value.isdecimal() and int(value) > 0 for value in parse_qs(query).get("page", []))


def content_type(name: str, body: bytes) -> str:
    """Return the media type of a file, with a charset only where the outlet would send one."""
    suffix = name.rpartition(".")[2]
    if suffix == "html":
        return "text/html" if OTHER_CHARSET.search(body[:1024]) else "text/html; charset=utf-8"
    if suffix == "xml":
        return f"application/{'atom' if b'<feed' in body[:256] else 'rss'}+xml; charset=utf-8"
    return TYPES.get(suffix, "application/octet-stream")


def is_unchanged(headers: Message, page: Page) -> bool:
    """Tell whether a conditional request names the bytes that would be sent; a tag goes before a date."""
    tags = headers.get("If-None-Match")
    if tags is not None:
        return any(tag.strip().removeprefix("W/") in ("*", page.tag) for tag in tags.split(","))
    since = headers.get("If-Modified-Since")
    try:
        return since is not None and parsedate_to_datetime(since) >= page.modified
    except (TypeError, ValueError):  # not a date, or one without a zone
        return False
