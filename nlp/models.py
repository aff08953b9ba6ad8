"""Models: the conditional random fields and tables of weights that come with the package, each opened once.

The name of a file in nlp/data flows in, an opened model flows out to nlp.tagger, nlp.statement_spans, nlp.statement_kinds, nlp.speakers and
nlp.links.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.choices import read_weights

if TYPE_CHECKING:
    from pycrfsuite import Tagger as Model


place_of: dict[str, Path] = {}  # models that are taken from elsewhere


@contextmanager
def file_of(name: str) -> Iterator[Path]:
    """Give the file of a model for a while."""
    if name in place_of:
        yield place_of[name]
    else:
        with as_file(files("nlp") / "data" / name) as file:
            yield file


@lru_cache(maxsize=8)
def built_in_model(name: str) -> Model:
    """Open a model of the package, once."""
    with file_of(name) as file:
        return open_model(str(file))


@lru_cache(maxsize=8)
def built_in_weights(name: str) -> Mapping[str, float]:
    """Read a table of weights of the package, once."""
    with file_of(name) as file:
        return read_weights(file)


def open_model(path: str) -> Model:
    """Open a model file."""
    from pycrfsuite import Tagger as Model  # noqa: PLC0415 - a compiled library that most commands never need

    model = Model()
    model.open(path)
    return model


@contextmanager
def models_from(folder: Path, *names: str) -> Iterator[None]:
    """Take some models from another folder for a while: how training measures models that do not come with the package."""
    global place_of  # noqa: PLW0603
    usual = place_of
    forget_opened()
    place_of = {name: folder / name for name in names}
    try:
        yield
    finally:
        place_of = usual
        forget_opened()


def forget_opened() -> None:
    """Open models anew when they are asked for again."""
    built_in_model.cache_clear()
    built_in_weights.cache_clear()
