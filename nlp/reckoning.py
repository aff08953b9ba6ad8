"""Work out which days a reading means, from what was told before and from when it was published.

In: the readings of calendar_words.py, one after another, and the `Story` so far. Out: a period and what it was completed or
counted from, or None. dates.py goes through an article with it.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from nlp.calendar_words import Calendar, Offset, Range, Reading, Unit, Weekday
from nlp.edtf import Period

__all__ = ["Anchor", "Known", "Story", "reckon"]

Anchor = Literal["self", "published", "previous"]
Known = tuple[Period, Anchor] | None

# First and last month of a part of a year; first and last day of a part of a month (0: its last).
_YEAR_PARTS = {
    "start": (1, 2), "early": (1, 4), "mid": (5, 8), "late": (9, 12), "end": (11, 12), "h1": (1, 6), "h2": (7, 12),
    "spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "q1": (1, 3), "q2": (4, 6), "q3": (7, 9), "q4": (10, 12), "q1-q3": (1, 9),
}  # fmt: skip
_MONTH_PARTS = {
    "start": (1, 10),
    "early": (1, 10),
    "mid": (11, 20),
    "late": (21, 0),
    "mid to late": (11, 0),
    "end": (21, 0),
}
MOST_BETWEEN = 200  # days between the dates of two entries of a list that runs on
_REACH = 9  # years searched for a 29 February: 1900 was none


@dataclass(kw_only=True)
class Story:
    """What has been told so far in one text, and what stands around the reading at hand."""

    published: date | None
    previous: Period | None = None  # the last date told, years alone apart
    deictic: bool = False  # it was counted from publication: 昨天
    last: Period | None = None  # the last date told, years too
    month: Period | None = None  # the last one that lies in one month
    year: int | None = None  # the last year that was written
    new_paragraph: bool = False  # a line ended since `previous` was told
    planned: bool = False  # the reading at hand follows 将于
    listed: bool = False  # it continues a list whose year is known: 2022年3月、5月
    heads: bool = False  # it heads an entry of a list or a note
    entry: Period | None = None  # the date at the head of the entry before

    def tell(self, reading: Reading, period: Period, *, deictic: bool) -> None:
        """Take what was resolved as told, for what follows to count from."""
        self.last = period
        if period.precision != "year":
            self.previous, self.deictic, self.new_paragraph = period, deictic, False
        if period.prefix is not None and len(period.prefix) > 4:
            self.month = period
        end = reading.last if isinstance(reading, Range) else reading
        if isinstance(end, Calendar) and end.year is not None:
            self.year = end.year
        if self.heads:
            self.entry = period


def reckon(reading: Reading, story: Story) -> Known:
    """Turn a reading into a period, or None: no such day, or nothing to complete it from.

    >>> reckon(Calendar(month=12, day=3), Story(published=date(2024, 1, 5)))[0].edtf  # 12月3日
    '2023-12-03'
    >>> reckon(Weekday(weekday=0), Story(published=date(2023, 11, 17)))[0].edtf  # on Monday
    '2023-11-13'
    """
    known: Known
    try:
        match reading:
            case Calendar():
                following = _followed(reading, story)
                known = _after(reading, following) if following is not None else _calendar(reading, story)
            case Range():
                known = _range(reading, story)
            case Unit():
                known = _unit(reading, story)
            case Offset():
                known = _offset(reading, story)
            case Weekday():
                known = _weekday(reading, story)
    except (ValueError, OverflowError):
        return None
    return known


def _followed(date_: Calendar, story: Story) -> Period | None:
    """Return what a date without a year comes after: the one before it in a list, or at the head of the entry before it.

    Entries that run backwards, the newest first, are completed one by one.
    """
    if not _lacks_year(date_):
        return None
    if story.heads and story.entry is not None:
        after = _after(date_, story.entry)
        soon = after is not None and (after[0].earliest - story.entry.latest).days < MOST_BETWEEN
        known = after is not None and (story.published is None or after[0].earliest <= story.published)
        return story.entry if soon and known else None
    return story.last if story.listed else None


def _whole(date_: Calendar, year: int, month: int | None) -> Period:
    """Make the period of a date whose year and month are known; ValueError when there is none such."""
    if date_.part is None or date_.day is not None:
        return Period.of(year, month, date_.day)
    if month is None:
        first, last = _YEAR_PARTS[date_.part]
        return Period(earliest=date(year, first, 1), latest=Period.of(year, last).latest)
    first, last = _MONTH_PARTS[date_.part]
    period = Period.of(year, month)
    return Period(
        earliest=period.earliest.replace(day=first), latest=period.latest.replace(day=last) if last else period.latest
    )


def _has_year(date_: Calendar) -> bool:
    return date_.year is not None or date_.year_shift is not None or date_.month_shift is not None


def _lacks_year(date_: Calendar) -> bool:
    return not _has_year(date_) and (date_.month is not None or date_.part is not None)


def _is_bare_day(date_: Calendar) -> bool:
    return not _has_year(date_) and date_.month is None and date_.day is not None


def _calendar(date_: Calendar, story: Story) -> Known:
    """Fill in what a place in the calendar leaves out."""
    anchor: Anchor = "previous" if date_.told else "published"
    base = (story.last.earliest if story.last else None) if date_.told else story.published
    if date_.month_shift is not None:
        if base is None:
            return None
        month = _months(base, (date_.year_shift or 0) * 12 + date_.month_shift)
        return _whole(date_, date_.year if date_.year is not None else month.year, month.month), anchor
    if date_.year is not None:
        return _whole(date_, date_.year, date_.month), "self"
    if date_.year_shift is not None:
        return (_whole(date_, base.year + date_.year_shift, date_.month), anchor) if base else None
    if date_.month is not None or date_.part is not None:
        return _complete_year(date_, story)
    return _complete_month(date_, story)


def _candidates(date_: Calendar, years: range) -> Iterator[Period]:
    for year in years:
        try:
            yield _whole(date_, year, date_.month)
        except ValueError:
            continue


def _latest(date_: Calendar, limit: date) -> Period | None:
    """Find the latest such date that has begun by the limit."""
    years = range(limit.year, limit.year - _REACH, -1)
    return next((period for period in _candidates(date_, years) if period.earliest <= limit), None)


def _complete_year(date_: Calendar, story: Story) -> Known:
    """Take the latest such date not after publication; the nearest when it is planned; else the year told."""
    if story.published is None:
        return (_whole(date_, story.year, date_.month), "previous") if story.year is not None else None
    limit = story.published.replace(day=1) - timedelta(days=1) if date_.strict else story.published
    period = _latest(date_, limit)
    if story.planned and period is not None:
        now, years = Period(earliest=limit, latest=limit), range(limit.year, limit.year + _REACH)
        coming = next((coming for coming in _candidates(date_, years) if coming.earliest > limit), period)
        period = min(period, coming, key=now.distance_days)
    return (period, "published") if period is not None else None


def _complete_month(date_: Calendar, story: Story) -> Known:
    """Take the month told before a bare day, else the latest such day.

    A day that would lie ahead of publication, in a month that had begun by then, is not of the month told.
    """
    published, told = story.published, story.month
    if told is not None:
        period = _whole(date_, told.earliest.year, told.earliest.month)
        if published is None or period.earliest <= published or told.earliest > published:
            return period, "previous"
    if published is None:
        return None
    first = published.replace(day=1)
    for back in range(_REACH):
        month = _months(first, -back)
        try:
            period = _whole(date_, month.year, month.month)
        except ValueError:
            continue
        if period.earliest <= published:
            return period, "published"
    return None


def _after(date_: Calendar, floor: Period) -> Known:
    """Take the first such date that does not lie before the one it follows in a list or a range."""
    years = range(floor.earliest.year, floor.earliest.year + _REACH)
    period = next((period for period in _candidates(date_, years) if period.latest >= floor.earliest), None)
    return (period, "previous") if period is not None else None


def _range(reading: Range, story: Story) -> Known:
    """Resolve the end that says more, then the other one beside it."""
    first, last = reading.first, reading.last
    if (_is_bare_day(first) and last.month is not None) or (_lacks_year(first) and _has_year(last)):
        known = _calendar(last, story)
        if known is None:
            return None
        end, anchor = known
        month = (end.earliest.year, end.earliest.month)
        start = _whole(first, *month) if _is_bare_day(first) else _latest(first, end.latest)
    else:
        known = _calendar(first, story)
        if known is None:
            return None
        start, anchor = known
        if _is_bare_day(last):
            end = _whole(last, start.earliest.year, start.earliest.month)
        else:
            known = _after(last, start) if _lacks_year(last) else _calendar(last, story)
            if known is None:
                return None
            end = known[0]
    return (Period(earliest=start.earliest, latest=end.latest), anchor) if start is not None else None


def _months(day: date, count: int) -> date:
    """Go to the first day of the month so many months on."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    return date(year, month + 1, 1)


def _unit(reading: Unit, story: Story) -> Known:
    """Take a unit beside what was told or beside publication."""
    if reading.told and story.previous is not None:
        return (
            story.previous if reading.shift == 0 and reading.unit == "day" else _beside(story.previous, reading)
        ), "previous"
    if (reading.told and (reading.shift is None or reading.shift >= 0)) or story.published is None:
        return None
    return _beside(Period(earliest=story.published, latest=story.published), reading), "published"


def _beside(base: Period, reading: Unit) -> Period:
    """Take the day, week, weekend, month or year that lies so many units beside the base; weeks begin on Monday."""
    day, shift = base.earliest, reading.shift if reading.shift is not None else -1 if base.earliest.weekday() < 5 else 0
    if reading.unit == "day":
        return _shifted(base, "day", shift)
    if reading.unit == "year":
        return Period.of(day.year + shift)
    if reading.unit == "month":
        month = _months(day, shift)
        return Period.of(month.year, month.month)
    monday = day + timedelta(days=7 * shift - day.weekday())
    return Period(
        earliest=monday + timedelta(days=5 if reading.unit == "weekend" else 0), latest=monday + timedelta(days=6)
    )


def _shifted(base: Period, unit: str, count: int) -> Period:
    """Count on from a period: days and weeks keep its precision, months give a month, years a year.

    A few days after "in November" are most likely in November still, so a month stays as it is for less than half its
    length.
    """
    if unit == "year":
        return Period(
            earliest=Period.of(base.earliest.year + count).earliest, latest=Period.of(base.latest.year + count).latest
        )
    if unit == "month":
        last = _months(base.latest, count)
        return Period(earliest=_months(base.earliest, count), latest=Period.of(last.year, last.month).latest)
    days = count * 7 if unit == "week" else count
    return base if base.precision == "month" and abs(days) < 15 else base.moved(days=days)


def _offset(reading: Offset, story: Story) -> Known:
    """Count from what was told or from publication; "later" is never later than publication."""
    told = story.previous
    is_narrative = story.published is None or not (story.deictic or story.new_paragraph)
    if told is not None and (reading.anchor == "previous" or (reading.anchor == "either" and is_narrative)):
        return _shifted(told, reading.unit, reading.count), "previous"
    if reading.count > 0 or story.published is None:
        return None
    return _shifted(Period(earliest=story.published, latest=story.published), reading.unit, reading.count), "published"


def _weekday(reading: Weekday, story: Story) -> Known:
    """Take the latest such day, that of the week meant, or the first after what was told."""
    if reading.told:
        if story.previous is None:
            return None
        day = story.previous.latest + timedelta(days=1)
        day += timedelta(days=(reading.weekday - day.weekday()) % 7)
        return Period(earliest=day, latest=day), "previous"
    if story.published is None:
        return None
    if reading.week is not None:
        day = story.published + timedelta(days=7 * reading.week + reading.weekday - story.published.weekday())
    else:
        day = story.published - timedelta(days=1 if reading.strict else 0)
        day -= timedelta(days=(day.weekday() - reading.weekday) % 7)
    return Period(earliest=day, latest=day), "published"
