"""Aspects: what of one model another is said to come from, from nlp/data/aspects.toml.

The words of a statement flow in; names of aspects flow out to graph.derivations.
"""

from __future__ import annotations

import hashlib
import tomllib
from functools import lru_cache
from importlib.resources import files

from nlp.folding import fold
from nlp.senses import SenseFinder, read_senses

UNSPECIFIED = "unspecified"
WRITTEN = {"tensor_names": "tensorNames"}


@lru_cache(maxsize=20_000)
def aspects_of(words: str) -> frozenset[str]:
    """Return the aspects that words speak of; none where they name none.

    >>> sorted(aspects_of("沿用架构，只改了张量名")), sorted(aspects_of("The Tokenizer is the same."))
    (['architecture', 'tensorNames'], ['tokenizer'])
    """
    return frozenset(WRITTEN.get(name, name) for _, _, name in aspect_finder().find(fold(words)))


@lru_cache(maxsize=1)
def aspect_finder() -> SenseFinder:
    """Return the finder of the built-in aspects."""
    return SenseFinder(read_senses(tomllib.loads(aspects_text())))


def aspects_text() -> str:
    """Return the file of the built-in aspects."""
    return (files("nlp") / "data" / "aspects.toml").read_text(encoding="utf-8")


@lru_cache(maxsize=1)
def aspects_digest() -> str:
    """Return a short hash of the built-in aspects."""
    return hashlib.sha256(aspects_text().encode()).hexdigest()[:8]
