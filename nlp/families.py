"""Model families: what is known of them by name, from checked TOML.

The [[family]] entries of data/models.toml or of a names file flow in; `Family` objects flow out to the grammar of
model names (nlp.model_names) and to the vocabulary (nlp.vocabulary), checked field by field.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from nlp.errors import VocabularyError

BUILT_IN = "models.toml"
SLUG = re.compile(r"[a-z0-9][a-z0-9.-]*\Z")


@dataclass(frozen=True, kw_only=True, slots=True)
class Family:
    """A family of models: its names, who makes it and its well-known members."""

    id: str
    name: str
    zh: str | None = None
    aliases: tuple[str, ...] = ()
    developer: str | None = None
    author: str | None = None  # a person, for community models
    since: int | None = None
    ambiguous: bool = False  # the bare name is also an ordinary word or somebody's name
    org: bool = False  # the bare name is the organisation's
    members: tuple[str, ...] = ()
    base: str | None = None  # the `name` of the family that its own makers say it was derived from

    @property
    def names(self) -> tuple[str, ...]:
        """Every name of the family as a whole, the usual English one first."""
        return tuple(name for name in (self.name, self.zh, *self.aliases) if name)

    @property
    def maker(self) -> str | None:
        """Who makes it: the organisation, else the person."""
        return self.developer or self.author


def load_families(path: Path | None = None) -> tuple[Family, ...]:
    """Read a file of families, or the built-in one.

    Raises:
        VocabularyError: when the file cannot be read or breaks the schema.
    """
    if path is None:
        return built_in_families()
    try:
        return parse_families(path.read_bytes(), where=str(path))
    except OSError as error:
        raise VocabularyError(f"cannot read the names file {path}: {error.strerror}") from error


@cache
def built_in_families() -> tuple[Family, ...]:
    """Read the families that come with the package, once."""
    return parse_families(files("nlp").joinpath("data", BUILT_IN).read_bytes(), where=BUILT_IN)


def parse_families(content: bytes, *, where: str) -> tuple[Family, ...]:
    """Parse a file of families; other tables of it are left to nlp.vocabulary.

    Raises:
        VocabularyError: when the content is not TOML or an entry breaks the schema.
    """
    try:
        table = tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{where} is not valid TOML in UTF-8: {error}") from error
    return tuple(read_families(table.get("family", []), where=where))


def read_families(rows: object, *, where: str) -> list[Family]:
    """Check the [[family]] entries of one file; `where` is named in errors.

    Raises:
        VocabularyError: for an unknown field, a wrong type, a missing name or a name that two families bear.
    """
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise VocabularyError(f"{where}: write [[family]] with two brackets, one for each entry")
    families = [read_family(row, where=f"{where}, family {n}") for n, row in enumerate(rows, 1)]
    check_unique(families, where=where)
    return families


def read_family(row: Mapping[str, Any], *, where: str) -> Family:
    """Check one entry; errors name it by number and, once it is known, by id."""
    slug = text_of(row, "id", where)
    if slug is None or not SLUG.match(slug):
        raise VocabularyError(f"{where}: id is {row.get('id')!r}; write a short lower-case word that never changes")
    where = f"{where} ({slug})"
    allowed = [each.name for each in fields(Family)]
    if unknown := sorted(row.keys() - set(allowed)):
        raise VocabularyError(f"{where}: unknown field {unknown[0]!r}; the fields are {', '.join(allowed)}")
    name = text_of(row, "name", where)
    if name is None:
        raise VocabularyError(f"{where}: name is missing")
    if "developer" in row and "author" in row:
        raise VocabularyError(f"{where}: author is for models without a developer; give one of the two")
    since = row.get("since")
    if since is not None and (type(since) is not int or not 1950 <= since <= 2100):
        raise VocabularyError(f"{where}: since is {since!r}; write a year")
    return Family(
        id=slug,
        name=name,
        zh=text_of(row, "zh", where),
        aliases=strings(row, "aliases", where),
        developer=text_of(row, "developer", where),
        author=text_of(row, "author", where),
        since=since,
        ambiguous=flag(row, "ambiguous", where),
        org=flag(row, "org", where),
        members=strings(row, "members", where),
        base=text_of(row, "base", where),
    )


def text_of(row: Mapping[str, Any], key: str, where: str) -> str | None:
    """Read an optional text that is neither empty nor padded."""
    value = row.get(key)
    if value is not None and (not isinstance(value, str) or not value.strip() or value != value.strip()):
        raise VocabularyError(f"{where}: {key} is {value!r}; write a text without spaces around it")
    return value


def flag(row: Mapping[str, Any], key: str, where: str) -> bool:
    """Read an optional true or false."""
    value = row.get(key, False)
    if not isinstance(value, bool):
        raise VocabularyError(f"{where}: {key} is {value!r}; write true or false")
    return value


def strings(row: Mapping[str, Any], key: str, where: str) -> tuple[str, ...]:
    """Read a list of texts, none empty, none twice."""
    value = row.get(key, [])
    if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() == item != "" for item in value):
        raise VocabularyError(f"{where}: {key} is {value!r}; write a list of names in quotes")
    if twice := sorted({item for item in value if value.count(item) > 1}):
        raise VocabularyError(f"{where}: {key} names {twice[0]!r} twice")
    return tuple(value)


def check_unique(families: Iterable[Family], *, where: str) -> None:
    """Refuse an id, a name or a member that two families bear, however it is cased."""
    ids: set[str] = set()
    owners: dict[str, str] = {}
    for family in families:
        if family.id in ids:
            raise VocabularyError(f"{where}: family ({family.id}): id is taken by an earlier entry")
        ids.add(family.id)
        for key, names in (("names", family.names), ("members", family.members)):
            for name in names:
                owner = owners.setdefault(name.casefold(), family.id)
                if owner != family.id:
                    raise VocabularyError(f"{where}: family ({family.id}): {key}: {name!r} also belongs to {owner!r}")
