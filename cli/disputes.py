"""Disputes: the command that lists disputes and shows the card of one.

A slug, a title or names, and filters flow in; rows and cards of graph.dispute_list and graph.dispute_card flow out through
cli.output. lineage and path, the other questions about the graph as a whole, are in cli.lineage and cli.paths.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.ask import check_choice, day
from cli.dispute_lines import show_card
from cli.errors import UsageFault
from cli.lineage import lineage
from cli.options import AsOf, ConfigFile, NamesLanguage, OutputFormat, ReaderLanguage, StoreAddress
from cli.output import Format, say, write_json, write_line, write_rows
from cli.paths import path
from cli.workspace import configure, open_store

if TYPE_CHECKING:
    from graph.dispute_list import DisputeFilters
    from graph.store import Store
    from graph.timeline import Reader

LISTED = 50  # disputes, where nobody says how many


def disputes(  # noqa: PLR0913, PLR0917  (a command has the options it has)
    slug: Annotated[
        str | None,
        typer.Argument(
            metavar="[SLUG]",
            help="One dispute: its slug, the beginning of it, its title, or the names of both parties.",
        ),
    ] = None,
    status: Annotated[
        str | None,
        typer.Option(metavar="STATUS", help="Only open, answered, denied, contested, admitted or remedied ones."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only where something happened on this day or later.")
    ] = None,
    about: Annotated[
        str | None, typer.Option(metavar="ENTITY", help="Only those about this company, person or model.")
    ] = None,
    by: Annotated[
        str | None, typer.Option(metavar="NAME", help="Only those in which this person or company speaks.")
    ] = None,
    as_of: AsOf = None,
    number: Annotated[
        int | None,
        typer.Option(
            "-n",
            metavar="N",
            min=1,
            help="At most so many: 50 disputes, 5 of each thing on a card.",
            show_default=False,
        ),
    ] = None,
    form: OutputFormat = Format.table,
    lang: ReaderLanguage = None,
    names: NamesLanguage = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """List disputes, or show one with its parties, status and sources.

    A status is what the answers in the archive say; it decides nothing.

    Example: yuanliu disputes --status open --since 2024-06-01
    """
    from graph.dispute_list import STATUSES  # noqa: PLC0415
    from graph.timeline import Reader  # noqa: PLC0415

    for name, value, choices in (
        ("--lang", lang, ("zh", "en")),
        ("--names", names, ("zh", "en")),
        ("--status", status, STATUSES),
    ):
        check_choice(name, value, choices)
    filters: DisputeFilters = {"status": status, "since": day("--since", since), "as_of": day("--as-of", as_of)}
    filters |= {"about": about, "by": by}
    given = [name for name in ("status", "since", "about", "by") if filters.get(name)]
    if slug is not None and given:
        raise UsageFault(f"--{given[0]} narrows the list of all disputes; leave it out, or leave out {slug!r}")
    reader = Reader(names or lang, lang)
    with open_store(configure(config, store=store)) as opened:
        if slug is None:
            return write_list(opened, filters, reader, form=form, number=number)
        return write_card(opened, slug, reader, as_of=filters["as_of"], form=form, number=number)


def write_list(store: Store, filters: DisputeFilters, reader: Reader, *, form: Format, number: int | None) -> None:
    """Write the disputes that pass the filters, and say so where there are none or more."""
    from graph.dispute_list import list_disputes  # noqa: PLC0415
    from graph.subjects import find_subject  # noqa: PLC0415

    for name in ("about", "by"):
        if filters.get(name):
            filters[name] = find_subject(store, str(filters[name]))["id"]
    most = number or LISTED
    rows = list_disputes(store, filters, names=reader.names, limit=most + 1)
    if not rows:
        say("no dispute is told of within these limits")
    if len(rows) > most and number is None:
        say(f"these are the {most} with the newest activity; -n shows more")
    write_rows(rows[:most], form=form, columns=list_columns(form))


def list_columns(form: Format) -> dict[str, Callable[[Any], object]]:
    """Return what a list shows of each dispute; in a terminal the parties share the last column, which may wrap."""
    dispute: dict[str, Callable[[Any], object]] = {"dispute": lambda row: row["slug"]}
    parties: dict[str, Callable[[Any], object]] = {
        "title": lambda row: row["title"],
        "accused": lambda row: name_of(row["accused"]),
        "origin": lambda row: name_of(row["origin"]),
    }
    facts: dict[str, Callable[[Any], object]] = {
        "status": lambda row: row["status"],
        "opened": lambda row: row["opened"],
        "last activity": lambda row: row["lastActivity"],
        "claims": lambda row: row["claims"],
        "sources": lambda row: row["sources"],
    }
    if form is not Format.table:
        return dispute | parties | facts
    return dispute | facts | {"accused / alleged origin": between}


def between(row: dict[str, Any]) -> str:
    """Return a dispute's title, and its parties where the title is none that names them.

    >>> between({"title": "甲 / b", "accused": {"name": "甲"}, "origin": {"name": "b"}})
    '甲 / b'
    >>> between({"title": "The case", "accused": {"name": "甲"}, "origin": None})
    'The case: 甲'
    """
    parties = " / ".join(party["name"] for party in (row["accused"], row["origin"]) if party)
    return str(row["title"]) if row["title"] == parties else f"{row['title']}: {parties}"


def name_of(party: dict[str, str] | None) -> str:
    """Return the name of a party, nothing where nobody names one.

    >>> name_of({"id": "org:01-ai", "name": "零一万物"}), name_of(None)
    ('零一万物', '')
    """
    return party["name"] if party else ""


def write_card(store: Store, text: str, reader: Reader, *, as_of: str | None, form: Format, number: int | None) -> None:
    """Write the card of the dispute that a text means."""
    from graph.dispute_card import MOST, dispute_card  # noqa: PLC0415
    from graph.dispute_search import find_dispute  # noqa: PLC0415

    if form not in (Format.table, Format.json, Format.jsonl):
        raise UsageFault(f"--format {form.value} is not known for one dispute; use table, json or jsonl")
    found = find_dispute(store, text)
    card: dict[str, Any] | None = dispute_card(store, found, reader=reader, as_of=as_of, most=number or MOST)
    if card is None:
        return say(f"in {found['slug']} nobody was known to be accused by {as_of}")
    if form is Format.jsonl:
        return write_line(card)
    return write_json(card) if form is Format.json else show_card(card)


COMMANDS = (disputes, lineage, path)
