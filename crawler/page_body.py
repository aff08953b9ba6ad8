"""The body of a page: the paragraphs of its article, and nothing else.

The tree of a page flows in, paragraphs flow out to crawler.page. English bodies are what trafilatura finds (Barbaresi,
ACL 2021), or the densest block of paragraphs where that finds much less. Chinese bodies are found by three methods
(crawler.page_blocks has the two others), and the one that agrees most with the others is taken.
"""

from __future__ import annotations

import copy
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from crawler.document import guess_language
from crawler.page_blocks import densest, most_readable
from crawler.page_lines import paragraphs, squeeze, tidy
from crawler.page_notices import (
    ASIDE,
    BOILERPLATE,
    COMMENTS,
    COMMENTS_HEAD,
    DATED,
    LAST,
    MORE,
    PROMOTION,
    SENTENCE_END,
)

if TYPE_CHECKING:
    from lxml.html import HtmlElement
    from trafilatura.settings import Extractor

REMOVED = "//figcaption|//nav|//footer|//aside|//*[@hidden]|//*[contains(translate(@style,' ',''),'display:none')]"
ENOUGH = 80  # characters of running text that make an article where comments are taken out
TIMES = 3  # how often a line stands on a page that is a caption or an advertisement
Lines = Iterable[tuple[str, int]]


def body_of(tree: HtmlElement, facts: list[dict[str, Any]], *, title: str) -> list[str]:
    """Return the paragraphs of the article."""
    repeated = repeated_lines(paragraphs(tree))
    dense = kept_paragraphs(paragraphs(densest(tree)), title=title, repeated=repeated)
    found = kept_paragraphs(extracted(tree), title=title, repeated=repeated)
    best = dense if length(found) < length(dense) * 0.5 else found
    if guess_language("".join(best)) == "zh":
        readable = kept_paragraphs(most_readable(tree), title=title, repeated=repeated)
        best = most_agreed([best, dense, readable])
    stated = next((body for one in facts if isinstance(body := one.get("articleBody"), str)), "")
    if length(best) < len(stated) * 0.5 and "<" not in stated:
        return kept_paragraphs([(tidy(line), 0) for line in stated.splitlines()], title=title)
    return best


def most_agreed(readings: Sequence[list[str]]) -> list[str]:
    """Return the reading that shares most of its text with the others; of equal ones the first."""
    sets = [set(reading) for reading in readings]

    def agreement(number: int) -> float:
        own = sets[number]
        return sum(
            length(own & other) / max(length(own | other), 1) for place, other in enumerate(sets) if place != number
        )

    return readings[max(range(len(readings)), key=agreement)]


def repeated_lines(lines: Lines) -> frozenset[str]:
    """Return the lines that stand several times on a page and say nothing: captions, advertisements, buttons."""
    counts = Counter(line for line, _ in lines)
    return frozenset(
        line
        for line, times in counts.items()
        if times >= TIMES and len(line) >= 4 and not SENTENCE_END.search(line) and line[-1] not in ":："
    )


def extracted(tree: HtmlElement) -> Iterable[tuple[str, int]]:
    """Return the paragraphs that trafilatura takes for the article."""
    from trafilatura import bare_extraction  # noqa: PLC0415  (heavy)

    try:
        found = bare_extraction(copy.deepcopy(tree), options=precise())
    except Exception:  # any page may be fed to it; the densest block is there for the ones it cannot bear
        return []
    return paragraphs(body) if (body := getattr(found, "body", None)) is not None else []


@cache
def precise() -> Extractor:
    """Return the options of trafilatura, which takes longer to read its configuration than one thinks."""
    from trafilatura.settings import Extractor  # noqa: PLC0415

    return Extractor(output_format="python", precision=True, comments=False)


def prune_asides(tree: HtmlElement) -> None:
    """Remove small blocks whose class or id names them: share buttons, further reading, captions; and comments."""
    whole = max(len("".join(tree.itertext())), 1)
    for node in tree.xpath("//body//*[@class or @id]"):
        names = f"{node.get('class', '')} {node.get('id', '')}"
        if ASIDE.search(names) and len("".join(node.itertext())) < whole * 0.3:
            node.drop_tree()
    told = -1  # characters that are counted when a name first looks like comments
    removed: set[HtmlElement] = set()
    for node in tree.xpath("//body//*[@class or @id]"):
        if COMMENTS.search(f"{node.get('class', '')} {node.get('id', '')}") and removed.isdisjoint(
            node.iterancestors()
        ):
            told = running(paragraphs(tree)) if told < 0 else told
            left = told - running(paragraphs(node))
            if left >= max(ENOUGH, told * 0.1):
                removed.add(node)
                node.drop_tree()
                told = left
    for node in tree.xpath("//body//div|//body//section|//body//form"):
        size = len("".join(node.itertext())) if node.getparent() is not None else 0
        if 0 < size < min(700, whole * 0.3) and PROMOTION.fullmatch(next((line for line, _ in paragraphs(node)), "")):
            node.drop_tree()


def running(lines: Lines) -> int:
    """Return the number of characters in sentences that are no links."""
    return sum(len(line) for line, linked in lines if linked * 2 < len(line) and SENTENCE_END.search(line))


def prune(tree: HtmlElement, path: str) -> None:
    """Remove the elements of an XPath and keep the text after each."""
    for node in tree.xpath(path):
        if node.getparent() is not None:
            node.drop_tree()


def kept_paragraphs(lines: Lines, *, title: str, repeated: frozenset[str] = frozenset()) -> list[str]:
    """Return the paragraphs without title, share lines, credits, legal lines, further reading, comments and `repeated`."""
    kept: list[str] = []
    skipping, told = False, 0
    for line, linked in below_title(list(lines), title=title):
        if MORE.fullmatch(line):
            skipping = True
            continue
        if told >= ENOUGH and COMMENTS_HEAD.fullmatch(line):
            break
        sentence = bool(SENTENCE_END.search(line)) and linked * 2 < len(line)
        skipping = skipping and not (sentence or len(line) > 100)
        if skipping or linked > len(line) * 0.7 or line in repeated or is_notice(line, first=told == 0):
            continue
        kept.append(line)
        told += len(line) if sentence else 0
    while kept and len(kept[-1]) < 200 and LAST.fullmatch(kept[-1]):
        kept.pop()
    return kept


def below_title(lines: list[tuple[str, int]], *, title: str) -> list[tuple[str, int]]:
    """Return the lines below the title; what stands above it is a menu, if it is short."""
    wanted = squeeze(title)
    for place, (line, _) in enumerate(lines[:12] if title else ()):
        if wanted.startswith(squeeze(line[:40])) and squeeze(line) == wanted:  # the beginning alone mostly tells
            return lines[place + 1 :] if all(len(above) < 60 for above, _ in lines[:place]) else lines
    return lines


def is_notice(line: str, *, first: bool) -> bool:
    """Tell whether a line is none of the article's: a credit, a share line, signs only; a dated line before the `first` sentence."""
    if len(line) >= 250:
        return False
    if first and len(line) < 80 and DATED.search(line) and not SENTENCE_END.search(line):
        return True
    return is_boilerplate(line)


@lru_cache(maxsize=4096)
def is_boilerplate(line: str) -> bool:
    """Tell whether a short line stands on many pages alike, or holds signs only; sites repeat theirs on each page."""
    return bool(BOILERPLATE.fullmatch(line)) or not re.search(r"\w", line)


def length(lines: Iterable[str]) -> int:
    """Return the number of characters in paragraphs."""
    return sum(map(len, lines))
