"""The facts of a page: its title, authors, times, address and language.

The tree of a page flows in, with its JSON-LD, meta elements and the visible lines at its top; what each of them says
and which of them is believed flows out to crawler.page.
"""

from __future__ import annotations

import json
import re
from datetime import date, datetime
from itertools import islice
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from crawler.document import guess_language, parse_time
from crawler.page_lines import paragraphs, squeeze, tidy
from crawler.url import canonical_url, date_in_url, is_home, same_site
from crawler.written_times import read_time

if TYPE_CHECKING:
    from lxml.html import HtmlElement

TIME = (
    r"((?:19|20)[0-9]{2}\s?[-/.年]\s?[0-9]{1,2}\s?[-/.月]\s?[0-9]{1,2}\s?日?"
    r"(?:[T\s]{1,3}[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?)?)"
)
WRITTEN = re.compile(rf"(?<![0-9]){TIME}(?![0-9])")
LABELLED = re.compile(rf"(?:发布时间|发表时间|发布日期|发布于|发表于|日期)\s{{0,3}}[:：]?\s{{0,3}}{TIME}")
PUBLISHED = (
    "article:published_time og:published_time datepublished pubdate publishdate publish_date publish-date ptime "
    "pubtime og:release_date bytedance:published_time article:published parsely-pub-date sailthru.date "
    "cxenseparse:recs:publishtime dc.date.issued dc.date dcterms.created date weibo:article:create_at"
).split()
MODIFIED = (
    "article:modified_time",
    "bytedance:updated_time",
    "datemodified",
    "og:updated_time",
    "lastmod",
    "last-modified",
)
TOP = 12  # lines from the heading on in which a byline and a time are looked for
BYLINE = re.compile(
    r"(?:作者|撰文|文)[ \t]{0,2}[:：丨|｜/][ \t]{0,2}"
    r"([^\s|｜丨,，。;；:：、]{2,20}(?:[、,， ][^\s|｜丨,，。;；:：、]{2,4}(?![^\s|｜丨,，。;；、])){0,3})"
)
AUTHOR_NODES = (
    "//*[contains(@itemprop,'author')]|//a[contains(concat(' ',@rel,' '),' author ')]|"
    "//*[self::span or self::div or self::p or self::a][contains(concat(' ',@class,' '),' author ') or "
    "contains(@class,'author-name') or contains(concat(' ',@class,' '),' byline ')]"
)
NOT_AUTHORS = re.compile(r"https?:|^(?:admin|editor|staff|unknown|佚名|小编|编辑|none|null)$", re.I)


def linked_data(tree: HtmlElement) -> list[dict[str, Any]]:
    """Return the JSON-LD objects of a page that tell of an article, or of anything dated."""
    found: list[Any] = []
    for script in tree.xpath("//script[contains(@type,'ld+json')]"):
        try:
            found.append(json.loads((script.text or "").strip().rstrip(";"), strict=False))
        except (ValueError, RecursionError):
            continue
    objects: list[dict[str, Any]] = []
    while found and len(objects) < 500:
        value = found.pop(0)
        if isinstance(value, list):
            found[:0] = value
        elif isinstance(value, dict):
            objects.append(value)
            found += [value[key] for key in ("@graph", "mainEntity") if isinstance(value.get(key), list | dict)]
    articles = [one for one in objects if re.search(r"Article|Posting|Report", str(one.get("@type")))]
    return articles or [one for one in objects if "datePublished" in one or "pubDate" in one]


def meta_values(tree: HtmlElement) -> dict[str, str]:
    """Return the contents of the meta elements by their lower-case name, property or itemprop; the first counts."""
    values: dict[str, str] = {}
    for meta in tree.xpath("//meta[@content]"):
        for key in ("property", "name", "itemprop"):
            if (name := (meta.get(key) or "").replace(" ", "").lower()) and meta.get("content").strip():
                values.setdefault(name, tidy(meta.get("content")))
    return values


def top_lines(tree: HtmlElement) -> list[str]:
    """Return the visible lines from the first heading on (or the top), where bylines and times stand."""
    heads = tree.xpath("//h1")
    body = tree.find("body")
    title = tidy(" ".join(heads[0].itertext())) if heads else ""
    lines = (line for line, _ in paragraphs(tree if body is None else body))
    top: list[str] = []
    for number, line in enumerate(lines):
        if title and line == title:
            top = [line, *islice(lines, TOP - 1)]
            break
        if number < TOP:
            top.append(line)
        elif not title:
            break
    return [line for line in top if len(line) < 150]


def address_of(tree: HtmlElement, metas: dict[str, str], *, url: str | None) -> str | None:
    """Return the canonical address: the page's own word for it if it names a page of the same site."""
    links = [*tree.xpath("//link[contains(concat(' ',@rel,' '),' canonical ')]/@href"), metas.get("og:url", "")]
    for link in filter(None, links):
        try:
            stated = urljoin(url or "", link.strip())
        except ValueError:
            continue
        if stated.startswith(("http://", "https://")) and not is_home(stated) and (not url or same_site(stated, url)):
            return canonical_url(stated)
    return canonical_url(url) if url else None


def title_of(tree: HtmlElement, metas: dict[str, str], facts: list[dict[str, Any]]) -> str:
    """Return the title without the name of the site."""
    heads = [head for node in tree.xpath("//h1") if len(head := tidy(" ".join(node.itertext()))) > 3]
    whole = tidy(" ".join(tree.xpath("//head/title//text()")))
    stated = [tidy(str(one["headline"])) for one in facts if isinstance(one.get("headline"), str)]
    named = [*stated, metas.get("og:title", ""), metas.get("twitter:title", ""), whole]
    for head in heads:  # a heading that the titles repeat is the title as the page shows it
        if any(squeeze(name).startswith(squeeze(head)) for name in named):
            return head
    best = next(filter(None, [*named, *heads]), "")
    site = metas.get("og:site_name", "")
    parts = re.split(r"\s+[-–—|·]\s+|\s*[_|｜]\s*", best)
    if len(parts) > 1 and (parts[-1] == site or best == whole) and len(parts[0]) >= 6:
        keep = next((n for n, part in enumerate(parts) if n and (part == site or len(part) <= 24)), len(parts))
        return best[: best.index(parts[keep - 1]) + len(parts[keep - 1])].strip()
    return best


def author_of(tree: HtmlElement, metas: dict[str, str], facts: list[dict[str, Any]], *, top: str) -> str | None:
    """Return the names of the authors, joined with commas."""
    stated = [one.get("author") for one in facts]
    names = [name for value in stated for name in names_in(value)]
    names = names or [metas.get(key, "") for key in ("author", "article:author", "byl", "dc.creator", "parsely-author")]
    if not any(map(is_author, names)):
        names = [" ".join(node.itertext()) for node in tree.xpath(AUTHOR_NODES)[:4]]
    if not any(map(is_author, names)) and (found := BYLINE.search(top)):
        names = re.split(r"[、,，\s]+", found[1])
    site = squeeze(metas.get("og:site_name", "-"))
    clean = [re.sub(r"^(?:by|作者|撰文|文|记者)\b\s{0,3}[:：|丨/]?\s*", "", tidy(name), flags=re.I) for name in names]
    kept = dict.fromkeys(name for name in clean if is_author(name) and squeeze(name) != site)
    return ", ".join(kept) or None


def names_in(value: object) -> list[str]:
    """Return the names in a JSON-LD author: a string, an object with a name, or a list of them."""
    if isinstance(value, list):
        return [name for one in value[:20] for name in names_in(one)]
    if isinstance(value, dict):
        return names_in(value.get("name"))
    return [value] if isinstance(value, str) else []


def is_author(name: str) -> bool:
    """Tell whether a string may be somebody's name."""
    return 1 < len(tidy(name)) <= 60 and not NOT_AUTHORS.search(tidy(name))


def times_of(tree: HtmlElement, metas: dict[str, str], facts: list[dict[str, Any]], *, top: str) -> list[str]:
    """Return the publication times that a page gives, the most believable first."""
    found = [one.get("datePublished") or one.get("pubDate") for one in facts]
    found += [metas.get(name) for name in PUBLISHED]
    marked = "[@pubdate or contains(@itemprop,'datePublished')]"
    found += [
        *tree.xpath(f"//time{marked}/@datetime"),
        *tree.xpath("//article//time/@datetime"),
        *tree.xpath("//time/@datetime"),
    ]
    found += [match[1] for match in WRITTEN.finditer(top)]
    found += [match[1] for match in LABELLED.finditer(" ".join(tree.xpath("//body//text()"))[:200_000])]
    return [time for value in found if isinstance(value, str) and (time := read_time(value))]


def choose_time(times: list[str], *, url: str | None) -> str | None:
    """Return the first time, or a precise one of its day; the day that the address tells decides between days."""
    told = date_in_url(url) if url else None
    near = [time for time in times if told is None or abs((day_of(time) - told).days) <= 1]
    if told and not near:
        return told.isoformat()
    day = told if any(told == day_of(time) for time in near) else day_of(near[0]) if near else None
    same = [time for time in near if day_of(time) == day]
    return next((time for time in same if len(time) > 10), next(iter(same), None))


def modified_of(metas: dict[str, str], facts: list[dict[str, Any]]) -> str | None:
    """Return the time of the last change that the page gives."""
    found = [*(one.get("dateModified") for one in facts), *(metas.get(name) for name in MODIFIED)]
    return next((time for value in found if isinstance(value, str) and (time := read_time(value))), None)


def day_of(time: str) -> date:
    """Return the calendar day of an ISO 8601 time in its own zone."""
    return date.fromisoformat(time[:10])


def with_zone(time: str | None, language: str) -> str | None:
    """Add +08:00 to a time of a Chinese page that names no zone."""
    moment = parse_time(time) if time else None
    if isinstance(moment, datetime) and moment.tzinfo is None and language == "zh":
        return f"{time}+08:00"
    return time


def language_of(tree: HtmlElement, text: str) -> str:
    """Return the language of the text; of zh and en, which templates mix up, the text decides."""
    stated = (tree.get("lang") or "").replace("_", "-").split("-")[0].lower()
    return stated if re.fullmatch(r"[a-z]{2,3}", stated) and stated not in ("zh", "en") else guess_language(text)
