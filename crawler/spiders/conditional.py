"""Conditional requests: what the archive knows of a page flows in, the headers that ask for it only if it changed flow out."""

from __future__ import annotations

from typing import Any

from scrapy.http import Response

from crawler.archive import PageState


def validators(page: PageState | None) -> dict[str, str]:
    """Return the headers that ask for a page only if it changed; none where there is nothing to fall back on."""
    if page is None or not (page.raw or page.document):
        return {}
    headers = {"If-None-Match": page.etag, "If-Modified-Since": page.last_modified}
    return {name: value for name, value in headers.items() if value}


def validators_of(response: Response) -> dict[str, Any]:
    """Return the etag and last_modified of a response, for the frontier."""
    found = {"etag": response.headers.get("ETag"), "last_modified": response.headers.get("Last-Modified")}
    return {name: value.decode("latin-1") for name, value in found.items() if value}
