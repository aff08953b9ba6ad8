"""Personal names: whether two names of people are one, by the names alone.

Two names flow in, the reason why they are one (or None) flows out to nlp.identity. A name of Chinese characters is compared with a
romanised one (nlp.romanisation), a transliterated one by sound (nlp.transliteration), two Latin ones by their words.
What only the world knows, such as who owns a handle, is the vocabulary's business.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from nlp.folding import fold
from nlp.name_forms import name_forms
from nlp.romanisation import (
    is_pinyin,
    is_romaji,
    pinyin_readings,
    split_name,
    wade_giles_readings,
    written_in_cantonese,
)
from nlp.transliteration import DOTS, bare, opening_sounds, sounds_like

HAN = re.compile(r"[\u3400-\u9fff]")
HAN_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
HAN_RUN = re.compile(r"[\u4e00-\u9fff]+")
TRANSLITERATED = re.compile(r"[\u4e00-\u9fff]+(?:[·•・．‧-][\u4e00-\u9fff]+)+")
WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
HANDLE = re.compile(r"@?[a-z0-9][a-z0-9_.-]*", re.ASCII)
BORN = re.compile(r"[（(]\s?(?:née|nee|né|born|formerly|原名|本名)[:： ]*([^()（）]*)[)）]")
EXPANDED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe"})
GENERATIONS = frozenset(("jr", "sr", "ii", "iii", "iv"))
LEAST_HANDLE = 7  # letters of a full name that make an account name telling
LEAST_WORDS = 2
LEAST_DOTLESS = 5  # characters of a transliterated name without a dot
MOST_GIVEN = 4


@dataclass(frozen=True, slots=True)
class PersonalName:
    """A name reduced to what its spellings share; `words` are Latin, in lower case, without accents and titles."""

    han: str = ""
    words: tuple[str, ...] = ()
    expanded: tuple[str, ...] = ()  # the words with ü written as ue, and the like
    generation: str = ""  # jr, sr, ii
    handle: str = ""

    @property
    def initials(self) -> tuple[str, ...]:
        """The words between the first and the last that are single letters."""
        return tuple(word for word in self.words[1:-1] if len(word) == 1)

    @property
    def full(self) -> tuple[str, ...]:
        """The words without the initials between the first and the last."""
        return (*self.words[:1], *(word for word in self.words[1:-1] if len(word) > 1), *self.words[1:][-1:])

    @property
    def joined(self) -> str:
        """The letters of all words."""
        return "".join(self.words)


@lru_cache(maxsize=65536)
def read_name(name: str) -> PersonalName:
    """Reduce a name.

    >>> read_name("李開復 先生").han, read_name("Dr. Andrew Y. Ng").words, read_name("@mossy_kettle").handle
    ('李开复', ('andrew', 'y', 'ng'), 'mossykettle')
    """
    folded = fold(name).strip()
    forms = name_forms()
    if HAN.search(folded):
        han = re.sub(r"\s+", "", folded)
        title = next((t for t in forms.titles_zh if han.endswith(t) and len(han) > len(t) + 1), "")
        return PersonalName(han=han.removesuffix(title) if title else han)
    folded = folded.strip("()[] ,;")
    words, generation = latin_words(bare(folded))
    expanded, _ = latin_words(bare(folded.translate(EXPANDED)))
    handle = re.sub(r"[@_.-]", "", folded) if HANDLE.fullmatch(folded) else ""
    return PersonalName(words=words, expanded=expanded, generation=generation, handle=handle)


def latin_words(text: str) -> tuple[tuple[str, ...], str]:
    """Return the words of a Latin name in order, given names first, without titles; and what tells father from son.

    >>> latin_words("prof. lin, richard"), latin_words("hugo brandt jr.")
    ((('richard', 'lin'), ''), (('hugo', 'brandt'), 'jr'))
    """
    forms = name_forms()
    words = split_words(text)
    if "," in text:
        last, _, first = text.partition(",")
        tail = split_words(first)
        if tail and tail[0] not in forms.titles_after:
            words = [*tail, *split_words(last)]
    generation = ""
    while len(words) > 1 and words[0] in forms.titles_before:
        words = words[1:]
    while len(words) > 2 and words[-1] in forms.titles_after:
        generation = words[-1] if words[-1] in GENERATIONS else generation
        words = words[:-1]
    return tuple(word for word in words if word not in forms.titles_before or len(words) < 3), generation


def split_words(text: str) -> list[str]:
    """Return the words of a text without apostrophes."""
    return [word.replace("'", "") for word in WORD.findall(text)]


def is_han_name(*names: str) -> bool:
    """Whether all names are Chinese ones in characters, none a transliterated one."""
    return all(HAN_NAME.fullmatch(read_name(name).han) for name in names)


def same_person(one: str, other: str) -> str | None:
    """Return why two names are one person's, or None.

    >>> same_person("贾扬清", "Yangqing Jia"), same_person("Kai-Fu Lee", "李開復"), same_person("Matt Shumer", "Matthew Shumer")
    ('pinyin', 'pinyin', 'short given name')
    >>> same_person("张伟", "张炜"), same_person("Sam Altman", "Jack Altman"), same_person("Li Ming", "Wang Ming")
    (None, None, None)
    """
    for name, against in ((one, other), (other, one)):
        if match := BORN.search(name):
            return same_person(name[: match.start()], against) or same_former(name[: match.start()], match[1], against)
    a, b = read_name(one), read_name(other)
    if a.han and b.han:
        return same_han(a.han, b.han)
    if a.han or b.han:
        han, latin = (a, b) if a.han else (b, a)
        return same_across(han.han, latin)
    return same_latin(a, b)


def same_former(name: str, former: str, other: str) -> str | None:
    """Compare with a former name, which may be a surname alone."""
    given = name.split()[:1] if " " not in former.strip() and former.isascii() else []
    return "former name" if same_person(" ".join((*given, former.strip())), other) else None


def same_han(one: str, other: str) -> str | None:
    """Compare two names in characters: equal but for dots and script."""
    if DOTS.sub("", one) == DOTS.sub("", other):
        return "spelling"
    return None


def same_across(han: str, latin: PersonalName) -> str | None:
    """Compare a name in characters with a Latin one."""
    if not HAN_NAME.fullmatch(han):
        return "transliteration" if transliterated(han, latin) else None
    surnames, given = pinyin_readings(han)
    if latin.handle and len(latin.words) < LEAST_WORDS and len(latin.handle) >= LEAST_HANDLE:
        return "pinyin" if any(latin.handle in (s + g, g + s) for s in surnames for g in given) else None
    readings = (romanised_as(han, surname, own) for surname, own in orders(latin.words))
    return next((reading for reading in readings if reading), None)


def transliterated(han: str, latin: PersonalName) -> bool:
    """Whether a foreign name in characters, with a dot or without one, sounds like a Latin one."""
    if len(latin.words) < LEAST_WORDS:
        return False
    written = [han] if TRANSLITERATED.fullmatch(han) else []
    if len(han) >= LEAST_DOTLESS and HAN_RUN.fullmatch(han):
        written = [f"{han[:cut]}·{han[cut:]}" for cut in range(1, len(han))]
    return any(sounds_like(name, " ".join(latin.full)) for name in written)


def romanised_as(han: str, surname: str, own: tuple[str, ...]) -> str | None:
    """Return the system in which a surname and given words are the romanised name."""
    surnames, given = pinyin_readings(han)
    taiwan_surnames, taiwan_given = wade_giles_readings(han)
    known = name_forms().surnames.get(surname, frozenset())
    ours = surname in surnames or han[0] in known or han[:2] in known
    if ours and "".join(own) in given:
        return "pinyin"
    if (ours or surname in taiwan_surnames) and "".join(own) in taiwan_given:
        return "Wade-Giles"
    if known and (ours or len(own) > 1) and written_in_cantonese(han, surname, "-".join(own)):
        return "Cantonese"
    fuller = [(own[0], own[1:]), (own[-1], own[:-1])] if ours and len(own) > 1 else []
    if any("".join(rest) in given and foreign(further) for further, rest in fuller):
        return "pinyin with another given name"
    return None


def foreign(word: str) -> bool:
    """Whether a given name is none of Chinese: Harry, or an initial."""
    return len(word) == 1 or word in name_forms().nicknames or not is_pinyin(word)


def orders(words: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the readings of Latin words as (surname, given words): surname last, surname first, compound surnames."""
    if 2 <= len(words) <= MOST_GIVEN + 1:
        yield words[-1], words[:-1]
        yield words[0], words[1:]
    if 3 <= len(words) <= MOST_GIVEN + 1:
        yield "".join(words[-2:]), words[:-2]
        yield "".join(words[:2]), words[2:]


def same_latin(a: PersonalName, b: PersonalName) -> str | None:
    """Compare two Latin names."""
    if (a.generation and b.generation and a.generation != b.generation) or not (a.words and b.words):
        return None
    if b.words in (a.words, a.expanded) or b.expanded == a.words or (a.handle and a.handle == b.handle):
        return "spelling"
    if is_account(a, b) or is_account(b, a):
        return "account name"
    if min(len(a.words), len(b.words)) < LEAST_WORDS or (a.initials and b.initials and a.initials != b.initials):
        return None
    return same_words(a.full, b.full)


def is_account(account: PersonalName, person: PersonalName) -> bool:
    """Whether an account name is made of a full name, surname first or last."""
    if not account.handle or len(account.words) > 1 or len(person.words) < LEAST_WORDS:
        return False
    turned = "".join((*person.words[1:], person.words[0]))
    return len(person.joined) >= LEAST_HANDLE and account.handle in (person.joined, turned)


def same_words(one: tuple[str, ...], other: tuple[str, ...]) -> str | None:
    """Compare the words of two Latin names without initials."""
    if one == other:
        return "middle initial"
    spans = {(surname, "".join(given)) for surname, given in orders(one)}
    for surname, given in orders(other):
        if (surname, "".join(given)) in spans:
            in_order = one[-1] == surname and other[-1] == surname
            if in_order or "".join(one) == "".join(other):
                return "spelling"
            if eastern(one) and eastern(other):
                return "order"
    if one == other[::-1] and eastern(one):
        return "order"
    if one[-1] == other[-1] and one[1:-1] == other[1:-1]:
        table = name_forms().nicknames
        if table.get(one[0], frozenset()) & table.get(other[0], frozenset()):
            return "short given name"
    return None


@lru_cache(maxsize=16384)
def eastern(words: tuple[str, ...]) -> bool:
    """Whether a name belongs to a language that puts the surname first, so that both orders of it are in use."""
    known = name_forms().surnames
    if any(word in known or word in KOREAN for word in (words[0], words[-1])):
        return True
    return all(is_pinyin(word) for word in words) or all(is_romaji(word) for word in words)


KOREAN = frozenset(
    "kim park choi jeong jung jang lim han oh seo shin kwon hwang ahn song yoo hong jeon moon yang bae baek heo nam shim noh ha kwak sung cha joo woo koo min ryu jin eom nguyen tran pham hoang phan vu vo dang bui do ngo duong ly".split()
)


def person_keys(name: str) -> frozenset[str]:
    """Return the keys of a name: two names that `same_person` calls one have one in common, Cantonese spellings apart.

    >>> "jia yangqing" in person_keys("贾扬清") & person_keys("Yangqing Jia")
    True
    """
    if match := BORN.search(name):
        given = name.split(maxsplit=1)[0] if " " not in match[1].strip() else ""
        return person_keys(name[: match.start()]) | person_keys(f"{given} {match[1]}")
    read = read_name(name)
    if read.han:
        return han_keys(read.han)
    keys = {f"{surname} {''.join(given)}" for words in (read.full, read.expanded) for surname, given in orders(words)}
    keys |= {f"{surname} {''.join(given[1:])}" for surname, given in orders(read.full) if len(given) > 1}
    keys |= {f"{surname} {''.join(given[:-1])}" for surname, given in orders(read.full) if len(given) > 1}
    table = name_forms().nicknames
    if len(read.full) > 1:
        rest = " ".join(read.full[1:])
        keys |= {f"{full}+{rest}" for full in table.get(read.full[0], ())}
        keys |= {f"~{sound}" for sound in opening_sounds(read.full[-1])}
        keys |= {read.joined, "".join((*read.words[1:], read.words[0]))}
    if read.handle:
        keys.add(read.handle)
    return frozenset(keys)


def cantonese_pairs(names: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield the pairs of a Chinese name and a Latin one whose surnames fit as they are spelt in Hong Kong."""
    by_surname: dict[str, list[str]] = defaultdict(list)
    latin: list[tuple[str, frozenset[str]]] = []
    for name in sorted(names):
        own, characters = cantonese_surnames(name)
        if own:
            by_surname[own].append(name)
        elif characters:
            latin.append((name, characters))
    for name, characters in latin:
        for character in sorted(characters & by_surname.keys()):
            yield from ((han, name) for han in by_surname[character])


def cantonese_surnames(name: str) -> tuple[str, frozenset[str]]:
    """Return the surname of a Chinese name, and the surnames that a Latin name may have as they are spelt in Hong Kong.

    >>> cantonese_surnames("陈若溪")[0], "陈" in cantonese_surnames("Chan Yeuk Kai")[1]
    ('陈', True)
    """
    if is_han_name(name):
        return split_name(read_name(name).han)[0], frozenset()
    if name.isascii() and len(words := read_name(name).words) > 1:
        known = name_forms().surnames
        return "", frozenset(c for surname, _ in orders(words) for c in known.get(surname, ()))
    return "", frozenset()


def han_keys(han: str) -> frozenset[str]:
    """Return the keys of a name in characters."""
    keys = {DOTS.sub("", han)}
    if TRANSLITERATED.fullmatch(han):
        keys |= {f"~{sound}" for sound in opening_sounds(DOTS.split(han)[-1])}
    elif len(han) >= LEAST_DOTLESS and HAN_RUN.fullmatch(han):
        keys |= {f"~{sound}" for cut in range(1, len(han)) for sound in opening_sounds(han[cut:])}
    if HAN_NAME.fullmatch(han):
        for surnames, given in (pinyin_readings(han), wade_giles_readings(han)):
            keys |= {f"{s} {g}" for s in surnames for g in given} | {s + g for s in surnames for g in given}
            keys |= {g + s for s in surnames for g in given}
            others = [name for name, characters in name_forms().surnames.items() if han[0] in characters]
            keys |= {f"{s} {g}" for s in others for g in given}
    return frozenset(keys)
