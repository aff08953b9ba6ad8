"""Configuration: what a run is to use, from yuanliu.toml, the environment and the options, in that order.

The only place that reads the environment. A file and options flow in, one `Config` flows out to the commands, which
pass its parts on as arguments.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any, get_args, get_type_hints

from cli.errors import UsageFault

FILE = "yuanliu.toml"
PREFIX = "YUANLIU_"
TABLES = frozenset(("crawl", "source", "follow"))


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlConfig:
    """The [crawl] table: seconds between requests to a host, private addresses, and a proxy if one is needed."""

    delay: float = 1.0
    allow_private: bool = False
    proxy: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neo4jLogin:
    """Who logs in to Neo4j; only the environment gives it."""

    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Config:
    """Everything that can be configured; `base` is the folder that relative paths count from."""

    base: Path = Path()
    archive: str = "yuanliu.db"
    store: str = "sqlite:yuanliu.db"
    contact: str | None = None
    names: tuple[str, ...] = ()
    vocabulary: bool = True
    taggers: tuple[str, ...] = ()
    catalogue: bool = True
    crawl: CrawlConfig = field(default_factory=CrawlConfig)
    neo4j: Neo4jLogin = field(default_factory=Neo4jLogin)
    sources: tuple[Mapping[str, Any], ...] = ()
    file: Path | None = None

    @property
    def archive_path(self) -> Path:
        """Where the archive lies."""
        return self.base / self.archive


def load_config(path: Path | None = None, *, environment: Mapping[str, str] | None = None) -> Config:
    """Read the configuration: an explicit file, else yuanliu.toml here if there is one, then the environment.

    Raises:
        UsageFault: for a missing file, invalid TOML, an unknown key or a value of the wrong type.
    """
    environment = os.environ if environment is None else environment
    chosen = path or (Path(environment[PREFIX + "CONFIG"]) if environment.get(PREFIX + "CONFIG") else None)
    if chosen is not None and not chosen.is_file():
        raise UsageFault(f"there is no configuration file {chosen}; `yuanliu init` writes one")
    if chosen is None and Path(FILE).is_file():
        chosen = Path(FILE)
    config = from_table(parse(chosen), where=str(chosen), base=chosen.parent) if chosen else Config()
    return replace(from_environment(config, environment), file=chosen)


def parse(path: Path) -> dict[str, Any]:
    """Parse the file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise UsageFault(f"{path} is not valid TOML in UTF-8: {error}") from error


def from_table(table: Mapping[str, Any], *, where: str, base: Path) -> Config:
    """Build the configuration from a parsed file."""
    plain = {name: value for name, value in table.items() if name not in TABLES}
    values = checked(Config, plain, where=where)
    crawl = table.get("crawl", {})
    sources = table.get("source", [])
    tables = [crawl, *sources] if isinstance(sources, list) else [None]
    if not all(isinstance(each, dict) for each in tables):
        raise UsageFault(f"{where}: write [crawl] once and [[source]] with two brackets for each source")
    return Config(
        **values,
        base=base,
        crawl=CrawlConfig(**checked(CrawlConfig, crawl, where=f"{where}, [crawl]")),
        sources=tuple(sources),
    )


def checked(kind: type[Config] | type[CrawlConfig], table: Mapping[str, Any], *, where: str) -> dict[str, Any]:
    """Return the values of a table for a class, refusing unknown keys and wrong types."""
    hints = get_type_hints(kind)
    own = {"base", "crawl", "sources", "file", "neo4j"}
    allowed = [each.name for each in fields(kind) if each.name not in own]
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in allowed:
            raise UsageFault(f"{where}: unknown key {name!r}; the keys are {', '.join(allowed)}")
        values[name] = convert(value, hints[name], where=f"{where}: {name}")
    return values


def convert(value: object, hint: object, *, where: str) -> object:
    """Return a value in the type of its field."""
    options = get_args(hint) or (hint,)
    if options[0] is str and len(options) == 2 and options[1] is Ellipsis:
        if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
            raise UsageFault(f"{where} is {value!r}; write a list of texts in quotes")
        return tuple(value)
    if float in options and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    if not any(isinstance(option, type) and isinstance(value, option) for option in options) or "\0" in str(value):
        raise UsageFault(f"{where} is {value!r}; expected {getattr(options[0], '__name__', options[0])}")
    return value


def from_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """Lay the environment's values over a configuration.

    YUANLIU_ARCHIVE, _STORE, _CONTACT, _PROXY, and for Neo4j _NEO4J_USER, _NEO4J_PASSWORD, _NEO4J_DATABASE.
    """
    changes = {
        name: environment[PREFIX + name.upper()]
        for name in ("archive", "store", "contact")
        if environment.get(PREFIX + name.upper())
    }
    login = Neo4jLogin(
        user=environment.get(PREFIX + "NEO4J_USER") or "neo4j",
        password=environment.get(PREFIX + "NEO4J_PASSWORD") or "",
        database=environment.get(PREFIX + "NEO4J_DATABASE") or None,
    )
    config = replace(config, neo4j=login, **changes)  # type: ignore[arg-type]
    proxy = environment.get(PREFIX + "PROXY")
    return replace(config, crawl=replace(config.crawl, proxy=proxy)) if proxy else config


TEMPLATE = """# yuanliu.toml: what yuanliu uses when it is run in this folder. Everything here is optional.

archive = "yuanliu.db"               # documents, their revisions, and the frontier
store = "sqlite:yuanliu.db"          # the graph; or neo4j://HOST:7687, the password in YUANLIU_NEO4J_PASSWORD
# contact = "mailto:you@example.org" # goes into the user agent of every request
# names = ["my-names.toml"]          # your own people, organisations and model families
# vocabulary = true                  # false: only the names in your files
# taggers = ["en_core_web_trf"]      # installed spaCy pipelines that look for names besides the built-in tagger
# catalogue = true                   # false: only the sources below

[crawl]
delay = 1.0                          # seconds between two requests to a host
allow_private = false                # loopback and private addresses, for intranets
# proxy = "http://127.0.0.1:3128"

# [[source]]
# name = "example-news"
# kind = "feed"                      # feed | discourse
# url = "https://example.org/feed.xml"
# language = "zh"
# every = "6h"
# keywords = ["零一万物", "Yi-34B"]   # empty: everything
# minimum = 5                        # fewer documents than this in a run is a failure
"""
