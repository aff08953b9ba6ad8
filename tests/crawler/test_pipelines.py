"""Pages that have not changed are settled some at once, and all of them when the run ends."""

import asyncio

import pytest

from crawler import pipelines
from crawler.archive import Archive
from crawler.extraction_pool import ExtractionPool
from crawler.pipelines import ArchivePipeline, Tally, Unchanged
from crawler.sources import Source

URLS = [f"https://news.example/{n}" for n in range(3)]


@pytest.fixture
def pipeline(tmp_path):
    with Archive(tmp_path / "a.db") as archive:
        for url in URLS:
            archive.enqueue(url, source="news")
        source = Source(name="news", title="News", kind="feed", url="https://news.example/feed.xml")
        yield ArchivePipeline(archive=archive, source=source, tally=Tally(), keywords=(), extraction=ExtractionPool())


def settled(pipeline):
    return [page.url for page in pipeline.archive.pages(source="news", state="done")]


def see(pipeline, url):
    asyncio.run(pipeline.process_item(Unchanged(url=url, read=None)))


def test_unchanged_pages_are_settled_when_the_run_ends(pipeline):
    for url in URLS:
        see(pipeline, url)
    assert settled(pipeline) == [] and pipeline.tally.counts["unchanged"] == 3
    pipeline.close_spider()
    assert settled(pipeline) == URLS


def test_those_of_a_second_are_settled_together(pipeline, monkeypatch):
    times = iter([10.0, 10.9, 11.0])
    monkeypatch.setattr(pipelines, "monotonic", lambda: next(times))
    for url, expected in zip(URLS, ([], [], URLS), strict=True):
        see(pipeline, url)
        assert settled(pipeline) == expected
