"""X: a post with what it answers and what answers it, as a browser showed and saved them.

A saved page flows in, an article (one post) or a thread flows out. Posts are the article elements marked as tweets;
those above the post of the address lead to it one by one, those below answer it or go on with it.
"""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from crawler.document import Document, Header
from crawler.saved.page_view import PageView, article_of, line_of, text_of, thread_of, utc_time

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SITE = "X"
Json = dict[str, Any]
TWEETS = "//article[@data-testid='tweet']"
STATUS = re.compile(r"(?:^|(?:x|twitter)\.com)/(\w{1,20})/status(?:es)?/([0-9]+)", re.I)
HANDLE = re.compile(r"@(\w{1,20})")
REPLYING = re.compile(r"^(?:Replying to|回复|正在回复)\s")
ADVERTISED = ".//*[@data-testid='placementTracking']"
TITLE_LENGTH = 80


def read_x(page: PageView) -> Document:
    """Read a post or a thread.

    Raises:
        ReadError: for a login in place of it, or a page on which no post was loaded.
    """
    found = [one for node in page.tree.xpath(TWEETS) if not node.xpath(ADVERTISED) and (one := post_of(node))]
    if not found:
        raise page.closed(SITE)
    address = STATUS.search(page.url or "") or STATUS.search(page.meta("og:url"))
    focal = next((n for n, one in enumerate(found) if address and one["id"] == address[2]), 0)
    root = found[focal]
    user, number = (root["handle"], root["id"]) if not address or root["id"] else (address[1], address[2])
    first = root["text"].split("\n", 1)[0]
    header: Header = {
        "url": f"https://x.com/{user}/status/{number}" if user and number else page.url,
        "source": "x.com",
        "title": first if len(first) <= TITLE_LENGTH else first[:TITLE_LENGTH].rstrip() + "…",
    }
    if len(found) == 1:
        return article_of(root["text"], root["author"], header | {"published": root["published"]})
    parts = [
        {
            "author": one["author"],
            "published": one["published"],
            "text": one["text"],
            "reply_to": answered(found, n, focal),
        }
        for n, one in enumerate(found)
    ]
    return thread_of(parts, header | {"published": parts[0]["published"]})


def answered(found: list[Json], number: int, focal: int) -> int | None:
    """Return the index of the post that a post answers: as it says, else as the page is ordered."""
    if number == 0:
        return None
    one = found[number]
    if one["replying"]:
        told = [n for n in range(number - 1, -1, -1) if found[n]["handle"].lower() in one["replying"]]
        if told:
            return told[0]
    if number <= focal:
        return number - 1
    above = found[number - 1]
    goes_on = one["handle"] == above["handle"] == found[focal]["handle"]
    return number - 1 if goes_on else focal


def post_of(node: HtmlElement) -> Json | None:
    """Return the parts of a post; None for one without words. What it quotes is not its own."""
    node = copy.deepcopy(node)
    names = node.xpath(".//*[@data-testid='User-Name']")
    for quoted in names[1:]:  # a quoted post lies in a box that can be clicked
        box = next((one for one in quoted.iterancestors("div") if one.get("role") == "link"), None)
        if box is not None and box.getparent() is not None:
            box.drop_tree()
    texts = node.xpath(".//*[@data-testid='tweetText']")
    for picture in node.xpath(".//*[@data-testid='tweetText']//img[@alt]"):
        picture.tail = picture.get("alt") + (picture.tail or "")
    text = text_of(texts[0], separator="\n") if texts else ""
    if not text:
        return None
    name, handle = name_of(names[0]) if names else ("", "")
    times = node.xpath(".//a[contains(@href,'/status/')]//time") or node.xpath(".//time")
    link = next(
        (match for one in times for up in one.iterancestors("a") if (match := STATUS.search(up.get("href", "")))), None
    )
    said = [line_of(one) for one in node.xpath(".//div[not(@data-testid)]") if REPLYING.match(line_of(one))]
    return {
        "author": f"{name} (@{handle})" if name and handle else name or handle or None,
        "handle": handle or (link[1] if link else ""),
        "id": link[2] if link else "",
        "published": utc_time(times[0].get("datetime") or "") if times else None,
        "text": text,
        "replying": {each.lower() for each in HANDLE.findall(min(said, key=len))} if said else set(),
    }


def name_of(node: HtmlElement) -> tuple[str, str]:
    """Return the shown name and the handle in the head of a post."""
    links = [line_of(one) for one in node.xpath(".//a")] or [line_of(node)]
    handle = next((match[1] for line in reversed(links) if (match := re.fullmatch(r"@(\w{1,20})", line))), "")
    if not handle and (match := HANDLE.search(line_of(node))):
        handle = match[1]
    return next((line for line in links if line and not line.startswith("@")), "").split(" @")[0].strip(), handle
