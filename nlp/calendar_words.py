"""The words that name a day, a month or a year, and what each says before its context is known.

In: folded text (`fold_dates`). Out: readings, what a match of a `Rule` says: "the 6th, month not said", "a week after
something". `DIGIT_RULES` are the dates that every language writes alike; calendar_zh.py and calendar_en.py hold the rest of
the table. dates.py runs it over an article, and reckoning.py completes the readings from what was told before.

Patterns hold no unbounded repetition, so that a scan is linear. They are compiled with re.ASCII: `\\w` and `\\b` then mean
Latin letters, and a date may stand right beside a Chinese character, but not inside GPT-4-2023-11-06.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from re import Match
from typing import Literal

__all__ = [
    "CLOCK",
    "DIGIT_RULES",
    "Anchor",
    "Calendar",
    "Offset",
    "Range",
    "Reading",
    "Rule",
    "Unit",
    "UnitName",
    "Weekday",
    "fold_dates",
    "number",
    "offset",
    "rule",
]

UnitName = Literal["day", "week", "weekend", "month", "year"]
Anchor = Literal["published", "previous", "either"]


@dataclass(frozen=True, kw_only=True)
class Calendar:
    """A place in the calendar with what was left out as None: 11月6日, 去年底, the 15th, Q3 2024."""

    year: int | None = None
    month: int | None = None
    day: int | None = None
    part: str | None = None  # early, mid, late, start, end; of a year also spring, h1, q1 and so on
    year_shift: int | None = None  # 去年 is -1
    month_shift: int | None = None  # 上月 is -1
    told: bool = False  # shifts count from what was told (同年), not from publication (今年)
    strict: bool = False  # what is left out is completed to before publication's own month (last November)


@dataclass(frozen=True, kw_only=True)
class Unit:
    """A whole day, week, weekend, month or year beside this one or the one told: 昨天, 次日, last week."""

    unit: UnitName
    shift: int | None  # None: the latest that has begun
    told: bool = False


@dataclass(frozen=True, kw_only=True)
class Offset:
    """So many units from publication (ago), from what was told (later), or whichever fits (两天前)."""

    unit: UnitName
    count: int
    anchor: Anchor


@dataclass(frozen=True, kw_only=True)
class Weekday:
    """A day of the week, Monday 0; of the week `week` weeks on, else the latest (`strict`: before publication)."""

    weekday: int
    week: int | None = None
    strict: bool = False
    told: bool = False  # the first one after what was told


@dataclass(frozen=True, kw_only=True)
class Range:
    """From one place in the calendar to another: 11月6日至12日."""

    first: Calendar
    last: Calendar


Reading = Calendar | Unit | Offset | Weekday | Range


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One way to write a date: its name, its pattern and what a match says (None: it looks like a date and is none)."""

    name: str
    language: Literal["zh", "en", "any"]
    pattern: re.Pattern[str]
    read: Callable[[Match[str]], Reading | None]


def rule(
    name: str, language: Literal["zh", "en", "any"], pattern: str, read: Callable[[Match[str]], Reading | None]
) -> Rule:
    """Compile one row of the table."""
    return Rule(name=name, language=language, pattern=re.compile(pattern, re.ASCII), read=read)


_FOLD = str.maketrans(
    "０１２３４５６７８９：／－．～（）　\u00a0\u2009\u202f零○週禮號點時後兩個當這間內會與晝鐘從隨",
    "0123456789:/-.~()    〇〇周礼号点时后两个当这间内会与昼钟从随",
)


def fold_dates(text: str) -> str:
    """Write full-width digits and signs as ASCII and traditional date words as simplified; every offset stays.

    >>> fold_dates("２０２３年１１月６號、兩週後")
    '2023年11月6号、两周后'
    >>> fold_dates("Nov.\u00a06, 2023")
    'Nov. 6, 2023'
    """
    return text.translate(_FOLD)


_ZH_DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"两": 2}


def number(text: str) -> int:
    """Read digits and folded Chinese numerals.

    >>> [number(text) for text in ("11", "十一", "二十", "二〇二三")]
    [11, 11, 20, 2023]
    """
    if text.isdecimal():
        return int(text)
    tens, ten, ones = text.partition("十")
    if ten:
        return 10 * _ZH_DIGITS.get(tens, 1) + _ZH_DIGITS.get(ones, 0)
    return int("".join(str(_ZH_DIGITS[character]) for character in text))


def offset(unit: UnitName, count: int, anchor: Anchor) -> Offset | None:
    """Refuse what is no memory of an event: 80年后 is a generation, not a year to come.

    >>> offset("week", 2, "previous")
    Offset(unit='week', count=2, anchor='previous')
    """
    return None if unit == "year" and abs(count) > 30 else Offset(unit=unit, count=count, anchor=anchor)


def _digits(match: Match[str]) -> Calendar:
    day = match.groupdict().get("d")
    return Calendar(year=int(match["y"]), month=int(match["m"]), day=int(day) if day else None)


def _slashed(match: Match[str]) -> Calendar:
    """Read the American month/day/year, or day/month/year where the first number can be no month."""
    month, day = int(match["m"]), int(match["d"])
    month, day = (day, month) if month > 12 else (month, day)
    return Calendar(year=int(match["y"]), month=month, day=day)


# A date has no letter, sign or digit right before it, or it is the tail of a version, a path or a longer number.
_FREE = r"(?<![A-Za-z0-9_./\-#$¥])(?<!\d:)"
_YEAR = r"(?P<y>(?:19|20)\d\d)"
CLOCK = r"\d{1,2}:\d\d(?::\d\d(?:\.\d{1,6})?)?"
_CLOCK_AFTER = rf"(?:[T ]{CLOCK}(?:Z| ?(?:UTC|GMT)|[+-]\d\d:?\d\d)?)?"
_END = r"(?![A-Za-z0-9_]|[./\-]\d)"

DIGIT_RULES = (
    rule(
        "2023-11-06",
        "any",
        rf"{_FREE}{_YEAR}(?P<sign>[\-/.])(?P<m>\d{{1,2}})(?P=sign)(?P<d>\d{{1,2}}){_CLOCK_AFTER}{_END}",
        _digits,
    ),
    rule("2023-11", "any", rf"{_FREE}{_YEAR}[\-/](?P<m>0[1-9]|1[0-2]){_END}", _digits),
    rule(
        "20231106",
        "any",
        rf"(?<![\w\u3400-\u9fff./:\-#$¥]){_YEAR}(?P<m>\d\d)(?P<d>\d\d)(?![\w\u3400-\u9fff\-/]|\.\d)",
        _digits,
    ),
    rule("11/6/2023", "any", rf"{_FREE}(?P<m>\d{{1,2}})/(?P<d>\d{{1,2}})/{_YEAR}{_END}", _slashed),
)
