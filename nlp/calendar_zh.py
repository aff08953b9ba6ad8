"""Dates as Chinese writes them: 2023年11月6日晚, 去年底, 上周五, 四个月后.

In: folded text. Out: `ZH_RULES`, the Chinese rows of the table that dates.py scans with. What looks like a date and is a
duration (15日内), a brand (今日头条), a cycle (本周期) or a rate (每周五) is kept out by the words around it, written as short
lookarounds.
"""

from re import Match

from nlp.calendar_words import CLOCK, Anchor, Calendar, Offset, Range, Unit, UnitName, Weekday, number, offset, rule

__all__ = ["ZH_RULES"]

# What a word adds to the year of publication, or to the year told.
_YEARS = {"今年": 0, "本年": 0, "去年": -1, "前年": -2, "明年": 1}
_YEARS_TOLD = {"同年": 0, "当年": 0, "次年": 1, "翌年": 1}
_PARTS = {
    "初": "start",
    "中": "mid",
    "底": "end",
    "末": "end",
    "上旬": "early",
    "中旬": "mid",
    "下旬": "late",
    "中下旬": "mid to late",
}
_SEASONS = {"春": "spring", "夏": "summer", "秋": "autumn"}


def _year(text: str | None) -> int | None:
    """Read 2023, 二〇二三 and 23 (2023)."""
    if text is None:
        return None
    year = number(text)
    return year if year > 99 else 2000 + year


def _part(text: str | None) -> str | None:
    """Read 底, 年底, 上半年, 第三季度, Q3."""
    if text is None:
        return None
    if "半年" in text:
        return "h1" if text[0] == "上" else "h2"
    if text == "前三季度":
        return "q1-q3"
    if text[0] in _SEASONS:
        return _SEASONS[text[0]]
    if "季" in text or "Q" in text:
        return f"q{next(number(character) for character in text if character in '1234一二三四')}"
    return _PARTS[text.removeprefix("年").removeprefix("月")]


def _calendar(match: Match[str]) -> Calendar:
    groups = match.groupdict()
    year_word, month_word = groups.get("yw"), groups.get("mw")
    told = year_word in _YEARS_TOLD or (month_word or "")[:1] in ("当", "同", "次")
    shift = (_YEARS | _YEARS_TOLD)[year_word] if year_word else None
    return Calendar(
        year=_year(groups.get("y") or groups.get("q")),
        month=number(groups["m"]) if groups.get("m") else None,
        day=number(groups["d"]) if groups.get("d") else None,
        part=_part(groups.get("p")),
        year_shift=shift,
        month_shift={"上": -1, "下": 1, "次": 1}.get(month_word[0], 0) if month_word else None,
        told=told,
    )


def _span(match: Match[str]) -> Range:
    """Read 11月6-8日, 6至8日 and 3-5月: one unit is written for two numbers."""
    month = number(match["m"]) if match.groupdict().get("m") else None
    year = _year(match.groupdict().get("y"))
    first, last = int(match["first"]), int(match["last"])
    if match.groupdict().get("d"):
        return Range(first=Calendar(year=year, month=month, day=first), last=Calendar(year=year, month=month, day=last))
    return Range(first=Calendar(year=year, month=first), last=Calendar(year=year, month=last))


def _years(match: Match[str]) -> Range:
    return Range(first=Calendar(year=int(match["first"])), last=Calendar(year=int(match["last"])))


def _weekday(match: Match[str]) -> Weekday:
    week = _week_shift(match["w"]) if match["w"] else None
    return Weekday(weekday="一二三四五六日".index(match["k"].replace("天", "日")), week=week)


def _week_shift(word: str) -> int:
    return -2 if word.startswith("上上") else {"上": -1, "下": 1}.get(word[0], 0)


def _week(match: Match[str]) -> Unit:
    return Unit(unit="weekend" if match["end"] else "week", shift=_week_shift(match["w"]))


def _weekend(_match: Match[str]) -> Unit:
    return Unit(unit="weekend", shift=None)


def _day(match: Match[str]) -> Unit:
    word = match["w"]
    return Unit(unit="day", shift=-3 if word.startswith("大") else {"昨": -1, "前": -2, "明": 1}.get(word[0], 0))


def _told(match: Match[str]) -> Unit:
    word = match["w"]
    shift = {"当": 0, "同": 0, "前": -1}.get(word[0], 2 if word.startswith("第三") else 1)
    return Unit(unit="week" if "周" in word else "day", shift=shift, told=True)


_UNITS: dict[str, UnitName] = {"天": "day", "日": "day", "周": "week", "年": "year", "个月": "month"}
_HALVES: dict[str, tuple[UnitName, int]] = {"年": ("month", 6), "个月": ("day", 15)}


def _count(match: Match[str]) -> Offset | None:
    """Read 三天后 and 半年前; 15日前 may as well be "before the 15th" and says nothing."""
    sign = 1 if match["s"] == "后" else -1
    anchor: Anchor = "previous" if sign > 0 else "either"
    unit, count = match["u"], match["n"]
    if count == "半":
        return offset(_HALVES[unit][0], sign * _HALVES[unit][1], anchor) if unit in _HALVES else None
    if count.isdecimal() and unit == "日":
        return None
    return offset(_UNITS.get(unit, "week"), sign * number(count), anchor)


_NUMERAL = "〇一二三四五六七八九十"
_START = rf"(?<![\d每数几第{_NUMERAL}])(?<!\d[.])"
_YEAR_NUMBER = r"(?P<y>(?:19|20)\d\d|[一二][〇一二三四五六七八九]{3}|[0-3]\d(?=年\d{1,2}月))\s?年"
_YEAR_WORD = r"(?P<yw>今年|本年|去年|(?<![目以此之提])前年|明年|同年|当年|次年|翌年)"
_YEAR_OR_WORD = rf"(?:{_YEAR_NUMBER}|{_YEAR_WORD}的?)"
_MONTH_NUMBER = (
    r"(?P<m>\d{1,2}|十[一二]?|[一二三四五六七八九])\s?月份?(?![后龄]|之[内后前间久]|怀胎|内(?![测部容地核置]))"
)
_MONTH_WORD = r"(?P<mw>(?:(?<![版成基样剧日])本|上个?|这个|下个?|当|同|次)月份?(?![活薪费销租入均度票亮供]))"
_DAY = r"(?P<d>\d{1,2}|[二三]?十[一二三四五六七八九]?|[一二三四五六七八九])\s?[日号]"
_MONTH_PART = r"(?P<p>上旬|中旬|中?下旬|初(?![始期步创次衷中版代])|底(?![层座部])|末(?![端尾]))"
_QUARTERS = r"前三季度|第?[一二三四1-4]\s?季度?|Q[1-4](?!\w)"
_YEAR_PART = rf"(?P<p>年?初(?![始步创次衷])|年?底|年?末|中(?=[，,、。的就])|上半年|下半年|[春夏秋][天季]|{_QUARTERS})"
_TIME_OF_DAY = r"(?:凌晨|清晨|早上|早晨|早间|上午|中午|午间|午后|下午|傍晚|晚间|晚上|深夜|午夜|夜间|夜里|晚(?![于些期点])|早(?![已就于期先日前])|夜)"
_TIME = rf"(?:\s?(?:{CLOCK}(?:\s?[\-~至到]\s?{CLOCK})?|\d{{1,2}}\s?[时点](?![名评击赞])(?:\d{{1,2}}分|半|整|许)?))"
_TAIL = rf"(?:\s?\(?(?:周|星期)[一二三四五六日天]\)?)?(?:当天|当日)?(?:\s?{_TIME_OF_DAY})?{_TIME}?"
# After a bare 15日 these make it a duration, a rate or another word: 15日内, 7日游, 100日元, 30日留存, 3日活跃.
_NO_DAY = r"(?!之?[内间前后]|以[内前后]|[游均元语文漫剧活期志记常程化线韩企方军产籍系裔留无时报]|本(?![报刊网台社站]))"
_BARE = r"(?<![\d第近满共每约前后续达超余逾长月])(?<!\d[.:\-/])"
_TO = r"\s?(?:-|–|—|~|至|到)\s?"
_WEEKS = r"(?P<w>上上个?|(?<![晚早网线马以])上一?个?|本|这一?个?|下一?个?)"
_COUNT = (
    rf"(?<![\d几数多第百千万亿余两.{_NUMERAL}])"
    r"(?P<n>\d{1,3}|[二三四五六七八九]?十[一二三四五六七八九]?|[一二两三四五六七八九]|半)"
)

ZH_RULES = (
    rule(
        "2023年11月6日",
        "zh",
        rf"{_START}(?:{_YEAR_OR_WORD}\s?)?(?:{_MONTH_NUMBER}|{_MONTH_WORD})(?:\s?(?:{_DAY}{_TAIL}|{_MONTH_PART}))?",
        _calendar,
    ),
    rule("6日", "zh", rf"{_BARE}(?P<d>\d{{1,2}})\s?日{_NO_DAY}{_TAIL}", _calendar),
    rule("6号晚", "zh", rf"{_BARE}(?P<d>\d{{1,2}})\s?号(?=当天|当日|那天|{_TIME_OF_DAY}){_TAIL}", _calendar),
    rule(
        "2023年",
        "zh",
        rf"{_START}(?:{_YEAR_NUMBER}|(?!当年){_YEAR_WORD})(?!以?来|之?[后前]|以[后前]|[代级版款度]|同期)",
        _calendar,
    ),
    rule("2023年底", "zh", rf"{_START}(?:{_YEAR_OR_WORD}\s?|(?P<q>20\d\d)(?=\s?Q)\s?){_YEAR_PART}", _calendar),
    rule(
        "年底",
        "zh",
        rf"(?<![\d年每历近往前{_NUMERAL}])(?P<p>前三季度|年初|年底|年末|上半年|下半年|第[一二三四1-4]季度|[一二三四]季度)(?!之?前)",
        _calendar,
    ),
    rule(
        "11月6-8日",
        "zh",
        rf"{_START}(?:{_YEAR_NUMBER}\s?)?(?P<m>\d{{1,2}})\s?月\s?(?P<first>\d{{1,2}}){_TO}(?P<last>\d{{1,2}})\s?(?P<d>[日号])",
        _span,
    ),
    rule("6-8日", "zh", rf"{_BARE}(?P<first>\d{{1,2}}){_TO}(?P<last>\d{{1,2}})\s?(?P<d>日){_NO_DAY}", _span),
    rule(
        "3-5月",
        "zh",
        rf"{_START}(?:{_YEAR_NUMBER}\s?)?(?P<first>\d{{1,2}}){_TO}(?P<last>\d{{1,2}})\s?月份?(?!\s?\d)",
        _span,
    ),
    rule("2021-2023年", "zh", rf"{_START}(?P<first>(?:19|20)\d\d){_TO}(?P<last>(?:19|20)\d\d)\s?年(?![代级])", _years),
    rule(
        "上周五",
        "zh",
        rf"(?<![每隔个逢\d两几整双{_NUMERAL}]){_WEEKS}?(?:周|星期|礼拜)(?P<k>[一二三四五六日天])(?![天次个均年共些直样度益]){_TAIL}",
        _weekday,
    ),
    rule("上周", "zh", rf"(?<![每隔]){_WEEKS}(?:周|星期|礼拜)(?P<end>末)?(?![边期刊年报])", _week),
    rule("周末", "zh", rf"(?<![每两双{_NUMERAL}])(?:周|星期)末", _weekend),
    rule(
        "昨天",
        "zh",
        rf"(?P<w>今(?:天|日(?!头条|资本)|晚|晨|早|夜)|昨[天日晚晨夜]|大前天|(?<![目以此之提当])前[天日晚]|明(?:天|日(?!方舟|之)|晚|早)){_TAIL}",
        _day,
    ),
    rule(
        "次日",
        "zh",
        rf"(?P<w>次日(?!留存)|翌日|隔[天日]|(?<![会赛节展])第[二三]天|当[天日](?!天)|当晚|同日|同一天|前一[天日]|当周(?![到全密边])|同一?周|次周){_TAIL}",
        _told,
    ),
    rule(
        "三天后",
        "zh",
        rf"{_COUNT}\s?(?P<u>天|日|周|个?星期|个?礼拜|个月|年)(?:之|以|过)?(?P<s>后(?![续代缀台端])|前(?![往来沿端景台途后]))",
        _count,
    ),
)
