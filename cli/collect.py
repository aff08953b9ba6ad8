"""Collecting: the commands that bring a user's own documents in and the graph up to date.

demo, init, ingest and load. Files and folders flow in; the archive and the store are what they leave behind.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.config import FILE, Config
from cli.errors import CliError, UsageFault
from cli.options import ArchiveFile, ConfigFile, StoreAddress
from cli.output import Format, say, write_line
from cli.template import TEMPLATE
from cli.workspace import configure, load_graph, open_archive, open_store

if TYPE_CHECKING:
    from crawler.document import Document, Header


def demo(
    keep: Annotated[
        str | None, typer.Option("--keep", metavar="FILE", help="Keep the archive and the graph in this file.")
    ] = None,
) -> None:
    """Crawl and read the bundled sample, print its timeline.

    Everything happens on this machine, offline.

    Example: yuanliu demo
    """
    from cli.demo.run import run_demo  # noqa: PLC0415

    run_demo(keep)


def init(
    folder: Annotated[Path, typer.Argument(metavar="[FOLDER]", help="Where to write it.")] = Path(),
) -> None:
    """Write a yuanliu.toml to start from, and make the store.

    Example: yuanliu init
    """
    path = folder / FILE
    if path.exists():
        raise CliError(f"{path} exists already; nothing was changed")
    if not folder.is_dir():
        raise UsageFault(f"there is no folder {folder}; make it first")
    path.write_text(TEMPLATE, encoding="utf-8")
    config = configure(path)
    with open_archive(config), open_store(config, must_exist=False):
        say(f"wrote {path}; the archive and the graph are in {config.archive_path}")


def ingest(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Files, folders, or - for standard input.")],
    url: Annotated[str | None, typer.Option(metavar="URL", help="Where the document was published.")] = None,
    title: Annotated[str | None, typer.Option(metavar="TEXT", help="Its title.")] = None,
    published: Annotated[
        str | None, typer.Option(metavar="DATE", help="When it was published, such as 2023-11-17.")
    ] = None,
    lang: Annotated[str | None, typer.Option(metavar="LANG", help="Its language, zh or en.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print what would be stored, as JSON Lines.")] = False,
    form: Annotated[
        Format, typer.Option("--format", "-f", metavar="FORMAT", help="With --dry-run: jsonl.")
    ] = Format.jsonl,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
) -> None:
    """Put files into the archive: text, HTML, saved pages, WARC and JSON Lines.

    Example: yuanliu ingest article.txt --published 2023-11-17
    """
    from crawler.document import parse_time  # noqa: PLC0415

    if published and parse_time(published) is None:
        raise UsageFault(f"--published {published!r} is not an ISO 8601 date such as 2023-11-17")
    if lang not in (None, "zh", "en"):
        raise UsageFault(f"--lang {lang!r} is not one of zh, en")
    if url and not url.lower().startswith(("http://", "https://")):
        raise UsageFault(f"--url {url!r} is not an address; write one that begins with http:// or https://")
    if url and (len(paths) > 1 or Path(paths[0]).is_dir()):
        raise UsageFault("--url is the address of one document; ingest the files one by one")
    if form is not Format.jsonl:
        raise UsageFault(f"--format {form.value} is not known here; --dry-run writes jsonl")
    header: Header = {"url": url, "title": title, "published": published, "language": lang}
    chosen = configure(config, archive=archive)
    stored, failed = (show_documents if dry_run else store_documents)(chosen, paths, header)
    if not dry_run:
        refused = stored.pop("forgotten", 0)
        say("archived: " + ", ".join(f"{number} {name}" for name, number in stored.items()))
        if refused:
            say(f"skipped: {refused} that `yuanliu forget` took out; such documents are not stored again")
    if failed:
        raise CliError(f"{failed} could not be read, the rest is kept")


def show_documents(config: Config, paths: Sequence[str], header: Header) -> tuple[dict[str, int], int]:  # noqa: ARG001
    """Print the documents that would be stored."""
    return take_in(paths, header, lambda document, _: write_line(document_row(document)))


def store_documents(config: Config, paths: Sequence[str], header: Header) -> tuple[dict[str, int], int]:
    """Store the documents."""
    with open_archive(config) as archive:
        return take_in(paths, header, lambda document, raw: archive.add(document, raw=raw))


def take_in(
    paths: Sequence[str], header: Header, use: Callable[[Document, bytes | None], str | None]
) -> tuple[dict[str, int], int]:
    """Read paths and use each document; tell of what cannot be read. Return the outcomes and the number of failures."""
    from crawler.intake import read_paths  # noqa: PLC0415

    outcomes = {"new": 0, "changed": 0, "unchanged": 0}
    failed = 0
    for item in read_paths(paths, header=header):
        if item.document is None:
            failed += 1
            say(item.error)
        elif outcome := use(item.document, item.raw):
            outcomes[outcome] = outcomes.get(outcome, 0) + 1
    return outcomes, failed


def document_row(document: Document) -> dict[str, Any]:
    """Return a document as the machine-readable interface names its parts."""
    row = asdict(document)
    posts = [{key: post[key] for key in ("author", "published", "reply_to", "start", "end")} for post in row["posts"]]
    kept = ("id", "url", "title", "published", "language", "kind", "text")
    authors = list(dict.fromkeys(post["author"] for post in posts if post["author"]))
    return {key: row[key] for key in kept} | {"authors": authors, "posts": posts}


def load(config: ConfigFile = None, archive: ArchiveFile = None, store: StoreAddress = None) -> None:
    """Bring the graph up to date with the archive.

    Example: yuanliu load
    """
    tell_load(configure(config, archive=archive, store=store))


def tell_load(config: Config) -> None:
    """Load the graph and say what was done."""
    if not config.archive_path.is_file():
        raise CliError(f"there is no archive {config.archive_path}; `yuanliu ingest` or `yuanliu crawl` makes one")
    report = load_graph(config)
    left = f", left {report.left} for the next `yuanliu load`" if report.left else ""
    say(
        f"read {report.annotated} of {report.documents + report.left} documents{left}; the graph has {report.added} records more, "
        f"{report.changed} changed, {report.removed} removed"
    )


COMMANDS = (demo, init, ingest, load)
