"""The catalogue: every outlet and forum that is crawled, how often, and what to look for.

TOML files and tables flow in, checked `Source`s flow out to the runner and to crawler.backfill. The built-in catalogue
is `CATALOGUE`; what a user writes is laid over it by name, field by field, so that two lines enable a built-in source.
Keywords that several sources share stand once under [keywords]; "@NAME" in a source's list puts them in.
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
from crawler.redaction import has_secrets, without_secrets

CATALOGUE = Path(__file__).with_name("sources.toml")
KINDS = ("feed", "sitemap", "list", "discourse")
LIST_FIELDS = ("items", "next")
PLACEHOLDERS = ("year", "month", "day", "page")
DURATION = re.compile(r"([1-9]\d{0,5})([mhd])")
UNITS = {"m": "minutes", "h": "hours", "d": "days"}

Table = Mapping[str, Any] | Sequence[Mapping[str, Any]]


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """One outlet or forum: `every` is 30m, 6h or 1d; without `keywords` every page is kept.

    `recheck` is how long a page is not asked for at most whose time of modification in the listing stays the same.
    `minimum` is how many documents a run should see at least. `documented` says where the address is shown, `verified`
    whether it was tried. `archive` is an address with {year}, {month}, {day} or {page} that lists older items; `items`
    and `next` are the CSS selectors of a list page's links and of the link to the page after it. `render` says that its
    pages are made by scripts and need a browser.
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
    documented: str = ""
    verified: bool = False
    archive: str | None = None
    items: str | None = None
    next: str | None = None
    render: bool = False
    recheck: str = "7d"  # some sites leave the time as it was when they change a page

    @property
    def interval(self) -> timedelta:
        """Return the time between two runs."""
        return parse_duration(self.every)

    @property
    def longest_unasked(self) -> timedelta:
        """Return how long a page may go without a request."""
        return parse_duration(self.recheck)


def load_sources(*origins: Path | Table) -> dict[str, Source]:
    """Read sources from TOML files and tables, later ones over earlier ones by name; nothing given: the catalogue.

    A table is `{"source": [...], "keywords": {...}}` as in TOML, or the list of sources itself.

    Raises:
        SourceError: for a file that cannot be read, an unknown field or a value that is not allowed.
    """
    tables: dict[str, dict[str, Any]] = {}
    origin_of: dict[str, str] = {}
    groups: dict[str, Sequence[str]] = {}
    for origin in origins or (CATALOGUE,):
        place = str(origin) if isinstance(origin, Path) else "the configuration"
        table_or_list = parse_toml(origin) if isinstance(origin, Path) else origin
        groups |= groups_in(table_or_list, place)
        for table in tables_in(table_or_list, place):
            name = check_name(table, place)
            tables[name] = laid_over(tables.get(name, {}), table)
            origin_of[name] = place
    return {name: source_of(table, origin_of[name], groups=groups) for name, table in tables.items()}


def laid_over(earlier: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """Return a source's fields with later ones over them; another kind drops the selectors of a list page."""
    dropped = () if table.get("kind", "list") == "list" else LIST_FIELDS
    return {field: value for field, value in earlier.items() if field not in dropped} | dict(table)


def parse_toml(path: Path) -> dict[str, Any]:
    """Parse a TOML file."""
    try:
        return tomllib.loads(path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise SourceError(f"cannot read the sources in {path}: {error}") from error


def groups_in(origin: Table, place: str) -> dict[str, Sequence[str]]:
    """Return the lists of keywords that a file names under [keywords]."""
    groups = origin.get("keywords", {}) if isinstance(origin, Mapping) else {}
    if not isinstance(groups, Mapping):
        raise SourceError(f"{place}: keywords = {groups!r}; write a table [keywords] with lines NAME = [...]")
    for name, words in groups.items():
        if not is_list_of_texts(words) or any(word.startswith("@") for word in words):
            raise SourceError(
                f"{place}, [keywords]: {name} = {words!r} is not allowed; it is a list of texts without @"
            )
    return dict(groups)


def tables_in(origin: Table, place: str) -> Iterator[Mapping[str, Any]]:
    """Yield the tables of the sources in what was read from a file."""
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


def source_of(table: Mapping[str, Any], place: str, *, groups: Mapping[str, Sequence[str]]) -> Source:
    """Check the fields of a table and make the source."""
    where = f"{place}, source {table['name']!r}"
    for field, value in table.items():
        if field not in RULES:
            raise SourceError(f"{where}: unknown field {field!r} = {value!r}; known are {', '.join(RULES)}")
        if problem := problem_with(field, value):
            raise SourceError(f"{where}: {field} = {without_secrets(repr(value))} is not allowed; {problem}")
    for field in ("kind", "url"):
        if field not in table:
            raise SourceError(f"{where}: {field} is missing")
    for field in LIST_FIELDS:
        if field in table and table["kind"] != "list":
            raise SourceError(f"{where}: {field} = {table[field]!r} is for kind list, and this is {table['kind']}")
    if table.get("render") and table["kind"] == "discourse":
        raise SourceError(f"{where}: render = true is for pages, and kind discourse has none; leave it out")
    keywords = expanded(table.get("keywords", ()), groups=groups, where=where)
    return Source(**{"title": table["name"]} | dict(table) | {"keywords": keywords})


def expanded(words: Sequence[str], *, groups: Mapping[str, Sequence[str]], where: str) -> tuple[str, ...]:
    """Return keywords with the named list in the place of each "@NAME", every word once."""
    found: dict[str, None] = {}
    for word in words:
        if word.startswith("@") and word[1:] not in groups:
            known = ", ".join(f"@{name}" for name in groups) or "none"
            raise SourceError(
                f"{where}: keywords holds {word!r}, which no table [keywords] lists; the lists are {known}"
            )
        found |= dict.fromkeys(groups[word[1:]] if word.startswith("@") else [word])
    return tuple(found)


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


def is_list_of_texts(value: object) -> bool:
    """Tell whether a value is a list of texts that say something."""
    return isinstance(value, (list, tuple)) and all(map(is_text, value))


def is_selector(value: object) -> bool:
    """Tell whether a value is a CSS selector that elements can be chosen by."""
    from cssselect import SelectorError  # noqa: PLC0415  (a command that crawls nothing needs neither)
    from lxml.cssselect import CSSSelector  # noqa: PLC0415

    try:
        return isinstance(value, str) and bool(CSSSelector(value))
    except (SelectorError, ValueError):
        return False


def is_archive(value: object) -> bool:
    """Tell whether a value is an address in which {page}, or a year, a year and month or a day is to be put.

    >>> is_archive("https://e.org/{year}/{month}/"), is_archive("https://e.org/{month}/"), is_archive("https://e.org/")
    (True, False, False)
    """
    if not isinstance(value, str):
        return False
    names = frozenset(re.findall(r"\{(\w*)\}", value))
    rest = re.sub(r"\{\w*\}", "1", value)
    units = (frozenset(PLACEHOLDERS[:count]) for count in (1, 2, 3))
    is_address = is_web_address(rest) and not has_secrets(rest)
    return (names == {"page"} or names in units) and not re.search(r"[{}]", rest) and is_address


DURATION_RULE = (
    lambda value: isinstance(value, str) and DURATION.fullmatch(value),
    "it is a number of minutes, hours or days such as 30m, 6h or 1d",
)
RULES: dict[str, tuple[Callable[[object], object], str]] = {
    "name": (is_text, "it is a word"),
    "title": (is_text, "it is a text"),
    "kind": (lambda value: value in KINDS, f"the known kinds are {', '.join(KINDS)}"),
    "url": (
        lambda value: isinstance(value, str) and is_web_address(value) and not has_secrets(value),
        "it is an http or https address, without a name or a password before the host",
    ),
    "language": (lambda value: value in LANGUAGES, f"it is one of {', '.join(LANGUAGES)}"),
    "every": DURATION_RULE,
    "keywords": (is_list_of_texts, 'it is a list of texts, in which "@NAME" stands for a list under [keywords]'),
    "minimum": (lambda value: type(value) is int and value >= 0, "it is a whole number from 0"),
    "enabled": (lambda value: isinstance(value, bool), "it is true or false"),
    "documented": (is_text, "it is a text or an address that says where the source's address is shown"),
    "verified": (lambda value: isinstance(value, bool), "it is true or false"),
    "archive": (is_archive, "it is an address with {page}, or with {year}, {year} and {month}, or these and {day}"),
    "items": (is_selector, "it is a CSS selector such as h2 a"),
    "next": (is_selector, "it is a CSS selector such as a.next"),
    "render": (lambda value: isinstance(value, bool), "it is true or false"),
    "recheck": DURATION_RULE,
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
