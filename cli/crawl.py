"""Crawling: the commands that fetch sources, and what they say of it.

crawl and update. The names of sources flow in, pages flow into the archive, and a table of what became of them flows out.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.collect import tell_load
from cli.config import Config
from cli.crawl_bar import crawl_bar
from cli.errors import CliError, UsageFault
from cli.job_lock import hold_lock
from cli.options import ArchiveFile, ConfigFile, StoreAddress
from cli.output import Format, progress, say, write_rows
from cli.workspace import configure, crawl_options, is_own, known_sources, open_archive

if TYPE_CHECKING:
    from crawler.runner import CrawlReport
    from crawler.sources import Source

COUNTS = ("fetched", "new", "changed", "unchanged", "skipped", "failed")

SourceNames = Annotated[
    list[str] | None, typer.Argument(metavar="[SOURCE]...", help="The sources to crawl; all enabled ones if none.")
]
Due = Annotated[bool, typer.Option("--due", help="Only the sources whose time has come, as their `every` says.")]


def crawl(  # noqa: PLR0913, PLR0917  (a command has the options it has)
    sources: SourceNames = None,
    due: Due = False,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Look back to this day, such as 2023-11-01.")
    ] = None,
    limit: Annotated[int | None, typer.Option(metavar="N", min=1, help="At most so many pages a source.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be crawled, and fetch nothing.")] = False,
    re_extract: Annotated[
        bool, typer.Option("--re-extract", help="Read the archived pages of the sources again, and fetch nothing.")
    ] = False,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
) -> None:
    """Fetch sources into the archive.

    Crawls obey robots.txt, wait between requests, and go on where they were killed. With --since, older pages are looked
    for in the archives, sitemaps and searches of the sources.

    Example: yuanliu crawl example-news --since 2023-11-01 --limit 200
    """
    chosen = configure(config, archive=archive)
    check_since(since)
    if re_extract:
        tell_extracted(chosen, sources or [])
        return
    found, refused = choose_sources(chosen, sources or [], due=due)
    if dry_run:
        tell_plan(chosen, found)
    elif found:
        with hold_lock(chosen.archive_path, job="crawl"):
            tell_crawl(crawl_sources(chosen, found, limit=limit, since=since))
    elif not refused:
        say("no source is due")
    fail_for(refused)


def update(  # noqa: PLR0917
    sources: SourceNames = None,
    due: Due = False,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
    store: StoreAddress = None,
) -> None:
    """Crawl, then load.

    One job works on an archive at a time; with --due this is a line for cron.

    Example: yuanliu update --due
    """
    chosen = configure(config, archive=archive, store=store)
    found, refused = choose_sources(chosen, sources or [], due=due)
    if not found:
        if not refused:
            say("no source is due")
        fail_for(refused)
        return
    with hold_lock(chosen.archive_path, job="update"):
        report = crawl_sources(chosen, found)
        tell_load(chosen)
        tell_crawl(report)
    fail_for(refused)


def check_since(since: str | None) -> None:
    """Refuse a day that is none, or has not come yet."""
    try:
        day = date.fromisoformat(since) if since else None
    except ValueError:
        day = None
    if since is not None and (day is None or len(since) != 10):
        raise UsageFault(f"--since {since!r} is no day; write one such as 2023-11-01")
    if day is not None and day > date.today():
        raise UsageFault(f"--since {since!r} has not come yet; write a day that has")


def choose_sources(config: Config, names: Sequence[str], *, due: bool = False) -> tuple[list[Source], list[str]]:
    """Return the named sources, or all that are enabled, or those of them that are due; and those that are refused.

    A source of the catalogue is refused until it was tested here.
    """
    known = known_sources(config)
    for name in names:
        if name not in known:
            listed = ", ".join(sorted(known)) or "none yet; add [[source]] to yuanliu.toml"
            raise UsageFault(f"there is no source {name!r}; the sources are {listed}")
    asked = [known[name] for name in dict.fromkeys(names)] or [source for source in known.values() if source.enabled]
    if not asked:
        raise CliError("no source is enabled; name one, or add [[source]] to yuanliu.toml (`yuanliu init` writes one)")
    untested = [source for source in asked if not (source.verified or is_own(config, source.name))]
    if not (untested or due):
        return asked, []
    if not config.archive_path.is_file():
        return [source for source in asked if source not in untested], [source.name for source in untested]
    from crawler.run_table import RunTable  # noqa: PLC0415

    with open_archive(config) as archive:
        runs = RunTable(archive.connection)
        refused = [source for source in untested if not runs.is_tested(source)]
        allowed = [source for source in asked if source not in refused]
        found = [source for source in allowed if not due or runs.is_due(source)]
    return found, [source.name for source in refused]


def fail_for(refused: Sequence[str]) -> None:
    """Fail if a source was refused."""
    if refused:
        raise CliError(
            f"{', '.join(refused)} of the catalogue {'was' if len(refused) == 1 else 'were'} never tested and "
            f"{'was' if len(refused) == 1 else 'were'} not crawled; see what it gives with "
            f"`yuanliu sources test {refused[0]}`, after which it may be crawled"
        )


def crawl_sources(
    config: Config, sources: Sequence[Source], *, limit: int | None = None, since: str | None = None
) -> CrawlReport:
    """Crawl sources with a configuration, with a bar on a terminal."""
    from crawler.runner import run_crawl  # noqa: PLC0415

    options = crawl_options(config, limit=limit, since=since)
    with crawl_bar([source.name for source in sources], limit=limit) as tell:
        return run_crawl(config.archive_path, list(sources), options=options, progress=tell)


def tell_crawl(report: CrawlReport) -> None:
    """Print what a crawl did, and fail if a source gave less than it should."""
    rows = [{"source": name, **asdict(source)} for name, source in sorted(report.sources.items())]
    write_rows(rows, form=Format.table, columns={name: itemgetter(name) for name in ("source", *COUNTS)})
    for row in rows:
        for url, reason in row["reasons"]:
            say(f"{row['source']}: {url}: {reason}")
        if row["left"]:
            say(f"{row['source']}: {row['left']} pages wait for the next run")
    below = [row["source"] for row in rows if row["below_minimum"]]
    if below:
        raise CliError(f"fewer documents than expected from {', '.join(below)}; see `minimum` in its description")


def tell_plan(config: Config, sources: Sequence[Source]) -> None:
    """Print what a crawl would do."""
    rows: list[dict[str, Any]] = [
        {"source": source.name, "kind": source.kind, "every": source.every, "waiting": 0, "url": source.url}
        for source in sources
    ]
    if config.archive_path.is_file():
        from crawler.frontier import Frontier  # noqa: PLC0415

        with open_archive(config) as archive:
            for row in rows:
                row["waiting"] = Frontier(archive, source=row["source"], since="").left()
    columns = ("source", "kind", "every", "waiting", "url")
    write_rows(rows, form=Format.table, columns={name: itemgetter(name) for name in columns})
    say("nothing was fetched")


def tell_extracted(config: Config, names: Sequence[str]) -> None:
    """Read the archived pages of sources again, or of all, and print what changed."""
    from crawler.re_extraction import re_extract  # noqa: PLC0415

    if not config.archive_path.is_file():
        raise CliError(f"there is no archive {config.archive_path}; `yuanliu crawl` makes one")
    asked: list[str | None] = [*names] or [None]
    with (
        hold_lock(config.archive_path, job="crawl --re-extract"),
        open_archive(config) as archive,
        progress("reading pages", archive.counts()["documents"]) as step,
    ):
        reports = [re_extract(archive, source=name, step=step) for name in asked]
    rows = [{"source": name or "all", **asdict(report)} for name, report in zip(asked, reports, strict=True)]
    shown = ("source", "changed", "unchanged", "failed", "without")
    write_rows(rows, form=Format.table, columns={name: itemgetter(name) for name in shown})
    for row in rows:
        for document, reason in row["reasons"]:
            say(f"{document}: {reason}")


COMMANDS = (crawl, update)
