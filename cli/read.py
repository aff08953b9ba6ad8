"""Reading: the commands that work on lines of JSON, without an archive or a graph.

annotate and resolve. Lines flow in from a file or standard input, lines flow out in the same order.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TextIO

import typer

from cli.errors import CliError, UsageFault
from cli.options import ConfigFile
from cli.output import json_text, progress, say
from cli.workspace import configure, open_extractor, read_vocabulary

if TYPE_CHECKING:
    from cli.config import Config
    from crawler.document import Document
    from nlp.annotation import Annotation

Vocabulary = Annotated[
    bool, typer.Option("--vocabulary/--no-vocabulary", help="Use the built-in names, or only the patterns.")
]
Extractor = Annotated[
    str | None, typer.Option("--extractor", metavar="NAME", help="What finds statements: rules, or llm as configured.")
]
Jobs = Annotated[int, typer.Option("--jobs", metavar="N", min=1, max=64, help="Annotate in so many processes.")]
Output = Annotated[str, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - is standard output.")]


def annotate(
    documents: Annotated[str, typer.Argument(metavar="DOCS.jsonl", help="Documents, one a line; - is standard input.")],
    output: Output = "-",
    vocabulary: Vocabulary = True,
    extractor: Extractor = None,
    jobs: Jobs = 1,
    config: ConfigFile = None,
) -> None:
    """Find names and statements in documents.

    JSON Lines in, JSON Lines out, in the same order.

    A name that one document explains, such as 陈若溪（Ruoxi Chen）, is the same entity in all of them.

    Example: yuanliu annotate docs.jsonl -o annotated.jsonl
    """
    from nlp.gold_format import to_gold_format  # noqa: PLC0415
    from nlp.joining import join_names  # noqa: PLC0415

    check_paths(documents, output)
    chosen = configure(config, extractor=extractor)
    if jobs > 1 and chosen.extractor != "rules":
        raise UsageFault(f"--jobs {jobs} is for the rules; the extractor {chosen.extractor!r} is asked one by one")
    reader = DocumentReader()
    with progress("annotating", None) as step:
        annotations = []
        for annotation in annotate_all(reader, documents, chosen, vocabulary=vocabulary, jobs=jobs):
            annotations.append(annotation)
            step(1)
    with open_output(output) as target:
        for annotation in join_names(annotations):
            target.write(json_text(to_gold_format(annotation)) + "\n")
    tell_failed(reader.failed)


class DocumentReader:
    """Reads the documents of a file, and tells of the lines that hold none."""

    def __init__(self) -> None:
        self.failed = 0

    def read(self, path: str) -> Iterator[tuple[str, Document]]:
        """Yield each document with its place."""
        from crawler.errors import CrawlerError  # noqa: PLC0415
        from crawler.records import document_from_record  # noqa: PLC0415

        for where, record in read_records(path):
            try:
                yield where, document_from_record(check_object(record), where=where, header={})
            except (CrawlerError, CliError) as error:
                self.skip(where, error)

    def skip(self, where: str, error: Exception) -> None:
        """Count a line that cannot be used, and say why."""
        self.failed += 1
        say(str(error) if str(error).startswith(where) else f"{where}: {error}")


def annotate_all(
    reader: DocumentReader, path: str, config: Config, *, vocabulary: bool, jobs: int
) -> Iterator[Annotation]:
    """Yield the annotations of the documents of a file, in order; what its extractor leaves is told of."""
    from nlp.errors import DocumentLeft  # noqa: PLC0415
    from nlp.pipeline import Annotator  # noqa: PLC0415
    from nlp.workers import annotate_in_processes  # noqa: PLC0415

    if jobs > 1:
        load = partial(read_vocabulary, config, built_in=vocabulary)
        load()  # a names file that cannot be used is told of once
        yield from annotate_in_processes((each for _, each in reader.read(path)), vocabulary=load, jobs=jobs)
        return
    with open_extractor(config) as extractor:
        annotator = Annotator(read_vocabulary(config, built_in=vocabulary), extractor=extractor)
        for where, document in reader.read(path):
            try:
                yield annotator.annotate(document)
            except DocumentLeft as error:
                reader.skip(where, error)


def resolve(
    names: Annotated[str, typer.Argument(metavar="NAMES.jsonl", help="Names, one a line; - is standard input.")],
    output: Output = "-",
    vocabulary: Vocabulary = True,
    config: ConfigFile = None,
) -> None:
    """Give each name of a list its canonical id.

    Lines with {"surface", "type"} in; "canonical" is added. Names that nobody listed are compared with each other: the same
    person in characters and in pinyin gets one id.

    Example: yuanliu resolve names.jsonl
    """
    from nlp.resolve import KINDS, Resolver  # noqa: PLC0415

    check_paths(names, output)
    resolver = Resolver(read_vocabulary(configure(config), built_in=vocabulary))
    rows: list[dict[str, Any]] = []
    failed = 0
    for where, record in read_records(names):
        try:
            row = check_object(record)
            surface, kind = row.get("surface"), row.get("type")
            if not isinstance(surface, str) or not surface.strip():
                raise CliError(f"surface is {surface!r}; expected a name")
            if kind not in KINDS:
                raise CliError(f"type is {kind!r}; expected PERSON, ORG or MODEL")
            rows.append(row)
        except CliError as error:
            failed += 1
            say(f"{where}: {error}")
    entities = resolver.resolve_all([(row["surface"], KINDS[row["type"]]) for row in rows])
    with open_output(output) as target:
        for row, entity in zip(rows, entities, strict=True):
            target.write(json_text(row | {"canonical": entity.id}) + "\n")
    tell_failed(failed)


def read_records(path: str) -> Iterator[tuple[str, Any]]:
    """Yield the place and the value of each line; None, told of later, for a line that is no JSON."""
    with open_input(path) as lines:
        for number, line in enumerate(lines, 1):
            if line.strip():
                where = f"{'standard input' if path == '-' else path}:{number}"
                yield where, parse(line)


def parse(line: bytes) -> object:
    """Return the JSON value of a line; an error as a value, so that the next lines are read."""
    try:
        return json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        return CliError(f"is not a line of JSON in UTF-8: {error}")


def check_object(record: object) -> dict[str, Any]:
    """Return a record that is an object; raise CliError for another."""
    if isinstance(record, CliError):
        raise record
    if not isinstance(record, dict):
        raise CliError(f"is {type(record).__name__}, not an object in braces")
    return record


def check_paths(reading: str, writing: str) -> None:
    """Refuse a file that cannot be read, and to write over it, before anything is loaded or emptied."""
    if reading == "-" or Path(reading).is_fifo():
        return
    with open_input(reading):
        pass
    if writing != "-" and Path(writing).exists() and Path(writing).samefile(reading):
        raise UsageFault(f"--output {writing} is the file that is read; name another one")


@contextmanager
def open_input(path: str) -> Iterator[Iterator[bytes]]:
    """Open a file or standard input by lines of bytes."""
    if path == "-":
        yield iter(sys.stdin.buffer)
        return
    try:
        with Path(path).open("rb") as file:
            yield iter(file)
    except OSError as error:
        raise UsageFault(f"cannot read {path}: {error.strerror}") from error


@contextmanager
def open_output(path: str) -> Iterator[TextIO]:
    """Open a file to write, or standard output."""
    if path == "-":
        yield sys.stdout
        return
    try:
        with Path(path).open("w", encoding="utf-8") as file:
            yield file
    except OSError as error:
        raise UsageFault(f"cannot write {path}: {error.strerror}") from error


def tell_failed(failed: int) -> None:
    """Fail if lines were skipped."""
    if failed:
        raise CliError(f"{failed} {'line was' if failed == 1 else 'lines were'} skipped")


COMMANDS = (annotate, resolve)
