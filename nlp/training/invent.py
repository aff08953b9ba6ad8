"""Inventing names: people, organisations and models that do not exist, from the lists of fillers.toml.

A source of chance flows in, names with the forms they are mentioned by flow out to nlp.training.passages. Half of the brands and
families are coined anew, syllable by syllable, so that a tagger learns shapes and not a list.
"""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from nlp.people_words import word_lists
from nlp.romanisation import split_name, syllables

FILE = Path(__file__).with_name("fillers.toml")
ONSETS = "b br c cl cr d dr f fl g gl gr h j k kr l m n p pl pr qu r s sc sk sl sp st t tr v w z th sh ch".split()
VOWELS = "a e i o u a e i o ai ea ee io oo ou".split()
CODAS = ["", "", "", "n", "r", "l", "x", "s", "m", "k", "t", "nd", "rn", "st", "ck", "ll"]
ENDINGS = "ia us on a o ix is en um or y ity ora ero ane elle ly ify eo".split()
MODEL_ENDINGS = ["LM", "GPT", "LLM", "Coder", "VL", "Chat", "BERT", "MoE", "Former", "Net", "-V", "Math", "Omni"]
ORIGINS = ("en", "en", "en", "en", "in", "ar", "af", "vi", "jp", "kr")


@dataclass(frozen=True, slots=True)
class Person:
    """A person by the forms of the name; `other` is the name in the other script."""

    full: str
    surname: str
    given: str
    other: str


@dataclass(frozen=True, slots=True)
class Model:
    """A model by its whole name, its family and its family with a version."""

    full: str
    bare: str
    version: str


class Inventor:
    """Invents names for passages in one language."""

    def __init__(self, chance: random.Random, language: str) -> None:
        self.chance = chance
        self.language = language

    @cached_property
    def lists(self) -> dict[str, list[str]]:
        """The lists of fillers.toml."""
        tables = tomllib.loads(FILE.read_text(encoding="utf-8"))
        return {
            name: [entry.strip() for entry in (text.split("|") if "|" in text else text.split()) if entry.strip()]
            for table in tables.values()
            for name, text in table.items()
        }

    def pick(self, name: str) -> str:
        """Return an entry of a list."""
        return self.chance.choice(self.lists[name])

    def often(self, share: float) -> bool:
        """Whether something happens that does so with this share."""
        return self.chance.random() < share

    def person(self, sort: str = "") -> Person:
        """Return a person: zh in characters, py in pinyin, en of any Latin origin, tr transliterated."""
        if not sort:
            shares = {"zh": (0.7, 0.1, 0.14, 0.06), "en": (0.01, 0.25, 0.74, 0.0)}[self.language]
            sort = self.chance.choices(("zh", "py", "en", "tr"), shares)[0]
        return {"zh": self.chinese, "py": self.romanised, "en": self.latin, "tr": self.transliterated}[sort]()

    def chinese_name(self) -> str:
        """Return a Chinese name: common surnames often."""
        surnames = self.lists["surnames_zh"] if self.often(0.85) else word_lists()["rare_surnames"]
        surname = (
            surnames[min(int(self.chance.expovariate(1 / 35)), len(surnames) - 1)]
            if self.often(0.5)
            else self.chance.choice(surnames)
        )
        if self.often(0.3):
            return surname + self.pick("given_zh_whole")
        characters = self.lists[self.chance.choice(("given_zh_m", "given_zh_f"))]
        return surname + "".join(self.chance.choices(characters, k=1 if self.often(0.25) else 2))

    def chinese(self) -> Person:
        """Return a person named in characters."""
        name = self.chinese_name()
        surname, given = split_name(name)
        return Person(name, surname, given, self.pinyin(name).full)

    def romanised(self) -> Person:
        """Return a person named in pinyin."""
        name = self.chinese_name()
        person = self.pinyin(name)
        return Person(person.full, person.surname, person.given, name)

    def pinyin(self, name: str) -> Person:
        """Return a Chinese name in pinyin, given name first or last, sometimes with an English one."""
        family, own = split_name(name)
        surname = "".join(syllables(c, surname=True)[0] for c in family).replace("v", "u").capitalize()
        parts = [syllables(c)[0].replace("v", "u") for c in own]
        given = self.chance.choice(["".join(parts), "".join(parts), "".join(parts), "-".join(parts), " ".join(parts)])
        given = given.title() if self.often(0.3) else given.capitalize()
        if self.often(0.12):
            given = self.pick("given_en")
        first = self.often(0.45)
        return Person(f"{surname} {given}" if first else f"{given} {surname}", surname, given, name)

    def latin(self) -> Person:
        """Return a person with a Latin name."""
        if self.language == "en" and self.often(0.1):
            handle = self.handle()
            return Person(handle, handle, handle, handle)
        origin = self.chance.choice(ORIGINS)
        given, surname = self.pick(f"given_{origin}"), self.pick(f"surnames_{origin}")
        if origin == "vi" and self.often(0.3):
            return Person(f"{surname} {given}", surname, given, self.transliterated().full)
        middle = f" {self.chance.choice('ABCDEFGHJKLMNPRSTW')}." if self.often(0.07) else ""
        return Person(f"{given}{middle} {surname}", surname, given, self.transliterated().full)

    def transliterated(self) -> Person:
        """Return a foreign person in Chinese characters."""
        given, surname = self.pick("transliterated_given"), self.pick("transliterated_surname")
        other = f"{self.pick('given_en')} {self.pick('surnames_en')}"
        return Person(given + self.chance.choice("···•・") + surname, surname, given, other)

    def handle(self) -> str:
        """Return an account name."""
        if self.language == "zh" and self.often(0.5):
            return self.pick("nick_zh")
        one, two = self.pick("handle_words"), self.pick("handle_words")
        given = self.pick("given_en").lower()
        forms: list[Callable[[], str]] = [
            lambda: one + two,
            lambda: f"{one}_{two}",
            lambda: one.capitalize() + two.capitalize(),
            lambda: one + self.pick("handle_suffix"),
            lambda: given + self.pick("handle_suffix"),
            lambda: given[0] + self.pick("surnames_en").split()[-1].lower().replace("'", ""),
            lambda: f"{one.capitalize()}-{two.capitalize()}-{self.chance.randrange(1000, 9999)}",
            lambda: f"{one}{self.chance.randrange(10, 9999)}",
            lambda: one,
            lambda: self.coinage().lower() + self.chance.choice(["", "", "x", "42", "_"]),
        ]
        return self.chance.choice(forms)()

    def coinage(self) -> str:
        """Return a coined Latin word."""
        parts = [
            self.chance.choice(ONSETS) + self.chance.choice(VOWELS) + self.chance.choice(CODAS)
            for _ in range(self.chance.choice((1, 1, 2, 2)))
        ]
        word = "".join(parts) + (self.chance.choice(ENDINGS) if self.often(0.5) else "")
        return word.capitalize()

    def company(self, sort: str = "") -> str:
        """Return a company: en, zh, full for its legal name."""
        if sort == "full":
            return self.legal_name()
        if sort == "zh" or (not sort and self.language == "zh" and self.often(0.62)):
            return self.brand_zh() + (self.pick("suffix_zh") if self.often(0.62) else "")
        return self.company_en()

    def company_en(self) -> str:
        """Return a company with a Latin name."""
        kind = self.chance.random()
        if kind < 0.12:
            return self.pick("camel_en")
        if kind < 0.2:
            return self.pick("abbrev_en")
        if kind < 0.3:
            one, two = (
                self.coinage(),
                self.chance.choice(["AI", "Mind", "Lab", "Loop", "Stack", "Works", "ML", "Base", "Flow", "Labs"]),
            )
            return one + two
        root = self.coinage() if self.often(0.45) else self.pick("roots_en")
        suffix = self.pick("suffix_en") if self.often(0.55) else ""
        return root + suffix if suffix.startswith(".") else f"{root} {suffix}".strip()

    def brand_zh(self) -> str:
        """Return a Chinese brand."""
        if self.often(0.5):
            return self.pick("roots_zh")
        characters = [c for root in self.lists["roots_zh"] for c in root]
        return "".join(self.chance.choices(characters, k=self.chance.choice((2, 2, 2, 3, 4))))

    def legal_name(self) -> str:
        """Return a company's registered name."""
        if self.language == "zh":
            city = self.pick("cities_zh") if self.often(0.7) else ""
            return city + self.brand_zh() + self.pick("suffix_zh") + self.pick("legal_zh")
        return f"{self.coinage() if self.often(0.5) else self.pick('roots_en')} {self.pick('suffix_en').strip('.')} {self.pick('legal_en')}"

    def organisation(self, kind: str) -> str:
        """Return an organisation of another kind: univ, lab, outlet, gov, fund, forum, team."""
        language = (
            "en"
            if self.language == "zh" and kind in ("forum", "team", "lab", "outlet") and self.often(0.25)
            else self.language
        )
        return self.pick(f"{kind}_{language}")

    def model(self, sort: str = "") -> Model:
        """Return a model; zh for a family with a Chinese name."""
        chinese = sort == "zh" or (self.language == "zh" and not sort and self.often(0.12))
        stem = self.stem_zh() if chinese else self.stem()
        joint = self.chance.choice(["-", "-", "-", " ", " ", "" if stem[-1].isalpha() else " "])
        number = self.pick("versions")
        version = stem + joint + number if self.often(0.85) else f"{stem} v{number.lstrip('vV')}"
        base = version if self.often(0.5) else stem
        pieces = [self.pick("sizes")] if self.often(0.75) else []
        pieces += [self.pick("tunes")] if self.often(0.4) or not pieces else []
        pieces += [self.pick("stamps")] if self.often(0.06) else []
        pieces += [self.pick("packaging")] if self.often(0.06) else []
        if self.often(0.1):
            self.chance.shuffle(pieces)
        sep = self.chance.choice(["-", "-", "-", " "])
        full = base + sep + sep.join(pieces)
        if self.often(0.05) and not chinese:
            full = f"{self.coinage().lower()}-ai/{full.replace(' ', '-')}"
            full = full.split("/", 1)[1]
        if self.often(0.06):
            full, version = full.lower(), version.lower()
        return Model(full, stem, version)

    def stem(self) -> str:
        """Return a Latin family name."""
        if self.often(0.5):
            return self.pick("stems_en")
        stem = self.coinage()
        if self.often(0.3):
            stem += self.chance.choice(MODEL_ENDINGS)
        elif self.often(0.12):
            stem = stem.upper()[: self.chance.choice((3, 4, 5))]
        return stem

    def stem_zh(self) -> str:
        """Return a Chinese family name."""
        stem = self.pick("stems_zh") if self.often(0.7) else self.brand_zh()[:3]
        return stem + "大模型" if self.often(0.15) and not stem.endswith("模型") else stem
