"""HTML to a document: title, author, time, canonical address and the paragraphs of the body.

The text of a saved or fetched page flows in, a Document of one post flows out, to the archive by way of
crawler.intake and the pipelines. Bodies are found by trafilatura (Barbaresi, ACL 2021), or by the densest block of
paragraphs where that finds much less, as it does on some Chinese pages.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from crawler.document import Document, Post, guess_language, parse_time
from crawler.errors import ReadError
from crawler.threads import read_time
from crawler.url import canonical_url, date_in_url, is_home, same_site

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SAVED_FROM = re.compile(r"<!--[^>]{0,200}?(?:saved from url=\(\d+\)|\burl:)\s{0,9}(https?://[^\s>]{1,2000})", re.I)
SCRIPTS = "//script|//style|//noscript|//template|//iframe|//svg|//button|//select"
REMOVED = "//figcaption|//nav|//footer|//aside|//*[@hidden]|//*[contains(translate(@style,' ',''),'display:none')]"
ASIDE = re.compile(
    r"(?:^|[\s_-])(?:share|sharing|social|related?|recommend\w*|comments?|comment-?list|disqus|copyright|statement|"
    r"breadcrumbs?|pagination|pager|tags?|newsletter|subscribe|sidebar|caption|figcaption|img-?desc|pic-?desc|"
    r"read-?more|more-?news|hot-?news|advert\w*|ads?|qrcode|cookie\w*|editor|declare|disclaimer|footer)(?:$|[\s_-])",
    re.I,
)
BLOCKS = frozenset(
    "p div section article main h1 h2 h3 h4 h5 h6 li blockquote pre td dd dt tr table ul ol body head item quote "
    "list row lb br".split()
)
MORE = re.compile(
    r"(?:推荐阅读|相关阅读|延伸阅读|扩展阅读|相关(?:文章|新闻|报道|推荐|链接)|更多(?:阅读|精彩|推荐)|往期(?:推荐|回顾)|猜你喜欢|"
    r"热门(?:推荐|文章)|为你推荐|大家都在看|精彩推荐|"
    r"read (?:more|next|also)|see also|related(?: (?:articles?|stories|posts|content|reading|news))?|"
    r"recommended(?: reading| for you| stories)?|more (?:from|on|stories)\b[^.!?]{0,60}|you (?:may|might) also like|"
    r"most (?:read|popular)|trending(?: now)?|up next|editors?['’]? picks?)\s{0,3}[:：>»]?",
    re.I,
)
BOILERPLATE = re.compile(
    r"(?:推荐阅读|相关阅读|延伸阅读|read (?:more|next|also)|see also|related)\s?[:：].{1,150}|"
    r"(?:分享(?:到|至|本文)?|扫码|扫一扫|扫描二维码|长按|点击(?:关注|阅读原文|收藏|订阅|上方|下方)|阅读原文|"
    r"关注我们|查看更多|返回搜狐)[^。]{0,40}|"
    r"举报|收藏|点赞|打印|广告|微信|微博|朋友圈|返回顶部|"
    r"[(（【]?(?:本文)?(?:责任编辑|责编|编辑|校对|审核|微信公众号)\s?[:：丨|｜].{0,40}|"
    r"[(（]?(?:来源|作者|撰文|发布时间|发表时间|发布于|发表于|原标题|图源|图片来源|图注|图|文)\s?[:：丨|｜／/].{0,60}|"
    r"[▲△↑].{0,100}|"
    r"[(（【]?(?:©|\(c\)\s?\d|copyright\s?(?:©|\(c\)|\d{4})|版权(?:所有|声明|归)|著作权归|转载请|"
    r"(?:免责|特别|版权)声明).{0,160}|"
    r".{0,60}未经.{0,20}(?:授权|许可|允许|同意).{0,30}(?:转载|摘编|镜像|复制).{0,60}|"
    r".{0,80}all rights reserved.{0,40}|.{0,20}ICP[备证].{0,60}|"
    r"share (?:this|on|via|with)\b[^.]{0,40}|share|tweet|email|print|facebook|twitter|linkedin|whatsapp|advertisement|"
    r"(?:follow us|subscribe to|sign up (?:for|to))\b.{0,80}|"
    r"(?:photo|image|picture|illustration)s?(?: credits?)?\s?(?::|：|/| by | courtesy).{0,80}|credits?\s?:.{0,60}|"
    r"(?:微信|微博|QQ|朋友圈|空间|复制链接|[\s/、|])+",
    re.I,
)
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


def read_page(html: str, *, url: str | None) -> Document:
    """Read a page into a document; its one post carries the authors, joined with commas.

    Raises:
        ReadError: when no text is found on the page.
    """
    tree = parse(html)
    if tree is None:
        raise ReadError(f"no text found on {url or 'the page'}; it is empty")
    facts, metas = linked_data(tree), meta_values(tree)
    prune(tree, SCRIPTS)
    top = "\n".join(top_lines(tree))
    address = address_of(tree, metas, url=url or saved_from(html))
    title = title_of(tree, metas, facts)
    author = author_of(tree, metas, facts, top=top)
    times = times_of(tree, metas, facts, top=top)
    prune(tree, REMOVED)
    prune_asides(tree)
    text = "\n\n".join(body_of(tree, facts, title=title))
    if not text:
        raise ReadError(f"no text found on {address or 'the page'}; save it once it has loaded, or give its text alone")
    language = language_of(tree, title + text)
    published, modified = (
        with_zone(time, language) for time in (choose_time(times, url=address), modified_of(metas, facts))
    )
    return Document.create(
        text,
        [Post(author=author, published=published, text=text, start=0, end=len(text))],
        url=address,
        title=title,
        language=language,
        published=published,
        modified=modified,
    )


def parse(html: str) -> HtmlElement | None:
    """Return the tree of a page, or None for one without elements."""
    from lxml import etree  # noqa: PLC0415
    from lxml.html import HTMLParser, document_fromstring  # noqa: PLC0415

    content = re.sub(r"[\x00-\x08\x0b\x0e-\x1f\ufeff]", "", html).encode("utf-8", "replace")
    try:
        return document_fromstring(
            content, parser=HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
        )
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def saved_from(html: str) -> str | None:
    """Return the address that a browser wrote into a page when it saved it."""
    found = SAVED_FROM.search(html[:5000])
    return found[1] if found else None


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
    lines = [line for line, _ in paragraphs(tree.find("body") if tree.find("body") is not None else tree)]
    title = tidy(" ".join(heads[0].itertext())) if heads else ""
    start = next((number for number, line in enumerate(lines) if title and line == title), 0)
    return [line for line in lines[start : start + 12] if len(line) < 150]


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


def prune(tree: HtmlElement, path: str) -> None:
    """Remove the elements of an XPath and keep the text after each."""
    for node in tree.xpath(path):
        if node.getparent() is not None:
            node.drop_tree()


def prune_asides(tree: HtmlElement) -> None:
    """Remove small blocks whose class or id names them: share buttons, comments, further reading, captions."""
    whole = max(len("".join(tree.itertext())), 1)
    for node in tree.xpath("//body//*[@class or @id]"):
        if (
            ASIDE.search(f"{node.get('class', '')} {node.get('id', '')}")
            and len("".join(node.itertext())) < whole * 0.3
        ):
            node.drop_tree()


def body_of(tree: HtmlElement, facts: list[dict[str, Any]], *, title: str) -> list[str]:
    """Return the paragraphs of the article."""
    dense = kept_paragraphs(paragraphs(densest(tree)), title=title)
    found = kept_paragraphs(extracted(tree), title=title)
    best = dense if length(found) < length(dense) * 0.5 else found
    stated = next((body for one in facts if isinstance(body := one.get("articleBody"), str)), "")
    if length(best) < len(stated) * 0.5 and "<" not in stated:
        return kept_paragraphs([(tidy(line), 0) for line in stated.splitlines()], title=title)
    return best


def extracted(tree: HtmlElement) -> Iterable[tuple[str, int]]:
    """Return the paragraphs that trafilatura takes for the article."""
    from trafilatura import bare_extraction  # noqa: PLC0415  (heavy)

    try:
        found = bare_extraction(copy.deepcopy(tree), favor_precision=True, include_comments=False)
    except Exception:  # any page may be fed to it; the densest block is there for the ones it cannot bear
        return []
    return paragraphs(body) if (body := getattr(found, "body", None)) is not None else []


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


def paragraphs(element: HtmlElement) -> Iterator[tuple[str, int]]:
    """Yield the text of each block below an element, tidied, and how much of it is links."""
    from lxml import etree  # noqa: PLC0415

    line: list[str] = []
    linked, depth = 0, 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        block = node.tag in BLOCKS
        if block and (text := tidy("".join(line))):
            yield text, linked
        if block:
            line, linked = [], 0
        depth += (node.tag == "a") * (1 if event == "start" else -1)
        part = (node.text if event == "start" else node.tail if node is not element else "") or ""
        line.append(f" {part}" if node.tag in ("td", "th", "cell") else part)
        linked += len(part) if depth else 0
    if text := tidy("".join(line)):
        yield text, linked


def kept_paragraphs(lines: Iterable[tuple[str, int]], *, title: str) -> list[str]:
    """Return the paragraphs without title, share lines, credits, legal lines and blocks of further reading."""
    kept: list[str] = []
    skipping = False
    lines = list(lines)
    top = [squeeze(line) for line, _ in lines[:12]]
    if title and squeeze(title) in top:  # what stands above the title is a menu, if it is short
        place = top.index(squeeze(title))
        lines = lines[place + 1 :] if all(len(line) < 60 for line, _ in lines[:place]) else lines
    for line, linked in lines:
        if MORE.fullmatch(line):
            skipping = True
            continue
        sentence = bool(re.search(r"[。！？；.!?;…][”」』\"')）]?$", line)) and linked * 2 < len(line)
        skipping = skipping and not (sentence or len(line) > 100)
        if not (skipping or linked > len(line) * 0.7 or (len(line) < 250 and BOILERPLATE.fullmatch(line))):
            kept.append(line)
    return kept if any(re.search(r"\w", line) for line in kept) else []


def length(lines: list[str]) -> int:
    """Return the number of characters in paragraphs."""
    return sum(map(len, lines))


def tidy(text: str) -> str:
    """Return a text on one line, with single spaces and without invisible characters."""
    return re.sub(r"\s+", " ", re.sub(r"[\u200b-\u200f\u2060\ufeff\u00ad]", "", text)).strip()


def squeeze(text: str) -> str:
    """Return a text without spaces, punctuation and case, for comparing titles and names."""
    return re.sub(r"[\W_]+", "", text).casefold()
