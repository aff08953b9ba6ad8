"""Dates as English writes them: Nov. 6, 2023, late last year, on Monday, two days later.

In: folded text. Out: `EN_RULES`, the English rows of the table that dates.py scans with. May, March, April and August are
also verbs and names, Sun and Mon are too: they are dates only beside a number or after a preposition, and may and march in
lower case never are.
"""

from re import Match

from nlp.calendar_words import CLOCK, Anchor, Calendar, Offset, Range, Unit, UnitName, Weekday, number, offset, rule

__all__ = ["EN_RULES"]

_NUMBERS = "zero one two three four five six seven eight nine ten eleven twelve".split()
_MONTHS = "January February March April May June July August September October November December".split()
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
_SHIFTS = {"last": -1, "this": 0, "next": 1, "that": 0, "the": 0, "same": 0, "following": 1, "previous": -1}
_PARTS = {
    "early": "early",
    "mid": "mid",
    "middle": "mid",
    "late": "late",
    "beginning": "start",
    "start": "start",
    "end": "end",
    "fall": "autumn",
}
_ORDINALS = {"first": 1, "second": 2, "third": 3, "fourth": 4}
_UNITS: dict[str, UnitName] = {"day": "day", "week": "week", "weekend": "weekend", "month": "month", "year": "year"}


def _part(text: str | None) -> str | None:
    """Read late, the end, Q3, the third quarter, H1."""
    if text is None:
        return None
    word = text.lower().split(maxsplit=1)
    if word[0] in _ORDINALS:
        return f"{'h' if word[1] == 'half' else 'q'}{_ORDINALS[word[0]]}"
    return _PARTS.get(word[0], word[0])


def _month(text: str) -> int:
    return next(place for place, name in enumerate(_MONTHS, 1) if name[:3].lower() == text[:3].lower())


def _calendar(match: Match[str]) -> Calendar:
    groups = match.groupdict()
    words = (groups.get("yw") or "").lower().split()
    return Calendar(
        year=int(groups["y"]) if groups.get("y") else None,
        month=_month(groups["m"]) if groups.get("m") else None,
        day=int(groups["d"]) if groups.get("d") else None,
        part=_part(groups.get("p")),
        year_shift=_SHIFTS[words[-1]] if words else None,
        told=bool(words) and words[0] in ("that", "the"),
    )


def _near_month(match: Match[str]) -> Calendar:
    """Read last November (the latest), this March and next March (of this and of the next year)."""
    shift = _SHIFTS[match["w"].lower()]
    return Calendar(month=_month(match["m"]), year_shift=None if shift < 0 else shift, strict=shift < 0)


def _near_season(match: Match[str]) -> Calendar:
    """Read last summer (the latest) and this spring."""
    shift = _SHIFTS[match["w"].lower()]
    return Calendar(part=_part(match["p"]), year_shift=None if shift < 0 else shift, strict=shift < 0)


def _years(match: Match[str]) -> Range:
    return Range(first=Calendar(year=int(match["first"])), last=Calendar(year=int(match["last"])))


def _span(match: Match[str]) -> Range:
    """Read November 6-12, 2023 and 6 to 8 November: the month is written once for two days."""
    month, year = _month(match["m"]), int(match["y"]) if match["y"] else None
    first, last = int(match["first"]), int(match["last"])
    return Range(first=Calendar(year=year, month=month, day=first), last=Calendar(year=year, month=month, day=last))


def _quarter(match: Match[str]) -> Calendar:
    return Calendar(part=_part(match["p"] or match["q"]))


def _weekday(match: Match[str]) -> Weekday:
    word = (match["w"] or "").lower()
    weekday = next(place for place, name in enumerate(_DAYS) if name.lower() == match["k"].lower())
    week = {"this": 0, "next": 1}.get(word)
    return Weekday(weekday=weekday, week=week, strict=word == "last", told=word.startswith("the "))


def _unit(match: Match[str]) -> Unit:
    """Read last week, the following month, that year."""
    words = match["w"].lower().split()
    return Unit(unit=_UNITS[match["u"].lower()], shift=_SHIFTS[words[-1]], told=words[0] in ("the", "that"))


def _weekend(_match: Match[str]) -> Unit:
    return Unit(unit="weekend", shift=None)


def _near_part(match: Match[str]) -> Calendar:
    """Read late last month, the end of this year."""
    shift, part = _SHIFTS[match["w"].lower()], _part(match["p"])
    is_year = match["u"].lower() == "year"
    return Calendar(part=part, year_shift=shift) if is_year else Calendar(part=part, month_shift=shift)


def _day(match: Match[str]) -> Unit:
    words = {"yesterday": -1, "last night": -1, "the day before yesterday": -2, "tomorrow": 1}
    return Unit(unit="day", shift=words.get(match["w"].lower(), 0))


def _told_day(match: Match[str]) -> Unit:
    word = match["w"].lower()
    if "previous" in word or "before" in word:
        return Unit(unit="day", shift=-1, told=True)
    return Unit(unit="day", shift=0 if "same" in word or "that" in word else 1, told=True)


def _count(match: Match[str]) -> Offset | None:
    word, text, unit = match["s"].lower(), match["n"].lower(), _UNITS[match["u"].lower()]
    sign = 1 if word.startswith(("later", "after")) else -1
    anchor: Anchor = "published" if word == "ago" else "previous"
    if text == "half a":
        return offset("month", sign * 6, anchor) if unit == "year" else None
    count = 1 if text in ("a", "an") else _NUMBERS.index(text) if text in _NUMBERS else number(text)
    return offset(unit, sign * count, anchor)


_SHORT = "Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec".split()
_VERBS = {"may", "march", "mar"}
_SPELLED = [form for name in _MONTHS + _SHORT for form in (name, name.upper(), name.lower()) if form not in _VERBS]
_MONTH = rf"\b(?P<m>{'|'.join(_SPELLED)})\b"
_SAFE_MONTH = r"\b(?P<m>January|February|July|September|October|November|December)\b"
_ALONE_MONTH = rf"\b(?P<m>{'|'.join(_MONTHS)}|Jan|Feb|Apr|Aug|Sept|Oct|Nov|Dec)\b"
_WEEKDAY = rf"(?:{'|'.join(_DAYS)})"
_SHORT_DAY = rf"(?:{'|'.join(day[:3] for day in _DAYS)}|Tues|Thurs?)\b\.?"
_DAY_NAME = rf"(?:{_WEEKDAY},? |{_SHORT_DAY},? )?"
_TO = r"(?: ?[-–—] ?| (?i:to|through|until|till) )"
_FREE = r"(?<![A-Za-z0-9_./:\-])"
_DAY_END = r"(?:st|nd|rd|th)?(?![A-Za-z0-9_%]|[.:]\d|,\d{3}(?!\d)|-[A-Za-z]| (?:million|billion|percent)\b)"
_NEAR = "last|this|next"
_WITH_YEAR = (
    r"(?:,? ?(?:of )?(?P<y>(?:19|20)\d\d)(?![A-Za-z0-9_%]|[.:,]\d)"
    rf"|,? (?:of )?(?P<yw>(?i:{_NEAR}|that|the same|the following)) year\b)"
)
_TAIL = (
    rf"(?:,? (?:at )?{CLOCK}(?: ?[AaPp]\.?[Mm]\b\.?)?(?: (?:UTC|GMT|[CEMP][SDE]?T|BST)\b)?"
    r"|,? at \d{1,2} ?[AaPp]\.?[Mm]\b\.?| (?:morning|afternoon|evening|night)\b)?"
)


def _after(words: str) -> str:
    """Require one of the words right before, without taking it into the date."""
    return "(?:" + "|".join(rf"(?<=\b(?i:{word}) )" for word in words.split()) + ")"


_AFTER = _after("in by of since until from through before after during early mid late to between")
_IN = _after("in by of until during year")
_ON = _after("on by until since from to between and")
_PART = r"(?P<p>(?i:early|mid|late|(?<=the )middle|beginning|start|end))(?i:[ \-]| (?:of|in) )"
_QUARTER = r"(?P<p>(?i:(?:first|second|third|fourth) quarter|(?:first|second) half|[qh][12]|q[34]))"
_SEASON = r"(?P<p>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ff]all)"
_NUMBER = rf"(?P<n>half a|an?|{'|'.join(_NUMBERS[1:])}|\d{{1,3}})"
# A year after "in" is not a count of things: in 2048 tokens, in 2000 cases.
_NO_COUNT = (
    r"(?![A-Za-z0-9_%]|[.:,\-]\d| (?:tokens?|dimensions?|steps|samples|people|users|lines|cases|words|examples|hours"
    r"|dollars|yuan|files|papers|questions|units|layers|bits|bytes|[MG]B|GPUs?|prompts|tests|ways|languages|countries)\b)"
)
_SENTENCE_GOES_ON = r"(?=[,.;:)!?\n]|$| (?:the|it|he|she|they|we|a|an|and|to|that|after|before|when|with|but)\b)"


def _month_first(to: str) -> str:
    return rf"{_MONTH}\.? (?P<first>\d{{1,2}})(?:st|nd|rd|th)?{to}(?P<last>\d{{1,2}}){_DAY_END}{_WITH_YEAR}?"


def _month_last(to: str) -> str:
    first, last = r"(?P<first>\d{1,2})(?:st|nd|rd|th)?", r"(?P<last>\d{1,2})(?:st|nd|rd|th)?"
    return rf"{first}{to}{last}(?: of)? {_MONTH}(?! \d{{1,2}}(?!\d)){_WITH_YEAR}?"


EN_RULES = (
    rule(
        "Nov. 6, 2023",
        "en",
        rf"{_DAY_NAME}{_MONTH}\.? (?:the )?(?P<d>\d{{1,2}}){_DAY_END}{_WITH_YEAR}?{_TAIL}",
        _calendar,
    ),
    rule(
        "6 November 2023",
        "en",
        rf"{_FREE}{_DAY_NAME}(?:the )?\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)?[ \-]{_MONTH}"
        rf"(?! \d{{1,2}}(?!\d)){_WITH_YEAR}?{_TAIL}",
        _calendar,
    ),
    rule("November 2023", "en", rf"(?:\b{_PART})?{_MONTH}\.?{_WITH_YEAR}", _calendar),
    rule("late November", "en", rf"\b{_PART}(?:the )?{_ALONE_MONTH}", _calendar),
    rule("November", "en", rf"{_SAFE_MONTH}", _calendar),
    rule("in May", "en", rf"{_AFTER}{_ALONE_MONTH}(?![A-Za-z\-])", _calendar),
    rule("last November", "en", rf"\b(?P<w>(?i:last|this|next)) {_ALONE_MONTH}(?! \d)", _near_month),
    rule("Nov 6-12", "en", _month_first(_TO), _span),
    rule("6-8 November", "en", rf"{_FREE}{_month_last(_TO)}", _span),
    rule("between Nov 6 and 12", "en", rf"(?<=\b[Bb]etween ){_month_first(' and ')}", _span),
    rule("between 6 and 8 November", "en", rf"(?<=\b[Bb]etween ){_month_last(' and ')}", _span),
    rule(
        "the 15th",
        "en",
        rf"{_ON}the (?P<d>\d{{1,2}})(?:st|nd|rd|th)\b{_SENTENCE_GOES_ON}{_TAIL}",
        _calendar,
    ),
    rule("in 2023", "en", rf"{_IN}(?P<y>(?:19|20)\d\d){_NO_COUNT}", _calendar),
    rule("late 2023", "en", rf"\b{_PART}(?P<y>(?:19|20)\d\d){_NO_COUNT}", _calendar),
    rule(
        "in 2021-2023",
        "en",
        rf"(?:{_IN}|(?<=\b[Ff]rom )|(?<=\b[Bb]etween ))(?P<first>(?:19|20)\d\d)(?:{_TO}| and )"
        rf"(?P<last>(?:19|20)\d\d){_NO_COUNT}",
        _years,
    ),
    rule("summer 2023", "en", rf"\b{_SEASON}(?: of)?{_WITH_YEAR}", _calendar),
    rule("last summer", "en", rf"\b(?P<w>(?i:{_NEAR})) {_SEASON}\b(?! semester)", _near_season),
    rule(
        "Q3 2024",
        "en",
        rf"(?<![A-Za-z0-9_\-]){_QUARTER}(?i: of)?(?: (?P<y>(?:19|20)\d\d)\b| (?P<yw>(?i:last|this|next)) year\b)",
        _calendar,
    ),
    rule(
        "third quarter",
        "en",
        r"\b(?P<p>(?i:(?:first|second|third|fourth) quarter))\b(?! of)|(?<=\b[Ii]n )(?P<q>Q[1-4])\b",
        _quarter,
    ),
    rule(
        "late last month",
        "en",
        r"\b(?P<p>(?i:early|late|mid|beginning|start|end|middle))(?i: of)? "
        rf"(?P<w>(?i:{_NEAR})) (?P<u>(?i:month|year))\b",
        _near_part,
    ),
    rule(
        "last week",
        "en",
        rf"\b(?P<w>(?i:{_NEAR}|the (?:next|following|previous|same)|that(?: same)?)) "
        r"(?P<u>(?i:week|weekend|month|year))\b",
        _unit,
    ),
    rule(
        "the weekend",
        "en",
        r"(?<=\b[Oo]ver )the weekend\b|(?<=\b[Aa]t )the weekend\b|(?<=\b[Oo]n )the weekend\b",
        _weekend,
    ),
    rule(
        "on Monday",
        "en",
        rf"(?<!every )(?<!each )(?<!Every )(?<!Black )(?<!Cyber )(?<!Good )\b"
        rf"(?:(?P<w>(?i:{_NEAR}|the (?:next|following))) )?(?P<k>{_WEEKDAY})\b(?!\.com){_TAIL}",
        _weekday,
    ),
    rule(
        "yesterday",
        "en",
        r"(?<!USA )\b(?P<w>(?i:the day before yesterday|yesterday|today|tonight|last night|tomorrow"
        rf"|this (?:morning|afternoon|evening)))\b(?!['’]s){_TAIL}",
        _day,
    ),
    rule(
        "the next day",
        "en",
        r"\b(?P<w>(?i:(?:the |that )?same day|that day|the (?:next|following|previous) day"
        r"|the day (?:after|before)))\b(?! yesterday)",
        _told_day,
    ),
    rule(
        "two days later",
        "en",
        rf"(?<![A-Za-z0-9_.,])(?<!\b[Ff]or )(?<!every )(?i:{_NUMBER})[ \-](?P<u>(?i:day|week|month|year))(?i:s)? "
        r"(?P<s>(?i:later|earlier|ago|afterwards?|after|before|prior))\b",
        _count,
    ),
)
