"""Zhihu: questions with their answers, single answers, articles and columns.

A saved page flows in. A single answer or article flows out as an article, a question as a thread whose answers reply
to it, a column as a thread of its articles. The facts stand as JSON in the script js-initialData; where a browser left
scripts out, in the elements that the page shows.
"""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

from crawler.document import Document, Header
from crawler.page_lines import tidy
from crawler.saved.page_view import (
    PageView,
    article_of,
    has_class,
    line_of,
    text_of,
    text_of_markup,
    thread_of,
    time_of_seconds,
    time_shown,
    utc_time,
)
from crawler.url import canonical_url

if TYPE_CHECKING:
    from lxml.html import HtmlElement

SITE = "Zhihu"
Json = dict[str, Any]
ANSWER = re.compile(r"/question/([0-9]+)/answers?/([0-9]+)|/answer/([0-9]+)")
QUESTION = re.compile(r"/question/([0-9]+)")
ARTICLE = re.compile(r"/p/([0-9]+)")
COLUMN = re.compile(r"/column/([\w-]+)|zhuanlan\.zhihu\.com/([\w-]+)/?(?:[?#]|$)")
ITEMS = f"//*[{has_class('AnswerItem')} or {has_class('ArticleItem')}]"
RICH = f"descendant-or-self::*[{has_class('RichText')}]"


def read_zhihu(page: PageView) -> Document:
    """Read a question, answer, article or column.

    Raises:
        ReadError: for a login or a check in place of it.
    """
    document = from_data(page, entities_of(page)) or from_elements(page)
    if document is None:
        raise page.closed(SITE)
    return document


def entities_of(page: PageView) -> Json:
    """Return the entities in the script js-initialData by kind and id; empty where there is no such script."""
    script = page.first("//script[@id='js-initialData']")
    try:
        entities = json.loads((script.text or "") if script is not None else "{}")["initialState"]["entities"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return {}
    return entities if isinstance(entities, dict) else {}


def from_data(page: PageView, entities: Json) -> Document | None:
    """Return the document that the data of a page holds, None if it holds no text."""
    url = page.url or page.meta("og:url") or ""
    answers, articles = objects(entities, "answers"), objects(entities, "articles")
    if (found := ANSWER.search(url)) and (one := answers.get(found[2] or found[3])):
        return article_from(one, title=title_of(one.get("question")), url=url)
    if found := ARTICLE.search(url):
        return article_from(articles[found[1]], title="", url=url) if found[1] in articles else None
    if (found := COLUMN.search(url)) and not QUESTION.search(url):
        columns = objects(entities, "columns")
        name = title_of(columns.get(found[1] or found[2] or "")) or page.meta("og:title")
        return thread(page, [part for one in articles.values() if (part := part_of(one, titled=True))], title=name)
    if answers:
        return question_from(page, entities, answers)
    one = next(iter(articles.values()), None)
    return article_from(one, title="", url=url) if one else None


def question_from(page: PageView, entities: Json, answers: dict[str, Json]) -> Document | None:
    """Return the thread of a question and its answers, in the order in which they stand."""
    first = next(iter(answers.values()))
    asked = first.get("question") if isinstance(first.get("question"), dict) else {}
    found = QUESTION.search(page.url or "")
    questions = objects(entities, "questions")
    question = questions.get(found[1] if found else str((asked or {}).get("id"))) or asked or {}
    parts = [part] if (part := part_of(question)) else []
    root = 0 if parts else None
    parts += [part | {"reply_to": root} for one in answers.values() if (part := part_of(one))]
    return thread(page, parts, title=title_of(question) or title_of(asked))


def thread(page: PageView, parts: list[Json], *, title: str) -> Document | None:
    """Return the thread of parts, None if there are none."""
    if not parts:
        return None
    return thread_of(parts, {"url": address_of(page.url or page.meta("og:url")), "title": title})


def article_from(one: Json, *, title: str, url: str) -> Document | None:
    """Return an answer or article as a document of its own, None if it has no text."""
    part = part_of(one)
    if part is None:
        return None
    header: Header = {"url": address_of(url or str(one.get("url") or "")), "title": title or title_of(one)}
    header["published"] = part["published"]
    changed = time_of_seconds(one.get("updatedTime") or one.get("updated"))
    header["modified"] = changed if changed != part["published"] else None
    return article_of(part["text"], part["author"], header)


def part_of(one: Json, *, titled: bool = False) -> Json | None:
    """Return the author, time and text of an answer, article or question; None without a text."""
    markup = one.get("content") or one.get("detail") or one.get("excerpt")
    text = text_of_markup(markup) if isinstance(markup, str) else ""
    if not text:
        return None
    person = one.get("author")
    name = tidy(str(person.get("name") or "")) if isinstance(person, dict) else ""
    head = f"{title_of(one)}\n\n" if titled and title_of(one) else ""
    published = time_of_seconds(one.get("createdTime") or one.get("created"))
    return {"author": name or None, "published": published, "text": head + text}


def objects(entities: Json, kind: str) -> dict[str, Json]:
    """Return the entities of a kind by id."""
    found = entities.get(kind)
    return {key: one for key, one in found.items() if isinstance(one, dict)} if isinstance(found, dict) else {}


def title_of(one: object) -> str:
    """Return the title of an entity, or ""."""
    return tidy(str(one.get("title") or "")) if isinstance(one, dict) else ""


def from_elements(page: PageView) -> Document | None:
    """Return the document that the elements of a page show, None if they show no text."""
    url = page.url or page.meta("og:url")
    if (post := page.first(f"//*[{has_class('Post-RichText')} or {has_class('Post-RichTextContainer')}]")) is not None:
        time = page.text(f"//*[{has_class('ContentItem-time')}]")
        return shown_article(
            page,
            text_of(post),
            author=page.text(f"//*[{has_class('AuthorInfo-name')}]"),
            title=page.text(f"//*[{has_class('Post-Title')}]"),
            time=time,
        )
    title = page.text(f"//*[{has_class('QuestionHeader-title')}]")
    items = [part for node in page.tree.xpath(ITEMS) if (part := shown_item(page, node))]
    if (found := ANSWER.search(url or "")) and (
        one := next((i for i in items if i["id"] == (found[2] or found[3])), None)
    ):
        return article_of(
            one["text"], one["author"], {"url": address_of(url), "title": title, "published": one["published"]}
        )
    detail = page.first(f"//*[{has_class('QuestionRichText')}]")
    asked = text_of(detail) if detail is not None else ""
    parts = [{"author": None, "published": None, "text": asked}] if asked and items else []
    root = 0 if parts else None
    parts += [{key: item[key] for key in ("author", "published", "text")} | {"reply_to": root} for item in items]
    return thread(page, parts, title=title)


def shown_article(page: PageView, text: str, *, author: str, title: str, time: str) -> Document | None:
    """Return the article that a page shows, None without a text."""
    if not text:
        return None
    published = utc_time(page.meta("datePublished")) or time_shown(time, saved=page.saved)
    return article_of(text, author, {"url": address_of(page.url), "title": title, "published": published})


def shown_item(page: PageView, node: HtmlElement) -> Json | None:
    """Return the id, author, time and text of an answer that a page shows; None without a text."""
    rich = next(iter(node.xpath(RICH)), None)
    text = text_of(rich) if rich is not None else ""
    if not text:
        return None
    names = node.xpath(".//*[@itemprop='author']//meta[@itemprop='name']/@content")
    names += [line_of(one) for one in node.xpath(f".//*[{has_class('AuthorInfo-name')}]")]
    times = [utc_time(value) for value in node.xpath(".//meta[@itemprop='dateCreated']/@content")]
    times += [
        time_shown(line_of(one), saved=page.saved) for one in node.xpath(f".//*[{has_class('ContentItem-time')}]")
    ]
    return {
        "id": node.get("name") or "",
        "author": next((tidy(name) for name in names if tidy(name)), None),
        "published": next(filter(None, times), None),
        "text": text,
    }


def address_of(url: str | None) -> str | None:
    """Return the canonical address of a page."""
    return canonical_url(url) if url else None
