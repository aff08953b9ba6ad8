"""The workspace: configuration, archive, store and vocabulary of one run, opened where they are needed.

Options flow in from the commands; opened objects flow out. Heavy packages are imported here, inside the functions, so
that a command that only asks the graph never loads a crawler or a language pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from cli.config import Config, load_config
from cli.errors import CliError

if TYPE_CHECKING:
    from crawler.archive import Archive
    from graph.load import LoadReport
    from graph.store import Store
    from nlp.vocabulary import Vocabulary


def configure(file: Path | None = None, *, archive: str | None = None, store: str | None = None) -> Config:
    """Return the configuration with the options of a command laid over it.

    A named archive is also where the graph goes, unless a store is named too.
    """
    config = load_config(file)
    if archive:
        config = replace(config, archive=str(Path(archive).absolute()))
        config = replace(config, store=f"sqlite:{config.archive}")
    if store:
        kind, _, place = store.partition(":")
        config = replace(config, store=f"sqlite:{Path(place).absolute()}" if kind == "sqlite" and place else store)
    return config


@contextmanager
def open_archive(config: Config) -> Iterator[Archive]:
    """Open the archive, making it if need be."""
    from crawler.archive import Archive  # noqa: PLC0415

    with Archive(config.archive_path) as archive:
        yield archive


@contextmanager
def open_store(config: Config, *, must_exist: bool = True) -> Iterator[Store]:
    """Open the store of the graph; a missing SQLite file is an error where there must be something to ask."""
    from graph.store import Credentials  # noqa: PLC0415
    from graph.store import open_store as open_address  # noqa: PLC0415

    kind, _, place = config.store.partition(":")
    if must_exist and kind == "sqlite" and place and not (config.base / place).is_file():
        raise CliError(
            f"there is no store {config.base / place}; `yuanliu ingest FILE` and `yuanliu load` make one, "
            "`yuanliu demo` shows the sample"
        )
    login = config.neo4j
    credentials = Credentials(user=login.user, password=login.password, database=login.database)
    store = open_address(config.store, base=config.base, credentials=credentials)
    try:
        yield store
    finally:
        store.close()


def read_vocabulary(config: Config, *, built_in: bool = True) -> Vocabulary:
    """Read the vocabulary of a configuration."""
    from nlp.vocabulary import load_vocabulary  # noqa: PLC0415

    return load_vocabulary(
        [config.base / name for name in config.names],
        built_in=built_in and config.vocabulary,
        taggers=config.taggers,
    )


def load_graph(config: Config) -> LoadReport:
    """Bring the store up to date with the archive."""
    from cli.output import progress  # noqa: PLC0415
    from graph.load import Steps, load  # noqa: PLC0415
    from nlp.annotation_table import AnnotationTable  # noqa: PLC0415
    from nlp.pipeline import VERSION, Annotator  # noqa: PLC0415

    vocabulary = read_vocabulary(config)
    with open_archive(config) as archive, open_store(config, must_exist=False) as store:
        table = AnnotationTable(archive.connection, vocabulary=vocabulary.digest, version=VERSION)
        with (
            progress("reading documents", archive.counts()["documents"]) as read,
            progress("writing records", None) as written,
        ):
            steps = Steps(read=read, written=written)
            return load(archive, store, table, annotator=lambda: Annotator(vocabulary), steps=steps)
