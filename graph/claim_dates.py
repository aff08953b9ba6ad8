"""Dates of a claim: the days that its sources give, the most credible first.

Pairs of date and basis with the true source that gives them flow in; one list flows out, to graph.build and to timelines
as known on an earlier day.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import TypedDict

from nlp.edtf import Period

BASES = ("stated", "relative", "published")
PRECISIONS = ("day", "range", "month", "year")


class DateTold(TypedDict):
    """A date of a claim, what it rests on, and how many true sources give it."""

    date: str
    basis: str
    sources: int


def dates_of(told: Iterable[tuple[str | None, str | None, str]]) -> list[DateTold]:
    """Return the dates of (date, basis, source) rows: one told before one by publication, then by precision, number
    of sources, basis and day.

    >>> dates_of([("2023-11", "stated", "a"), ("2023-11-13", "relative", "b"), (None, None, "c")])[0]
    {'date': '2023-11-13', 'basis': 'relative', 'sources': 1}
    """
    sources: dict[tuple[str, str], set[str]] = defaultdict(set)
    for date, basis, source in told:
        if date and basis:
            sources[date, basis].add(source)

    def credibility(key: tuple[str, str]) -> tuple[bool, int, int, int, str]:
        date, basis = key
        precision = PRECISIONS.index(Period.parse(date).precision)
        return basis == "published", precision, -len(sources[key]), BASES.index(basis), date

    order = sorted(sources, key=credibility)
    return [DateTold(date=date, basis=basis, sources=len(sources[date, basis])) for date, basis in order]
