"""The vocabulary: people, organisations and model families that yuanliu knows, from checked TOML files.

nlp/data/*.toml and the user's own names files flow in; a `Vocabulary` flows out, with a digest that annotations are
stored under. What a name can be written like (pinyin, spacing, order) is generated in nlp.variants; model families
are read by nlp.families.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from importlib.resources import files
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

from crawler.document import digest_of
from nlp.errors import VocabularyError
from nlp.families import Family, load_families, read_families
from nlp.spacy_taggers import version_of

BUILT_IN = ("organisations.toml", "people.toml")
WORD_FILES = ("models.toml", "model_words.toml", "people_words.toml", "references.toml", "senses.toml", "cues.toml")


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """A person: usual names in both languages, other names in use, public account names, and employers by name."""

    id: str
    en: str | None = None
    zh: str | None = None
    aliases: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    at: tuple[str, ...] = ()
    region: str | None = None
    namesake: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Organization:
    """An organisation; `weak` names count only where the document supports them, `parent` is another's name."""

    id: str
    en: str | None = None
    zh: str | None = None
    aliases: tuple[str, ...] = ()
    weak: tuple[str, ...] = ()
    sort: str = "company"
    parent: str | None = None
    region: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Vocabulary:
    """Everything that is known by name; `taggers` are spaCy pipelines that find more; `digest` changes with any of it."""

    people: tuple[Person, ...]
    organizations: tuple[Organization, ...]
    families: tuple[Family, ...]
    digest: str
    taggers: tuple[str, ...] = ()


Entry = TypeVar("Entry", Person, Organization)
AnyEntry = TypeVar("AnyEntry", Person, Organization, Family)


def load_vocabulary(names: Sequence[Path] = (), *, built_in: bool = True, taggers: Sequence[str] = ()) -> Vocabulary:
    """Read the built-in vocabulary and the user's names files, later entries laid over earlier ones of the same id.

    Raises:
        VocabularyError: for a file that cannot be read, an unknown field, a wrong type, a missing name or a tagger that is
            not installed.
    """
    folder = files("nlp") / "data"
    tables = [(name, parse(folder.joinpath(name).read_bytes(), where=name)) for name in BUILT_IN if built_in]
    tables += [(str(path), parse(read_bytes(path), where=str(path))) for path in names]
    for where, table in tables:
        unknown = table.keys() - {"person", "organization", "family"}
        if unknown:
            raise VocabularyError(f"{where}: unknown table {sorted(unknown)[0]!r}; use person, organization or family")
    people = [entry for where, table in tables for entry in read_entries(Person, table.get("person", []), where=where)]
    organizations = [
        entry
        for where, table in tables
        for entry in read_entries(Organization, table.get("organization", []), where=where)
    ]
    words = [folder.joinpath(name).read_text(encoding="utf-8") for name in WORD_FILES]
    return Vocabulary(
        people=unique(people),
        organizations=unique(organizations),
        families=merge_families(tables, built_in=built_in),
        digest=digest_of([built_in, words, [table for _, table in tables], [version_of(name) for name in taggers]])[
            :16
        ],
        taggers=tuple(taggers),
    )


def merge_families(tables: Iterable[tuple[str, dict[str, Any]]], *, built_in: bool) -> tuple[Family, ...]:
    """Return the built-in families, if wanted, with those of the names files."""
    families = {family.id: family for family in load_families()} if built_in else {}
    for where, table in tables:
        for family in read_families(table.get("family", []), where=where):
            families[family.id] = merged(families[family.id], family) if family.id in families else family
    return tuple(families.values())


def read_bytes(path: Path) -> bytes:
    """Read a names file."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise VocabularyError(
            f"cannot read the names file {path}: {error.strerror}; see `names` in yuanliu.toml"
        ) from error


def parse(content: bytes, *, where: str) -> dict[str, Any]:
    """Parse a TOML file."""
    try:
        return tomllib.loads(content.decode("utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VocabularyError(f"{where} is not valid TOML in UTF-8: {error}") from error


def read_entries(kind: type[Entry], rows: object, *, where: str) -> list[Entry]:
    """Build checked entries of one kind from TOML tables."""
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise VocabularyError(f"{where}: write [[{kind.__name__.lower()}]] with two brackets, one for each entry")
    return [read_entry(kind, row, where=f"{where}, {kind.__name__.lower()} {n}") for n, row in enumerate(rows, 1)]


def read_entry(kind: type[Entry], row: dict[str, Any], *, where: str) -> Entry:
    """Build one entry, naming what is wrong with it."""
    hints = get_type_hints(kind)
    allowed = [field.name for field in fields(kind)]
    for name, value in row.items():
        if name not in hints:
            raise VocabularyError(f"{where}: unknown field {name!r}; the fields are {', '.join(allowed)}")
        check_type(hints[name], value, where=f"{where}: {name}")
    if not row.get("id"):
        raise VocabularyError(f"{where}: needs an id, a short lower-case word that never changes")
    if not (row.get("en") or row.get("zh")):
        raise VocabularyError(f"{where}: {row['id']!r} needs a name, en or zh")
    values: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in row.items()}
    return kind(**values)


def check_type(hint: object, value: object, *, where: str) -> None:
    """Raise VocabularyError where a TOML value is not of the field's type."""
    if get_origin(hint) is tuple:
        if not isinstance(value, list) or not all(isinstance(item, str) and item.strip() for item in value):
            raise VocabularyError(f"{where} is {value!r}; write a list of names in quotes")
        return
    allowed = tuple(option for option in get_args(hint) or (hint,) if isinstance(option, type))
    if not isinstance(value, allowed):
        raise VocabularyError(f"{where} is {value!r}; expected {allowed[0].__name__}")


def unique(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    """Lay later entries of an id over earlier ones, in order of first appearance.

    What a later entry gives replaces what was there; lists are added to.
    """
    kept: dict[str, Entry] = {}
    for entry in entries:
        kept[entry.id] = merged(kept[entry.id], entry) if entry.id in kept else entry
    return tuple(kept.values())


def merged(below: AnyEntry, above: AnyEntry) -> AnyEntry:
    """Lay one entry over another."""
    changes: dict[str, Any] = {}
    for field in fields(above):
        new: Any = getattr(above, field.name)
        old: Any = getattr(below, field.name)
        if isinstance(new, tuple):
            changes[field.name] = tuple(dict.fromkeys([*old, *new]))
        elif new:
            changes[field.name] = new
    return replace(below, **changes)
