"""Back-filling: the addresses that list what a source published before its feed begins.

A source with an `archive` pattern and two days flow in, addresses flow out, newest first, to whoever fetches them; what
each of them answers with (a feed, a sitemap, a list page) is read by the reader of that format. Pure.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from crawler.errors import SourceError
from crawler.sources import Source

PAGES = 1000  # a pattern by page does not say where the archive ends


def archive_pages(source: Source, *, since: date, until: date) -> Iterator[str]:
    """Yield the addresses of a source's archive between two days, both included, newest first.

    By the finest unit that the pattern names: days, months or years (numbers with leading zeros: 2023, 04, 09). A
    pattern by {page} says nothing of days: it gives pages 1 to `PAGES`, and the caller stops at the first that fails or
    holds only what is older than `since`.

    Raises:
        SourceError: when the source has no archive, or the days are the wrong way round.
    """
    if source.archive is None:
        raise SourceError(
            f"source {source.name!r} has no archive; give it `archive`, an address with {{year}} or {{page}}"
        )
    if since > until:
        raise SourceError(f"since {since} is after until {until}; give the earlier day as `since`")
    return addresses(source.archive, since=since, until=until)


def addresses(pattern: str, *, since: date, until: date) -> Iterator[str]:
    """Yield the addresses of a pattern that is known to be one."""
    if "{page}" in pattern:
        yield from (pattern.replace("{page}", str(number)) for number in range(1, PAGES + 1))
        return
    day = until
    while True:
        yield filled(pattern, day)
        first = first_day(pattern, day)
        if first <= since:  # also keeps the year 1 from having a day before it
            return
        day = first - timedelta(days=1)


def filled(pattern: str, day: date) -> str:
    """Return the address of a pattern for a day.

    >>> filled("https://example.org/{year}/{month}/", date(2023, 4, 9))
    'https://example.org/2023/04/'
    """
    parts = {"{year}": f"{day.year:04}", "{month}": f"{day.month:02}", "{day}": f"{day.day:02}"}
    for placeholder, digits in parts.items():
        pattern = pattern.replace(placeholder, digits)
    return pattern


def first_day(pattern: str, day: date) -> date:
    """Return the first day that the address of a pattern for a day covers."""
    if "{day}" in pattern:
        return day
    return day.replace(day=1) if "{month}" in pattern else day.replace(month=1, day=1)
