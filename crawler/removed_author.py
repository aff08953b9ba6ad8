"""Threads without one of their authors: who wrote a post and what it said are taken out, the tree of replies stays.

A document and the handle of an author flow in, the document without them flows out to crawler.archive and crawler.forgetting. The same
document gives the same result whether it was stored before or comes with a later crawl. Pure.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterator
from dataclasses import asdict, replace
from itertools import accumulate
from typing import cast

from crawler.document import Document, Header, Post
from crawler.thread_replies import TO_NAME

REMOVED = "[removed]"
DISTINCTIVE = re.compile(r"[\d_.\-\s]")  # no ordinary word looks like a handle with one of these
QUOTED_LINE = re.compile(r"^[ \t]{0,8}(?:>[ \t]?){1,8}(?P<name>[^\n>][^\n]{3,})$", re.M)
BEFORE = r"(?:[@＠]|(?<![A-Za-z0-9])/?u/|\[quote=[\"']?|(?:回复|回覆|引用|reply to|in reply to|quoting)[ \t:：@]{0,4})"
AFTER = r"(?=[\"'*_]{0,3}[ \t]{0,3}(?:(?:wrote|said|posted|replied|commented)\b|写道|说道|寫道|說道|發表於|发表于))"
ADDRESS = r"(?:[ \t]{0,3}<[^<>\n]{3,100}>)?"  # of a mail, beside a name in its header

Change = tuple[int, int]


def folded_handle(name: str) -> str:
    """Return the form in which handles are compared.

    >>> folded_handle("@Mossy_Kettle"), folded_handle("/u/mossy_kettle "), folded_handle("山中客")
    ('mossy_kettle', 'mossy_kettle', '山中客')
    """
    plain = unicodedata.normalize("NFKC", name).strip().casefold()
    return re.sub(r"^(?:@|/?u/)", "", plain)


def handles_in(document: Document) -> dict[str, str]:
    """Return the handles that a document names, as author of a post or addressed in one: folded, and as written."""
    names = [post.author for post in document.posts if post.author]
    names += [name for match in TO_NAME.finditer(document.text) for name in match.groups() if name]
    forms = [form for name in names for form in (name, name.rstrip(".-"))]
    return {folded_handle(form): form for form in forms if folded_handle(form)}


def is_all_by(document: Document, handles: Collection[str]) -> bool:
    """Whether somebody of these folded handles wrote an article, of which nothing would be left.

    A thread may get answers by others, and is never wholly one's own.
    """
    authors = {folded_handle(post.author) if post.author else "" for post in document.posts}
    return document.kind == "article" and authors <= set(handles)


def without_authors(document: Document, handles: Collection[str]) -> Document:
    """Return a document without what somebody of these folded handles wrote, and without the handles in what others wrote.

    Posts stay where they are with REMOVED as author and text; so does a title, if the first post is theirs. Quoted lines of a
    removed post are replaced too.

    >>> from crawler.document import join_posts
    >>> text, posts = join_posts([{"author": "Moss", "text": "I copied it."}, {"author": "ren", "text": "@moss 何出此言？"}])
    >>> thread = without_authors(Document.create(text, posts, kind="thread", title="A thread"), {"moss"})
    >>> [(post.author, post.text) for post in thread.posts], thread.title
    ([('[removed]', '[removed]'), ('ren', '@[removed] 何出此言？')], '[removed]')
    """
    wanted = set(handles)
    theirs = [post.author is not None and folded_handle(post.author) in wanted for post in document.posts]
    forms = {form for folded, form in handles_in(document).items() if folded in wanted} | wanted
    is_title_theirs = bool(theirs) and theirs[0]
    changes = [(post.start, post.end) for post, own in zip(document.posts, theirs, strict=True) if own]
    changes += quotes_of([document.text[start:end] for start, end in changes], document.text)
    changes += [place for form in forms for place in places_of(form, document.text, document.posts)]
    if is_title_theirs and document.title.strip():
        found = re.finditer(re.escape(document.title), document.text)
        changes += [match.span() for match in found if not is_within(match.start(), document.posts)]
    title = REMOVED if is_title_theirs and document.title else redacted_title(document.title, forms)
    kept = settled(changes)
    if not kept and title == document.title:
        return document
    return rewritten(document, kept, title=title, theirs=theirs)


def rewritten(document: Document, changes: list[Change], *, title: str, theirs: list[bool]) -> Document:
    """Return a document with REMOVED at some places of its text, and the posts where they then stand."""
    text = apply(document.text, changes)
    place = placer(changes)
    posts = []
    for post, own in zip(document.posts, theirs, strict=True):
        start, end = place(post.start, False), place(post.end, True)
        author = REMOVED if own else post.author
        posts.append(replace(post, author=author, text=text[start:end], start=start, end=end))
    header = {name: value for name, value in asdict(document).items() if name not in ("text", "posts", "digest")}
    return Document.create(text, posts, **cast(Header, header | {"title": title}))


def places_of(handle: str, text: str, posts: Collection[Post]) -> Iterator[Change]:
    """Yield where a handle is named: addressed or quoted in a post, anywhere between posts, and if no word looks like it, anywhere."""
    last = r"(?!\.?[A-Za-z0-9_\-])" if handle[-1].isascii() else ""
    first = r"(?<![A-Za-z0-9_\-])" if handle[0].isascii() else ""
    name = rf"(?P<name>{re.escape(handle)}){last}"
    if DISTINCTIVE.search(handle):
        yield from ((match.start("name"), match.end()) for match in re.finditer(first + name + ADDRESS, text, re.I))
        return
    for pattern in (BEFORE + name, first + name + AFTER):
        yield from (match.span("name") for match in re.finditer(pattern, text, re.I))
    for match in re.finditer(first + name + ADDRESS, text, re.I):
        if not is_within(match.start(), posts):
            yield match.start("name"), match.end()


def quotes_of(removed: list[str], text: str) -> Iterator[Change]:
    """Yield the quoted lines of a text that stand in removed posts."""
    lines = {line.strip() for each in removed for line in each.splitlines()}
    for match in QUOTED_LINE.finditer(text):
        if match["name"].strip() in lines:
            yield match.span("name")


def redacted_title(title: str, forms: Collection[str]) -> str:
    """Return a title without the handles that it addresses."""
    whole = (Post(text=title, start=0, end=len(title)),)
    return apply(title, settled([place for form in forms for place in places_of(form, title, whole)]))


def is_within(offset: int, posts: Collection[Post]) -> bool:
    """Whether an offset lies in a post."""
    return any(post.start <= offset < post.end for post in posts)


def settled(changes: list[Change]) -> list[Change]:
    """Return changes in order, without those that lie in another or overlap one before."""
    kept: list[Change] = []
    for start, end in sorted(changes, key=lambda change: (change[0], -change[1])):
        if not kept or start >= kept[-1][1]:
            kept.append((start, end))
    return kept


def apply(text: str, changes: list[Change]) -> str:
    """Return a text with REMOVED in the place of each change."""
    pieces, done = [], 0
    for start, end in changes:
        pieces += [text[done:start], REMOVED]
        done = end
    return "".join([*pieces, text[done:]])


def placer(changes: list[Change]) -> Callable[[int, bool], int]:
    """Return the function from an offset to where it lies after the changes; one within a change moves to its beginning or end."""
    starts = [start for start, _ in changes]
    shifts = list(accumulate((len(REMOVED) - (end - start) for start, end in changes), initial=0))

    def place(offset: int, at_end: bool) -> int:
        number = bisect_left(starts, offset)  # changes that begin before it
        if number and offset < changes[number - 1][1]:
            start = starts[number - 1] + shifts[number - 1]
            return start + len(REMOVED) if at_end else start
        return offset + shifts[number]

    return place
