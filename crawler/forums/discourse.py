"""Discourse: the JSON of its lists of topics and of its topics.

What the API answers flows in, a `Document` of kind thread flows out: posts with author, time and what they answer, in
the poster's own words, without what they quote. The fields are those of Discourse's openapi.json; the first answer
holds some twenty posts and the ids of all, the rest come from /t/ID/posts.json.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit, urlunsplit

from lxml import etree, html
from lxml.etree import _Element as Element

from crawler.document import Document, join_posts, parse_time
from crawler.errors import ReadError
from crawler.feeds import Entry

Json = dict[str, Any]

SMALL_ACTION = 3  # post_type of "closed this topic" and the like
POSTS_AT_ONCE = 50
BLOCKS = frozenset(
    re.findall(r"\w+", "p div li ul ol pre table tr details summary section hr dl dt dd h1 h2 h3 h4 h5 h6")
)
NOT_THEIR_WORDS = "//aside|//blockquote|//script|//style|//div[@class='meta']|//iframe|//svg"


def listing_address(url: str) -> str:
    """Return the address of the list of latest topics of a forum given by its base address, or of a list given itself.

    >>> listing_address("https://forum.example/"), listing_address("https://forum.example/c/ai/5.json")
    ('https://forum.example/latest.json', 'https://forum.example/c/ai/5.json')
    """
    return url if urlsplit(url).path.endswith(".json") else url.rstrip("/") + "/latest.json"


def topic_address(url: str) -> str:
    """Return the address of the JSON of a topic given by its canonical URL."""
    return f"{url}.json"


def posts_address(url: str, ids: Iterable[int]) -> str:
    """Return the address of further posts of a topic."""
    return f"{url}/posts.json?" + "&".join(f"post_ids%5B%5D={number}" for number in ids)


def read_topics(content: bytes, *, url: str) -> list[Entry]:
    """Read a list of topics; the entries carry canonical URLs, https://host/t/ID.

    Raises:
        ReadError: when the bytes are no list of topics.
    """
    answer = parse_answer(content, url=url)
    topics = part_of(answer, "topic_list", "topics", url=url)
    base = base_of(url)
    return [
        Entry(
            url=f"{base}/t/{topic['id']}",
            title=str(topic.get("title") or ""),
            published=checked_time(topic.get("created_at")),
        )
        for topic in topics
        if isinstance(topic, dict) and isinstance(topic.get("id"), int)
    ]


def base_of(url: str) -> str:
    """Return the base address of the forum that a list of topics belongs to.

    >>> base_of("https://forum.example/latest.json?page=1"), base_of("https://example.org/talk/c/ai/5.json")
    ('https://forum.example', 'https://example.org/talk')
    """
    parts = urlsplit(url)
    path = re.sub(r"/(?:[\w-]+\.json|(?:c|tag|tags)/.*)$", "", parts.path)
    return urlunsplit((parts.scheme, parts.netloc, path, "", ""))


def missing_posts(content: bytes, *, url: str) -> list[list[int]]:
    """Return the ids of the posts that a topic's JSON names but does not hold, in portions to ask for."""
    topic = parse_answer(content, url=url)
    held = {post.get("id") for post in posts_of(topic, url=url)}
    stream = topic["post_stream"].get("stream")
    ids = [number for number in (stream if isinstance(stream, list) else []) if number not in held]
    return [ids[start : start + POSTS_AT_ONCE] for start in range(0, len(ids), POSTS_AT_ONCE)]


def with_posts(content: bytes, answers: Sequence[bytes], *, url: str) -> bytes:
    """Return a topic's JSON with the posts of further answers put into it."""
    if not answers:
        return content
    topic = parse_answer(content, url=url)
    for answer in answers:
        posts_of(topic, url=url).extend(posts_of(parse_answer(answer, url=url), url=url))
    return json.dumps(topic, ensure_ascii=False).encode("utf-8", "surrogatepass")


def read_thread(content: bytes, *, url: str) -> Document:
    """Read a topic's JSON as a thread; deleted and hidden posts and those without own words are left out.

    A post that answers one of those answers nothing. `url` is the canonical one of the topic.

    Raises:
        ReadError: when the bytes are no topic, or nothing is said in it.
    """
    topic = parse_answer(content, url=url)
    index: dict[int, int] = {}
    parts: list[Json] = []
    for post in sorted(filter(is_readable, posts_of(topic, url=url)), key=lambda post: post["post_number"]):
        text = plain_text(post["cooked"])
        if not text or post["post_number"] in index:
            continue
        answered = index.get(post.get("reply_to_post_number") or 0)
        index[post["post_number"]] = len(parts)
        author = post.get("username") or None
        parts.append(
            {"author": author, "published": checked_time(post.get("created_at")), "reply_to": answered, "text": text}
        )
    if not parts:
        raise ReadError(f"{url} holds no post with a text")
    text, posts = join_posts(parts)
    return Document.create(
        text,
        posts,
        url=url,
        kind="thread",
        title=" ".join(str(topic.get("title") or "").split()),
        published=checked_time(topic.get("created_at")) or posts[0].published,
        modified=checked_time(topic.get("last_posted_at")),
    )


def is_readable(post: Json) -> bool:
    """Tell whether a post is one that somebody wrote and that stands."""
    if post.get("deleted_at") or post.get("user_deleted") or post.get("hidden"):
        return False
    number, cooked = post.get("post_number"), post.get("cooked")
    return isinstance(number, int) and isinstance(cooked, str) and post.get("post_type") != SMALL_ACTION


def plain_text(cooked: str) -> str:
    r"""Return a post's own words: paragraphs with an empty line between them, quotes and link previews left out.

    >>> plain_text("<blockquote><p>套壳？</p></blockquote><p>不是<br>套壳。</p><p>见 <a href='x'>说明</a></p>")
    '不是\n套壳。\n\n见 说明'
    >>> plain_text("<aside class='quote'><blockquote>Is it Llama?</blockquote></aside><p>It is not.</p>")
    'It is not.'
    """
    try:
        root = html.fragment_fromstring(CONTROLS.sub("", cooked), create_parent="div")
    except (etree.ParserError, ValueError):
        return ""
    for element in root.xpath(NOT_THEIR_WORDS):
        element.text = None
        del element[:]
    paragraphs = "".join(pieces(root)).split("\f")
    return "\n\n".join(filter(None, ("\n".join(lines(paragraph)) for paragraph in paragraphs)))


CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def pieces(root: Element) -> Iterator[str]:
    """Yield the text of a fragment in order, with form feeds where blocks begin and end and line feeds for breaks."""
    preformatted = 0
    for event, element in etree.iterwalk(root, events=("start", "end")):
        is_pre = element.tag == "pre"
        if event == "start":
            preformatted += is_pre
            yield "\f" if element.tag in BLOCKS else "\n" if element.tag == "br" else ""
            yield spaced(element.text, keep=preformatted > 0)
        else:
            preformatted -= is_pre
            yield "\f" if element.tag in BLOCKS else ""
            yield spaced(element.tail, keep=preformatted > 0) if element is not root else ""


def spaced(text: str | None, *, keep: bool) -> str:
    """Return a text as HTML shows it: white space is one space, but for preformatted text."""
    return (text or "") if keep else re.sub(r"\s+", " ", text or "")


def lines(paragraph: str) -> list[str]:
    """Return the lines of a paragraph, without the empty ones at its ends."""
    return [line.strip() for line in paragraph.strip().split("\n")]


def parse_answer(content: bytes, *, url: str) -> Json:
    """Parse an answer of the API."""
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise ReadError(f"{url} did not answer in JSON: {error}") from error
    if not isinstance(answer, dict):
        raise ReadError(f"{url} answered with {type(answer).__name__}, not with an object")
    return answer


def posts_of(answer: Json, *, url: str) -> list[Json]:
    """Return the posts that an answer holds, as the list itself."""
    posts = part_of(answer, "post_stream", "posts", url=url)
    posts[:] = [post for post in posts if isinstance(post, dict)]
    return posts


def part_of(answer: Json, *path: str, url: str) -> list[Any]:
    """Return the list that stands at a path in an answer."""
    value: object = answer
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    if not isinstance(value, list):
        raise ReadError(f"{url} answered without {'.'.join(path)}; is it a Discourse forum?")
    return value


def checked_time(value: object) -> str | None:
    """Return a time that is ISO 8601, else None."""
    return value if isinstance(value, str) and parse_time(value) is not None else None
