"""Configuration: what a run is to use, from yuanliu.toml, the environment and the options, in that order.

The only place that reads the environment. A file and options flow in, one `Config` flows out to the commands, which
pass its parts on as arguments.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from ipaddress import ip_address
from pathlib import Path
from typing import Any, get_args, get_type_hints
from urllib.parse import urlsplit

from cli.errors import UsageFault

FILE = "yuanliu.toml"
PREFIX = "YUANLIU_"
TABLES = frozenset(("crawl", "source", "follow", "llm"))
EXTRACTORS = ("rules", "llm")
FOLLOWED = ("models", "people", "organizations")


@dataclass(frozen=True, kw_only=True, slots=True)
class CrawlConfig:
    """The [crawl] table: seconds between requests to a host, private addresses, a proxy if one is needed, requests a day.

    `browser` is the program that renders the pages of sources with render = true; None: one is looked for.
    """

    delay: float = 1.0
    allow_private: bool = False
    proxy: str | None = field(default=None, repr=False)
    budget: int = 2000
    browser: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Neo4jLogin:
    """Who logs in to Neo4j; only the environment gives it."""

    user: str = "neo4j"
    password: str = field(default="", repr=False)
    database: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class LlmConfig:
    """The [llm] table: which model, how patiently, for how many tokens a run, and in what pieces of how many characters.

    Where the model is and the key to it only the environment gives.
    """

    model: str = ""
    timeout: float = 60.0
    retries: int = 4
    budget: int = 2_000_000
    piece: int = 6000
    overlap: int = 600
    url: str = ""
    key: str = field(default="", repr=False)


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
    extractor: str = "rules"
    llm: LlmConfig = field(default_factory=LlmConfig)
    crawl: CrawlConfig = field(default_factory=CrawlConfig)
    neo4j: Neo4jLogin = field(default_factory=Neo4jLogin)
    sources: tuple[Mapping[str, Any], ...] = ()
    follow: tuple[str, ...] = ()
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
    config = replace(from_environment(config, environment), file=chosen)
    check_extractor(config.extractor, where="extractor, or YUANLIU_EXTRACTOR,")
    check_crawl(config.crawl, where=f"{chosen}, [crawl]" if chosen else "[crawl]")
    return config


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
    llm = table.get("llm", {})
    tables = [crawl, llm, *sources] if isinstance(sources, list) else [None]
    if not all(isinstance(each, dict) for each in tables):
        raise UsageFault(f"{where}: write [crawl] once, [llm] once, and [[source]] with two brackets for each source")
    settings = LlmConfig(**checked(LlmConfig, llm, where=f"{where}, [llm]"))
    check_llm(settings, where=f"{where}, [llm]")
    return Config(
        **values,
        base=base,
        llm=settings,
        crawl=CrawlConfig(**checked(CrawlConfig, crawl, where=f"{where}, [crawl]")),
        sources=tuple(sources),
        follow=followed(table.get("follow", {}), where=f"{where}, [follow]"),
    )


def followed(table: object, *, where: str) -> tuple[str, ...]:
    """Return the names of the [follow] table, each once."""
    if not isinstance(table, dict):
        raise UsageFault(f"{where}: write [follow] once, with lists of names under {', '.join(FOLLOWED)}")
    names: dict[str, None] = {}
    for key, value in table.items():
        if key not in FOLLOWED:
            raise UsageFault(f"{where}: unknown key {key!r}; the keys are {', '.join(FOLLOWED)}")
        if not isinstance(value, list) or not all(isinstance(name, str) and name.strip() for name in value):
            raise UsageFault(f"{where}: {key} is {value!r}; write a list of names in quotes")
        names |= dict.fromkeys(name.strip() for name in value)
    return tuple(names)


def check_crawl(crawl: CrawlConfig, *, where: str) -> None:
    """Refuse numbers that cannot be, and a proxy that is none; what it says of a proxy holds no password."""
    if not 0 <= crawl.delay <= 3600:
        raise UsageFault(f"{where}: delay is {crawl.delay}; it must be from 0 to 3600 seconds")
    if crawl.budget < 0:
        raise UsageFault(f"{where}: budget is {crawl.budget}; it is a number of requests a day, 0 for no limit")
    if crawl.proxy is None:
        return
    try:
        parts = urlsplit(crawl.proxy)
        is_address = parts.scheme in ("http", "https") and bool(parts.hostname) and (parts.port or 1) > 0
    except ValueError:
        is_address = False
    if not is_address:
        raise UsageFault(
            f"{where}: proxy, or YUANLIU_PROXY, is no address; write one such as http://proxy.example:3128"
        )


def checked(
    kind: type[Config] | type[CrawlConfig] | type[LlmConfig], table: Mapping[str, Any], *, where: str
) -> dict[str, Any]:
    """Return the values of a table for a class, refusing unknown keys and wrong types."""
    hints = get_type_hints(kind)
    own = {"base", "crawl", "sources", "follow", "file", "neo4j", "llm", "url", "key"}
    allowed = [each.name for each in fields(kind) if each.name not in own]
    values: dict[str, Any] = {}
    for name, value in table.items():
        if name not in allowed:
            elsewhere = f"; it goes into YUANLIU_LLM_{name.upper()}" if kind is LlmConfig and name in own else ""
            raise UsageFault(f"{where}: unknown key {name!r}; the keys are {', '.join(allowed)}{elsewhere}")
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
    fits = any(isinstance(option, type) and isinstance(value, option) for option in options)
    if not fits or (isinstance(value, bool) and bool not in options) or "\0" in str(value):
        raise UsageFault(f"{where} is {value!r}; expected {getattr(options[0], '__name__', options[0])}")
    return value


def from_environment(config: Config, environment: Mapping[str, str]) -> Config:
    """Lay the environment's values over a configuration.

    YUANLIU_ARCHIVE, _STORE, _CONTACT, _EXTRACTOR, _PROXY, _BROWSER, for a language model _LLM_URL, _LLM_KEY, and for Neo4j
    _NEO4J_USER, _NEO4J_PASSWORD, _NEO4J_DATABASE.
    """
    changes = {
        name: environment[PREFIX + name.upper()]
        for name in ("archive", "store", "contact", "extractor")
        if environment.get(PREFIX + name.upper())
    }
    login = Neo4jLogin(
        user=environment.get(PREFIX + "NEO4J_USER") or "neo4j",
        password=environment.get(PREFIX + "NEO4J_PASSWORD") or "",
        database=environment.get(PREFIX + "NEO4J_DATABASE") or None,
    )
    url, key = (environment.get(PREFIX + name, "").strip() for name in ("LLM_URL", "LLM_KEY"))
    config = replace(config, neo4j=login, llm=replace(config.llm, url=url, key=key), **changes)  # type: ignore[arg-type]
    crawl = {name: environment.get(PREFIX + name.upper()) for name in ("proxy", "browser")}
    given = {name: value for name, value in crawl.items() if value}
    return replace(config, crawl=replace(config.crawl, **given))  # type: ignore[arg-type]


def check_extractor(name: str, *, where: str) -> None:
    """Refuse an extractor that there is not."""
    if name not in EXTRACTORS:
        raise UsageFault(f"{where} is {name!r}; the extractors are {', '.join(EXTRACTORS)}")


def check_llm(llm: LlmConfig, *, where: str) -> None:
    """Refuse numbers that cannot be."""
    bounds: dict[str, tuple[float, float, float]] = {
        "timeout": (llm.timeout, 0.01, 3600),
        "retries": (llm.retries, 0, 20),
        "budget": (llm.budget, 0, 10**12),
        "piece": (llm.piece, 300, 200_000),
        "overlap": (llm.overlap, 0, llm.piece // 2),
    }
    for name, (value, least, most) in bounds.items():
        if not least <= value <= most:
            raise UsageFault(f"{where}: {name} is {value}; it must be from {least} to {most}")


def check_endpoint(llm: LlmConfig) -> None:
    """Refuse to ask a language model that is not said in full, or to send a key in the clear."""
    if not llm.model.strip():
        raise UsageFault('extractor "llm" needs a model; write model = "NAME" under [llm] in yuanliu.toml')
    if not llm.url:
        raise UsageFault('extractor "llm" needs an address; set YUANLIU_LLM_URL, such as http://127.0.0.1:8000/v1')
    if not llm.key.isascii() or not llm.key.isprintable() or " " in llm.key:
        raise UsageFault("YUANLIU_LLM_KEY is no key: it holds spaces or characters that no header may hold")
    try:
        address = urlsplit(llm.url)
        host, _ = address.hostname, address.port
    except ValueError:
        host = None
    if not host or address.scheme not in ("http", "https") or address.query or address.fragment:
        raise UsageFault("YUANLIU_LLM_URL is no address; write one such as https://llm.example.org/v1")
    if address.username is not None or address.password is not None:
        raise UsageFault("YUANLIU_LLM_URL holds a name or a password; a key belongs into YUANLIU_LLM_KEY")
    if address.scheme == "http" and llm.key and not is_loopback(host):
        raise UsageFault(
            f"YUANLIU_LLM_URL {llm.url} is not encrypted, and YUANLIU_LLM_KEY would be sent in the clear; "
            "use https, or unset the key"
        )


def is_loopback(host: str) -> bool:
    """Whether a host is this machine.

    >>> is_loopback("localhost"), is_loopback("127.0.0.9"), is_loopback("localhost.example.org")
    (True, True, False)
    """
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False
