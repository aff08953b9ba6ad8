"""The header grammar of saved threads: plain text in, posts with their authors, times and places out.

Archives write a line or two above each post that name its author and mostly its time. Each row of HEADERS is one such
way; the family of rows that matches most often is believed. Posts go into the Document that crawler.intake makes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, timezone

from crawler.document import Post, local_day, parse_time

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
WHEN = rf"(?P<time>{ABSOLUTE}|{RELATIVE})"
STAMP = rf"(?P<time>{ABSOLUTE})"
HANDLE = r"(?P<author>[\w.\-]{1,39})"
NAME = r"(?P<author>[^\s:：|()（）\[\]#>*](?:[^\n:：|()（）\[\]]{0,38}[^\s:：|()（）\[\]*])?)"
END = r"[ \t]*\r?$"
GAP = r"[ \t\u3000\xa0]"
INDENT = rf"(?P<indent>{GAP}{{0,120}})"
DOT = rf"(?:\r?\n)?{GAP}{{0,4}}[·•,|(—–-]?{GAP}{{0,4}}(?:\r?\n)?"
NO_HANDLE = (  # words that begin sentences of the same form
    r"(?!(?:posted|published|updated|edited|written|last|created|modified|released|submitted|only|based|"
    r"he|she|they|who|it|we|i|one|and|users?|author|company)\b)"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class HeaderPattern:
    """One way to write the header of a post; groups are author, time, floor and indent, all optional but author.

    The body begins where the match ends, on the same line or the next. A family needs `least` headers to be
    believed, since a single line of a loose kind may be a sentence.
    """

    name: str
    family: str
    pattern: re.Pattern[str]
    least: int = 1


def header(name: str, family: str, pattern: str, *, least: int = 1) -> HeaderPattern:
    """Compile a row; every repetition in a pattern is bounded, so that matching takes constant time a line."""
    if pattern.endswith("$"):
        pattern = rf"{pattern[:-1]}\r?$"
    return HeaderPattern(name=name, family=family, pattern=re.compile(pattern, re.M | re.I), least=least)


HEADERS = (
    header(
        "discuz archive",
        "discuz",
        rf"#{{3,6}}{GAP}{{1,4}}(?P<author>[^\n#]{{1,60}}?){END}\n#{{3,6}}{GAP}{{1,4}}(?P<floor>[0-9]{{1,6}})#"
        rf"[^\n]{{0,60}}?发表于{GAP}{{0,3}}{WHEN}[^\n]{{0,80}}$",
    ),
    header(
        "discuz page",
        "discuz",
        rf"{NAME}{END}\n(?:{END}\n)?(?:(?P<floor>[0-9]{{1,6}})#)?{GAP}{{0,8}}(?:楼主{GAP}{{1,8}}|电梯直达{GAP}{{0,4}})?"
        rf"发表于{GAP}{{0,3}}{WHEN}[^\n]{{0,80}}$",
    ),
    header(
        "hacker news, relative",
        "hn",
        rf"{INDENT}{HANDLE}\s(?P<time>{AGO}){GAP}{{0,4}}(?:\||\[[-–—−+]?[0-9 a-z]{{0,9}}\]|\r?$)[^\n]{{0,200}}$",
    ),
    header(
        "hacker news, dated",
        "hn",
        rf"{INDENT}{NO_HANDLE}{HANDLE}\son\s(?P<time>{MONTH}\s[0-9]{{1,2}},\s[0-9]{{4}}){GAP}{{0,4}}"
        r"(?:[|\[][^\n]{0,200})?$",
    ),
    header(
        "hacker news, story",
        "hn",
        rf"{GAP}{{0,8}}[0-9]{{1,5}}\spoints?\sby\s{HANDLE}\s(?:on\s)?{WHEN}[^\n]{{0,200}}$",
    ),
    header(
        "reddit, new",
        "reddit",
        rf"{INDENT}(?:posted by )?\*{{0,2}}/?u/{HANDLE}\*{{0,2}}{GAP}{{0,4}}"
        rf"(?:\(?(?:OP|MOD)\)?{GAP}{{0,4}})?{DOT}{WHEN}"
        rf"(?:[ )·•|][^\n]{{0,100}})?{END}",
    ),
    header(
        "reddit, dotted",
        "reddit",
        rf"{INDENT}{HANDLE}(?:{GAP}{{1,4}}OP)?{GAP}{{0,4}}[·•]{GAP}{{0,4}}(?P<time>{RELATIVE})(?:{GAP}[^\n]{{0,100}})?$",
    ),
    header(
        "reddit, old",
        "reddit",
        rf"{INDENT}(?:\[[-–—−+]\]{GAP}{{0,4}})?(?:u/)?{HANDLE}(?:{GAP}{{0,2}}\[[\w ,]{{1,20}}\])?{GAP}{{1,4}}"
        rf"(?:-?[0-9.]{{1,7}}k?\spoints?|\[?score hidden\]?)[ ·•,]{{1,5}}(?:on\s)?{WHEN}[^\n]{{0,100}}$",
    ),
    header(
        "reddit, submitted",
        "reddit",
        rf"{GAP}{{0,8}}submitted\s(?:on\s)?{WHEN}\sby\s(?:/?u/)?{HANDLE}[^\n]{{0,100}}$",
    ),
    header("reddit, bare", "reddit", rf"{INDENT}\*{{0,2}}/?u/{HANDLE}\*{{0,2}}(?:{GAP}{{0,3}}[:：]{GAP}{{0,4}}|{END})"),
    header(
        "issue, commented",
        "issue",
        rf"(?:#{{1,6}}{GAP})?{NO_HANDLE}[*_@]{{0,4}}{HANDLE}[*_]{{0,3}}(?:{GAP}\([^()\n]{{1,30}}\))?\s(?:commented|"
        r"replied|opened(?:\sthis)?(?:\s(?:issue|pull request|discussion|#[0-9]{1,7}))?|"
        r"started (?:this|a) (?:discussion|conversation))"
        rf"(?:{GAP}(?:on{GAP})?{WHEN})?(?:{GAP}[·•(|—–-][^\n]{{0,120}})?{GAP}{{0,3}}[:：]?{END}",
    ),
    header(
        "hugging face",
        "issue",
        rf"@?{HANDLE}{END}\n(?:{END}\n)?(?:[^\n]{{1,60}}\s(?:org|owner){END}\n(?:{END}\n)?)?"
        rf"(?P<time>{MONTH}\s[0-9]{{1,2}},\s[0-9]{{4}})(?:\n?{GAP}{{0,3}}[•·(]\n?[^\n]{{0,60}})?{END}",
        least=2,
    ),
    header(
        "v2ex, reply",
        "floor",
        rf"{GAP}{{0,8}}[#＃]?(?P<floor>[0-9]{{1,6}})(?:楼|樓|#|F|L)?[ \t.、:：]{{1,8}}{NAME}(?:{GAP}{{1,4}}OP)?"
        rf"{GAP}{{1,8}}{WHEN}(?:{GAP}[^\n]{{0,80}})?$",
    ),
    header(
        "v2ex, topic",
        "floor",
        rf"{GAP}{{0,8}}{HANDLE}{GAP}{{1,3}}[·•]{GAP}{{1,3}}{WHEN}{GAP}{{1,3}}[·•]{GAP}{{1,3}}[0-9]{{1,9}}"
        rf"{GAP}次点击[^\n]{{0,60}}$",
    ),
    header(
        "mail",
        "mail",
        rf"From:{GAP}{{0,4}}(?P<author>[^\n]{{1,120}}?){END}\n"
        r"(?:(?:To|Cc|Subject|Sent|Reply-To|Message-ID):[^\n]{0,300}\n){0,5}"
        rf"Date:{GAP}{{0,4}}(?P<time>[^\n]{{1,60}}?){END}(?:\n(?:To|Cc|Subject):[^\n]{{0,300}}){{0,3}}",
    ),
    header(
        "mail, one line",
        "mail",
        rf"From:{GAP}{{0,4}}(?P<author>[^\n:]{{1,80}}?)[,;| \t]{{1,6}}Date:{GAP}{{0,4}}(?P<time>[^\n]{{1,60}}?){END}",
    ),
    header(
        "labelled",
        "labelled",
        rf"{GAP}{{0,8}}(?:作者|楼主|用户|发帖人|昵称|网友|author|user|posted by){GAP}{{0,2}}[:：]"
        rf"{GAP}{{0,4}}{NAME}{GAP}{{0,4}}"
        rf"(?:[,，;；|｜]|{GAP}|{END}\n){GAP}{{0,9}}(?:(?:发表|发布|回复)?时间|日期|发表于|time|date|posted)?"
        rf"{GAP}{{0,2}}[:：]?{GAP}{{0,4}}{WHEN}{END}",
    ),
    header(
        "heading",
        "plain",
        rf"#{{1,6}}{GAP}{{1,4}}(?![0-9]{{1,6}}#)(?:[0-9]{{1,5}}[.、]{GAP})?[*_@]{{0,3}}{NAME}[*_]{{0,3}}{GAP}{{0,3}}"
        rf"(?:[—–|·•,，(（@-]|on|于){{1,2}}{GAP}{{0,3}}{WHEN}[)）]?{END}",
    ),
    header(
        "name (time):",
        "plain",
        rf"{INDENT}(?:[-*+>]{GAP})?[*_@]{{0,3}}{NAME}[*_]{{0,3}}{GAP}{{0,3}}[(（\[【]{GAP}{{0,2}}{WHEN}{GAP}{{0,2}}[)）\]】]"
        rf"[*_]{{0,3}}{GAP}{{0,2}}(?:[:：][*_]{{0,3}}{GAP}{{0,4}}|{END})",
    ),
    header(
        "[time] name:",
        "plain",
        rf"{INDENT}[(（\[【](?P<time>{ABSOLUTE})[)）\]】]{GAP}{{0,3}}[<*_@]{{0,3}}{NAME}[>*_]{{0,3}}{GAP}{{0,2}}[:：][*_]{{0,3}}",
    ),
    header(
        "name time",
        "plain",
        rf"[*_@]{{0,3}}(?P<author>[^\s:：|()（）\[\]#>*]{{1,40}})[*_]{{0,3}}{GAP}{{1,4}}[-—–|·•,]?{GAP}{{0,4}}"
        rf"(?P<time>{NUMERIC}{GAP}{{1,3}}{CLOCK}(?:{ZONE})?){GAP}{{0,2}}[:：]?{END}",
        least=2,
    ),
    header(
        "bold name:",
        "bare",
        rf"(?:[-*+>]{GAP})?\*\*@?(?P<author>[\w.\- ]{{1,40}})\*\*{GAP}?(?:wrote|said)?{GAP}?[:：]{END}",
        least=2,
    ),
)
LOOSE = frozenset(("plain", "bare"))  # families that a chat quoted in a post may look like
AHEAD = 7  # lines that a header may have
LONGEST = 400  # characters of a line that may be a header and nothing else
HINT = re.compile(r"[0-9]|\bu/|commented|opened|replied|started|yesterday|just now|刚刚|昨天|前天|from:|\*\*", re.I)
TRAILER = re.compile(
    r"(?:[-*_=—]{3,40}|(?:\[?(?:reply|share|report|save|follow|permalink|embed|parent|give award|upvote|downvote|edit|"
    r"context)\]?[ \t|·•]{0,4}){1,9}|回复|举报|点赞|使用道具|引用)[ \t]*",
    re.I,
)
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
TO_FLOOR = re.compile(
    r"(?<![a-z])(?:回复|回覆|引用|reply to|re|@)\s{0,3}(?:第\s?)?#?([0-9]{1,6})\s?(?:#|楼|樓|F\b|L\b)|>>([0-9]{1,6})\b",
    re.I,
)
HASH_FLOOR = re.compile(r"(?<![\w/&])#([0-9]{1,6})(?=[\s,，:：])")
TO_NAME = re.compile(
    r"@([\w.\-]{1,39})|(?:回复|回覆|引用|reply to)[ \t]{0,3}[:：@]?[ \t]{0,3}([^\s:：@,，]{1,40})|"
    r"^[>*#\[ \t]{0,8}([^\n>*<\[\]@]{1,80}?)[ \t]{0,3}(?:wrote|said|写道|说道|发表于)|u/([\w\-]{1,39})",
    re.I | re.M,
)
QUOTED = re.compile(r"(?:^|\n)[ \t]{0,3}>[ \t]?([^\n]{4,})")
OPENING = 300  # characters of a body in which it says whom it answers


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A header found in a text, and the body below it."""

    match: re.Match[str]
    start: int
    end: int

    def group(self, name: str) -> str | None:
        """Return a named group, None where the row has none of that name."""
        return self.match.groupdict().get(name)


def split_posts(text: str, *, title: str = "", published: str | None = None) -> tuple[Post, ...]:
    """Split the text of a saved thread into its posts; empty where no header is recognised.

    Offsets point into `text`, headers lie outside the posts. A relative time ("3 hours ago") is the day of
    `published`, if that is given. Running text before the first header, but for the title, is a post of nobody known.

    >>> [(post.author, post.text) for post in split_posts("anna (2023-11-14 10:00): 像\\nben (2023-11-14 10:05): 不像")]
    [('anna', '像'), ('ben', '不像')]
    """
    headers = headers_of(text)
    if not headers:
        return ()
    ends = [match.start() for match in headers[1:]] + [len(text)]
    places = [body(text, match.end(), end) for match, end in zip(headers, ends, strict=True)]
    found = [Found(match=match, start=start, end=end) for match, (start, end) in zip(headers, places, strict=True)]
    opening = body(text, 0, headers[0].start())
    first = [opening] if is_prose(text[opening[0] : opening[1]], title=title) else []
    replies = replies_of(text, found)
    posts = [Post(text=text[start:end], published=published, start=start, end=end) for start, end in first]
    for one, reply in zip(found, replies, strict=True):
        posts.append(
            Post(
                author=clean_author(one.group("author")),
                published=read_time(one.group("time") or "", published=published),
                reply_to=None if reply is None else reply + len(first),
                text=text[one.start : one.end],
                start=one.start,
                end=one.end,
            )
        )
    return tuple(posts)


def first_header(text: str) -> int | None:
    """Return where the first header of a thread stands, None where there is none."""
    headers = headers_of(text)
    return headers[0].start() if headers else None


def headers_of(text: str) -> list[re.Match[str]]:
    """Return the headers of the family that matches most often, in order and apart from each other.

    The lines of a chat that a post quotes may outnumber the posts, hence the weight of the stricter families.
    """
    families: dict[str, list[re.Match[str]]] = {}
    least: dict[str, int] = {}
    for start in candidates(text):
        taken: set[str] = set()
        for row in HEADERS:
            if row.family not in taken and (match := row.pattern.match(text, start)):
                taken.add(row.family)
                matches = families.setdefault(row.family, [])
                if not matches or match.start() >= matches[-1].end():
                    matches.append(match)
                    least[row.family] = min(row.least, least.get(row.family, row.least))
    weights = {
        family: len(matches) * (1 if family in LOOSE else 4)
        for family, matches in families.items()
        if len(matches) >= least[family]
    }
    return families[max(weights, key=lambda family: weights[family])] if weights else []


def candidates(text: str) -> Iterator[int]:
    """Yield the starts of the lines that may begin a header: they or one of the next six hold a number or a cue."""
    starts = [0, *(found.end() for found in re.finditer("\n", text))]
    ends = [*starts[1:], len(text)]
    hints = [bool(HINT.search(text, start, min(end, start + LONGEST))) for start, end in zip(starts, ends, strict=True)]
    last = len(starts) + AHEAD
    for number in reversed(range(len(starts))):
        last = number if hints[number] else last
        hints[number] = last - number < AHEAD
    for start, hinted in zip(starts, hints, strict=True):
        if hinted and text[start] not in "\r\n":
            yield start


def body(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the place of a body between two offsets, without white space, rules and buttons around it."""
    while start < end and text[start].isspace():
        start += 1
    while True:
        while end > start and text[end - 1].isspace():
            end -= 1
        line = max(text.rfind("\n", start, end) + 1, start)
        if end == start or end - line > 120 or not TRAILER.fullmatch(text, line, end):
            return start, end
        end = line


def is_prose(text: str, *, title: str) -> bool:
    """Tell whether the text above the first header is a post, not just the title, links and counts."""
    lines = [line.strip() for line in text.splitlines()]
    lines = [line for line in lines if line and line != title and not re.match(r"https?://|#|\w{1,12}[:：]\s", line)]
    return sum(map(len, lines)) >= 80


def clean_author(name: str | None) -> str | None:
    """Return a name without the marks around it; of a mail address, the name beside it."""
    bare = re.sub(r"\s*<[^>\n]*>\s*$", "", name or "").strip(" \t\"'*_@") or (name or "").strip("<> \t")
    return re.sub(r"[ \t]+(?:OP|楼主|MOD)$", "", bare) or None


def replies_of(text: str, found: list[Found]) -> list[int | None]:
    """Return for each post the index of the one it answers: by indentation, floor, name or quoted line."""
    widths = [len((one.group("indent") or "").expandtabs(4)) for one in found]
    nested = len(set(widths)) > 1
    floors: dict[str, int] = {}
    authors: dict[str, int] = {}
    lines: dict[str, int] = {}
    above: list[int] = []
    replies: list[int | None] = []
    for number, one in enumerate(found):
        while above and widths[above[-1]] >= widths[number]:
            above.pop()
        start = text[one.start : min(one.end, one.start + OPENING)]
        told = floor_told(start, floors) if floors else None
        told = named(start, authors) if told is None else told
        told = quoted(start, lines) if told is None else told
        replies.append((above[-1] if above else None) if nested else told)
        above.append(number)
        floors |= {floor: number for floor in [one.group("floor")] if floor}
        authors[(clean_author(one.group("author")) or "").lower()] = number
        for line in text[one.start : one.end].split("\n"):
            lines.setdefault(line.strip(), number)
    return replies


def floor_told(start: str, floors: dict[str, int]) -> int | None:
    """Return the post whose floor a body names first."""
    for pattern in (TO_FLOOR, HASH_FLOOR):
        if match := pattern.search(start):
            return floors.get(match[match.lastindex or 0])
    return None


def named(start: str, authors: dict[str, int]) -> int | None:
    """Return the last post of the first earlier author whom a body addresses."""
    for match in TO_NAME.finditer(start):
        name = match[match.lastindex or 0].lower()
        for form in (name, name.rstrip(".-"), name.rsplit(",", 1)[-1].strip(), name.rsplit(" ", 1)[-1]):
            if form in authors:
                return authors[form]
    return None


def quoted(start: str, lines: dict[str, int]) -> int | None:
    """Return the post in which a line that a body quotes stands first."""
    match = QUOTED.search(start)
    return lines.get(match[1].strip()) if match else None


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
