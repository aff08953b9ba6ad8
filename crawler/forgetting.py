"""Forgetting: a document or an author is taken out of the archive for good, and a tombstone keeps it from coming back.

A request flows in as a `Plan`, which names what would go; carrying it out leaves neither words nor addresses in the archive's file or in
that of raw bytes, only salted hashes (crawler.tombstones). Annotations lie in the same file and go too; what later stages made
of them is brought up to date by the caller, which then calls `scrub` on every file.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from crawler.archive import Archive, Revision, encode
from crawler.archive_tables import connect
from crawler.document import document_id, post_record
from crawler.errors import ArchiveError
from crawler.removed_author import folded_handle, handles_in, is_all_by, without_authors
from crawler.tombstones import author_key
from crawler.url import canonical_url

BESIDE = ("listing", "variant")  # tables of addresses that only some archives have


@dataclass(frozen=True, kw_only=True, slots=True)
class Plan:
    """What is to go: whole documents by id, with their addresses, and what is to stay of others, by id.

    `digests` are those of all revisions that go or change, `raw` those of the raw bytes, `posts` counts the current posts.
    """

    documents: tuple[str, ...] = ()
    urls: frozenset[str] = frozenset()
    rewritten: tuple[str, ...] = ()
    handle: str | None = None
    source: str | None = None
    digests: frozenset[str] = frozenset()
    raw: frozenset[str] = frozenset()
    posts: int = 0

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the archive is concerned."""
        return not (self.documents or self.rewritten or self.raw)

    @property
    def touched(self) -> tuple[str, ...]:
        """The documents that go or change."""
        return (*self.documents, *self.rewritten)


def plan_documents(archive: Archive, ids: Iterable[str], *, urls: Iterable[str] = ()) -> Plan:
    """Plan to forget documents by their ids, and pages by their addresses."""
    documents = tuple(sorted(set(ids)))
    revisions = [revision for document in documents for revision in archive.revisions_of(document)]
    known = {each for url in urls for each in (url, canonical_url(url))}
    known |= {revision.document.url for revision in revisions if revision.document.url}
    known |= {url for document in documents for url in pages_of(archive, document)}
    raw = {revision.raw for revision in revisions if revision.raw}
    raw |= {page.raw for url in known if (page := archive.page(url)) and page.raw}
    return Plan(
        documents=documents,
        urls=frozenset(known),
        digests=frozenset(revision.document.digest for revision in revisions),
        raw=frozenset(raw),
    )


def plan_author(archive: Archive, handle: str, *, source: str | None = None) -> Plan:
    """Plan to take an author out of every thread that names them, or out of those of one source; their articles go whole."""
    folded = folded_handle(handle)
    gone: list[str] = []
    rewritten: list[str] = []
    posts = 0
    for document in archive.document_ids():
        revisions = [each for each in archive.revisions_of(document) if source in (None, each.document.source)]
        if any(is_all_by(each.document, {folded}) for each in revisions):
            gone.append(document)
        elif any(without_authors(each.document, {folded}) is not each.document for each in revisions):
            rewritten.append(document)
        else:
            continue
        current = revisions[-1].document
        posts += sum(folded_handle(post.author or "") == folded for post in current.posts)
    whole = plan_documents(archive, gone)
    part = plan_documents(archive, rewritten)
    return replace(
        whole,
        rewritten=part.documents,
        handle=folded,
        source=source,
        digests=whole.digests | part.digests,
        raw=whole.raw | part.raw,
        posts=posts,
    )


def authors_of(archive: Archive) -> set[str]:
    """Return the handles of all authors and of those whom posts address, folded."""
    return {handle for revision in archive.revisions() for handle in handles_in(revision.document)}


def pages_of(archive: Archive, document: str) -> list[str]:
    """Return the addresses of the frontier that led to a document."""
    return [row[0] for row in archive.connection.execute("select url from page where document = ?", (document,))]


def carry_out(archive: Archive, plan: Plan, *, reason: str | None = None) -> None:
    """Take out of the archive's tables what is planned and leave tombstones; an open transaction is joined.

    The raw bytes follow with `remove_raw`, when this is committed.
    """
    with archive.transaction():
        for document in plan.documents:
            archive.tombstones.add("document", document, reason=reason)
            for table, column in (("revision", "document"), ("document", "id"), ("page", "document")):
                archive.connection.execute(f"delete from {table} where {column} = ?", (document,))  # noqa: S608
        for url in sorted(plan.urls):
            forget_address(archive, url, reason=reason)
        if plan.handle is not None:
            key = author_key(plan.handle, source=plan.source)
            archive.tombstones.add("author", key, reason=reason)
            for document in plan.rewritten:
                rewrite(archive, document, handle=plan.handle, source=plan.source)
        if has_table(archive.connection, "annotation"):
            rows = [(document,) for document in plan.touched]
            archive.connection.executemany("delete from annotation where document = ?", rows)
        archive.connection.executemany("insert or ignore into loose values (?)", [(raw,) for raw in sorted(plan.raw)])


def forget_address(archive: Archive, url: str, *, reason: str | None) -> None:
    """Take an address out of the frontier, its lists and the messages of pages and runs, and leave tombstones."""
    connection = archive.connection
    archive.tombstones.add("page", url, reason=reason)
    archive.tombstones.add("document", document_id(url=url, title="", text=""), reason=reason)
    connection.execute("delete from page where url = ?", (url,))
    connection.execute("update page set referrer = null where referrer = ?", (url,))
    connection.execute("update page set error = null where instr(error, ?) > 0", (url,))
    for table in BESIDE:
        if has_table(connection, table):
            connection.execute(f"delete from {table} where url = ?", (url,))  # noqa: S608
    if has_table(connection, "run"):
        connection.execute("update run set error = null where instr(error, ?) > 0", (url,))


def rewrite(archive: Archive, document: str, *, handle: str, source: str | None) -> None:
    """Store the revisions of a document again without an author, without their raw bytes; equal ones become one."""
    state = archive.state_of(document)
    digests: dict[str, str] = {}
    kept: dict[str, Revision] = {}
    for revision in archive.revisions_of(document):
        made = revision.document
        if source in (None, made.source):
            made = without_authors(made, {handle})
        digests[revision.document.digest] = made.digest
        kept.setdefault(made.digest, replace(revision, document=made, sequence=len(kept) + 1, raw=None))
    archive.connection.execute("delete from revision where document = ?", (document,))
    for revision in kept.values():
        made = revision.document
        archive.connection.execute(
            "insert into revision values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, null)",
            (
                *(
                    document,
                    made.digest,
                    revision.sequence,
                    made.url,
                    made.source,
                    made.kind,
                    made.language,
                    made.title,
                ),
                *(made.published, made.modified, made.fetched, revision.recorded, made.text),
                encode([post_record(post) for post in made.posts]),
            ),
        )
    if state is not None:
        archive.connection.execute("update document set current = ? where id = ?", (digests[state.current], document))
    archive.connection.execute("update page set raw = null, error = null where document = ?", (document,))


def remove_raw(archive: Archive, raw: Collection[str]) -> int:
    """Remove raw bytes that nothing refers to any more; return how many of these are gone.

    Raises:
        ArchiveError: when another process holds on to some of them.
    """
    archive.settle_raw()
    left = [digest for digest in raw if not archive.refers_to(digest) and archive.raw(digest) is not None]
    if left:
        raise ArchiveError(
            f"another process still uses {len(left)} of the raw pages in {archive.raw_file.path}; "
            "wait until it has ended and run this again"
        )
    return sum(archive.raw(digest) is None for digest in raw)


def remove_rows(path: Path, table: str, column: str, values: Iterable[str]) -> int:
    """Remove the rows of a table in a SQLite file beside the archive, if there is such a file; return how many."""
    if not path.is_file():
        return 0
    connection = connect(path)
    try:
        if not has_table(connection, table):
            return 0
        query = f"delete from {table} where {column} = ?"  # noqa: S608
        return sum(connection.execute(query, (value,)).rowcount for value in values)
    finally:
        connection.close()


def scrub(path: Path) -> None:
    """Write a SQLite file anew, so that nothing of what was removed is left in free pages or in the write-ahead log.

    Raises:
        ArchiveError: when another process has the file open and reads from it.
    """
    if not path.is_file():
        return
    connection = connect(path)
    try:
        connection.execute("vacuum")
        busy = connection.execute("pragma wal_checkpoint(truncate)").fetchone()[0]
    except sqlite3.OperationalError as error:
        raise ArchiveError(f"{path} cannot be cleaned: {error}; {AGAIN}") from error
    finally:
        connection.close()
    if busy:
        raise ArchiveError(f"another process reads {path}, and old pages of it are still in its log; {AGAIN}")


AGAIN = "when no other process uses it, run this again"


def has_table(connection: sqlite3.Connection, table: str) -> bool:
    """Whether a file has a table."""
    return connection.execute("select 1 from sqlite_master where name = ?", (table,)).fetchone() is not None


def files_of(archive: Path) -> Iterator[Path]:
    """Yield the files that belong to an archive: itself, the raw bytes, the replies of a language model.

    >>> [path.as_posix() for path in files_of(Path("news/yuanliu.db"))]
    ['news/yuanliu.db', 'news/yuanliu.raw.db', 'news/yuanliu.llm.db']
    """
    yield archive
    for kind in ("raw", "llm"):
        yield archive.with_name(f"{archive.stem}.{kind}{archive.suffix}")
