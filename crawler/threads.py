"""Saved threads: plain text flows in, posts with their authors, times and places flow out.

The rows of crawler.thread_headers are matched against the text; the family of rows that matches most often is believed. Posts
go into the Document that crawler.intake makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from crawler.document import Post
from crawler.thread_headers import HEADERS, Found, clean_author
from crawler.thread_replies import replies_of
from crawler.written_times import read_time

LOOSE = frozenset(("plain", "bare"))  # families that a chat quoted in a post may look like
AHEAD = 7  # lines that a header may have
LONGEST = 400  # characters of a line that may be a header and nothing else
HINT = re.compile(r"[0-9]|\bu/|commented|opened|replied|started|yesterday|just now|刚刚|昨天|前天|from:|\*\*", re.I)
TRAILER = re.compile(
    r"(?:[-*_=—]{3,40}|(?:\[?(?:reply|share|report|save|follow|permalink|embed|parent|give award|upvote|downvote|edit|"
    r"context)\]?[ \t|·•]{0,4}){1,9}|回复|举报|点赞|使用道具|引用)[ \t]*",
    re.I,
)


def split_posts(text: str, *, title: str = "", published: str | None = None) -> tuple[Post, ...]:
    """Split the text of a saved thread into its posts; empty where no header is recognised.

    Offsets point into `text`, headers lie outside the posts. A relative time ("3 hours ago") is the day of
    `published`, if that is given. Running text before the first header, but for the title, is a post of nobody known.

    >>> [(post.author, post.text) for post in split_posts("anna (2023-11-14 10:00): 像\\nben (2023-11-14 10:05): 不像")]
    [('anna', '像'), ('ben', '不像')]
    """
    headers = headers_of(text)
    if not headers:
        return ()
    ends = [match.start() for match in headers[1:]] + [len(text)]
    places = [body(text, match.end(), end) for match, end in zip(headers, ends, strict=True)]
    found = [Found(match=match, start=start, end=end) for match, (start, end) in zip(headers, places, strict=True)]
    opening = body(text, 0, headers[0].start())
    first = [opening] if is_prose(text[opening[0] : opening[1]], title=title) else []
    replies = replies_of(text, found)
    posts = [Post(text=text[start:end], published=published, start=start, end=end) for start, end in first]
    for one, reply in zip(found, replies, strict=True):
        posts.append(
            Post(
                author=clean_author(one.group("author")),
                published=read_time(one.group("time") or "", published=published),
                reply_to=None if reply is None else reply + len(first),
                text=text[one.start : one.end],
                start=one.start,
                end=one.end,
            )
        )
    return tuple(posts)


def first_header(text: str) -> int | None:
    """Return where the first header of a thread stands, None where there is none."""
    headers = headers_of(text)
    return headers[0].start() if headers else None


def headers_of(text: str) -> list[re.Match[str]]:
    """Return the headers of the family that matches most often, in order and apart from each other.

    The lines of a chat that a post quotes may outnumber the posts, hence the weight of the stricter families.
    """
    families: dict[str, list[re.Match[str]]] = {}
    least: dict[str, int] = {}
    for start in candidates(text):
        taken: set[str] = set()
        for row in HEADERS:
            if row.family not in taken and (match := row.pattern.match(text, start)):
                taken.add(row.family)
                matches = families.setdefault(row.family, [])
                if not matches or match.start() >= matches[-1].end():
                    matches.append(match)
                    least[row.family] = min(row.least, least.get(row.family, row.least))
    weights = {
        family: len(matches) * (1 if family in LOOSE else 4)
        for family, matches in families.items()
        if len(matches) >= least[family]
    }
    return families[max(weights, key=lambda family: weights[family])] if weights else []


def candidates(text: str) -> Iterator[int]:
    """Yield the starts of the lines that may begin a header: they or one of the next six hold a number or a cue."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    ends = [*starts[1:], len(text)]
    hints = [bool(HINT.search(text, start, min(end, start + LONGEST))) for start, end in zip(starts, ends, strict=True)]
    last = len(starts) + AHEAD
    for number in reversed(range(len(starts))):
        last = number if hints[number] else last
        hints[number] = last - number < AHEAD
    for start, hinted in zip(starts, hints, strict=True):
        if hinted and text[start] not in "\r\n":
            yield start


def body(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of a body between two offsets, without white space, rules and buttons around it."""
    while start < end and text[start].isspace():
        start += 1
    while True:
        while end > start and text[end - 1].isspace():
            end -= 1
        line = max(text.rfind("\n", start, end) + 1, start)
        if end == start or end - line > 120 or not TRAILER.fullmatch(text, line, end):
            return start, end
        end = line


def is_prose(text: str, *, title: str) -> bool:
    """Tell whether the text above the first header is a post, not just the title, links and counts."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and line != title and not re.match(r"https?://|#|\w{1,12}[:：]\s", line)]
    return sum(map(len, lines)) >= 80
