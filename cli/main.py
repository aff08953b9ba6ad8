"""The application: every command, and how errors become exit codes.

Arguments flow in from the shell; the commands in cli.collect, cli.read, cli.ask and cli.names do the work. Exit code 0 is
success, 1 a failure told in one line, 2 wrong usage.
"""

from __future__ import annotations

import os
import sys
from typing import Annotated

import typer

from cli import (
    __version__,
    ask,
    collect,
    crawl,
    disputes,
    forget,
    history,
    judge,
    names,
    read,
    search,
    servers,
    share,
    sources,
)
from cli.errors import CliError, UsageFault
from cli.output import say, write

app = typer.Typer(
    name="yuanliu",
    help="Follow disputes about where AI models come from: who said what about whose model, and who answered.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def show_version(wanted: bool) -> None:
    """Print the version and stop."""
    if wanted:
        write(f"yuanliu {__version__}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version and exit.", callback=show_version, is_eager=True)
    ] = False,
) -> None:
    """Follow disputes about where AI models come from: who said what about whose model, and who answered."""


for commands in (
    collect.COMMANDS,
    crawl.COMMANDS,
    read.COMMANDS,
    ask.COMMANDS,
    search.COMMANDS,
    names.COMMANDS,
    disputes.COMMANDS,
    history.COMMANDS,
    forget.COMMANDS,
    share.COMMANDS,
):
    for command in commands:
        app.command()(command)
app.add_typer(sources.group, name="sources")
app.add_typer(servers.neo4j, name="neo4j")
app.add_typer(history.archive_group, name="archive")
app.add_typer(judge.group, name="judge")


def run() -> None:
    """Run the command line and exit with its code."""
    try:
        try:
            app()
        finally:
            sys.stdout.flush()
    except UsageFault as fault:
        say(f"yuanliu: {fault}")
        sys.exit(2)
    except known_errors() as error:
        say(f"yuanliu: {error}")
        sys.exit(1)
    except OSError as error:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # else the last flush complains again
        if not isinstance(error, BrokenPipeError):
            say(f"yuanliu: {error}; what was done before is kept")
        sys.exit(1)


def known_errors() -> tuple[type[Exception], ...]:
    """Return the errors that are told in one line; those of packages that were not imported cannot have been raised."""
    bases: list[type[Exception]] = [CliError]
    for module, name in (("crawler", "CrawlerError"), ("nlp", "NlpError"), ("graph", "GraphError")):
        errors = sys.modules.get(f"{module}.errors")
        if errors:
            bases.append(getattr(errors, name))
    if sqlite := sys.modules.get("sqlite3"):
        bases.append(sqlite.Error)
    return tuple(bases)
