"""A web server of our own for the tests that crawl, a place for an archive, and a crawl of one source that is rendered."""

import pytest

from tests.crawler.loopback import Loopback
from tests.crawler.rendered_crawl import crawl, feed


@pytest.fixture
def web():
    with Loopback() as server:
        yield server


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def one(web, path):
    return lambda source=None, **options: crawl(path, source or feed(web), **options)["news"]
