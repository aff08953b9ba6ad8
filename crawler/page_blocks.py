"""The blocks of a page that may be its article: the densest one, and the one that reads best.

The tree of a page flows in; an element, or lines with their share of links, flow out to crawler.page_body. Both look
at nothing but where running text stands, so that they serve Chinese, which has no spaces, as well.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from crawler.page_lines import paragraphs

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SHORTEST = 12  # characters of a text that counts as running
PAUSE = re.compile(r"[,，、；;。.：:！？!?]")
INLINE = frozenset("a b strong em i span font u small sub sup code mark label abbr time cite q s wbr br img".split())


def densest(tree: HtmlElement) -> HtmlElement:
    """Return the smallest element that holds most of the running text of a page, links not counted."""
    weights: dict[Any, int] = {}
    for node in tree.iter():
        weights[node] = 0
    for node in reversed(list(tree.iter())):
        parts = [node.text, *(child.tail for child in node)] if isinstance(node.tag, str) and node.tag != "a" else []
        weights[node] += sum(size for part in parts if part and (size := len(part.strip())) >= 8)
        if (parent := node.getparent()) is not None and node.tag != "a":
            weights[parent] += weights[node]
    place = tree
    while (child := max(place, key=lambda one: weights[one], default=None)) is not None:
        if weights[child] < weights[place] * 0.7 or child.tag in ("p", "a", "span"):
            break
        place = child
    return place


def most_readable(tree: HtmlElement) -> Iterator[tuple[str, int]]:
    """Yield the lines of the block that scores best and of the siblings that read like it.

    Each running text gives points for its pauses and its length to the block around it, and half of them to the block
    around that; links take points away. This is how readers' views in browsers find an article.
    """
    scores: dict[Any, float] = {}
    for node in tree.iter():
        if not isinstance(node.tag, str) or node.tag in INLINE:
            continue
        own = own_text(node)
        if len(own) < SHORTEST:
            continue
        points = 1 + len(PAUSE.findall(own)) + min(len(own) / 50, 3)
        block = node.getparent() if node.tag in ("p", "pre", "li") else node
        for around, part in ((block, 1.0), (block.getparent() if block is not None else None, 0.5)):
            if around is not None:
                scores[around] = scores.get(around, 0.0) + points * part
    if not scores:
        return
    weighed = {node: score * (1 - link_share(node)) for node, score in scores.items()}
    best = max(weighed, key=lambda node: weighed[node])
    around = best.getparent()
    for node in around if around is not None else [best]:
        if node is best or weighed.get(node, 0.0) > weighed[best] * 0.2:
            yield from paragraphs(node)


def own_text(node: HtmlElement) -> str:
    """Return the text of an element and of the inline elements in it, links left out."""
    parts = [node.text or ""]
    for child in node:
        if child.tag in INLINE and child.tag != "a":
            parts.append(own_text(child))
        parts.append(child.tail or "")
    return "".join(part.strip() for part in parts)


def link_share(node: HtmlElement) -> float:
    """Return which share of the text of an element stands in links."""
    whole = len("".join(node.itertext()))
    return sum(len("".join(link.itertext())) for link in node.iter("a")) / whole if whole else 0.0
