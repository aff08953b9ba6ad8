"""Models: the conditional random fields that come with the package, each opened once.

The name of a file in nlp/data flows in, an opened model flows out to nlp.tagger, nlp.statement_spans, nlp.statement_kinds, nlp.speakers and
nlp.link_features.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pycrfsuite import Tagger as Model


place_of: dict[str, Path] = {}  # models that are taken from elsewhere


@lru_cache(maxsize=8)
def built_in_model(name: str) -> Model:
    """Open a model of the package, once."""
    if name in place_of:
        return open_model(str(place_of[name]))
    with as_file(files("nlp") / "data" / name) as file:
        return open_model(str(file))


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
    built_in_model.cache_clear()
    place_of = {name: folder / name for name in names}
    try:
        yield
    finally:
        place_of = usual
        built_in_model.cache_clear()
