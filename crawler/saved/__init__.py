"""Saved pages of sites that show their posts to logged-in readers: one module a site.

The text of a page flows in, a `Document` flows out to crawler.extraction: an article, or a thread with the reply tree
that the page shows. The site is told by the address, or where that is not known by marks in the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import urlsplit

from crawler.document import Document
from crawler.page import parse, saved_from
from crawler.saved.page_view import PageView
from crawler.saved.wechat import read_wechat
from crawler.saved.weibo import read_weibo
from crawler.saved.x import read_x
from crawler.saved.zhihu import read_zhihu

Reader = Callable[[PageView], Document]

HOSTS: tuple[tuple[str, Reader], ...] = (
    (r"(?:^|\.)zhihu\.com$", read_zhihu),
    (r"(?:^|\.)weibo\.(?:com|cn)$", read_weibo),
    (r"^mp\.weixin\.qq\.com$", read_wechat),
    (r"(?:^|\.)(?:x|twitter)\.com$", read_x),
)
MARKS: tuple[tuple[str, Reader], ...] = (
    (r"id=[\"']?js-initialData|data-zop=|class=[\"'][^\"']*\bAnswerItem\b", read_zhihu),
    (r"\$render_data\s*=\s*\[|class=[\"'][^\"']*\bdetail_wbtext", read_weibo),
    (r"id=[\"']?js_content\b[^>]*>|mmbiz\.qpic\.cn", read_wechat),
    (r"data-testid=[\"']?tweet\b", read_x),
)


def read_saved(html: str, *, url: str | None, saved: str | None) -> Document | None:
    """Read a page of a known site, None for another; `saved` is when it was saved, from which relative times count.

    Raises:
        ReadError: for a login wall, a removed post or an empty shell of a known site, with what to do.
    """
    address = url or saved_from(html)
    reader = reader_for(html, address)
    tree = parse(html) if reader else None
    if reader is None or tree is None:
        return None
    return reader(PageView(html=html, tree=tree, url=address, saved=saved))


def reader_for(html: str, url: str | None) -> Reader | None:
    """Return the reader of the site that a page is from, or None.

    >>> reader_for("", "https://zhuanlan.zhihu.com/p/1") is read_zhihu, reader_for("<p>", "https://example.org/")
    (True, None)
    """
    if url is None:
        return next((reader for mark, reader in MARKS if re.search(mark, html)), None)
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return None
    return next((reader for name, reader in HOSTS if re.search(name, host)), None)
