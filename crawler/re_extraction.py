"""Re-extraction: the archive's raw bytes are read again, without fetching, when reading has become better.

An open archive flows in; documents that now read otherwise get a new revision, and counts flow out to the command.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

from crawler.archive import Archive, Revision
from crawler.document import Document, Header
from crawler.errors import CrawlerError
from crawler.extraction import read_document
from crawler.raw_bytes import Raw


@dataclass(kw_only=True, slots=True)
class ReExtractReport:
    """How many documents changed, did not change and could not be read, and how many have no raw bytes to read.

    `reasons` names what could not be read, by document.
    """

    changed: int = 0
    unchanged: int = 0
    failed: int = 0
    without: int = 0
    reasons: list[tuple[str, str]] = field(default_factory=list)


def re_extract(
    archive: Archive, *, source: str | None = None, step: Callable[[int], None] = lambda _: None
) -> ReExtractReport:
    """Read the raw bytes of every current revision again, of all sources or one; `step` is told of each document.

    A document that cannot be read any more stays as it is. Each is stored in a transaction of its own, so that a
    killed run is simply run again.
    """
    report = ReExtractReport()
    for identifier in archive.document_ids(source=source):
        step(1)
        revision = archive.current(identifier)
        content = archive.raw(revision.raw) if revision and revision.raw else None
        if revision is None or content is None:
            report.without += 1
            continue
        try:
            document = completed(
                read_document(content, header=header_for(revision, content), where=identifier), revision.document
            )
        except CrawlerError as error:
            report.failed += 1
            report.reasons.append((identifier, str(error)))
            continue
        except Exception as error:  # a fault of ours in reading one page must not end the run
            report.failed += 1
            report.reasons.append((identifier, f"cannot be read: {type(error).__name__}: {error}"))
            continue
        if archive.add(document, raw=revision.raw, seen=False) == "unchanged":
            report.unchanged += 1
        else:
            report.changed += 1
    return report


def header_for(revision: Revision, content: Raw) -> Header:
    """Return what reading cannot find in the bytes: where they came from and when; of plain text, all that was given."""
    names: tuple[str, ...] = ("url", "fetched")
    if content.content_type == "text/plain":
        names += ("title", "published", "modified", "language", "kind")
    return cast(Header, {name: value for name in names if (value := getattr(revision.document, name))})


def completed(document: Document, before: Document) -> Document:
    """Return a document that was read again with the id, address and source of the one before.

    A title or a time that the bytes do not give came from a listing or from the user, and stays.
    """
    published = document.published or before.published
    posts = document.posts
    if document.kind == "article":
        posts = tuple(replace(post, published=post.published or published) for post in posts)
    names = ("id", "url", "source", "fetched")
    header = {name: getattr(before, name) for name in names} | {
        name: getattr(document, name) or getattr(before, name) for name in ("title", "modified", "language", "kind")
    }
    return Document.create(document.text, posts, **cast(Header, header | {"published": published}))
