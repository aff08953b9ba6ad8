"""Options that several commands share."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from cli.output import Format


class TimelineFormat(StrEnum):
    """How a timeline is written: in any format of results, or as a diagram."""

    table = "table"
    json = "json"
    jsonl = "jsonl"
    csv = "csv"
    markdown = "markdown"
    mermaid = "mermaid"


ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Read this configuration instead of ./yuanliu.toml.")
]
ArchiveFile = Annotated[str | None, typer.Option("--archive", metavar="FILE", help="Use this archive file.")]
StoreAddress = Annotated[str | None, typer.Option("--store", metavar="ADDRESS", help="Use this store, sqlite:FILE.")]
OutputFormat = Annotated[
    Format, typer.Option("--format", "-f", metavar="FORMAT", help="table, json, jsonl, csv or markdown.")
]
ReaderLanguage = Annotated[
    str | None,
    typer.Option(
        "--lang",
        metavar="LANG",
        help="Your language, zh or en: names in it, and the words of a source in it if one has them.",
    ),
]
NamesLanguage = Annotated[
    str | None,
    typer.Option("--names", metavar="LANG", help="Names alone in zh or en, whatever --lang says."),
]
NamesOnly = Annotated[
    str | None, typer.Option("--lang", "--names", metavar="LANG", help="Your language, zh or en: names in it.")
]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only what happened on this day or later.")]
Until = Annotated[str | None, typer.Option(metavar="DATE", help="Only what happened on this day or earlier.")]
AsOf = Annotated[
    str | None, typer.Option(metavar="DATE", help="As it was known from what the archive held by this day.")
]
KindOrGroup = Annotated[str | None, typer.Option(metavar="KIND", help="A kind or group, such as denial or answering.")]
SaidBy = Annotated[str | None, typer.Option(metavar="NAME", help="Only what this person or company said.")]
ToldIn = Annotated[str | None, typer.Option("--in", metavar="LANG", help="Only what some source in zh or en tells.")]
