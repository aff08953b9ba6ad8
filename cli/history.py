"""History: the commands that show what the archive has kept of a document, and that write the archive out.

history and archive export. A document's id or address flows in, its revisions and what changed between them flow out
through cli.output; `archive export` writes a WARC file.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.ask import day
from cli.config import Config
from cli.errors import CliError, UsageFault
from cli.options import ArchiveFile, ConfigFile, OutputFormat
from cli.output import Format, clean, say, write, write_json, write_line, write_rows
from cli.workspace import configure, open_archive

if TYPE_CHECKING:
    from crawler.archive import Archive, Revision
    from crawler.difference import Hunk, Piece

SHOWN = ("title", "published", "url", "language", "kind", "authors")  # what a revision may change besides its text
AROUND = 40  # characters of an unchanged part that are shown beside a change
MARKS = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}


def history(
    document: Annotated[
        str, typer.Argument(metavar="DOCUMENT-OR-URL", help="A document's id, the beginning of one, or its address.")
    ],
    number: Annotated[
        int | None,
        typer.Argument(metavar="[N]", min=1, help="Show revision N as it was; with --diff, what it changed."),
    ] = None,
    *,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what revision N changed, the last one if there is no N.")
    ] = False,
    form: OutputFormat = Format.table,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
) -> None:
    """List the revisions of a document.

    A changed page keeps its earlier revisions; one that vanished stays, marked with the time since when it is gone.

    Example: yuanliu history https://example.org/a --diff
    """
    with existing_archive(configure(config, archive=archive)) as opened:
        identifier = find_document(opened, document)
        revisions = opened.revisions_of(identifier)
        rows = revision_rows(opened, identifier, revisions)
    if number is not None and number > len(revisions):
        raise UsageFault(f"{identifier} has {len(revisions)} revisions; there is no revision {number}")
    if diff:
        show_change(revisions, number or len(revisions), form=form)
    elif number is not None:
        show_revision(revisions[number - 1], rows[number - 1], form=form)
    else:
        columns = ("revision", "recorded", "length", "digest", "current", "gone", "title")
        shown: dict[str, Callable[[Any], object]] = {name: itemgetter(name) for name in columns}
        shown |= {"digest": lambda row: row["digest"][:12], "current": lambda row: "yes" if row["current"] else ""}
        write_rows(rows, form=form, columns=shown)


@contextmanager
def existing_archive(config: Config) -> Iterator[Archive]:
    """Open an archive that is there."""
    if not config.archive_path.is_file():
        raise CliError(f"there is no archive {config.archive_path}; `yuanliu ingest` or `yuanliu crawl` makes one")
    with open_archive(config) as archive:
        yield archive


def find_document(archive: Archive, name: str) -> str:
    """Return the id of the one document that a name means."""
    found = archive.find(name)
    if not found:
        raise CliError(
            f"no document {name!r} is in {archive.path}; give an id as `yuanliu timeline -f json` shows it, "
            "the beginning of one, or an address"
        )
    if len(found) > 1:
        raise CliError(f"{name!r} may mean {', '.join(found[:5])}{' and more' * (len(found) > 5)}; write more of it")
    return found[0]


def revision_rows(archive: Archive, document: str, revisions: Sequence[Revision]) -> list[dict[str, Any]]:
    """Return a row for each revision."""
    state = archive.state_of(document)
    return [
        {
            "document": document,
            "revision": revision.sequence,
            "recorded": revision.recorded,
            "length": len(revision.document.text),
            "digest": revision.document.digest,
            "current": state is not None and revision.document.digest == state.current,
            "gone": state.gone if state else None,
            "url": revision.document.url,
            "title": revision.document.title,
            "published": revision.document.published,
        }
        for revision in revisions
    ]


def show_revision(revision: Revision, row: Mapping[str, Any], *, form: Format) -> None:
    """Print one revision whole."""
    posts = [{key: value for key, value in asdict(post).items() if key != "text"} for post in revision.document.posts]
    if form in (Format.json, Format.jsonl):
        whole = {**row, "text": revision.document.text, "posts": posts}
        return write_json(whole) if form is Format.json else write_line(whole)
    check_table(form)
    head = f"{row['title']}\n{row['url'] or row['document']}, revision {row['revision']}, recorded {row['recorded']}"
    lines = [*head.splitlines(), "", *revision.document.text.splitlines()]
    return write("\n".join(map(clean, lines)))


def show_change(revisions: Sequence[Revision], number: int, *, form: Format) -> None:
    """Print what a revision changed of the one before it."""
    from crawler.difference import difference  # noqa: PLC0415

    if number == 1:
        raise CliError(
            f"{revisions[0].document.id} has nothing before revision 1; give a later one, of {len(revisions)}"
        )
    before, after = revisions[number - 2], revisions[number - 1]
    old, new = facts_of(before), facts_of(after)
    fields = [{"field": name, "before": old[name], "after": new[name]} for name in SHOWN if old[name] != new[name]]
    hunks = difference(before.document.text, after.document.text)
    if form in (Format.json, Format.jsonl):
        change = {
            "document": after.document.id,
            "revision": number,
            "recorded": after.recorded,
            "digests": [before.document.digest, after.document.digest],
            "fields": fields,
            "hunks": [asdict(hunk) for hunk in hunks],
        }
        return write_json(change) if form is Format.json else write_line(change)
    check_table(form)
    lines = [f"{after.document.id}, revision {number}, recorded {after.recorded}"]
    lines += [f"{each['field']}: {each['before'] or 'none'} → {each['after'] or 'none'}" for each in fields]
    lines += [line for hunk in hunks for line in ("", heading_of(hunk), marked(hunk.pieces))]
    lines += [] if fields or hunks else ["the text is the same; the posts were cut or linked otherwise"]
    return write("\n".join(map(clean, lines)))


def facts_of(revision: Revision) -> dict[str, Any]:
    """Return what a revision says besides its text."""
    document = revision.document
    authors = ", ".join(dict.fromkeys(post.author for post in document.posts if post.author))
    return {name: authors if name == "authors" else getattr(document, name) for name in SHOWN}


def heading_of(hunk: Hunk) -> str:
    """Return the line above a hunk."""
    if hunk.before is None:
        return f"paragraph {hunk.after} added"
    if hunk.after is None:
        return f"paragraph {hunk.before} of before removed"
    return f"paragraph {hunk.after} changed"


def marked(pieces: Sequence[Piece]) -> str:
    """Return the pieces of a paragraph, changes in marks and what is far from them left out."""
    parts: list[str] = []
    for place, piece in enumerate(pieces):
        text = piece.text
        if piece.change == "same":
            first, last = place == 0, place == len(pieces) - 1
            start, end = "" if first else text[:AROUND], "" if last else text[-AROUND:]
            text = text if len(text) <= len(start) + len(end) + 3 else f"{start} … {end}"
        parts.append(MARKS[piece.change].format(text))
    return "".join(parts)


def check_table(form: Format) -> None:
    """Refuse a format that has no place for a text."""
    if form is not Format.table:
        raise UsageFault(f"--format {form.value} is not known here; use table, json or jsonl")


archive_group = typer.Typer(help="Write the archive out.", no_args_is_help=True, rich_markup_mode=None)


@archive_group.command()
def export(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="The file to write, .warc.gz or .warc.")],
    *,
    source: Annotated[str | None, typer.Option(metavar="NAME", help="Only what came from this source.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what was recorded on this day or later.")
    ] = None,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
) -> None:
    """Write the archived raw pages as a WARC file.

    `yuanliu ingest` reads it again, and so do other readers of the format.

    Example: yuanliu archive export pages.warc.gz --since 2023-11-01
    """
    from crawler.warc_export import export_warc  # noqa: PLC0415

    if not file.name.lower().endswith((".warc", ".warc.gz")):
        raise UsageFault(f"{file} is no name of a WARC file; write one that ends in .warc.gz or .warc")
    if file.exists():
        raise UsageFault(f"{file} exists already; name another file (nothing was written)")
    if not file.absolute().parent.is_dir():
        raise UsageFault(f"there is no folder {file.absolute().parent}; make it first")
    chosen = day("--since", since)
    with existing_archive(configure(config, archive=archive)) as opened:
        known = opened.document_sources()
        if source is not None and source not in known:
            raise UsageFault(f"there is no document from {source!r}; the sources are {', '.join(known) or 'none'}")
        unfinished = file.with_name(f"{file.name}.part")
        try:
            with unfinished.open("wb") as out:
                zipped = file.name.lower().endswith(".gz")
                report = export_warc(opened, out, gzip=zipped, source=source, since=chosen)
            unfinished.replace(file)
        finally:
            unfinished.unlink(missing_ok=True)
    left = f"; left out, for want of raw bytes: {report.without}" if report.without else ""
    say(f"wrote {file}; pages: {report.pages}, documents: {report.documents}{left}")


COMMANDS = (history,)
