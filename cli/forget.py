"""Forgetting: the command that takes a document or an author out for good, as a law may ask for.

A document's id or address, or an author's handle flows in; what would go is listed, and when it is confirmed it goes from the archive,
the raw bytes, the judgements, the replies of a language model and the graph. A tombstone keeps it from coming back.
"""

from __future__ import annotations

import sys
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.collect import tell_load
from cli.config import Config
from cli.errors import CliError, UsageFault
from cli.history import existing_archive
from cli.job_lock import hold_lock
from cli.options import ArchiveFile, ConfigFile, OutputFormat, StoreAddress
from cli.output import Format, say, write_rows
from cli.workspace import configure, open_store

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.forgetting import Plan


def forget(  # noqa: PLR0913  (a command has the options it has)
    document: Annotated[
        str | None, typer.Argument(metavar="[DOCUMENT-OR-URL]", help="A document's id, or an address.")
    ] = None,
    *,
    author: Annotated[
        str | None, typer.Option(metavar="HANDLE", help="Take this author out of every thread instead.")
    ] = None,
    source: Annotated[
        str | None, typer.Option(metavar="NAME", help="With --author, only out of what came from this source.")
    ] = None,
    reason: Annotated[
        str | None, typer.Option(metavar="TEXT", help="Why; it is kept, so name nothing that is to be forgotten.")
    ] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="List what would go, and change nothing.")] = False,
    form: OutputFormat = Format.table,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
    store: StoreAddress = None,
) -> None:
    """Remove a document or an author for good, and keep them from being stored again.

    This cannot be undone. Every revision, raw page, annotation and quoted word goes, and the graph is brought up to date. Of an
    author, posts become [removed] and the replies to them stay.

    Example: yuanliu forget https://example.org/a --reason "request of 3 May"
    """
    if (document is None) == (author is None):
        raise UsageFault("give a document's id or address, or --author HANDLE, and not both")
    if source is not None and author is None:
        raise UsageFault(f"--source {source!r} goes with --author; a document is named by its id or address alone")
    if author is not None and not author.strip():
        raise UsageFault(f"--author is {author!r}; write the handle as the thread shows it")
    chosen = configure(config, archive=archive, store=store)
    with existing_archive(chosen) as opened:
        plan = plan_for(opened, document=document, author=author, source=source)
        rows = rows_of(opened, plan)
    if dry_run:
        write_rows(rows, form=form, columns={name: itemgetter(name) for name in ("what", "number")})
        return
    confirm(rows, yes=yes)
    with hold_lock(chosen.archive_path, job="forget"):
        with existing_archive(chosen) as opened:
            plan = plan_for(opened, document=document, author=author, source=source)
            with open_store(chosen, must_exist=False):
                pass  # a graph that this yuanliu cannot write is told of before anything is removed
            remove(opened, plan, reason=reason)
        bring_up_to_date(chosen)
    say(f"forgotten: {in_words(rows) or 'nothing new'}; it is not stored again")
    if not chosen.store.startswith("sqlite:"):
        say(f"{chosen.store} keeps logs and backups of its own; see that they are cleaned too")


def plan_for(archive: Archive, *, document: str | None, author: str | None, source: str | None) -> Plan:
    """Return what is to go."""
    from crawler.forgetting import plan_author  # noqa: PLC0415

    if document is not None:
        return plan_for_document(archive, document)
    known = archive.document_sources()
    if source is not None and source not in known:
        raise UsageFault(f"there is no document from {source!r}; the sources are {', '.join(known) or 'none'}")
    plan = plan_author(archive, author or "", source=source)
    if plan.is_empty and not is_forgotten_author(archive, plan):
        raise CliError(f"no post by or to {author!r} is in {archive.path}{near_authors(archive, author or '')}")
    return plan


def plan_for_document(archive: Archive, name: str) -> Plan:
    """Return what is to go with a document, or with a page that gave none."""
    from crawler.forgetting import plan_documents  # noqa: PLC0415
    from crawler.url import canonical_url  # noqa: PLC0415

    found = archive.find(name)
    if len(found) > 1 and "//" not in name:
        raise CliError(f"{name!r} may mean {', '.join(found[:5])}{' and more' * (len(found) > 5)}; write more of it")
    url = canonical_url(name) if "//" in name else None
    known = found or (url is not None and archive.page(url)) or archive.tombstones.find("document", name)
    if not known and not (url and archive.tombstones.find("page", url)):
        raise CliError(
            f"no document {name!r} is in {archive.path}; give an id as `yuanliu timeline -f json` shows it, "
            "the beginning of one, or an address"
        )
    return plan_documents(archive, found, urls=[name] if url else [])


def is_forgotten_author(archive: Archive, plan: Plan) -> bool:
    """Whether an author was forgotten before."""
    return bool(plan.handle and archive.tombstones.forgotten_among([plan.handle], source=plan.source or ""))


def near_authors(archive: Archive, author: str) -> str:
    """Return the end of a message that names authors who are written nearly alike."""
    from difflib import get_close_matches  # noqa: PLC0415

    from crawler.forgetting import authors_of  # noqa: PLC0415
    from crawler.removed_author import folded_handle  # noqa: PLC0415

    near = get_close_matches(folded_handle(author), sorted(authors_of(archive)), n=3, cutoff=0.6)
    return f"; did you mean {', '.join(near)}?" if near else "; write the handle as the thread shows it"


def rows_of(archive: Archive, plan: Plan) -> list[dict[str, Any]]:
    """Return what is to go, a row for each kind of thing."""
    from crawler.forgetting import has_table  # noqa: PLC0415

    numbers = {
        "documents": len(plan.documents),
        "threads rewritten": len(plan.rewritten),
        "posts": plan.posts,
        "revisions": len(plan.digests),
        "raw pages": len(plan.raw),
        "annotations": 0,
    }
    if has_table(archive.connection, "annotation"):
        query = "select count(*) from annotation where document = ?"
        numbers["annotations"] = sum(archive.connection.execute(query, (each,)).fetchone()[0] for each in plan.touched)
    ids = {"documents": plan.documents, "threads rewritten": plan.rewritten}
    return [{"what": what, "number": number, "ids": list(ids.get(what, ()))} for what, number in numbers.items()]


def in_words(rows: list[dict[str, Any]]) -> str:
    """Return the numbers of what goes in one line.

    >>> in_words([{"what": "documents", "number": 1}, {"what": "posts", "number": 0}, {"what": "raw pages", "number": 2}])
    'documents: 1, raw pages: 2'
    """
    return ", ".join(f"{row['what']}: {row['number']}" for row in rows if row["number"])


def confirm(rows: list[dict[str, Any]], *, yes: bool) -> None:
    """Ask on a terminal whether to go on; without one, only --yes does."""
    if yes:
        return
    if not sys.stdin.isatty():
        raise UsageFault("this cannot be undone; write --yes to go on, or --dry-run to see what would go")
    say(f"this removes for good: {in_words(rows) or 'nothing that is in the archive'}; write yes to go on:")
    if sys.stdin.readline().strip().casefold() not in ("yes", "y", "是"):
        raise CliError("nothing was changed")


def remove(archive: Archive, plan: Plan, *, reason: str | None) -> None:
    """Take what is planned out of the archive, the judgements, the raw bytes and the replies of a language model."""
    from crawler.forgetting import carry_out, files_of, remove_raw, remove_rows  # noqa: PLC0415
    from graph.judgements import JudgementTable  # noqa: PLC0415

    *_, replies = files_of(archive.path)
    remove_rows(replies, "reply", "document", plan.digests)  # first, while the archive still knows which they are
    judgements = JudgementTable(archive.connection)
    with archive.transaction():
        carry_out(archive, plan, reason=reason)
        judgements.forget(gone=plan.documents, changed=plan.rewritten, handle=plan.handle)
    remove_raw(archive, plan.raw)


def bring_up_to_date(config: Config) -> None:
    """Load the graph, emptying it where that fails, and leave nothing in the files that was removed."""
    from crawler.forgetting import files_of, scrub  # noqa: PLC0415
    from graph.model import Graph  # noqa: PLC0415

    files = list(files_of(config.archive_path))
    kind, _, place = config.store.partition(":")
    if kind == "sqlite" and (config.base / place).absolute() != config.archive_path.absolute():
        files.append(config.base / place)
    try:
        tell_load(config)
    except BaseException:
        with open_store(config, must_exist=False) as store:
            store.apply(Graph())  # it may hold what is to be forgotten; the next load makes it again
        raise
    finally:
        for file in files:
            scrub(file)


COMMANDS = (forget,)
