"""Transliteration: whether a foreign name in Chinese characters and one in Latin letters sound alike.

Two names flow in, a yes or no flows out to nlp.personal_names. Both sides are reduced to the consonants that a Chinese
transliteration keeps (the tables of Xinhua's guide to translated names follow the same classes): voicing is dropped, r and l
at the end of a syllable may be missing, and the first vowel has to fit. 马特·舒默 is M-T S-M, and so is Matt Shumer.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from nlp.name_forms import name_forms

DOTS = re.compile(r"[·•・．‧-]")
UNDECOMPOSED = str.maketrans(
    {"ł": "l", "ø": "o", "ß": "ss", "ı": "i", "đ": "d", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th"}
)
LEAST = 3  # sounds in both names together

# Latin letters, the longest first, and the classes of their sounds, one of which has to be met; a space sets two sounds apart,
# in lower case a sound may be silent.
LATIN: tuple[tuple[str, str], ...] = (
    ("tsch", "C"), ("ough", "f"), ("augh", "f"), ("sch", "S"), ("tch", "C"), ("chr", "K R"), ("ght", "T"), ("dge", "C"), ("igh", ""),
    ("tes", "CS"), ("des", "CS"), ("ch", "CKS"), ("sh", "S"), ("ph", "F"), ("th", "ST"), ("gh", "kg"), ("ck", "K"), ("kn", "N"),
    ("wr", "R"), ("wh", "W"), ("qu", "K"), ("cc", "KC"), ("cz", "C"), ("sz", "S"), ("zh", "C"), ("ts", "CS"), ("tz", "CS"), ("ds", "CS"),
    ("gn", "N"), ("rh", "R"), ("x", "KS S"), ("b", "P"), ("p", "P"), ("d", "T"), ("t", "T"), ("f", "F"), ("v", "WF"),
    ("w", "WF"), ("m", "MN"), ("n", "N"), ("c", "KS"), ("l", "L"), ("r", "R"), ("s", "SC"), ("z", "CS"), ("j", "CYHR"), ("g", "KCH"),
    ("k", "K"), ("q", "K"), ("h", "h"), ("y", "y"),
)  # fmt: skip
AT_END = frozenset(("tes", "des"))
HAN_INITIALS = {
    "b": "P", "p": "P", "m": "M", "f": "FWH", "d": "T", "t": "T", "n": "NM", "l": "LR", "g": "K", "k": "K", "h": "HFK", "j": "CK", "q": "CK",
    "x": "SHC", "zh": "C", "ch": "CS", "sh": "SC", "r": "RCY", "z": "CS", "c": "CS", "s": "ST", "w": "WF", "y": "Y",
}  # fmt: skip
VOWELS = {
    "a": "auo", "ai": "iyea", "an": "aue", "ang": "auo", "ao": "oau", "e": "eaiou", "ei": "aei", "en": "euia", "eng": "eua", "i": "ieyaj", "ia": "iaj",
    "ian": "iea", "ie": "ieja", "in": "iye", "ing": "iye", "iu": "iuy", "o": "oua", "ong": "ouw", "ou": "ouw", "u": "uow", "ua": "uaw", "ui": "uiw",
    "uo": "oua", "un": "uo", "v": "uyi", "ve": "ue", "er": "eaiuor", "iao": "iao", "uai": "iwu", "uan": "uaow", "iang": "iya", "uang": "uaw", "van": "ua",
}  # fmt: skip
OPEN_VOWEL = "迈"  # of Mike and Michael, never of Mark


@lru_cache(maxsize=65536)
def sounds_like(han: str, latin: str) -> bool:
    """Whether a transliterated name and a Latin one are the same by sound, given name and surname both.

    >>> sounds_like("马特·舒默", "Matt Shumer"), sounds_like("埃里克·哈特福德", "Eric Hartford")
    (True, True)
    >>> sounds_like("马克·舒默", "Mike Shumer"), sounds_like("埃里克·哈特福德", "Eric Schmidt")
    (False, False)
    """
    parts = [part for part in DOTS.split(han) if part]
    words = [word for word in re.split(r"[\s-]+", bare(latin)) if word]
    if len(parts) < 2 or len(words) < 2:
        return False
    pairs = [(parts[0], words[0]), (parts[-1], words[-1])]
    return sum(min(len(han_sounds(a)), len(latin_sounds(b))) for a, b in pairs) >= LEAST and all(
        part_sounds_like(a, b) for a, b in pairs
    )


def part_sounds_like(part: str, word: str) -> bool:
    """Whether one part of a transliterated name and a Latin word in lower case are the same by sound.

    >>> part_sounds_like("大卫", "david"), part_sounds_like("奥尔特曼", "altman")
    (True, True)
    """
    settled = name_forms().settled.get(part)
    if settled is not None:
        return word in settled
    return aligned(han_sounds(part), latin_sounds(word)) and first_vowel_fits(part, word)


def bare(latin: str) -> str:
    """Return a Latin name in lower case without its accents.

    >>> bare("Timothée Łukasz")
    'timothee lukasz'
    """
    letters = unicodedata.normalize("NFKD", latin.lower().translate(UNDECOMPOSED))
    return "".join(c for c in letters if not unicodedata.combining(c))


@lru_cache(maxsize=16384)
def syllable_parts(character: str) -> tuple[str, str]:
    """Return the initial and the final of a character."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - large tables that most commands never need

    initial = lazy_pinyin(character, style=Style.INITIALS, strict=False)[0]
    whole = lazy_pinyin(character, style=Style.NORMAL, v_to_u=False)[0].replace("ü", "v")
    return initial, whole.removeprefix(initial)


def han_sounds(part: str) -> list[str]:
    """Return the classes of each sound of a transliterated part; in lower case where it may have no counterpart."""
    sounds: list[str] = []
    split = [syllable_parts(character) for character in part]
    for place, (initial, final) in enumerate(split):
        if part[place] in "尔耳儿":
            sounds.append("lr")
            continue
        if initial:
            classes = HAN_INITIALS.get(initial, "")
            sounds.append(classes.lower() if initial in ("y", "w") else classes)
        elif place == 0:
            sounds.append("h")
        if final.endswith(("n", "ng")):
            doubled = place + 1 < len(split) and split[place + 1][0] in ("m", "n")
            sounds.append("nm" if doubled else "NM")
    return [sound for sound in sounds if sound]


def latin_sounds(word: str) -> list[str]:
    """Return the classes of each sound of a Latin word; in lower case where it may be silent."""
    sounds: list[str] = []
    place = 0
    letters = re.sub(r"que\Z", "k", re.sub(r"gue\Z", "g", re.sub(r"(.)\1", r"\1", word)))
    while place < len(letters):
        spelling, classes = sound_at(letters, place)
        if not spelling:
            sounds += ["h"] if place == 0 else []
            place += 1
            continue
        after = letters[place + len(spelling) : place + len(spelling) + 1]
        vowel = after != "" and after in "aeiouy"
        if spelling == "c":
            classes = "SC" if after != "" and after in "eiy" else "K"
        elif spelling in ("r", "l", "w", "rh") and not vowel:
            classes = "lr" if spelling != "w" else "wf"
        elif spelling == "t" and after == "" and letters[place - 1 : place] in ("e", "o"):
            classes = "t"
        elif spelling == "g" and letters[place - 1 : place] == "n" and not vowel:
            classes = "k"
        sounds += classes.split()
        place += len(spelling)
    return sounds


def sound_at(letters: str, place: int) -> tuple[str, str]:
    """Return the letters of the sound at a place and its classes; empty for a vowel."""
    for spelling, classes in LATIN:
        if letters.startswith(spelling, place) and not (spelling in AT_END and place + len(spelling) < len(letters)):
            return spelling, classes
    return "", ""


def opening_sounds(part: str) -> frozenset[str]:
    """Return the classes with which a part in characters or a Latin word may begin: those that sound alike share one.

    >>> sorted(opening_sounds("舒默") & opening_sounds("shumer")), opening_sounds("舒默") & opening_sounds("altman")
    (['S'], frozenset())
    """
    found: set[str] = set()
    for classes in latin_sounds(part) if part.isascii() else han_sounds(part):
        found |= set(classes.upper())
        if not classes.islower():
            break
    return frozenset(found)


def aligned(one: list[str], other: list[str]) -> bool:
    """Whether two rows of sounds are the same, sounds in lower case left out at will."""
    reach = {(0, 0)}
    for i in range(len(one) + 1):
        for j in range(len(other) + 1):
            if (i, j) not in reach:
                continue
            if i < len(one) and j < len(other) and set(one[i].upper()) & set(other[j].upper()):
                reach.add((i + 1, j + 1))
            if i < len(one) and one[i].islower():
                reach.add((i + 1, j))
            if j < len(other) and other[j].islower():
                reach.add((i, j + 1))
    return (len(one), len(other)) in reach


def first_vowel_fits(part: str, word: str) -> bool:
    """Whether the first vowel of the word may be written with the first syllable of the part."""
    match = re.match(r"([^aeiouy]*)([aeiouy]{1,2})", word)
    if match is None or len(match[1]) > 1 or not part:
        return True
    allowed = VOWELS.get(syllable_parts(part[0])[1])
    if allowed is None or match[1] == "":
        return True
    if part[0] == OPEN_VOWEL and match[2] == "a":
        return False
    return match[2][0] in allowed or match[2][-1] in allowed
