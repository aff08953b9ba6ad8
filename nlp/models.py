"""Models: the conditional random fields that come with the package, each opened once.

The name of a file in nlp/data flows in, an opened model flows out to nlp.tagger, nlp.sentence_kinds and nlp.link_features.
"""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import as_file, files
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pycrfsuite import Tagger as Model


@lru_cache(maxsize=8)
def built_in_model(name: str) -> Model:
    """Open a model of the package, once."""
    with as_file(files("nlp") / "data" / name) as file:
        return open_model(str(file))


def open_model(path: str) -> Model:
    """Open a model file."""
    from pycrfsuite import Tagger as Model  # noqa: PLC0415 - a compiled library that most commands never need

    model = Model()
    model.open(path)
    return model
