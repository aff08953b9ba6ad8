"""Options that several commands share."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.output import Format

ConfigFile = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="Read this configuration instead of ./yuanliu.toml.")
]
ArchiveFile = Annotated[str | None, typer.Option("--archive", metavar="FILE", help="Use this archive file.")]
StoreAddress = Annotated[str | None, typer.Option("--store", metavar="ADDRESS", help="Use this store, sqlite:FILE.")]
OutputFormat = Annotated[
    Format, typer.Option("--format", "-f", metavar="FORMAT", help="table, json, jsonl, csv or markdown.")
]
NamesLanguage = Annotated[
    str | None,
    typer.Option("--names", metavar="LANG", help="Name people and companies in zh or en where they have such a name."),
]
