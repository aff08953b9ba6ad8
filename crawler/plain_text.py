"""Plain text to a document: its title line, and the posts of a saved thread.

A text flows in from crawler.extraction, a document flows out.
"""

from __future__ import annotations

import re
from typing import cast

from crawler.document import Document, Header, Post
from crawler.threads import first_header, split_posts
from crawler.url import canonical_url

TITLE_LENGTH = 120
FIRST_LINE = re.compile(r"\s*([^\r\n]+)(?:\r?\n|$)")


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
