"""The demo: the whole way on the bundled sample, from pages on a loopback site to a timeline.

The site is started, crawled twice by real spiders (the second time one page has been edited), read, loaded into an
embedded store, and asked for the timeline of Yi.
"""

from __future__ import annotations

import tempfile
from contextlib import ExitStack
from dataclasses import replace
from importlib.resources import as_file, files
from pathlib import Path

from cli.config import Config, CrawlConfig
from cli.errors import CliError
from cli.output import say

SUBJECT = "Yi"


def run_demo(keep: str | None) -> None:
    """Crawl, read and load the sample and print its timeline; keep the file if one is named."""
    with ExitStack() as stack:
        if keep:
            path = Path(keep)
            if path.exists():
                raise CliError(f"{path} exists already; name a file that does not, the demo starts afresh")
        else:
            path = Path(stack.enter_context(tempfile.TemporaryDirectory())) / "demo.db"
        config = Config(archive=str(path.absolute()), store=f"sqlite:{path.absolute()}", crawl=CrawlConfig(delay=0))
        crawl_sample(config)
        read_sample(config)
        show_sample(config)
    if keep:
        say(f'the sample is kept: yuanliu timeline "MiniCPM-Llama3-V 2.5" --store sqlite:{keep}')


def crawl_sample(config: Config) -> None:
    """Crawl the sample site, and once more after a page was edited."""
    from cli.crawl import crawl_sources, tell_crawl  # noqa: PLC0415
    from cli.demo.server import SampleSite  # noqa: PLC0415
    from crawler.sources import load_sources  # noqa: PLC0415

    with as_file(files("cli.demo") / "sources.toml") as catalogue, SampleSite() as site:
        sources = list(load_sources(catalogue).values())
        config = replace(config, crawl=replace(config.crawl, proxy=site.proxy))
        say(f"crawling {len(sources)} sources of the sample site")
        tell_crawl(crawl_sources(config, sources))
        site.edition = 2
        say("crawling again, after one page was edited")
        tell_crawl(crawl_sources(config, sources))


def read_sample(config: Config) -> None:
    """Annotate the sample and load its graph."""
    from cli.collect import tell_load  # noqa: PLC0415

    tell_load(config)


def show_sample(config: Config) -> None:
    """Print the timeline."""
    from cli.events import show_events  # noqa: PLC0415
    from cli.workspace import open_store  # noqa: PLC0415
    from graph.subjects import find_subject  # noqa: PLC0415
    from graph.timeline import timeline  # noqa: PLC0415

    with open_store(config) as store:
        rows = timeline(store, find_subject(store, SUBJECT)["id"])
    show_events(rows)
