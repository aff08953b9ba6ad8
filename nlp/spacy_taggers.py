"""spaCy pipelines as further taggers: those that a user has installed and asks for with `taggers` in yuanliu.toml.

The name of a package (en_core_web_trf) or of a folder flows in, spans as nlp.tagger gives them flow out to nlp.unlisted. A
pipeline reads the lines of its own language only; what it calls a product is left alone, since none of them knows models.
"""

from __future__ import annotations

import importlib.metadata
import json
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from nlp.annotation import EntityKind
from nlp.errors import VocabularyError
from nlp.tagger import HAN, Tagged, lines

if TYPE_CHECKING:
    from spacy.language import Language

KINDS: dict[str, EntityKind] = {"PERSON": "person", "PER": "person", "ORG": "organization"}
PROBABILITY = 0.7  # spaCy gives none
USELESS = ["parser", "lemmatizer", "attribute_ruler", "tagger", "morphologizer", "senter"]


def version_of(name: str) -> str:
    """Return which version of a pipeline is installed, so that annotations are kept apart by it.

    Raises:
        VocabularyError: when there is no such package or folder.
    """
    folder = Path(name) / "meta.json"
    if folder.is_file():
        meta = json.loads(folder.read_text(encoding="utf-8"))
        return f"{meta.get('lang')}_{meta.get('name')} {meta.get('version')}"
    try:
        return f"{name} {importlib.metadata.version(name)}"
    except importlib.metadata.PackageNotFoundError:
        raise VocabularyError(
            f"the tagger {name!r} is no installed spaCy pipeline and no folder of one; install it, or take it out of `taggers` in yuanliu.toml"
        ) from None


@lru_cache(maxsize=4)
def load_pipeline(name: str) -> Language:
    """Load a pipeline, once, without the components that find no names."""
    import spacy  # noqa: PLC0415 - a slow import

    try:
        return spacy.load(name, exclude=USELESS)
    except (OSError, ValueError, ImportError) as error:
        raise VocabularyError(f"the tagger {name!r} cannot be loaded: {error}") from error


def find_with(name: str, text: str) -> Iterator[Tagged]:
    """Yield the people and organisations that a pipeline finds in the lines of its language."""
    pipeline = load_pipeline(name)
    chinese = pipeline.lang == "zh"
    chosen = [(start, end) for start, end in lines(text) if bool(HAN.search(text, start, end)) == chinese]
    documents = pipeline.pipe(text[start:end] for start, end in chosen)
    for (start, _), document in zip(chosen, documents, strict=True):
        for found in document.ents:
            kind = KINDS.get(found.label_)
            if kind:
                yield Tagged(start + found.start_char, start + found.end_char, kind, PROBABILITY)
