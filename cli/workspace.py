"""The workspace: configuration, archive, store and vocabulary of one run, opened where they are needed.

Options flow in from the commands; opened objects flow out. Heavy packages are imported here, inside the functions, so
that a command that only asks the graph never loads a crawler or a language pipeline.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.config import Config, check_endpoint, check_extractor, load_config
from cli.errors import CliError

if TYPE_CHECKING:
    from crawler.archive import Archive
    from crawler.settings import CrawlOptions
    from crawler.sources import Source
    from graph.load import LoadReport
    from graph.store import Store
    from nlp.llm.extractor import LlmExtractor
    from nlp.vocabulary import Vocabulary


def configure(
    file: Path | None = None, *, archive: str | None = None, store: str | None = None, extractor: str | None = None
) -> Config:
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
    if extractor is not None:
        check_extractor(extractor, where="--extractor")
        config = replace(config, extractor=extractor)
    return config


@contextmanager
def open_archive(config: Config) -> Iterator[Archive]:
    """Open the archive, making it if need be."""
    from crawler.archive import Archive  # noqa: PLC0415

    with Archive(config.archive_path) as archive:
        yield archive


def known_sources(config: Config) -> dict[str, Source]:
    """Return the sources of the catalogue and of the configuration, by name."""
    from crawler.sources import CATALOGUE, load_sources  # noqa: PLC0415

    tables: list[Any] = [CATALOGUE] if config.catalogue else []
    return load_sources(*tables, {"source": [dict(table) for table in config.sources]})


def is_own(config: Config, name: str) -> bool:
    """Tell whether the user described a source, and did not just change a field of one of the catalogue."""
    return not config.catalogue or any(table.get("name") == name and "url" in table for table in config.sources)


def crawl_options(config: Config, *, limit: int | None = None, since: str | None = None) -> CrawlOptions:
    """Return how to crawl with a configuration."""
    from crawler.settings import CrawlOptions  # noqa: PLC0415

    return CrawlOptions(
        delay=config.crawl.delay,
        contact=config.contact,
        proxy=config.crawl.proxy,
        allow_private=config.crawl.allow_private,
        budget=config.crawl.budget,
        browser=config.crawl.browser,
        limit=limit,
        since=since,
        follow=config.follow,
    )


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
        with (
            store.snapshot() if must_exist else nullcontext()
        ):  # an answer takes several queries, and a load may be at work
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


@contextmanager
def open_extractor(config: Config) -> Iterator[LlmExtractor | None]:
    """Open the extractor of statements, None for the rules; at the end say what a language model was asked for."""
    if config.extractor == "rules":
        yield None
        return
    check_endpoint(config.llm)
    from cli.output import say  # noqa: PLC0415
    from nlp.llm.client import Endpoint  # noqa: PLC0415
    from nlp.llm.extractor import Cutting, LlmExtractor  # noqa: PLC0415

    llm, archive = config.llm, config.archive_path
    endpoint = Endpoint(
        url=llm.url, model=llm.model, key=llm.key, timeout=llm.timeout, retries=llm.retries, budget=llm.budget
    )
    cache = archive.with_name(f"{archive.stem}.llm{archive.suffix}")
    extractor = LlmExtractor(endpoint, cache=cache, cutting=Cutting(piece=llm.piece, overlap=llm.overlap))
    try:
        yield extractor
    finally:
        extractor.close()
        if extractor.tally.used:
            say(extractor.tally.line())


def load_graph(config: Config) -> LoadReport:
    """Bring the store up to date with the archive.

    Raises:
        CliError: when there was something to read and nothing of it could be.
    """
    from cli.output import progress, say  # noqa: PLC0415
    from graph.load import Steps, load  # noqa: PLC0415
    from nlp.annotation_table import AnnotationTable  # noqa: PLC0415
    from nlp.pipeline import Annotator, version_with  # noqa: PLC0415

    vocabulary = read_vocabulary(config)
    with (
        open_archive(config) as archive,
        open_store(config, must_exist=False) as store,
        open_extractor(config) as extractor,
    ):
        table = AnnotationTable(archive.connection, vocabulary=vocabulary.digest, version=version_with(extractor))
        with (
            progress("reading documents", archive.counts()["documents"]) as read,
            progress("writing records", None) as written,
        ):
            steps = Steps(read=read, left=say, written=written)
            report = load(
                archive, store, table, annotator=lambda: Annotator(vocabulary, extractor=extractor), steps=steps
            )
    if report.left and not report.annotated:
        raise CliError(f"none of {report.left} new documents could be read; `yuanliu load` tries them again")
    return report
