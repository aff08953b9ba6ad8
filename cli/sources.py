"""Sources: the commands that list them, find a site's own, and try one before it is crawled.

sources, sources add and sources test. An address or a name flows in; a table, a [[source]] in yuanliu.toml or the note
that a source was tested flow out.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.config import FILE
from cli.errors import CliError, UsageFault
from cli.options import ArchiveFile, ConfigFile, OutputFormat
from cli.output import Format, say, write, write_rows
from cli.workspace import configure, crawl_options, known_sources, open_archive

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.run_table import Run, RunTable
    from crawler.sources import Source

FEW = 5  # pages that a test fetches
COLUMNS = ("name", "language", "kind", "enabled", "last run", "yield", "next due", "last error")

group = typer.Typer(
    help="List the sources, add one, try one.",
    invoke_without_command=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@group.callback()
def sources(
    context: typer.Context, form: OutputFormat = Format.table, config: ConfigFile = None, archive: ArchiveFile = None
) -> None:
    """List the sources, add one, try one.

    Without a command: every source, whether it is enabled, what its last run gave and when it is due.

    Example: yuanliu sources -f json
    """
    if context.invoked_subcommand is not None:
        return
    chosen = configure(config, archive=archive)
    known = sorted(known_sources(chosen).values(), key=lambda source: (not source.enabled, source.name))
    if chosen.archive_path.is_file():
        from crawler.run_table import RunTable  # noqa: PLC0415

        with open_archive(chosen) as opened:
            rows = [source_row(source, RunTable(opened.connection)) for source in known]
    else:
        rows = [source_row(source, None) for source in known]
    columns = {name: itemgetter(name.replace(" ", "_")) for name in COLUMNS}
    shown = {name: (lambda row, get=get: cell(get(row))) for name, get in columns.items()}
    write_rows(rows, form=form, columns=shown)


def source_row(source: Source, runs: RunTable | None) -> dict[str, Any]:
    """Return what is told of a source."""
    last = runs.last(source.name) if runs else None
    due = runs.next_due(source) if runs else None
    return {
        "name": source.name,
        "title": source.title,
        "language": source.language,
        "kind": source.kind,
        "url": source.url,
        "enabled": source.enabled,
        "tested": source.verified or bool(runs and runs.is_tested(source)),
        "last_run": last.started if last else None,
        "yield": yield_of(last),
        "next_due": next_due(due) if source.enabled else None,
        "last_error": error_of(last),
    }


def yield_of(last: Run | None) -> int | None:
    """Return how many documents a run gave: new and changed ones; None where it did not end."""
    return None if last is None or last.finished is None else last.counts.get("new", 0) + last.counts.get("changed", 0)


def error_of(last: Run | None) -> str | None:
    """Return what was wrong with a run."""
    if last is None:
        return None
    return last.error if last.finished else "it did not end; the next run goes on from there"


def next_due(due: datetime | None) -> str:
    """Return when a source is due: now, or a time."""
    return "now" if due is None or due <= datetime.now(UTC) else due.isoformat(timespec="seconds")


def cell(value: object) -> object:
    """Return a value as a table shows it."""
    return {True: "yes", False: "no"}.get(value, value) if isinstance(value, bool) else value


@group.command()
def add(
    url: Annotated[str, typer.Argument(metavar="URL", help="A site, a section of it, a feed or a sitemap.")],
    *,
    name: Annotated[str | None, typer.Option(metavar="NAME", help="Call the source by this word.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Print the [[source]] and write nothing.")] = False,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
) -> None:
    """Find out how a site can be followed and write that into yuanliu.toml.

    The page and the site's robots.txt are fetched, and the feeds, sitemaps and lists found there are tried, best first.

    Example: yuanliu sources add https://example.org/news --name example-news
    """
    from crawler.discovery import source_toml  # noqa: PLC0415
    from crawler.redaction import has_secrets, without_secrets  # noqa: PLC0415
    from crawler.scouting import scout  # noqa: PLC0415
    from crawler.sources import is_web_address  # noqa: PLC0415

    if not is_web_address(url) or has_secrets(url):
        raise UsageFault(
            f"{without_secrets(url)!r} is no address of a site; write one such as https://example.org, without a password"
        )
    chosen = configure(config, archive=archive)
    known = known_sources(chosen)
    if name is not None:
        check_name(name, known)
    check_new(url, known)
    with scratch() as place:
        found = scout(url, archive=place, options=crawl_options(chosen), taken=known)
    for each in found:
        say(f"{each.pointer.kind} {each.pointer.url}: {each.pointer.reason}; {each.verdict}")
    best = next((each for each in found if each.table is not None), None)
    if best is None or best.table is None:
        raise CliError(f"nothing at {url} can be followed: no feed, sitemap, list of articles or forum answered")
    check_new(best.pointer.url, known)
    table = best.table | ({"name": name} if name else {})
    text = source_toml(table)
    if dry_run:
        write(text)
        return
    path = chosen.file or Path(FILE)
    append(path, text)
    say(f"wrote source {table['name']!r} into {path}; see what it gives with `yuanliu sources test {table['name']}`")


def check_name(name: str, known: Mapping[str, Source]) -> None:
    """Refuse a name that is none or that is taken."""
    if not name or any(sign.isspace() for sign in name):
        raise UsageFault(f"--name {name!r} is not allowed; give a word such as example-news")
    if name in known:
        raise UsageFault(f"--name {name!r} is taken: that is {known[name].url}; give another word")


def check_new(url: str, known: Mapping[str, Source]) -> None:
    """Refuse an address that is a source already."""
    from crawler.url import canonical_url  # noqa: PLC0415

    def folded(address: str) -> str:
        return canonical_url(address).partition("://")[2].removeprefix("www.").rstrip("/")

    for source in known.values():
        if folded(source.url) == folded(url):
            hint = "" if source.enabled else "; enable it in yuanliu.toml with [[source]], its name and enabled = true"
            raise CliError(f"{url} is the source {source.name!r} already{hint}")


def append(path: Path, text: str) -> None:
    """Put a table behind what a configuration holds; the file is replaced at once, never half written."""
    before = path.read_text(encoding="utf-8") if path.is_file() else ""
    whole = (before.rstrip("\n") + "\n\n" if before.strip() else "") + text
    target = path.resolve()
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(whole)
            if target.exists():
                os.fchmod(file.fileno(), target.stat().st_mode & 0o7777)
            else:
                os.fchmod(file.fileno(), 0o644)
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def scratch() -> Iterator[Path]:
    """Give the path of an archive that is thrown away, for pages that are only looked at."""
    with tempfile.TemporaryDirectory(prefix="yuanliu-") as folder:
        yield Path(folder) / "look.db"


@group.command()
def test(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The source to try.")],
    form: OutputFormat = Format.table,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
) -> None:
    """Fetch a few pages of a source and show what would be kept.

    Nothing is archived but the note that the source was tested, after which one of the catalogue may be crawled.

    Example: yuanliu sources test example-news
    """
    from crawler.runner import run_crawl  # noqa: PLC0415

    chosen = configure(config, archive=archive)
    known = known_sources(chosen)
    if name not in known:
        raise UsageFault(f"there is no source {name!r}; the sources are {', '.join(sorted(known)) or 'none yet'}")
    source = known[name]
    with scratch() as place:
        options = crawl_options(chosen, limit=FEW)
        # Without keywords, every page is read, and it can be said which of them would be kept.
        report = run_crawl(place, [replace(source, keywords=(), minimum=0)], options=options).sources[name]
        rows = tested_rows(place, source, follow=chosen.follow)
    write_rows(
        rows, form=form, columns={each: itemgetter(each) for each in ("kept", "date", "author", "length", "title")}
    )
    for url, reason in report.reasons:
        say(f"{url}: {reason}")
    if not rows:
        raise CliError(f"{name} gave no page that could be read; it is not to be crawled yet")
    with open_archive(chosen) as opened:
        note_tested(opened, source)
    say(f"{name} works: {len(rows)} pages could be read, {sum(row['kept'] == 'yes' for row in rows)} would be kept")


def tested_rows(place: Path, source: Source, *, follow: Sequence[str]) -> list[dict[str, Any]]:
    """Return what a test read, and whether it would be kept."""
    from crawler.archive import Archive  # noqa: PLC0415
    from crawler.sources import says_any  # noqa: PLC0415

    keywords = (*source.keywords, *follow) if source.keywords else ()
    rows = []
    with Archive(place) as archive:
        for revision in archive.revisions():
            document = revision.document
            is_kept = says_any(f"{document.title}\n{document.text}", keywords)
            authors = dict.fromkeys(post.author for post in document.posts if post.author)
            rows.append(
                {
                    "kept": "yes" if is_kept else "no, it says none of the keywords",
                    "date": document.published,
                    "author": ", ".join(authors),
                    "length": len(document.text),
                    "title": document.title,
                    "url": document.url,
                }
            )
    return rows


def note_tested(archive: Archive, source: Source) -> None:
    """Remember that a source was tested."""
    from crawler.run_table import RunTable  # noqa: PLC0415

    RunTable(archive.connection).note_tested(source)
