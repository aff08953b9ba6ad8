"""Servers: the commands for a graph that is kept in Neo4j.

neo4j check, schema and load. An address flows in; what the server is and holds, and what was written, flow out.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated, Any

import typer

from cli.config import Config
from cli.errors import CliError, UsageFault
from cli.options import ArchiveFile, ConfigFile, OutputFormat
from cli.output import Format, say, write_json, write_rows
from cli.workspace import configure, load_graph, open_store

Address = Annotated[
    str | None, typer.Argument(metavar="[ADDRESS]", help="neo4j://HOST:7687; the configured store if none.")
]

neo4j = typer.Typer(help="Keep the graph in a Neo4j server.", no_args_is_help=True, rich_markup_mode=None)


def configure_server(address: str | None, config: Any, archive: str | None = None) -> Config:  # noqa: ANN401
    """Return the configuration with a Neo4j address as its store."""
    chosen = configure(config, archive=archive)
    chosen = replace(chosen, store=address or chosen.store)
    if chosen.store.partition(":")[0] == "sqlite":
        raise UsageFault(f"{chosen.store} is no Neo4j server; name one, such as neo4j://localhost:7687")
    return chosen


@neo4j.command()
def check(address: Address = None, form: OutputFormat = Format.table, config: ConfigFile = None) -> None:
    """Show what the server is, lacks and holds.

    Its content is compared with that of the embedded store, if there is one.

    Example: yuanliu neo4j check neo4j://localhost:7687
    """
    from graph.neo4j_store import Neo4jStore  # noqa: PLC0415

    chosen = configure_server(address, config)
    embedded = configure(config)
    with open_store(chosen) as server:
        if not isinstance(server, Neo4jStore):
            raise UsageFault(f"{chosen.store} is no Neo4j server")
        missing = server.missing_schema()
        row: dict[str, Any] = {"server": server.version, "edition": server.edition, "missing": missing}
        row |= server.query("counts")[0] | {"hash": server.content_hash()}
    kind, _, place = embedded.store.partition(":")
    if kind == "sqlite" and (embedded.base / place).is_file():
        with open_store(embedded) as held:
            row["equal"] = held.content_hash() == row["hash"]
    if form is Format.json:
        write_json(row)
    else:
        pairs = [{"what": name, "value": shown(value)} for name, value in row.items()]
        write_rows(pairs, form=form, columns={"what": lambda pair: pair["what"], "value": lambda pair: pair["value"]})
    if missing:
        raise CliError(f"{len(missing)} constraints or indexes are missing; `yuanliu neo4j schema` makes them")
    if row.get("equal") is False:
        raise CliError(
            "the server does not hold what the embedded store holds; `yuanliu neo4j load` brings it up to date"
        )


def shown(value: object) -> str:
    """Return a value as a table shows it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    return ", ".join(map(str, value)) or "nothing" if isinstance(value, list) else str(value)


@neo4j.command()
def schema(address: Address = None, config: ConfigFile = None) -> None:
    """Make the constraints and indexes that are missing.

    Example: yuanliu neo4j schema neo4j://localhost:7687
    """
    from graph.neo4j_store import Neo4jStore  # noqa: PLC0415

    chosen = configure_server(address, config)
    with open_store(chosen) as server:
        if not isinstance(server, Neo4jStore):
            raise UsageFault(f"{chosen.store} is no Neo4j server")
        missing = server.missing_schema()
        server.prepare()
    say(f"made {len(missing)} constraints and indexes" if missing else "the schema is complete")


@neo4j.command(name="load")
def load_server(address: Address = None, config: ConfigFile = None, archive: ArchiveFile = None) -> None:
    """Bring the server up to date with the archive.

    A load that was stopped is gone on with.

    Example: yuanliu neo4j load neo4j://localhost:7687
    """
    chosen = configure_server(address, config, archive)
    if not chosen.archive_path.is_file():
        raise CliError(f"there is no archive {chosen.archive_path}; `yuanliu ingest` or `yuanliu crawl` makes one")
    report = load_graph(chosen)
    say(f"{report.documents} documents; {report.added} records new, {report.changed} changed, {report.removed} removed")
