"""Lineage: the command that shows which models a model is said to derive from, and which are said to derive from it.

A name flows in; rows of graph.lineage flow out as a tree, as rows, as a Mermaid flowchart or as GraphML.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.ask import check_choice, day
from cli.errors import CliError
from cli.options import AsOf, ConfigFile, NamesLanguage, ReaderLanguage, StoreAddress
from cli.output import Format, clean, say, write, write_rows, write_tree
from cli.workspace import configure, open_store

if TYPE_CHECKING:
    from graph.lineage import LineageRow
    from graph.store import Row, Store


ARTICLES = {"organization": "an organization", "person": "a person"}


class LineageFormat(StrEnum):
    """How a lineage is written: in any format of results, as a diagram, or for programs that draw graphs."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    markdown = "markdown"
    mermaid = "mermaid"
    graphml = "graphml"


def lineage(  # noqa: PLR0913, PLR0917  (a command has the options it has)
    model: Annotated[str, typer.Argument(metavar="MODEL", help="A model or a family of models, by any name.")],
    depth: Annotated[
        int, typer.Option(metavar="N", min=1, max=20, help="At most so many derivations after one another.")
    ] = 3,
    as_of: AsOf = None,
    form: Annotated[
        LineageFormat,
        typer.Option("--format", "-f", metavar="FORMAT", help="table, json, jsonl, csv, markdown, mermaid or graphml."),
    ] = LineageFormat.table,
    lang: ReaderLanguage = None,
    names: NamesLanguage = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Show what a model is said to derive from, and what is said to derive from it.

    Every line is an allegation, with who says so. A family stands for its members.

    Example: yuanliu lineage Yi -f mermaid
    """
    from graph.lineage import lineage as ask_lineage  # noqa: PLC0415
    from graph.subjects import display_name  # noqa: PLC0415

    for name, value in (("--lang", lang), ("--names", names)):
        check_choice(name, value, ("zh", "en"))
    until, language = day("--as-of", as_of), names or lang
    with open_store(configure(config, store=store)) as opened:
        found = find_model(opened, model)
        rows = ask_lineage(opened, found["id"], names=language, as_of=until, depth=depth)
    called = display_name(found, language)
    if not rows:
        say(
            f"nothing is told of where {called} comes from or of what comes from it" + (f" by {until}" if until else "")
        )
    write_lineage(rows, called, form=form)


def find_model(store: Store, name: str) -> Row:
    """Return the model that a name means.

    Raises:
        CliError: for a company or a person; names its models.
    """
    from graph.subjects import find_subject  # noqa: PLC0415

    found = find_subject(store, name)
    if found["kind"] == "model":
        return found
    related = store.query("entity_relations", id=found["id"])
    models = [other["name"] for other in related if (other["type"], other["direction"]) == ("DEVELOPED_BY", "in")]
    hint = f"one of its models: {', '.join(models[:5])}" if models else "a model"
    raise CliError(
        f"{name!r} is {found['name']}, {ARTICLES[found['kind']]}, and lineage is about models; ask for {hint}"
    )


def write_lineage(rows: Sequence[LineageRow], called: str, *, form: LineageFormat) -> None:
    """Write derivations in a format."""
    from graph.lineage_formats import graphml_of, mermaid_of  # noqa: PLC0415

    if form is LineageFormat.mermaid:
        return write("\n".join(map(clean_line, mermaid_of(rows).splitlines())))
    if form is LineageFormat.graphml:
        return write(graphml_of(rows))
    if form is LineageFormat.table:
        return show_lineage(rows, called)
    return write_rows(
        rows,
        form=Format(form.value),
        columns={
            "model": lambda row: row["model"]["name"],
            "is said to derive from": lambda row: row["origin"]["name"],
            "aspect": lambda row: row["aspect"],
            "status": lambda row: row["status"],
            "opened": lambda row: row["opened"],
            "last activity": lambda row: row["lastActivity"],
            "who says so": says_cell,
        },
    )


def clean_line(line: str) -> str:
    """Return a line without control characters, with its indentation.

    >>> clean_line("    m0[晨星\\x1b]")
    '    m0[晨星]'
    """
    return line[: len(line) - len(line.lstrip(" "))] + clean(line)


def says_cell(row: Mapping[str, Any]) -> str:
    """Return who says so, each with the day and the claim."""
    from graph.lineage import said_by  # noqa: PLC0415
    from graph.lineage_formats import speaker_name  # noqa: PLC0415

    return "; ".join(f"{said_by(claim, speaker_name(claim))} ({claim['claim']})" for claim in row["claims"])


def show_lineage(rows: Sequence[LineageRow], called: str) -> None:
    """Write derivations as a tree of two parts, and the longest chain where one has several steps."""
    from graph.lineage_formats import tree_of  # noqa: PLC0415

    parts = (("said to derive from", tree_of(rows, "out")), ("said to derive from it", tree_of(rows, "in")))
    shown = [part for part in parts if part[1]]
    if shown:
        write_tree(called, shown)
    if any(row["depth"] > 1 or row["model"]["id"] == row["origin"]["id"] for row in rows):
        show_chain(rows)


def show_chain(rows: Sequence[LineageRow]) -> None:
    """Write the longest chain of alleged derivations, a cycle of models as one step."""
    from graph.analysis import derivation_chains  # noqa: PLC0415

    names = {ref["id"]: ref["name"] for row in rows for ref in (row["model"], row["origin"])}
    chains = derivation_chains((row["model"]["id"], row["origin"]["id"]) for row in rows)
    if chains:
        steps = [" and ".join(clean(names[one]) for one in step) for step in chains[0]["steps"]]
        cycle = [step for step in chains[0]["steps"] if len(step) > 1]
        write(
            "longest chain of allegations: " + " → ".join(steps) + (" (a cycle: each from the other)" if cycle else "")
        )
