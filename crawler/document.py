"""Documents: what a page or a thread said, who wrote which part of it, and when.

A page, a thread, a file or a line of JSON flows in; a `Document` flows out, with an id that does not depend on where
the file lay and a digest of everything that annotation reads. Documents go into the archive, and from there to nlp.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal, Self, TypedDict, Unpack

from crawler.errors import DocumentError

Kind = Literal["article", "thread"]
KINDS: tuple[Kind, ...] = ("article", "thread")
LANGUAGES = ("zh", "en")
HAN = re.compile("[\u4e00-\u9fff]+")
NO_LETTERS = bytes(code for code in range(128) if not chr(code).isalpha())


@dataclass(frozen=True, kw_only=True, slots=True)
class Post:
    """One author's part of a document: `text == document.text[start:end]`."""

    author: str | None = None
    published: str | None = None
    reply_to: int | None = None  # the index of the post that this one answers
    text: str
    start: int
    end: int


class Header(TypedDict, total=False):
    """What is known of a document besides its text; what is missing is derived from the rest."""

    id: str | None
    url: str | None
    source: str | None
    kind: Kind | None
    language: str | None
    title: str | None
    published: str | None
    modified: str | None
    fetched: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """One revision of a page or a thread; an article is a document of one post.

    `published` and `modified` are ISO 8601 dates or times that keep the zone the page gave; `fetched` is when the
    bytes were read. The digest covers what annotation depends on, and nothing else.
    """

    id: str
    url: str | None
    source: str
    kind: Kind
    language: str
    title: str
    published: str | None
    modified: str | None
    fetched: str | None
    text: str
    posts: tuple[Post, ...]
    digest: str

    @classmethod
    def create(cls, text: str, posts: Sequence[Post] = (), **header: Unpack[Header]) -> Self:
        """Make a document, filling in its id, digest, language and source.

        Raises:
            DocumentError: when the text is empty, a date is not ISO 8601 or a post does not lie in the text.
        """
        url, title, published = header.get("url"), header.get("title") or "", header.get("published")
        kind = header.get("kind") or "article"
        check_fields(text=text, posts=posts, kind=kind)
        check_times(published=published, modified=header.get("modified"))
        parts = tuple(posts) or (Post(published=published, text=text, start=0, end=len(text)),)
        language = header.get("language") or guess_language(title + text)
        return cls(
            id=header.get("id") or document_id(url=url, title=title, text=text),
            url=url,
            source=header.get("source") or site_of(url) or "local",
            kind=kind,
            language=language,
            title=title,
            published=published,
            modified=header.get("modified"),
            fetched=header.get("fetched"),
            text=text,
            posts=parts,
            digest=digest_of([url, kind, language, title, published, text, [post_record(post) for post in parts]]),
        )

    def part(self, name: str) -> str:
        """Return the part of the document that spans point into: its text or its title."""
        return self.title if name == "title" else self.text


def check_fields(*, text: str, posts: Sequence[Post], kind: str) -> None:
    """Raise DocumentError for a text, kind or posts that no document may hold."""
    if not text.strip():
        raise DocumentError("the document has no text")
    if kind not in KINDS:
        raise DocumentError(f"kind {kind!r} is not one of {', '.join(KINDS)}")
    for number, post in enumerate(posts):
        if text[post.start : post.end] != post.text:
            raise DocumentError(f"post {number} does not stand at {post.start}:{post.end} of the text")
        if post.reply_to is not None and not 0 <= post.reply_to < len(posts):
            raise DocumentError(f"post {number} answers post {post.reply_to}, which does not exist")


def check_times(**times: str | None) -> None:
    """Raise DocumentError for a time that is not ISO 8601."""
    for name, value in times.items():
        if value is not None and parse_time(value) is None:
            raise DocumentError(f"{name} {value!r} is not an ISO 8601 date or time such as 2023-11-06")


def join_posts(parts: Sequence[dict[str, Any]], *, separator: str = "\n\n") -> tuple[str, tuple[Post, ...]]:
    """Join posts given as {author, published, reply_to, text} into one text and posts with their offsets."""
    posts: list[Post] = []
    offset = 0
    for part in parts:
        body = str(part["text"])
        posts.append(
            Post(
                author=part.get("author"),
                published=part.get("published"),
                reply_to=part.get("reply_to"),
                text=body,
                start=offset,
                end=offset + len(body),
            )
        )
        offset += len(body) + len(separator)
    return separator.join(post.text for post in posts), tuple(posts)


def post_record(post: Post) -> dict[str, Any]:
    """Return the JSON form of a post; its text is the slice start:end of the document's."""
    return {
        "author": post.author,
        "published": post.published,
        "reply_to": post.reply_to,
        "start": post.start,
        "end": post.end,
    }


def document_id(*, url: str | None, title: str, text: str) -> str:
    """Return the id of a document: a hash of its canonical URL, else of its content, never of a path."""
    return f"u-{digest_of(url)[:12]}" if url else f"t-{digest_of([title, text])[:12]}"


def digest_of(value: object) -> str:
    """Return the SHA-256 of a JSON value in its canonical form, in hexadecimal."""
    return hashlib.sha256(
        json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    ).hexdigest()


def guess_language(text: str) -> str:
    """Return zh or en by the share of Han characters among the letters.

    A Han character carries about as much as a Latin word of four letters, hence the weight.

    >>> guess_language("零一万物发布 Yi-34B"), guess_language("01.AI (零一万物) released Yi-34B in November")
    ('zh', 'en')
    """
    sample = text[:20_000]
    han = sum(map(len, HAN.findall(sample)))
    latin = len(sample.encode("ascii", "ignore").translate(None, NO_LETTERS))
    return "zh" if han * 4 > latin else "en"


def site_of(url: str | None) -> str | None:
    """Return the host of a URL without www., or None.

    >>> site_of("https://www.example.org/a"), site_of(None)
    ('example.org', None)
    """
    if not url or "//" not in url:
        return None
    host = url.split("//", 1)[1].split("/", 1)[0].rsplit("@", 1)[-1].split(":", 1)[0].lower()
    return host.removeprefix("www.") or None


def parse_time(value: str) -> datetime | date | None:
    """Parse an ISO 8601 date or time; None where it is neither.

    >>> parse_time("2023-11-06"), parse_time("昨天")
    (datetime.date(2023, 11, 6), None)
    """
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
    except ValueError:
        return None


def local_day(value: str | None) -> date | None:
    """Return the calendar day of a time in its own zone: 00:30 +08:00 belongs to the local day."""
    moment = parse_time(value) if value else None
    return moment.date() if isinstance(moment, datetime) else moment
