"""The article in a page that was fetched: bytes flow in, a document flows out to crawler.pipelines.

It knows nothing of Scrapy, so that the process beside the crawl need not load it.
"""

from __future__ import annotations

from crawler.document import Document
from crawler.encoding import decode
from crawler.errors import ReadError
from crawler.extraction import split_type
from crawler.login_walls import wall_in_page
from crawler.page import read_page
from crawler.raw_bytes import Raw
from crawler.url import is_home

HTML = ("text/html", "application/xhtml+xml", "text/plain", "application/xml", "text/xml", "")


def read_article(content: bytes, *, asked: str, url: str) -> Document:
    """Read the article in a page that was asked for at one address and came from another, or from the same.

    Raises:
        ReadError: for what is no HTML, is a front page in place of the page asked for, or holds no article.
    """
    media_type, charset = split_type(content.content_type if isinstance(content, Raw) else None)
    if media_type not in HTML:
        raise ReadError(f"is {media_type}, not HTML")
    if is_home(url) and not is_home(asked):
        raise ReadError(f"leads to the front page {url}")
    html = decode(content, declared=charset)
    try:
        return read_page(html, url=url)
    except ReadError as error:
        raise ReadError(wall_in_page(html) or str(error)) from error
