"""Feeds and the pages they name: RSS or Atom and HTML flow in, articles flow out."""

from __future__ import annotations

import re

from scrapy.http import Response

from crawler.document import Document
from crawler.encoding import decode
from crawler.errors import ReadError
from crawler.feeds import Entry, read_feed
from crawler.page import read_page
from crawler.spiders import SourceSpider
from crawler.url import is_home

HTML = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")


class FeedSpider(SourceSpider):
    """Fetch a feed and the pages it names."""

    name = "feed"

    def read_listing(self, content: bytes) -> list[Entry]:
        """Return the entries of the feed."""
        return read_feed(content, url=self.listing)

    def read_document(self, response: Response, *, url: str, content: bytes) -> Document:
        """Read the article in a page.

        Raises:
            ReadError: for what is no HTML, is a front page in place of the page asked for, or holds no article.
        """
        media_type, charset = content_type(response)
        if media_type not in HTML:
            raise ReadError(f"is {media_type}, not HTML")
        if is_home(response.url) and not is_home(url):
            raise ReadError(f"leads to the front page {response.url}")
        return read_page(decode(content, declared=charset), url=response.url)


def content_type(response: Response) -> tuple[str, str | None]:
    """Return the media type of a response, in lower case, and the charset it declares."""
    header = (response.headers.get("Content-Type") or b"").decode("latin-1")
    found = re.search(r"charset\s*=\s*[\"']?([\w.:-]+)", header, re.I)
    return header.partition(";")[0].strip().lower(), found[1] if found else None
