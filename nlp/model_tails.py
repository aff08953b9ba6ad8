"""The tails of model names: version, size, series and tune, date and packaging, read piece by piece.

A folded text and the end of a stem flow in; a `Tail` flows out to nlp.model_names. Every piece is judged by what joins
it to the name: a hyphen joins nearly everything, a space only what cannot be an ordinary word or a count of things.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from nlp.model_stems import StemMap, squeeze
from nlp.model_words import ModelWords

END = r"(?![a-z0-9\u00e0-\u024f])"
NUMBER_END = END + r"(?!\.\d)"
PIECE = re.compile(
    r"(?P<sep>[-_ .:@·]?)(?:"
    r"\[(?P<bracket>[a-z]{2,12})\]"
    rf"|(?P<packaging>i?q[1-8](?:_[0-9a-z]{{1,3}}){{1,2}}|(?:\d{{1,2}}(?:\.\d{{1,2}})?-?(?:bits?|bpw))){END}"
    rf"|(?P<size>(?:\d{{1,3}}x)?\d{{1,4}}(?:\.\d{{1,3}})?[bmt](?:-?a\d{{1,3}}(?:\.\d{{1,2}})?b)?){END}"
    r"|(?P<zh>\d{1,5}(?:\.\d{1,3})?(?:万亿|千亿|百亿|十亿|亿)参数)"
    rf"|(?P<span>\d{{1,4}}k){END}"
    rf"|(?P<stamp>20[12]\d-?(?:0[1-9]|1[0-2])-?[0-3]\d|2[0-9](?:0[1-9]|1[0-2])[0-3]\d"
    rf"|(?:0[1-9]|1[0-2])[0-3]\d|2[0-9](?:0[1-9]|1[0-2])|0[01]\d){NUMBER_END}"
    rf"|(?P<version>v?\d{{1,2}}(?:\.\d{{1,2}}){{0,2}}[a-z]?){NUMBER_END}"
    rf"|(?P<coded>[a-z]{{1,2}}\d{{1,2}}(?:\.\d{{1,2}})?[a-z]?){NUMBER_END}"
    rf"|(?P<word>[a-z][a-z0-9]{{0,23}}\+?){END}"
    r")"
)
LARGE_MODEL = re.compile(r"[ ]?(?:认知)?大模型")
SECOND_DIGIT = re.compile(rf"-(\d)(?![0-9a-z.])(?!-\d{{1,2}}{END})")
INFIX_VERSION = re.compile(r"-?v?\d{1,2}(?:\.\d{1,2})?(?![0-9bx]|\.\d)")
THOUSANDS = re.compile(r",\d{3}")
UNITS = {"万亿": 10_000, "千亿": 1000, "百亿": 100, "十亿": 10, "亿": 1}
HYPHENS = frozenset("-_·@")
NO_SUFFIX = frozenset("bdgkmnstx")
MAX_PIECES = 12
LARGEST_SPACED = 20.0  # of numbers after a space: GPT 5 may be a version, Orca 40 is not


@dataclass(frozen=True, slots=True)
class Learned:
    """What the known members of a family say about its names."""

    words: frozenset[str] = frozenset()
    small: frozenset[str] = frozenset()  # common words that officially follow a space in lower case: GPT-4o mini
    versions: frozenset[str] = frozenset()
    dotted: bool = False  # FLUX.1


@dataclass(frozen=True, slots=True)
class Tail:
    """What follows a stem; `joined` holds what joined each piece."""

    end: int
    version: str | None = None
    size: str | None = None
    words: tuple[str, ...] = ()
    stamp: str | None = None
    packaging: tuple[str, ...] = ()
    joined: tuple[str, ...] = ()
    large_model: bool = False  # 大模型 belongs to the name: 盘古大模型

    @property
    def bare(self) -> bool:
        """Whether nothing follows the stem."""
        return not self.joined and not self.large_model


@dataclass(frozen=True, slots=True)
class Frame:
    """Where a tail is read: the text, folded and as written, its stems, and how freely words are taken."""

    lower: str
    text: str
    stems: StemMap = field(default_factory=dict)
    learned: Learned = field(default_factory=Learned)
    start: int = 0  # of the stem
    repository: bool = False  # the name follows a slash: every hyphenated piece belongs to it
    learning: bool = False  # the text is a member's official name: every piece belongs to it


Taker = Callable[[Frame, Tail, re.Match[str]], Tail | None]


class TailGrammar:
    """Reads tails, one piece after another, each in constant time."""

    def __init__(self, words: ModelWords) -> None:
        self.words = words
        self.counter = counting(words.counters)
        self.thing = counting(words.things)
        self.takers: dict[str, Taker] = {
            "bracket": self.take_bracket,
            "packaging": self.take_packaging,
            "size": self.take_size,
            "zh": self.take_zh,
            "span": self.take_span,
            "stamp": self.take_stamp,
            "version": self.take_version,
            "coded": self.take_coded,
            "word": self.take_word,
        }

    def read(self, frame: Frame, position: int) -> Tail:
        """Read the longest tail at a position."""
        tail = Tail(position)
        lower = frame.lower
        if not lower[position - 1].isascii() and (match := LARGE_MODEL.match(lower, position)):
            tail = Tail(match.end(), large_model=True)
        while len(tail.joined) < MAX_PIECES:
            longer = self.infix(frame, tail) or self.piece(frame, tail)
            if longer is None:
                return tail
            tail = longer
        return tail

    def piece(self, frame: Frame, tail: Tail) -> Tail | None:
        """Add the piece that follows, if it belongs to the name."""
        match = PIECE.match(frame.lower, tail.end)
        if match is None or not match.lastgroup or match.lastgroup == "sep":
            return None
        kind, sep = match.lastgroup, match["sep"]
        value = match[kind]
        if sep == "" and not attachable(frame.lower, tail, value):
            return None
        if (sep == ":" and kind != "size") or (sep == "." and not (kind == "packaging" or self.packaged(value))):
            dotted = sep == "." and kind == "version" and (frame.learned.dotted or frame.learning)
            if not dotted or tail.joined or frame.lower[tail.end - 1].isdigit():
                return None
        longer = self.takers[kind](frame, tail, match)
        if longer is None:
            return None
        return replace(longer, end=max(longer.end, match.end()), joined=(*tail.joined, sep))

    def infix(self, frame: Frame, tail: Tail) -> Tail | None:
        """Add another family's stem inside a name: DeepSeek-R1-Distill-Qwen-32B."""
        sep = frame.lower[tail.end : tail.end + 1]
        if sep not in ("-", "_", " "):
            return None
        matches = [match for match in frame.stems.get(tail.end + 1, ()) if match.stem.family]
        if not matches or (sep == " " and not frame.learning and matches[-1].stem.root not in frame.learned.words):
            return None
        stem = matches[-1]
        if not frame.lower[stem.start].isascii() or (sep == "-" and self.suffix_follows(frame, tail.end)):
            return None
        following = PIECE.match(frame.lower, tail.end)
        if following and following.lastgroup == "coded":
            return None
        version = INFIX_VERSION.match(frame.lower, stem.end)
        if version is None and frame.lower[stem.end : stem.end + 1].isdigit():
            return None
        end = version.end() if version else stem.end
        word = stem.stem.root + (version.group().lstrip("-v") if version else "")
        added = (stem.stem.root, word) if frame.learning and word != stem.stem.root else (word,)
        return replace(tail, end=end, words=(*tail.words, *added), joined=(*tail.joined, sep))

    def take_bracket(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a tune in brackets: FLUX.1 [dev]."""
        value = match["bracket"]
        known = frame.learning or value in frame.learned.words
        return replace(tail, words=(*tail.words, value)) if known else None

    def take_packaging(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a quantisation."""
        if match["sep"] == " " and not frame.learning:
            return None
        return replace(tail, packaging=(*tail.packaging, match["packaging"]))

    def take_size(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a number of parameters; a second one is a word (GLM-4-9B-Chat-1M)."""
        size = match["size"].upper().replace("X", "x")
        if match["sep"] == " " and not frame.learning:
            if tail.size or self.counts(match.end(), frame) or self.thing.match(frame.lower, match.end()):
                return None
            if size[-1] in "MT" and not (tail.joined and frame.text[match.end("size") - 1].isupper()):
                return None
        if tail.size:
            return replace(tail, words=(*tail.words, match["size"])) if match["sep"] in HYPHENS else None
        return replace(tail, size=size)

    def take_zh(self, _frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a number of parameters in Chinese: 720亿参数."""
        if tail.size:
            return None
        unit = next(unit for unit in UNITS if match["zh"].removesuffix("参数").endswith(unit))
        number = float(match["zh"].removesuffix("参数").removesuffix(unit)) * UNITS[unit] / 10
        return replace(tail, size=f"{number:g}B")

    def take_span(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a context length: Yi-34B-200K."""
        spaced = match["sep"] == " " and (not tail.version or not frame.text[match.end("span") - 1].isupper())
        if spaced and not frame.learning:
            return None
        return replace(tail, words=(*tail.words, match["span"]))

    def take_stamp(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a date: DeepSeek-V3-0324; text-davinci-003 has a serial number."""
        stamp = match["stamp"].replace("-", "")
        if match["sep"] == "" and not frame.learning:
            return None
        if match["sep"] == " " and not frame.learning:
            if tail.bare or len(stamp) < 4 or stamp.startswith(("19", "20")) or self.counts(match.end(), frame):
                return None
            if not (tail.version or tail.words):
                return None
        if tail.stamp:
            return replace(tail, words=(*tail.words, stamp)) if match["sep"] in HYPHENS else None
        return replace(tail, stamp=stamp)

    def take_version(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a version number; a second one is a word (chat-v1.1)."""
        value, sep = match["version"], match["sep"]
        number = value.rstrip("abcdefghijklmnopqrstuvwxyz").removeprefix("v")
        suffix = value[value.index(number) + len(number) :]
        if suffix in NO_SUFFIX and suffix and not (frame.learning or value in frame.learned.versions):
            return None
        hyphen = sep in HYPHENS
        if tail.version:
            if hyphen and value.startswith("v"):
                return replace(tail, words=(*tail.words, value))
            return None
        if not hyphen and not frame.learning and not self.plausible(frame, tail, match, number):
            return None
        end = match.end()
        second = SECOND_DIGIT.match(frame.lower, end) if hyphen and value == number and len(number) == 1 else None
        if second and (frame.learning or f"{number}.{second[1]}" in frame.learned.versions):
            number, end = f"{number}.{second[1]}", second.end()
        words = tail.words
        if suffix == "v":
            value, words = value[:-1], (*words, "v")
        version = number if end > match.end() else value
        return replace(tail, version=version, words=words, end=end)

    def take_coded(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a lettered version: DeepSeek-R1, Kimi K2."""
        value, sep = match["coded"], match["sep"]
        if self.packaged(value):
            return self.take_package_word(frame, tail, value, sep)
        known = frame.learning or value in frame.learned.versions or value in frame.learned.words
        if sep not in HYPHENS and not known:
            if tail.version or tail.size or value[0] in "qh" or not frame.text[match.start("coded")].isupper():
                return None
            if self.counts(match.end(), frame):
                return None
        if tail.version or value in frame.learned.words:
            return replace(tail, words=(*tail.words, value))
        return replace(tail, version=value)

    def take_word(self, frame: Frame, tail: Tail, match: re.Match[str]) -> Tail | None:
        """Take a series or a tune."""
        value, sep = match["word"], match["sep"]
        if self.packaged(value):
            return self.take_package_word(frame, tail, value, sep)
        learned = frame.learning or value in frame.learned.words
        known = learned or value in self.words.series
        written = frame.text[match.start("word") : match.end("word")]
        marked = written[0].isupper() or any(character.isdigit() for character in written)
        if sep in HYPHENS:
            if not frame.learning and value in self.words.suffixes and not (learned and marked):
                return None
            if not (known or frame.repository or (marked and tail.size)):
                return None
        elif not frame.learning:
            small = value in frame.learned.small or (learned and frame.text[frame.start].islower())
            if not known or tail.packaging or not (marked or value not in self.words.common or small):
                return None
        return replace(tail, words=(*tail.words, self.words.same.get(value, value)))

    def take_package_word(self, frame: Frame, tail: Tail, value: str, sep: str) -> Tail | None:
        """Take a file format or a quantisation that is spelt as a word."""
        taken = sep in HYPHENS or sep == "." or frame.learning
        return replace(tail, packaging=(*tail.packaging, value)) if taken else None

    def packaged(self, value: str) -> bool:
        """Tell whether a word says how weights are packed."""
        return value in self.words.packaging

    def plausible(self, frame: Frame, tail: Tail, match: re.Match[str], number: str) -> bool:
        """Tell whether a number after a space, or at once after the stem, is a version and no count."""
        value, end = match["version"], match.end()
        if value.startswith("v") and value != number:
            return True
        if tail.size or (not tail.bare and match["sep"] == "" and not tail.large_model):
            return False
        if float(".".join(number.split(".")[:2])) > LARGEST_SPACED and value not in frame.learned.versions:
            return False
        if self.counts(end, frame) or THOUSANDS.match(frame.lower, end):
            return False
        known = value in frame.learned.versions
        latin = frame.lower[match.start() - 1].isascii() and match["sep"] == ""
        return known or latin or not self.thing.match(frame.lower, end)

    def counts(self, end: int, frame: Frame) -> bool:
        """Tell whether the number that ends there counts things."""
        return self.counter.match(frame.lower, end) is not None

    def suffix_follows(self, frame: Frame, position: int) -> bool:
        """Tell whether -based or the like follows."""
        match = PIECE.match(frame.lower, position)
        return bool(match and match.lastgroup == "word" and match["word"] in self.words.suffixes)


def attachable(lower: str, tail: Tail, value: str) -> bool:
    """Tell whether a piece may follow without a separator: a number after the stem, anything after Chinese."""
    previous = lower[tail.end - 1]
    if not previous.isascii():
        return True
    return not tail.joined and previous.isalpha() and value[0].isdigit()


def counting(patterns: tuple[str, ...]) -> re.Pattern[str]:
    """Compile the words before which a number counts things."""
    latin = "|".join(pattern for pattern in patterns if pattern[0].isascii() and pattern[0].isalpha())
    other = "|".join(pattern for pattern in patterns if not (pattern[0].isascii() and pattern[0].isalpha()))
    sides = [rf"[ -](?:{latin})(?![a-z])" if latin else "", rf"[ ]?(?:{other})" if other else ""]
    return re.compile("|".join(side for side in sides if side) or r"(?!)")


def normal_version(version: str) -> str:
    """Write a version as the identity has it.

    >>> normal_version("v3"), normal_version("4.0"), normal_version("3.1"), normal_version("k1.5")
    ('3', '4', '3.1', 'k1.5')
    """
    version = re.sub(r"^v(?=\d)", "", version)
    return re.sub(r"(?<=\d)(?:\.0)+$", "", version)


def normal_size(size: str) -> str:
    """Write a number of parameters as the identity has it, round millions and trillions in billions.

    >>> normal_size("500M"), normal_size("1.5T"), normal_size("135M"), normal_size("8x7B")
    ('0.5B', '1500B', '135M', '8x7B')
    """
    match = re.fullmatch(r"(\d+(?:\.\d+)?)([MT])", size)
    if match is None or (match[2] == "M" and float(match[1]) % 100):
        return size
    return f"{float(match[1]) * (1000 if match[2] == 'T' else 0.001):g}B"


def normal_word(word: str) -> str:
    """Write a word of the tail as the identity has it.

    >>> normal_word("r+"), normal_word("llama_3")
    ('r plus', 'llama3')
    """
    return squeeze(word).replace("+", " plus")
