"""Find what an article says about when, and work out the days that are meant.

In: the text of one article or post and the day it was published. Out: date expressions in reading order, each with the
period it stands for; statements takes the one in its clause as the time at which something happened.

What a date leaves out comes from three places. A year or a month is the latest that is not after publication (12月3日 read
in January is last year's); beside 将于 or "due in" it is the nearest one. A bare 15日 takes the month told before it.
一周后, 次日 and "two days later" count from the date told before, so the text is read as a narrative, from left to right;
years alone are biography and no anchor. 两天前 counts from the date told before it in its paragraph if that was a narrative
one, not 昨天, and else from publication; "two days ago" always counts from publication.

A date without a year at the head of an entry of a list takes the year that the entries before it have come to.

An explicit date beats an anchor: in "两天后，公司在11月8日承认" only 11月8日 is returned, and what follows counts from it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from nlp.calendar_en import EN_RULES
from nlp.calendar_words import DIGIT_RULES, Calendar, Offset, Range, Reading, Rule, Unit, fold_dates
from nlp.calendar_zh import ZH_RULES
from nlp.dated_entries import is_head
from nlp.edtf import Period
from nlp.reckoning import Anchor, Story, reckon

__all__ = ["RULES", "Basis", "DateExpression", "find_dates"]

RULES: tuple[Rule, ...] = (*DIGIT_RULES, *ZH_RULES, *EN_RULES)

Basis = Literal["stated", "relative"]


@dataclass(frozen=True, kw_only=True)
class DateExpression:
    """The words text[start:end], the days they stand for and how that is known.

    The basis is "stated" for a place in the calendar (11月6日, 今年3月), though part of it be completed, and "relative" for what
    is counted or only pointed at (昨天, 去年底, a week later). The anchor is where the missing part came from; "self" when
    nothing was missing.
    """

    start: int
    end: int
    period: Period
    basis: Basis
    anchor: Anchor
    heads: bool = False  # it stands at the head of an item or note


_MASK = "\ufffc"  # neither a word, a space nor a sign of any pattern
_URL = re.compile(
    r"(?:https?://|www\.|\.(?:com|cn|org|net|io|ai|dev|edu|gov|co|me)/)[A-Za-z0-9_./?#&=%+:;,@!~*'$\-]*",
    re.ASCII | re.IGNORECASE,
)
_RANGE = re.compile(r"\s?(?:至|到|-|–|—|——|~|to|through|until|till)\s?")
_LIST = re.compile(r"\s?(?:[、,和及与]|and)\s?")
_APPOSITION = re.compile(r"[\s,，(]{0,2}(?:即|也就是|that is,? |i\.e\. )?")
_SAME_CLAUSE = re.compile(r"\s?[，,]?(?:[^，,。；;！？!?·|\n.]|\.(?=\S)){0,40}")
_PLANNED = re.compile(
    r"(?:将[于在]|[定拟]于|计划[于在]|预计[于在]?|\b(?:due|expected|planned|scheduled|slated) (?:in|on|for|by))\s?$"
)


@dataclass(frozen=True, kw_only=True)
class _Found:
    """What one pattern matched, before its period is known."""

    start: int
    end: int
    reading: Reading | None
    native: bool  # written in the text's main language

    @property
    def is_stated(self) -> bool:
        """Say whether a year, a month or a day is written."""
        return self.is_dated or any(place.year for place in self._places())

    @property
    def is_dated(self) -> bool:
        """Say whether a month or a day is written, which beats an anchor; a year alone does not."""
        return any(place.month or place.day for place in self._places())

    def _places(self) -> list[Calendar]:
        if isinstance(self.reading, Range):
            return [self.reading.first, self.reading.last]
        return [self.reading] if isinstance(self.reading, Calendar) else []


def find_dates(
    text: str, *, published: date | None, language: str | None = None, ignore: Sequence[tuple[int, int]] = ()
) -> list[DateExpression]:
    """List the date expressions of one text in reading order, without overlaps.

    `published` is the local day of publication; without it only what the text itself settles is returned. `language` is
    that of the text: words of the other language that point at a day (今天, yesterday) are then a quotation, whose today is
    not the article's, and are left out. `ignore` are spans that hold no date, such as names of models; URLs are always
    ignored.

    >>> told = find_dates("11月6日，甲公司发布模型。一周后，有人质疑。昨天，公司道歉。", published=date(2023, 11, 17))
    >>> [(one.start, one.end, one.period.edtf, one.anchor) for one in told]
    [(0, 5, '2023-11-06', 'published'), (14, 17, '2023-11-13', 'previous'), (23, 25, '2023-11-16', 'published')]
    >>> told = find_dates("Announced on Nov. 6; pulled the next day.", published=date(2023, 11, 17))
    >>> [(one.period.edtf, one.basis) for one in told]
    [('2023-11-06', 'stated'), ('2023-11-07', 'relative')]
    """
    folded = _mask(fold_dates(text), ignore)
    founds = list(_join_ranges(folded, _scan(folded, (language or "")[:2].lower())))
    story, expressions, read_to = Story(published=published), list[DateExpression](), 0
    for index, found in enumerate(founds):
        before = founds[index - 1] if index else None
        story.new_paragraph = story.new_paragraph or "\n" in folded[read_to : found.start]
        read_to = found.end
        if _is_overridden(folded, found, before, founds[index + 1] if index + 1 < len(founds) else None):
            continue
        story.heads = is_head(folded, found.start, found.end)
        story.planned = _PLANNED.search(folded[max(0, found.start - 30) : found.start]) is not None
        story.listed = before is not None and _is_listed(folded, before, found, was_listed=story.listed)
        known = reckon(found.reading, story) if found.reading and (found.native or found.is_stated) else None
        if known is not None and found.reading is not None:
            period, anchor = known
            basis: Basis = "stated" if found.is_stated else "relative"
            expressions.append(
                DateExpression(
                    start=found.start, end=found.end, period=period, basis=basis, anchor=anchor, heads=story.heads
                )
            )
            story.tell(found.reading, period, deictic=basis == "relative" and anchor == "published")
    return expressions


def _is_listed(text: str, before: _Found, found: _Found, *, was_listed: bool) -> bool:
    """Say whether this is of the year of the date before it, or the next: 2022年3月、5月和11月."""
    reading, gap = before.reading, text[before.end : found.start]
    is_of_year = isinstance(reading, Calendar) and (
        was_listed or reading.year is not None or reading.year_shift is not None
    )
    return is_of_year and _LIST.fullmatch(gap) is not None


def _mask(text: str, ignore: Sequence[tuple[int, int]]) -> str:
    """Blank out URLs and the given spans, keeping every offset."""
    spans = sorted(
        [(max(0, start), min(end, len(text))) for start, end in ignore]
        + [match.span() for match in _URL.finditer(text)]
    )
    pieces, at = [], 0
    for start, end in spans:
        if end > max(at, start):
            pieces += [text[at : max(at, start)], _MASK * (end - max(at, start))]
            at = end
    return "".join([*pieces, text[at:]])


def _scan(text: str, language: str) -> Iterator[_Found]:
    """Yield the leftmost, and of those the longest, match again and again.

    Each rule remembers its next match and searches anew only when a match has covered the beginning of it; patterns are
    short, so every character is looked at a bounded number of times.
    """
    upcoming = {place: match for place, rule in enumerate(RULES) if (match := rule.pattern.search(text))}
    while upcoming:
        place, best = min(upcoming.items(), key=lambda item: (item[1].start(), -item[1].end(), item[0]))
        start, end = best.span()
        native = RULES[place].language in ("any", language) or language not in ("zh", "en")
        yield _Found(start=start, end=end, reading=RULES[place].read(best), native=native)
        for other in [other for other, match in upcoming.items() if match.start() < end]:
            match = RULES[other].pattern.search(text, end)
            if match is None:
                del upcoming[other]
            else:
                upcoming[other] = match


def _join_ranges(text: str, founds: Iterator[_Found]) -> Iterator[_Found]:
    """Make one range of two places in the calendar with 至, to or a dash between them."""
    held: _Found | None = None
    for found in founds:
        if held is not None and isinstance(held.reading, Calendar) and isinstance(found.reading, Calendar):
            gap = text[held.end : found.start]
            between = gap.strip() == "and" and text[max(0, held.start - 8) : held.start].lower() == "between "
            if between or _RANGE.fullmatch(gap):
                yield _Found(
                    start=held.start, end=found.end, reading=Range(first=held.reading, last=found.reading), native=True
                )
                held = None
                continue
        if held is not None:
            yield held
        held = found
    if held is not None:
        yield held


def _is_overridden(text: str, found: _Found, before: _Found | None, following: _Found | None) -> bool:
    """Say whether an explicit date in the clause that it opens, or beside it, tells the same time as this anchor."""
    reading = found.reading
    if not isinstance(reading, Offset | Unit) or (isinstance(reading, Unit) and not reading.told):
        return False
    if before is not None and before.is_dated and before.end < found.start:
        beside = text[before.end : found.start]
        if len(beside) < 15 and _APPOSITION.fullmatch(beside):
            return True
    if following is None or not following.is_dated or (isinstance(reading, Unit) and reading.shift == 0):
        return False
    between = text[found.end : following.start]
    return len(between) < 50 and _SAME_CLAUSE.fullmatch(between) is not None
