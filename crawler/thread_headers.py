"""The header grammar of saved threads: the line or two above each post that name its author and mostly its time.

Each row of HEADERS is one way to write them. The rows flow out to crawler.threads, which matches them; what a match says of
a post flows out of Found and clean_author.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from crawler.written_times import ABSOLUTE, AGO, CLOCK, MONTH, NUMERIC, RELATIVE, ZONE

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


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A header found in a text, and the body below it."""

    match: re.Match[str]
    start: int
    end: int

    def group(self, name: str) -> str | None:
        """Return a named group, None where the row has none of that name."""
        return self.match.groupdict().get(name)


def clean_author(name: str | None) -> str | None:
    """Return a name without the marks around it; of a mail address, the name beside it."""
    bare = re.sub(r"\s*<[^>\n]*>\s*$", "", name or "").strip(" \t\"'*_@") or (name or "").strip("<> \t")
    return re.sub(r"[ \t]+(?:OP|楼主|MOD)$", "", bare) or None
