"""People whom no vocabulary lists: found by a role beside the name, a verb of saying after it, or their post.

A reading flows in, spans with new entities flow out to nlp.names. A role before a name (零一万物开源总监 Richard Lin,
"CEO Matt Shumer") or behind it ("Matt Shumer, CEO of"), in either language; Chinese names need a known surname. Once a
full Latin name is known, its surname alone stands for it in the same document.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from functools import lru_cache

from nlp.annotation import Entity
from nlp.folding import fold
from nlp.reading import NameSpan, Reading

ROLES_ZH = (
    "创始人 联合创始人 联创 首席执行官 首席科学家 首席技术官 首席运营官 董事长 总裁 副总裁 总经理 总监 负责人 研究员 工程师 科学家 教授 副教授 "
    "博士 院士 开发者 作者 主任 院长 发言人 分析师 记者 合伙人 产品经理 架构师 博主 律师 参议员 议员 部长 CEO CTO COO CFO VP"
).split()
ROLES_EN = (
    "CEO|CTO|COO|co-?founder|founder|chief executive|chief scientist|president|vice president|director|researcher|engineer|"
    "scientist|professor|developer|author|spokesperson|spokesman|spokeswoman|analyst|reporter|journalist|senator|lawyer|"
    "attorney|student|investor|blogger|head|lead|manager|maintainer|contributor|Dr\\.?|Prof\\.?|Mr\\.?|Ms\\.?|Mrs\\.?"
)
SURNAMES = frozenset(
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊秦邱江尹薛闫段"
    "雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤"
)
COMMON_WORDS = frozenset(
    "The This That These Those There Here Our Your His Her Its Their We You They And But For With From Into Open AI Chief "
    "Executive Officer Model Models University Institute Lab Labs Research Team Company January February March April May "
    "June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Hugging "
    "Face Hacker News New York Times San Francisco Silicon Valley United States White House Chinese American Google Meta "
    "Microsoft Apple Amazon Large Language Deep Learning Machine Twitter Github Medium Post Update Introduction".split()
)
WORD = r"[A-Z][a-zà-ÿ]+(?:-[A-Z]?[a-zà-ÿ]+)?(?:['’][A-Z][a-z]+)?"
LATIN_NAME = rf"{WORD}(?: (?:[A-Z]\.|van|von|de|der|el|al|{WORD})){{1,2}}"
SPEECH_EN = "said|says|wrote|writes|posted|tweeted|claimed|claims|argued|argues|noted|notes|added|explained|told|replied|responded|announced|apologi[sz]ed|accused|admitted|denied|confirmed|shared"
LATIN_PATTERNS = (
    re.compile(rf"(?:\b(?:{ROLES_EN})|(?:{'|'.join(ROLES_ZH)}))[,:]? ?({LATIN_NAME})(?![\w-])"),
    re.compile(rf"(?<![\w-])({LATIN_NAME}), (?:the |a |an |former )?(?:[\w-]+ ){{0,3}}(?:{ROLES_EN})\b"),
    re.compile(rf"(?<![\w-])({LATIN_NAME}) (?:{SPEECH_EN})\b"),
    re.compile(rf"(?<![\w-])({LATIN_NAME}) ?(?:表示|称|说|指出|认为|写道|发文|回应|宣布|承认|道歉|透露|在推特|在 ?X)"),
)
HAN_PATTERNS = (
    re.compile(
        rf"(?:{'|'.join(ROLES_ZH)})([\u4e00-\u9fff]{{2,4}}?)(?=表示|称|说|指出|认为|在|于|对|也|则|就|发|回|通过|等|透露|宣布|[，,。、：:（(“”\s])"
    ),
    re.compile(
        r"(?<![\u4e00-\u9fff])([\u4e00-\u9fff]{2,3}?)(?=表示|指出|认为|写道|发文称|回应称|透露|宣布|称，|称,|称：)"
    ),
)


def person_entity(name: str) -> Entity:
    """Return the entity of a person nobody listed: the same name is the same person.

    >>> person_entity("Richard Lin").id, person_entity("张 明").id
    ('person:richard-lin', 'person:张-明')
    """
    latin = name.lstrip("@").isascii()
    return Entity(
        id="person:" + re.sub(r"\s+", "-", fold(name).strip()),
        kind="person",
        name_en=name if latin else None,
        name_zh=None if latin else name,
    )


def forum_entity(forum: str, author: str) -> Entity:
    """Return the entity of a forum's poster: the same name in another forum is somebody else.

    >>> forum_entity("forum.example", "mossy_kettle").id
    'person:forum.example/mossy_kettle'
    """
    return Entity(id=f"person:{forum}/{fold(author)}", kind="person", name_en=author)


def find_people(reading: Reading, *, taken: Sequence[tuple[int, int]]) -> list[tuple[NameSpan, Entity]]:
    """Return the people that their context gives away, outside of what is taken already, everywhere they stand."""
    occupied = sorted(taken)
    names: dict[str, float] = {}
    for pattern in LATIN_PATTERNS:
        for match in pattern.finditer(reading.text):
            if is_latin_name(match.group(1)) and not reading.masked(*match.span(1)):
                names.setdefault(match.group(1), 0.7)
    for pattern in HAN_PATTERNS:
        for match in pattern.finditer(reading.text):
            if is_han_name(match.group(1)) and not touches(occupied, *match.span(1)):
                names.setdefault(match.group(1), 0.6)
    found = []
    for name, confidence in names.items():
        entity = person_entity(name)
        for match in re.finditer(rf"(?<![A-Za-z]){re.escape(name)}(?![A-Za-z])", reading.text):
            if not touches(occupied, *match.span()) and not reading.masked(*match.span()):
                span = NameSpan(
                    start=match.start(),
                    end=match.end(),
                    kind="person",
                    entity=entity.id,
                    confidence=confidence,
                    by="role",
                )
                found.append((span, entity))
    return found


def surname_spans(reading: Reading, spans: Sequence[NameSpan]) -> Iterator[tuple[NameSpan, Entity]]:
    """Yield where the surname of a person named in full stands alone."""
    owners: dict[str, set[str]] = {}
    for span in spans:
        words = reading.text[span.start : span.end].split()
        if span.kind == "person" and len(words) > 1 and re.fullmatch(WORD, words[-1]):
            owners.setdefault(words[-1], set()).add(span.entity)
    taken = sorted((span.start, span.end) for span in spans)
    for surname, entities in owners.items():
        if len(entities) > 1 or len(surname) < 3:
            continue
        (identifier,) = entities
        entity = Entity(id=identifier, kind="person")
        for match in re.finditer(rf"(?<![A-Za-z-])(?:(?:Mr|Ms|Mrs|Dr)\. )?{surname}(?![A-Za-z-])", reading.text):
            at_sign = reading.text[match.start() - 1 : match.start()] == "@"
            if at_sign or touches(taken, *match.span()) or reading.masked(*match.span()):
                continue
            yield (
                NameSpan(
                    start=match.start(),
                    end=match.end(),
                    kind="person",
                    entity=identifier,
                    confidence=0.75,
                    by="surname",
                ),
                entity,
            )


def is_latin_name(name: str) -> bool:
    """Whether Latin words may be a person's name."""
    return not any(word in COMMON_WORDS for word in name.split()) and len(name) < 40


@lru_cache(maxsize=4096)
def is_han_name(name: str) -> bool:
    """Whether Han characters may be a person's name: a known surname, and no word of the dictionary as a whole."""
    if name[0] not in SURNAMES or not 2 <= len(name) <= 3:
        return False
    from nlp.words import is_word  # noqa: PLC0415 - loads a dictionary

    return not is_word(name)


def touches(taken: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    """Whether start:end overlaps one of the sorted spans."""
    index = bisect_left(taken, (start, end))
    return (index > 0 and taken[index - 1][1] > start) or (index < len(taken) and taken[index][0] < end)
