"""Sharing: the command that writes the graph, or what lies around a subject, for other programs.

A format and a place flow in, a file of graph.export flows out; with `-o -` its text goes to standard output.
"""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.config import Config
from cli.errors import UsageFault
from cli.options import ConfigFile, StoreAddress
from cli.output import progress, say, write
from cli.workspace import configure, open_store

if TYPE_CHECKING:
    from graph.contents import Counts, Source
    from graph.store import Store


class FileFormat(StrEnum):
    """The formats of an export."""

    graphml = "graphml"
    gexf = "gexf"
    jsonl = "jsonl"
    networkx = "networkx"
    csv = "csv"
    cypher = "cypher"


def export(  # noqa: PLR0913 - a command has the options it has
    subject: Annotated[
        str | None,
        typer.Argument(metavar="SUBJECT", help="Only what lies around a model, company or person, by any name."),
    ] = None,
    form: Annotated[
        FileFormat | None,
        typer.Option(
            *("--format", "-f"),
            metavar="FORMAT",
            help="graphml, gexf, jsonl, networkx, csv or cypher; else the one that the name of the file asks for.",
        ),
    ] = None,
    *,
    output: Annotated[
        str,
        typer.Option(
            *("--output", "-o"),
            metavar="FILE",
            help="Write this file, for csv a folder or a .zip; - is standard output.",
        ),
    ],
    dispute: Annotated[
        str | None, typer.Option("--dispute", metavar="SLUG", help="Only what lies around a dispute.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace what an earlier export wrote there.")] = False,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Write the graph to a file for Gephi, networkx, Neo4j or a table program, with nothing lost.

    graphml, gexf, jsonl and networkx (node-link JSON) can be read back; csv is a folder or .zip of tables for LOAD CSV
    and neo4j-admin import; cypher is a script for cypher-shell.

    Example: yuanliu export -f graphml -o graph.graphml
    """
    chosen = configure(config, store=store)
    wanted = check(subject, form, output, dispute)
    if output != "-":
        spare_own_files(chosen, Path(output))
    with open_store(chosen) as opened:
        source = part_of(opened, subject, dispute)
        counts = write_export(source, wanted, output, force=force)
    if not counts.nodes:
        say("the graph is empty: `yuanliu load` fills it; the export is written all the same")
    told = f"wrote {counts.nodes} nodes, {counts.edges} edges and {counts.names} names"
    say(f"{told} as {wanted}" + (f" to {output}" if output != "-" else ""))


def check(subject: str | None, form: FileFormat | None, output: str, dispute: str | None) -> str:
    """Return the format that is meant.

    Raises:
        UsageFault: for options that do not go together.
    """
    from graph.export import SUFFIXES  # noqa: PLC0415

    if subject is not None and dispute is not None:
        raise UsageFault(f"SUBJECT {subject!r} and --dispute {dispute!r} do not go together; give one of them")
    if form is None:
        known = SUFFIXES.get(Path(output).suffix.lower())
        if known is None:
            raise UsageFault(f"-o {output!r} does not tell the format; give -f, one of {', '.join(FileFormat)}")
        return known
    if form is FileFormat.csv and output == "-":
        raise UsageFault("-f csv is many files, -o - is one; name a folder or a .zip file")
    return form.value


def spare_own_files(config: Config, output: Path) -> None:
    """Raise UsageFault where an export would take the place of the store or archive."""
    kind, _, place = config.store.partition(":")
    own = [config.archive_path, *([config.base / place] if kind == "sqlite" and place else [])]
    if output.resolve() in {path.resolve() for path in own}:
        raise UsageFault(f"-o {str(output)!r} is the store or archive itself; name another file")


def part_of(store: Store, subject: str | None, dispute: str | None) -> Source:
    """Return the store, or the graph of what lies around a subject or dispute."""
    if subject is None and dispute is None:
        return store
    from graph.export.surroundings import surroundings  # noqa: PLC0415
    from graph.subjects import find_subject, find_topic  # noqa: PLC0415

    if dispute is not None:
        return surroundings(store, find_topic(store, f"dispute:{dispute.removeprefix('dispute:')}").id)
    return surroundings(store, find_subject(store, subject or "")["id"])


def write_export(source: Source, form: str, output: str, *, force: bool) -> Counts:
    """Write an export and show how far it is."""
    from graph.contents import contents_of  # noqa: PLC0415
    from graph.export import export as export_to_place  # noqa: PLC0415
    from graph.export import stream  # noqa: PLC0415

    contents = contents_of(source)
    with contents.snapshot():
        counts = contents.count()
        with progress("exporting", counts.nodes + counts.edges) as step:
            if output == "-":
                stream(contents, form, write, step=step)
            else:
                export_to_place(contents, form, Path(output), force=force, step=step)
    return counts


COMMANDS = (export,)
