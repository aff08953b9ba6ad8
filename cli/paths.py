"""Paths: the command that shows how two entities hang together, step by step.

Two names flow in; the steps of graph.path_steps flow out, each with the words and the page that it rests on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import typer

from cli.ask import check_choice
from cli.events import wrap
from cli.options import ConfigFile, NamesLanguage, OutputFormat, ReaderLanguage, StoreAddress
from cli.output import Format, clean_all, say, write, write_rows
from cli.workspace import configure, open_store

WIDTH = 100  # cells of a quotation
BASES = {
    "quoted": "",
    "named together": "both are named in ",
    "listed": "known from the lists of names; no page here names both",
}


def path(  # noqa: PLR0913, PLR0917  (a command has the options it has)
    start: Annotated[str, typer.Argument(metavar="A", help="A company, person or model, by any name.")],
    goal: Annotated[str, typer.Argument(metavar="B", help="Another one.")],
    form: OutputFormat = Format.table,
    lang: ReaderLanguage = None,
    names: NamesLanguage = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Show the shortest way from one entity to another through what was said.

    Claims, answers, disputes, makers and employers are followed.

    Example: yuanliu path "Kai-Fu Lee" Meta
    """
    from graph.path_steps import steps_of  # noqa: PLC0415
    from graph.paths import MOST_EDGES, shortest_path  # noqa: PLC0415
    from graph.subjects import display_name, find_subject  # noqa: PLC0415
    from graph.timeline import Reader  # noqa: PLC0415

    for name, value in (("--lang", lang), ("--names", names)):
        check_choice(name, value, ("zh", "en"))
    reader = Reader(names or lang, lang)
    with open_store(configure(config, store=store)) as opened:
        one, other = find_subject(opened, start), find_subject(opened, goal)
        hops = shortest_path(opened, one["id"], other["id"])
        rows = steps_of(opened, hops or [], reader=reader)
    ends = [display_name(each, reader.names) for each in (one, other)]
    if hops is None:
        say(f"nothing leads from {ends[0]} to {ends[1]} within {MOST_EDGES} steps")
    elif not hops:
        say(f"{start!r} and {goal!r} are both {ends[0]}")
    if form is Format.table:
        return write("\n".join(step_lines(rows))) if rows else None
    return write_rows(
        rows,
        form=form,
        columns={
            "from": lambda row: row["start"]["name"],
            "step": lambda row: row["relation"],
            "to": lambda row: row["end"]["name"],
            "words": lambda row: row["quote"],
            "rests on": rest_cell,
        },
    )


def step_lines(rows: Sequence[Mapping[str, Any]]) -> list[str]:
    """Return the lines that show the steps; words that two steps rest on are shown under the first."""
    lines: list[str] = []
    shown: set[str] = set()
    for number, row in enumerate(clean_all(list(rows)), 1):
        lines.append(f"{number}. {row['start']['name']} {row['relation']} {row['end']['name']}")
        if row["claim"] is None or row["claim"] not in shown:
            lines += [f"   {line}" for line in wrap(f"“{row['quote']}”", WIDTH)] if row["quote"] else []
            lines.append(f"   {rest_cell(row)}")
        shown |= {row["claim"]} - {None}
    return lines


def rest_cell(row: Mapping[str, Any]) -> str:
    """Return what a step rests on: the page of its words, or a page that names both ends.

    >>> rest_cell({"basis": "listed", "source": None, "published": None, "url": None, "document": None})
    'known from the lists of names; no page here names both'
    >>> page = {"source": "甲报", "published": None, "url": "https://a.example/", "document": "d"}
    >>> rest_cell({"basis": "quoted", **page})
    '甲报, undated: https://a.example/'
    """
    if not row["source"]:
        return BASES[row["basis"]]
    day = (row["published"] or "undated")[: len("2023-11-06")]
    return f"{BASES[row['basis']]}{row['source']}, {day}: {row['url'] or row['document']}"
