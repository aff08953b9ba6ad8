"""The catalogue: every outlet and forum that is crawled, how often, and what to look for.

TOML files and tables flow in, checked `Source`s flow out to the runner. The built-in catalogue is `CATALOGUE`; what a
user writes is laid over it by name, field by field, so that two lines enable a built-in source.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from crawler.document import LANGUAGES
from crawler.errors import SourceError

CATALOGUE = Path(__file__).with_name("sources.toml")
KINDS = ("feed", "discourse")
DURATION = re.compile(r"([1-9]\d{0,5})([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}

Table = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One outlet or forum: `every` is 30m, 6h or 1d; without `keywords` every page is kept.

    `minimum` is how many documents a run should see at least.
    """

    name: str
    title: str
    kind: str
    url: str
    language: str | None = None
    every: str = "6h"
    keywords: tuple[str, ...] = ()
    minimum: int = 0
    enabled: bool = True

    @property
    def interval(self) -> timedelta:
        """Return the time between two runs."""
        return parse_duration(self.every)


def load_sources(*origins: Path | Table) -> dict[str, Source]:
    """Read sources from TOML files and tables, later ones over earlier ones by name; nothing given: the catalogue.

    A table is `{"source": [...]}` as in TOML, or the list itself.

    Raises:
        SourceError: for a file that cannot be read, an unknown field or a value that is not allowed.
    """
    tables: dict[str, dict[str, Any]] = {}
    origin_of: dict[str, str] = {}
    for origin in origins or (CATALOGUE,):
        place = str(origin) if isinstance(origin, Path) else "the configuration"
        for table in tables_in(origin, place):
            name = check_name(table, place)
            tables[name] = tables.get(name, {}) | dict(table)
            origin_of[name] = place
    return {name: source_of(table, origin_of[name]) for name, table in tables.items()}


def tables_in(origin: Path | Table, place: str) -> Iterator[Mapping[str, Any]]:
    """Yield the tables of a TOML file, or of what was read from one."""
    if isinstance(origin, Path):
        try:
            origin = tomllib.loads(origin.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            raise SourceError(f"cannot read the sources in {place}: {error}") from error
    tables = origin.get("source", []) if isinstance(origin, Mapping) else origin
    if not isinstance(tables, Sequence) or isinstance(tables, str):
        raise SourceError(f"{place}: source = {tables!r}; write a table [[source]] for each source")
    for table in tables:
        if not isinstance(table, Mapping):
            raise SourceError(f"{place}: {table!r} is no table; write a table [[source]] for each source")
        yield table


def check_name(table: Mapping[str, Any], place: str) -> str:
    """Return the name of a source's table."""
    name = table.get("name")
    if not isinstance(name, str) or not re.fullmatch(r"\S+", name):
        raise SourceError(f"{place}: name {name!r} of a source is not allowed; give a word such as 'example-news'")
    return name


def source_of(table: Mapping[str, Any], place: str) -> Source:
    """Check the fields of a table and make the source."""
    where = f"{place}, source {table['name']!r}"
    for field, value in table.items():
        if field not in RULES:
            raise SourceError(f"{where}: unknown field {field!r} = {value!r}; known are {', '.join(RULES)}")
        if problem := problem_with(field, value):
            raise SourceError(f"{where}: {field} = {value!r} is not allowed; {problem}")
    for field in ("kind", "url"):
        if field not in table:
            raise SourceError(f"{where}: {field} is missing")
    return Source(**{"title": table["name"]} | dict(table) | {"keywords": tuple(table.get("keywords", ()))})


def problem_with(field: str, value: object) -> str | None:
    """Return what is allowed in a field where the value is not, else None."""
    is_allowed, allowed = RULES[field]
    return None if is_allowed(value) else allowed


def parse_duration(value: str) -> timedelta:
    """Return the length of a duration.

    Raises:
        SourceError: when it is not a number of minutes, hours or days.

    >>> parse_duration("30m"), parse_duration("1d")
    (datetime.timedelta(seconds=1800), datetime.timedelta(days=1))
    """
    found = DURATION.fullmatch(value)
    if not found:
        raise SourceError(f"duration {value!r} is not allowed; {RULES['every'][1]}")
    return timedelta(**{UNITS[found[2]]: int(found[1])})


def is_web_address(value: str) -> bool:
    """Tell whether a text is an http or https address with a host.

    >>> is_web_address("https://例子.example/feed"), is_web_address("ftp://example.org/feed")
    (True, False)
    """
    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and not re.search(r"\s", value)
    except ValueError:
        return False


def is_text(value: object) -> bool:
    """Tell whether a value is a text that says something."""
    return isinstance(value, str) and bool(value.strip())


RULES: dict[str, tuple[Callable[[object], object], str]] = {
    "name": (is_text, "it is a word"),
    "title": (is_text, "it is a text"),
    "kind": (lambda value: value in KINDS, f"the known kinds are {', '.join(KINDS)}"),
    "url": (lambda value: isinstance(value, str) and is_web_address(value), "it is an http or https address"),
    "language": (lambda value: value in LANGUAGES, f"it is one of {', '.join(LANGUAGES)}"),
    "every": (
        lambda value: isinstance(value, str) and DURATION.fullmatch(value),
        "it is a number of minutes, hours or days such as 30m, 6h or 1d",
    ),
    "keywords": (lambda value: isinstance(value, (list, tuple)) and all(map(is_text, value)), "it is a list of texts"),
    "minimum": (lambda value: type(value) is int and value >= 0, "it is a whole number from 0"),
    "enabled": (lambda value: isinstance(value, bool), "it is true or false"),
}


def says_any(text: str, keywords: Sequence[str]) -> bool:
    """Tell whether a text contains one of the keywords, or there are none; a Latin word must stand for itself.

    >>> says_any("零一万物的Yi-34B", ["yi"]), says_any("saying", ["Yi"]), says_any("涉嫌套壳", ["套壳"])
    (True, False, True)
    """
    return not keywords or any(keyword_pattern(word).search(text) for word in keywords)


def keyword_pattern(word: str) -> re.Pattern[str]:
    """Return the pattern of a keyword: no Latin letter or digit goes on where the word begins or ends with one."""
    before = r"(?<![A-Za-z0-9])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![A-Za-z0-9])" if word[-1].isascii() and word[-1].isalnum() else ""
    return re.compile(before + re.escape(word) + after, re.I)
