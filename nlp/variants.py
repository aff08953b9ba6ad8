"""Variants: the other ways in which one name is regularly written.

A name flows in, the forms that need not be typed into the vocabulary flow out: pinyin of a Chinese name in both
orders, a hyphen as a space or nothing, surname first, the middle dot of a transliteration left out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from nlp.romanisation import SURNAME_READINGS, split_name

HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
DOTS = re.compile(r"[·•・．‧]")


def person_variants(*, en: str | None, zh: str | None) -> set[str]:
    """Return the generated forms of a person's name, the given ones left out.

    >>> sorted(person_variants(en=None, zh="李开复"))[:4]
    ['Kai Fu Li', 'Kai-Fu Li', 'Kai-fu Li', 'KaiFu Li']
    >>> sorted(person_variants(en="Kai-Fu Lee", zh=None))
    ['Kai Fu Lee', 'Kaifu Lee', 'Lee Kai Fu', 'Lee Kai-Fu', 'Lee Kaifu']
    """
    forms: set[str] = set()
    if zh and HAN_NAME.fullmatch(zh):
        forms |= pinyin_forms(zh)
    if zh and DOTS.search(zh):
        forms |= {DOTS.sub("", zh), *(DOTS.sub(dot, zh) for dot in "·•・．‧-")}
    if en and en.isascii():
        forms |= latin_forms(en)
    return forms - {en, zh}


def pinyin_forms(zh: str) -> set[str]:
    """Return the romanised forms of a Chinese personal name, given name first and last."""
    family, own = split_name(zh)
    surname = "".join(pinyin(family)).capitalize()
    given = [syllable.capitalize() for syllable in pinyin(own)]
    written = {"".join(given).capitalize(), "".join(given), "-".join(given), " ".join(given)}
    if len(given) == 2:
        written.add(f"{given[0]}-{given[1].lower()}")
    return {f"{name} {surname}" for name in written} | {f"{surname} {name}" for name in written}


def latin_forms(en: str) -> set[str]:
    """Return hyphen, space and order variants of a name of two or three Latin words."""
    words = en.split()
    forms: set[str] = set()
    if any("-" in word for word in words):
        forms |= {en.replace("-", " "), " ".join(word.replace("-", "").capitalize() for word in words)}
        if len(words) == 2:
            forms |= {f"{form.split()[-1]} {' '.join(form.split()[:-1])}" for form in {en, *forms}}
    return forms


@lru_cache(maxsize=4096)
def pinyin(han: str) -> tuple[str, ...]:
    """Return the syllables of Chinese characters without tones, surnames read as surnames.

    >>> pinyin("单"), pinyin("贾扬清")
    (('shan',), ('jia', 'yang', 'qing'))
    """
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - large tables that most commands never need

    if han in SURNAME_READINGS:
        return (SURNAME_READINGS[han],)
    syllables = lazy_pinyin(han, style=Style.NORMAL, v_to_u=False)
    return tuple(syllable.replace("ü", "v").replace("lve", "lue") for syllable in syllables)
