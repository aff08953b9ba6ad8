"""The words that model names are made of, and those around them that tell a model from a person or a thing.

data/model_words.toml flows in; a checked `ModelWords` flows out to the grammar (nlp.model_tails, nlp.model_names) and
to nlp.model_context.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from typing import Any

from nlp.errors import VocabularyError

BUILT_IN = "model_words.toml"


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelWords:
    """Word lists of the grammar, all in lower case."""

    series: frozenset[str]  # series and tunes: chat, instruct, turbo
    common: frozenset[str]  # those of them that are ordinary words as well: plus, base
    packaging: frozenset[str]  # quantisation and file formats, which do not make another model
    suffixes: frozenset[str]  # -based, -style: the name ends before them
    prefixes: frozenset[str]  # non-, post-: the name begins after them
    counters: tuple[str, ...]  # a number before one of these patterns counts
    things: tuple[str, ...]  # so it does, unless the family is known to have that version
    not_models: tuple[str, ...]  # what only looks like a model's name: ChatGPT, llama.cpp
    stop_names: frozenset[str]  # never the name of an unseen family
    lead: tuple[str, ...]  # Chinese words that a name can follow at once
    model: tuple[str, ...]  # words beside a name that speak for a model
    release: tuple[str, ...]  # verbs before a name that speak for a model
    person_before: tuple[str, ...]
    person_after: tuple[str, ...]
    surnames: frozenset[str]
    same: Mapping[str, str]  # two ways to write one tune: it, instruct
    makers: Mapping[str, tuple[str, ...]]  # a developer and its other names


@cache
def load_model_words() -> ModelWords:
    """Read the words that come with the package, once.

    Raises:
        VocabularyError: when the file breaks the schema.
    """
    return parse_model_words(files("nlp").joinpath("data", BUILT_IN).read_bytes(), where=BUILT_IN)


def parse_model_words(content: bytes, *, where: str) -> ModelWords:
    """Check the content of a file of words against the fields of `ModelWords`.

    Raises:
        VocabularyError: when it is not TOML, or a field is missing, unknown or of a wrong type.
    """
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{where} is not valid TOML in UTF-8: {error}") from error
    types = {field.name: str(field.type) for field in fields(ModelWords)}
    if odd := sorted(table.keys() ^ types.keys()):
        raise VocabularyError(f"{where}: field {odd[0]!r} is unknown or missing; the fields are {', '.join(types)}")
    read: dict[str, Any] = {name: read_field(table[name], types[name], where=f"{where}: {name}") for name in types}
    return ModelWords(**read)


def read_field(value: object, kind: str, *, where: str) -> object:
    """Read one list of words, or one table."""
    if kind.startswith(("frozenset", "tuple")):
        words = read_words(value, where=where)
        return frozenset(words) if kind.startswith("frozenset") else words
    if not isinstance(value, dict):
        raise VocabularyError(f"{where} is {value!r}; write a table")
    if kind == "Mapping[str, str]":
        if not all(isinstance(item, str) for item in value.values()):
            raise VocabularyError(f"{where} is {value!r}; write a word for each word")
        return {key.lower(): item.lower() for key, item in value.items()}
    return {key: read_words(item, where=f"{where}: {key}") for key, item in value.items()}


def read_words(value: object, *, where: str) -> tuple[str, ...]:
    """Read a list of words, in lower case."""
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
        raise VocabularyError(f"{where} is {value!r}; write a list of words in quotes")
    return tuple(item.lower() for item in value)
