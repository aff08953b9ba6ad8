"""A stretch of calendar days and how it is written.

In: dates, or text in the Extended Date/Time Format (EDTF, ISO 8601-2:2019, level 0: a day, a month, a year, or two of
them with a slash). Out: Period, the earliest and the latest day on which something may have happened. dates.py makes them
out of an article's words; statements, the timeline and the stores keep them as EDTF.
"""

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal, Self

__all__ = ["Period", "Precision"]

Precision = Literal["day", "month", "year", "range"]

_EDTF = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?", re.ASCII)


@dataclass(frozen=True, kw_only=True, order=True)
class Period:
    """All days from `earliest` to `latest`, both included; sorted by the earlier end first.

    >>> Period.parse("2023-11").latest
    datetime.date(2023, 11, 30)
    >>> Period.of(2023, 11, 6).edtf
    '2023-11-06'
    """

    earliest: date
    latest: date

    def __post_init__(self) -> None:
        if self.latest < self.earliest:
            raise ValueError(f"a period ends before it begins: {self.earliest} to {self.latest}")

    @classmethod
    def of(cls, year: int, month: int | None = None, day: int | None = None) -> Self:
        """Make the whole year, the whole month or the day; ValueError when there is no such day.

        >>> Period.of(2024, 2).edtf, Period.of(2024, 2).latest.day
        ('2024-02', 29)
        """
        if month is None:
            return cls(earliest=date(year, 1, 1), latest=date(year, 12, 31))
        if day is None:
            first = date(year, month, 1)
            return cls(earliest=first, latest=first.replace(day=monthrange(year, month)[1]))
        return cls(earliest=date(year, month, day), latest=date(year, month, day))

    @classmethod
    def parse(cls, edtf: str) -> Self:
        """Read a day, a month, a year or an interval of them; ValueError for anything else.

        >>> Period.parse("2023-11/2023-12").edtf
        '2023-11-01/2023-12-31'
        """
        ends = []
        for end in edtf.split("/"):
            match = _EDTF.fullmatch(end)
            if match is None:
                break
            ends.append(cls.of(*(int(number) for number in match.groups() if number is not None)))
        else:
            if len(ends) <= 2:
                return cls(earliest=ends[0].earliest, latest=ends[-1].latest)
        raise ValueError(f"not an EDTF day, month, year or interval of them: {edtf!r}")

    @property
    def precision(self) -> Precision:
        """Name the calendar unit that the period is, or "range" when it is none.

        >>> [Period.parse(text).precision for text in ("2023-11-06", "2023-11", "2023", "2023-11-06/2023-11-12")]
        ['day', 'month', 'year', 'range']
        """
        if self.earliest == self.latest:
            return "day"
        if self == Period.of(self.earliest.year, self.earliest.month):
            return "month"
        return "year" if self == Period.of(self.earliest.year) else "range"

    @property
    def edtf(self) -> str:
        """Write the period in its shortest form; `parse` reads it back.

        >>> Period(earliest=date(2023, 11, 6), latest=date(2023, 11, 12)).edtf
        '2023-11-06/2023-11-12'
        """
        width = {"day": 10, "month": 7, "year": 4}.get(self.precision)
        return f"{self.earliest}/{self.latest}" if width is None else self.earliest.isoformat()[:width]

    @property
    def prefix(self) -> str | None:
        """Give the YYYY, YYYY-MM or YYYY-MM-DD that both ends share, None when they share no year.

        >>> [Period.parse(text).prefix for text in ("2023-11-06/2023-11-12", "2023-11/2023-12", "2023/2024")]
        ['2023-11', '2023', None]
        """
        first, last = self.earliest.isoformat(), self.latest.isoformat()
        return next((first[:width] for width in (10, 7, 4) if first[:width] == last[:width]), None)

    def distance_days(self, other: "Period") -> int:
        """Count the days from one period to the nearest day of the other, 0 when they overlap.

        >>> Period.parse("2023-11").distance_days(Period.parse("2023-12-03"))
        3
        """
        return max(0, (self.earliest - other.latest).days, (other.earliest - self.latest).days)

    def moved(self, *, days: int) -> "Period":
        """Move both ends; OverflowError beyond the years 1 to 9999.

        >>> Period.parse("2023-11-06").moved(days=-7).edtf
        '2023-10-30'
        """
        by = timedelta(days=days)
        return Period(earliest=self.earliest + by, latest=self.latest + by)
