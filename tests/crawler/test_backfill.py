"""An archive's addresses come newest first and cover the days asked for."""

from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.backfill import PAGES, archive_pages
from crawler.errors import SourceError
from crawler.sources import load_sources

BASE = "https://example.org/"
DAYS = st.dates(min_value=date(2015, 1, 1), max_value=date(2026, 12, 31))


def source(archive):
    table = {"name": "a", "kind": "feed", "url": BASE + "feed"}
    return load_sources([table | ({"archive": archive} if archive else {})])["a"]


def pages(archive, since, until):
    addresses = archive_pages(source(archive), since=date.fromisoformat(since), until=date.fromisoformat(until))
    return [address.removeprefix(BASE) for address in addresses]


@pytest.mark.parametrize(
    ("archive", "since", "until", "addresses"),
    [
        ("{year}-{month}-{day}", "2024-02-28", "2024-03-01", ["2024-03-01", "2024-02-29", "2024-02-28"]),
        ("{year}/{month}{day}/n", "2023-12-31", "2024-01-01", ["2024/0101/n", "2023/1231/n"]),
        ("{year}/{month}/", "2023-11-30", "2024-01-01", ["2024/01/", "2023/12/", "2023/11/"]),
        ("{year}/{month}/", "2024-01-02", "2024-01-31", ["2024/01/"]),
        ("y/{year}?of={year}", "2022-12-31", "2024-01-01", ["y/2024?of=2024", "y/2023?of=2023", "y/2022?of=2022"]),
        ("{year}", "0001-01-01", "0002-01-01", ["0002", "0001"]),
    ],
)
def test_days_months_and_years_are_newest_first(archive, since, until, addresses):
    assert pages(BASE + archive, since, until) == addresses


def test_pages_are_counted_from_one_until_the_caller_stops():
    addresses = pages(BASE + "feed?paged={page}", "2023-01-01", "2024-01-01")
    assert addresses[:2] == ["feed?paged=1", "feed?paged=2"] and len(addresses) == PAGES


@settings(deadline=None)
@given(DAYS, DAYS)
def test_every_day_is_covered_once(one, other):
    since, until = sorted((one, other))
    found = list(archive_pages(source(BASE + "{year}{month}{day}"), since=since, until=until))
    days = [until - timedelta(days=count) for count in range((until - since).days + 1)]
    assert found == [f"{BASE}{day:%Y%m%d}" for day in days]
    months = list(archive_pages(source(BASE + "{year}{month}"), since=since, until=until))
    assert months == list(dict.fromkeys(f"{BASE}{day:%Y%m}" for day in days))


def test_what_cannot_be_asked_is_named_at_once():
    with pytest.raises(SourceError, match="'a' has no archive"):
        archive_pages(source(None), since=date(2024, 1, 1), until=date(2024, 1, 2))
    with pytest.raises(SourceError, match="2024-01-03 is after until 2024-01-02"):
        archive_pages(source(BASE + "{year}"), since=date(2024, 1, 3), until=date(2024, 1, 2))
