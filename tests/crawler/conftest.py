"""A web server of our own for the tests that crawl, a place for an archive, and a crawl of one source that is rendered."""

import importlib.util
import sys
from pathlib import Path

import pytest

from tests.crawler.rendered_crawl import crawl, feed


def load(name):
    spec = importlib.util.spec_from_file_location(f"tests_crawler_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def web():
    with load("loopback").Loopback() as server:
        yield server


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


@pytest.fixture
def one(web, path):
    return lambda source=None, **options: crawl(path, source or feed(web), **options)["news"]
