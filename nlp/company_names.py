"""Names of organisations: whether two of them are one organisation's, by the names alone.

Two names flow in, the reason why they are one (or None) flows out to nlp.identity. A name is cut into a core and descriptors
(科技, Technologies; University, 大学), legal forms and the city of registration are put aside. Cores have to be the same, or
one the pinyin of the other; descriptors that tell organisations apart (Cloud, Research, University) have to agree.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from nlp.folding import fold
from nlp.name_forms import name_forms
from nlp.romanisation import MOST_READINGS, spelt, syllables
from nlp.transliteration import bare

HAN = re.compile(r"[\u3400-\u9fff]")
PIECE = re.compile(r"[\u3400-\u9fff]+|[a-z0-9]+(?:['’&+][a-z0-9]+)*")
FORMER = re.compile(
    r"[,（(]?\s?(?:formerly(?: known as)?|previously(?: known as)?|f/k/a|fka|原名|原|前身为|前身是|曾用名|曾名)[:： ]*([^()（）]*)[)）]?\Z"
)
PHRASES = (
    ("artificial intelligence", "ai"), ("research institute", "institute"), ("research laboratory", "laboratory"), ("research lab", "laboratory"),
    ("research center", "research"), ("research centre", "research"), ("人工智慧", "人工智能"),
)  # fmt: skip
BRACKETS = re.compile(r"[（(\[]([^()（）\[\]]*)[)）\]]")
DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?([a-z0-9-]+)\.(?P<end>ai|com|io|cn|co|org|net|dev|tech|app|xyz)(?:\.cn)?/?"
)
STOP = frozenset("of the and for at in de la le & und".split())
ACRONYM = re.compile(r"[A-Z][A-Za-z]?[A-Z0-9]{1,6}")
DROPPED = frozenset(
    ("ai", "tech")
)  # classes that are left out in speech; the other light ones only of a registered name
FIELDS = frozenset(("polytechnic", "normal", "agricultural", "economics", "chemical", "science", "tech"))
LEAST_CORE = 2
LEAST_LATIN_CORE = 3


@dataclass(frozen=True, slots=True)
class CompanyName:
    """A name cut into pieces: the core without spaces, and the classes of its descriptors."""

    core: str
    light: frozenset[str]
    heavy: frozenset[str]
    whole: str  # all letters and digits but the legal form's

    @property
    def han(self) -> bool:
        """Whether the core is in characters."""
        return HAN.search(self.core) is not None


@lru_cache(maxsize=65536)
def read_company(name: str) -> CompanyName:
    """Cut a name.

    >>> read_company("北京星河智能科技有限公司").core, read_company("Xinghe AI, Inc.").core
    ('星河', 'xinghe')
    >>> sorted(read_company("Lakeshore University of Science and Technology").heavy)
    ['science', 'university']
    """
    text = bare(fold(name)).strip()
    for phrase, word in PHRASES:
        text = text.replace(phrase, word)
    registered = "公司" in text
    light: set[str] = set()
    heavy: set[str] = set()
    if match := DOMAIN.fullmatch(text):
        text = match[1].replace("-", " ") + (" ai" if match["end"] == "ai" else "")
    text = BRACKETS.sub(r" \1 ", text) if not HAN.search(text) else BRACKETS.sub("", text)
    pieces = PIECE.findall(text.replace("'s", "s").replace(".", " " if HAN.search(text) else ""))
    core: list[str] = []
    for place, piece in enumerate(pieces):
        first = place == 0
        core += cut_han(piece, light, heavy, first=first) if HAN.match(piece) else cut_latin(piece, light, heavy)
    if not "".join(core):  # nothing but descriptors: Cloud Data Inc.
        core, light, heavy = [piece for piece in pieces if piece not in name_forms().legal], set(), set()
    if not registered:
        heavy |= light - DROPPED
        light &= DROPPED
    return CompanyName("".join(core), frozenset(light), frozenset(heavy), "".join(pieces))


def cut_latin(piece: str, light: set[str], heavy: set[str]) -> list[str]:
    """Return a Latin piece of the core, nothing for a legal form or a descriptor, which is noted."""
    forms = name_forms()
    if piece in forms.legal or piece in STOP - {"for"}:
        return []
    kind = forms.descriptors.get(piece)
    if kind is None:
        return [piece]
    (light if kind in forms.light else heavy).add(kind)
    return []


def cut_han(piece: str, light: set[str], heavy: set[str], *, first: bool) -> list[str]:
    """Return the core of a piece in characters, legal form, city and descriptors cut off and noted."""
    forms = name_forms()
    legal = next((form for form in forms.legal_zh if piece.endswith(form) and len(piece) > len(form)), "")
    rest = piece.removesuffix(legal) if legal else piece
    while legal and (more := next((f for f in forms.legal_zh if rest.endswith(f) and len(rest) > len(f)), "")):
        rest = rest.removesuffix(more)
    if legal and "公司" in legal:
        place = next((place for place in forms.places_zh if rest.startswith(place)), "")
        rest = rest.removeprefix(place) if len(rest) >= len(place) + LEAST_CORE else rest
    found = True
    while found:
        found = False
        for word in forms.descriptors_zh:
            if rest.endswith(word) and (len(rest) > len(word) or not first):
                kind = forms.descriptors[word]
                (light if kind in forms.light else heavy).add(kind)
                rest = rest.removesuffix(word)
                found = True
                break
    return [rest]


def same_company(one: str, other: str, *, acronyms: bool = True) -> str | None:
    """Return why two names are one organisation's, or None.

    >>> same_company("星河智能", "Xinghe AI"), same_company("北京星河智能科技有限公司", "星河智能"), same_company("Foo Labs Inc.", "Foo Labs")
    ('pinyin', 'descriptor', 'legal form')
    >>> same_company("百度", "百川智能"), same_company("Lumen", "Lumen Cloud"), same_company("星河智能", "星河科技")
    (None, None, None)
    """
    for name, against in ((one, other), (other, one)):
        if match := FORMER.search(name):
            return same_company(name[: match.start()], against) or (same_company(match[1], against) and "former name")
    if spelling(one) == spelling(other) != "":
        return "spelling"
    a, b = read_company(one), read_company(other)
    alike = agree(a, b) and (a.light <= b.light or b.light <= a.light)
    if a.han != b.han:
        return across(a, b, alike=alike)
    if alike and a.core == b.core:
        return same_core(a, b)
    if a.whole == b.whole:
        return "spelling"
    return "acronym" if acronyms and (is_acronym(one, other) or is_acronym(other, one)) else None


def across(a: CompanyName, b: CompanyName, *, alike: bool) -> str | None:
    """Return why a Latin name is the other in pinyin: all of it, or its core if the descriptors are alike."""
    han, latin = (a, b) if a.han else (b, a)
    if romanised(han.whole, latin.whole):
        return "pinyin"
    if alike and romanised(han.core, latin.core):
        return "pinyin" if a.light == b.light else "pinyin of the core"
    return None


def same_core(a: CompanyName, b: CompanyName) -> str | None:
    """Return why names of one core and agreeing descriptors are one."""
    if a.light == b.light:
        return "legal form"
    return "descriptor" if len(a.core) >= (LEAST_CORE if a.han else LEAST_LATIN_CORE) else None


def agree(one: CompanyName, other: CompanyName) -> bool:
    """Whether the descriptors that tell organisations apart are the same; 大学 may be left out where the field is named."""
    odd = (
        (one.heavy | one.light) ^ (other.heavy | other.light)
        if "university" in one.heavy | other.heavy
        else one.heavy ^ other.heavy
    )
    if not odd - one.light - other.light:
        return True
    return odd == {"university"} and bool((one.heavy | one.light) & (other.heavy | other.light) & FIELDS)


def spelling(name: str) -> str:
    """Return the letters and digits of a name, without accents, "the" and marks."""
    words = re.findall(r"[^\W_]+", bare(fold(name)))
    return "".join(words[1:] if len(words) > 1 and words[0] == "the" else words)


@lru_cache(maxsize=65536)
def romanised(han: str, latin: str) -> bool:
    """Whether Latin letters without spaces are the pinyin of characters; Latin parts of the Chinese name stay.

    >>> romanised("星河", "xinghe"), romanised("星河", "tianhe"), romanised("绿洲", "lvzhou")
    (True, False, True)
    """
    return latin in core_readings(han)


@lru_cache(maxsize=65536)
def core_readings(han: str) -> frozenset[str]:
    """Return how the core of a Chinese name may be written in pinyin."""
    choices = [
        [form for reading in syllables(character) for form in spelt(reading)] if HAN.match(character) else [character]
        for character in han
    ]
    return frozenset("".join(parts) for parts, _ in zip(product(*choices), range(MOST_READINGS), strict=False))


def is_acronym(short: str, full: str) -> bool:
    """Whether a name in capitals is made of the initials of the other's words.

    >>> is_acronym("NIRT", "Northern Institute of Robotic Technology"), is_acronym("NIT", "Northern Robotics")
    (True, False)
    """
    short = short.strip().replace(".", "")
    if not ACRONYM.fullmatch(short) or not full.isascii():
        return False
    return short.lower() in initials_of(full)


def initials_of(full: str) -> frozenset[str]:
    """Return what a Latin name of three words or more may be abbreviated to, in lower case.

    >>> sorted(initials_of("Northern Institute of Self-Driving Technology"))
    ['niosdt', 'niost', 'nisdt', 'nist']
    """
    found: set[str] = set()
    for pattern in (r"[A-Za-z0-9]+", r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*"):
        words = [word.lower() for word in re.findall(pattern, full)]
        words = [word for word in words if word not in name_forms().legal - {"the"}]
        if len(words) > LEAST_CORE:
            found |= {"".join(w[0] for w in words), "".join(w[0] for w in words if w not in STOP)}
    return frozenset(found)


def company_keys(name: str) -> frozenset[str]:
    """Return the keys of a name: two names that `same_company` calls one have one in common.

    >>> sorted(company_keys("星河智能") & company_keys("Xinghe AI"))
    ['xinghe']
    """
    if match := FORMER.search(name):
        return company_keys(name[: match.start()]) | company_keys(match[1])
    read = read_company(name)
    keys = {read.core, read.whole, spelling(name)}
    if read.han:
        keys |= core_readings(read.core) | core_readings("".join(HAN.findall(fold(name))))
    stripped = name.strip().replace(".", "")
    if ACRONYM.fullmatch(stripped):
        keys.add(f"^{stripped.lower()}")
    elif name.isascii():
        keys |= {f"^{initials}" for initials in initials_of(name)}
    return frozenset(keys - {""})
