"""Times as pages and forums write them: the patterns of such times, and from one of them to ISO 8601.

A text that is a time flows in, with the day from which relative ones count; a time with the zone that it gives flows out. Pure.
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta, timezone

from crawler.document import local_day, parse_time

MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH = r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)[a-z]{0,6}\.?"
CLOCK = r"[0-9]{1,2}[:：][0-9]{2}(?:[:：][0-9]{2})?(?:\.[0-9]{1,6})?(?:\s?[AaPp]\.?[Mm]\b\.?)?"
ZONE = r"\s?(?:Z\b|UTC\b|GMT\b|[+-][0-9]{2}:?[0-9]{2}(?![0-9]))"
NUMERIC = r"(?:19|20)[0-9]{2}\s?[-/.年]\s?[0-9]{1,2}\s?[-/.月]\s?[0-9]{1,2}(?:\s?日)?"
NAMED = rf"(?:{MONTH}\s[0-9]{{1,2}}(?:st|nd|rd|th)?(?:,?\s[0-9]{{4}}(?![:0-9]))?|[0-9]{{1,2}}\s{MONTH},?\s[0-9]{{4}})"
ABSOLUTE = rf"(?:{NUMERIC}|(?:[A-Z][a-z]{{2,8}},\s)?{NAMED})(?:(?:T|,?\s{{1,3}}(?:at\s)?){CLOCK}(?:{ZONE})?)?"
UNIT = (
    r"(?:seconds?|secs?|s|minutes?|mins?|min\.|m|hours?|hrs?\.?|h|days?|d|weeks?|wks?\.?|w|months?|mo\.?|"
    r"years?|yrs?\.?|y)"
)
RELATIVE = (
    rf"(?:(?:[0-9]{{1,4}}|an?|last)\s?{UNIT}(?:\sago)?|just now|yesterday|"
    r"[0-9]{1,4}\s?(?:秒|分钟|分鐘|小时|小時|天|周|个月|個月|年)前|刚刚|昨天|前天)"
)
AGO = rf"(?:(?:[0-9]{{1,4}}|an?|last)\s?{UNIT}\sago|yesterday|just now)"
MOMENT = re.compile(
    r"(?:[a-z]{3,9},?\s{1,2})??(?:"
    r"(?P<y>[0-9]{4})\s?[-/.年]\s?(?P<m>[0-9]{1,2})\s?[-/.月]\s?(?P<d>[0-9]{1,2})(?:\s?日)?|"
    rf"(?P<month>{MONTH})\s(?P<day>[0-9]{{1,2}})(?:st|nd|rd|th)?(?:,?\s(?P<year>[0-9]{{4}}))?|"
    rf"(?P<day2>[0-9]{{1,2}})\s(?P<month2>{MONTH}),?\s(?P<year2>[0-9]{{4}}))"
    r"(?:(?:T|,?\s{1,3}(?:at\s)?|(?<=日))(?P<hour>[0-9]{1,2})[:：](?P<minute>[0-9]{2})(?:[:：](?P<second>[0-9]{2}))?"
    r"(?:\.[0-9]{1,9})?"
    r"(?:\s?(?P<half>[ap])\.?m\.?)?(?:\s?(?P<zone>Z|UTC|GMT|[+-][0-9]{2}:?[0-9]{2}))?(?:\s\(?[A-Z]{2,5}\)?)?)?",
    re.I,
)


def read_time(value: str, *, published: str | None = None) -> str | None:
    """Read a time as pages and forums write it, into ISO 8601 with the zone that it gives; None where it is none.

    A relative time is the day of `published`; a day without a year is the first such day from then on.

    >>> read_time("2025-1-31 08:59"), read_time("Nov 12, 2023"), read_time("3 hours ago", published="2023-11-14")
    ('2025-01-31T08:59', '2023-11-12', '2023-11-14')
    """
    value = value.strip()
    day = local_day(published)
    match = MOMENT.fullmatch(value)
    if not match:
        plain = parse_time(value) if re.match(r"(?:19|20)[0-9]{2}", value) else None
        if plain is not None:
            return plain.isoformat() if not isinstance(plain, datetime) else plain.replace(microsecond=0).isoformat()
        return day.isoformat() if day and re.fullmatch(RELATIVE, value, re.I) else None
    part = match.groupdict()
    month = part["m"] or MONTHS.index((part["month"] or part["month2"])[:3].lower()) + 1
    numbers = (part["y"] or part["year"] or part["year2"], month, part["d"] or part["day"] or part["day2"])
    return moment(numbers, part, after=day)


def moment(
    numbers: tuple[str | None, str | int, str], part: dict[str, str | None], *, after: date | None
) -> str | None:
    """Return the ISO 8601 form of a year, month and day and the parts of a clock; None where no such day is."""
    year = int(numbers[0]) if numbers[0] else after.year if after else 0
    try:
        day = date(year, int(numbers[1]), int(numbers[2]))
        if not numbers[0] and after and day < after:
            day = day.replace(year=year + 1)
        if not 1970 <= day.year <= 2100:
            return None
        if part["hour"] is None:
            return day.isoformat()
        hour = int(part["hour"]) % 12 + 12 * (part["half"].lower() == "p") if part["half"] else int(part["hour"])
        whole = datetime(day.year, day.month, day.day, hour, int(part["minute"] or 0), int(part["second"] or 0))
    except ValueError:
        return None
    return whole.replace(tzinfo=zone_of(part["zone"])).isoformat(timespec="seconds" if part["second"] else "minutes")


def zone_of(name: str | None) -> timezone | None:
    """Return the zone of Z, UTC, GMT, +0800 or +08:00."""
    if not name:
        return None
    digits = re.sub(r"[^0-9]", "", name)
    if not digits:
        return UTC
    offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
    return timezone(-offset if name[0] == "-" else offset)
