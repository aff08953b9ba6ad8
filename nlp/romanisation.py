"""Romanisation: how a Chinese personal name is written in Latin letters, in pinyin, Wade-Giles and Cantonese.

A name in characters flows in; its readings flow out to nlp.variants, which generates forms for the gazetteer, and to
nlp.personal_names, which decides whether two names are one. Sources: GB/T 28039-2011 (pinyin of personal names),
the Wade-Giles tables of pypinyin, and the Jyutping of ToJyutping spelt as Hong Kong does it.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import product

from nlp.name_forms import name_forms

COMPOUND_SURNAMES = frozenset(
    "欧阳 司马 上官 诸葛 夏侯 皇甫 尉迟 公孙 慕容 令狐 宇文 长孙 东方 南宫 司徒 端木 百里 呼延 独孤 轩辕 申屠 太史 闻人 澹台 万俟 拓跋 钟离 完颜 第五 左丘".split()
)
SURNAME_READINGS = {"单": "shan", "曾": "zeng", "解": "xie", "仇": "qiu", "查": "zha", "朴": "piao", "区": "ou"}
JYUTPING = re.compile(r"(ng|gw|kw|[bpmfdtnlgkhwzcsj])?([a-z]*?)[1-6]\Z")
PINYIN = re.compile(
    r"(?:(?:zh|ch|sh|[bpmfdtnlgkhjqxrzcsyw])?"
    r"(?:iang|iong|uang|ang|eng|ing|ong|ian|iao|uai|uan|ai|ei|ao|ou|an|en|in|un|ia|ie|iu|ua|ue|ui|uo|[aeiouv])|er)+"
)
ROMAJI = re.compile(
    r"(?:(?:[kgsztdnhbpmyrwjf]|sh|ch|ts|[kgnhbpmr]y)?[aeiou]h?|n(?![aeiou])|(?:(?<=[aeiou])[kstp](?=[kstp])))+"
)
MOST_READINGS = 16


def is_pinyin(word: str) -> bool:
    """Whether a word in lower case may be pinyin.

    >>> is_pinyin("yangqing"), is_pinyin("smith")
    (True, False)
    """
    return PINYIN.fullmatch(word) is not None


def is_romaji(word: str) -> bool:
    """Whether a word in lower case may be romanised Japanese.

    >>> is_romaji("yutaka"), is_romaji("smith")
    (True, False)
    """
    return ROMAJI.fullmatch(word) is not None


def split_name(zh: str) -> tuple[str, str]:
    """Split a Chinese personal name into surname and given name.

    >>> split_name("李开复"), split_name("欧阳明"), split_name("司马")
    (('李', '开复'), ('欧阳', '明'), ('司', '马'))
    """
    cut = 2 if zh[:2] in COMPOUND_SURNAMES and len(zh) > 2 else 1
    return zh[:cut], zh[cut:]


@lru_cache(maxsize=65536)
def syllables(character: str, *, surname: bool = False) -> tuple[str, ...]:
    """Return the pinyin readings that a character has in names, without tones, the usual one first.

    >>> syllables("单", surname=True), syllables("乐"), syllables("绿")
    (('shan', 'dan'), ('le', 'yue'), ('lv',))
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - large tables that most commands never need

    usual = SURNAME_READINGS.get(character) if surname else None
    usual = usual or lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0].replace("ü", "v")
    others = (reading.replace("ü", "v") for reading in name_forms().polyphonic.get(character, ()))
    return tuple(dict.fromkeys((usual, *others)))


def spelt(syllable: str) -> tuple[str, ...]:
    """Return the ways in which a syllable with ü is written.

    >>> spelt("lv"), spelt("yang")
    (('lv', 'lu', 'lyu'), ('yang',))
    """
    return (syllable, syllable.replace("v", "u"), syllable.replace("v", "yu")) if "v" in syllable else (syllable,)


@lru_cache(maxsize=65536)
def pinyin_readings(zh: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return how the surname and how the given name may be written in pinyin, joined and in lower case.

    >>> surname, given = pinyin_readings("曾乐")
    >>> sorted(surname), sorted(given)
    (['zeng'], ['le', 'yue'])
    """
    surname, given = split_name(zh)
    return joined_readings(surname, surname=True), joined_readings(given, surname=False)


def joined_readings(characters: str, *, surname: bool) -> frozenset[str]:
    """Return the joined readings of characters."""
    choices = [[form for s in syllables(c, surname=surname) for form in spelt(s)] for c in characters]
    return frozenset("".join(parts) for parts, _ in zip(product(*choices), range(MOST_READINGS), strict=False))


@lru_cache(maxsize=65536)
def wade_giles_readings(zh: str) -> tuple[frozenset[str], frozenset[str]]:
    """Return how surname and given name are written in Wade-Giles, without apostrophes, joined, in lower case.

    >>> surname, given = wade_giles_readings("蔡轩田")
    >>> sorted(surname), sorted(given)
    (['tsai'], ['hsuantien'])
    """
    surname, given = split_name(zh)
    return wade_giles(surname), wade_giles(given)


def wade_giles(characters: str) -> frozenset[str]:
    """Return Wade-Giles syllables, joined; Taiwan writes yi for i."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415

    written = [s.replace("'", "").replace("v", "u") for s in lazy_pinyin(characters, style=Style.WADEGILES)]
    return frozenset({"".join(written), "".join("yi" if syllable == "i" else syllable for syllable in written)})


def written_in_cantonese(zh: str, surname: str, given: str) -> bool:
    """Whether a name is spelt as in Hong Kong; `surname` and `given` in lower case, syllables set apart or joined.

    >>> written_in_cantonese("李嘉诚", "li", "ka-shing"), written_in_cantonese("陈美玲", "chan", "mei-ling")
    (True, True)
    >>> written_in_cantonese("李嘉诚", "li", "ka-fai")
    False
    """
    family, own = split_name(zh)
    known = name_forms().surnames.get(surname, frozenset())
    if family not in known and not any(surname in spellings(c) for c in family):
        return False
    pattern = "[- ]?".join(f"(?:{'|'.join(sorted(map(re.escape, spellings(c))))})" for c in own)
    return bool(own) and re.fullmatch(pattern, given) is not None


@lru_cache(maxsize=8192)
def spellings(character: str) -> frozenset[str]:
    """Return the Hong Kong spellings of a character; a letter that is no spelling where its reading is unknown."""
    import ToJyutping  # noqa: PLC0415 - a large table that most commands never need

    forms = name_forms()
    found: set[str] = set()
    for _, readings in ToJyutping.get_jyutping_candidates(character):
        for reading in readings[:2]:
            match = JYUTPING.fullmatch(reading)
            if match:
                starts = forms.initials.get(match[1] or "-", ())
                ends = forms.finals.get(match[2], ())
                found |= {start.replace("-", "") + end for start in starts for end in ends}
    return frozenset(found or {"-"})
