"""Is a bare name a model there? The words around it decide.

A name that the grammar was not certain of (Yi, Kimi, DeepSeek: also a surname, a driver, a company) and its text flow
in; yes or no flows out to whoever turns names into mentions.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from nlp.families import Family
from nlp.model_stems import fold_names
from nlp.model_words import ModelWords, load_model_words

if TYPE_CHECKING:
    from nlp.model_names import ModelName

QUOTES = {"“": "”", '"': '"', "「": "」", "『": "』", "`": "`", "‘": "’", "'": "'", "《": "》", "*": "*"}
NEAR = 40  # characters to either side in which a maker speaks for its model
BESIDE = 24
ROW = re.compile(
    r"[\s\\]*(?:[,、/|&+]|and|or|vs\.?|versus|和|与|及|或|以及|[-=]+\\?>|→)(?:\s*(?:and|or|the|和|与))?[\s\\]*"
)
HAN = re.compile(r"[\u4e00-\u9fff]")
SPEAKS = re.compile(r"[说称道]|表示|认为|先生|女士|老师|本人")
CAPITALISED_AFTER = re.compile(r" ([A-Z][a-z]+)(?![A-Za-z0-9-])")
WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]*)[ -]$")


def supported(
    name: ModelName,
    text: str,
    *,
    family: Family | None = None,
    others: Iterable[ModelName] = (),
    words: ModelWords | None = None,
) -> bool:
    """Decide from its context whether a name means a model; a certain one always does.

    `others` are the names found in the same text: a certain member of the family speaks for the bare name. With
    `family`, so does its maker nearby. A person's title, surname or given name beside it speaks against.
    """
    if name.certain:
        return True
    words = words or load_model_words()
    start, end = name.start, name.end
    if start and QUOTES.get(text[start - 1]) == text[end : end + 1] != "":
        return True
    before, after = fold_names(text[max(0, start - BESIDE) : start]), fold_names(text[end : end + BESIDE])
    if beside_person(name, text, words):
        return False
    patterns = patterns_of(words.model, words.release)
    if patterns["after"].match(after) or patterns["before"].search(before):
        return True
    relative = any(other.certain and other.family == name.family and other.family for other in others)
    return (
        relative
        or in_row(name, text, others)
        or (in_chinese(name, text) and any(other.certain for other in others))
        or (family is not None and beside_maker(name, text, family, words))
    )


def in_chinese(name: ModelName, text: str) -> bool:
    """Tell whether a Latin name stands in a Chinese sentence as it is officially written: seldom a person's or a thing's."""
    if not name.surface.isascii() or name.surface.islower():
        return False
    before, after = text[max(0, name.start - 2) : name.start].strip(), text[name.end : name.end + 2].strip()
    return bool(HAN.search(before + after)) and not SPEAKS.match(after)


def in_row(name: ModelName, text: str, others: Iterable[ModelName]) -> bool:
    """Tell whether the name stands in a row with names of models: Gopher, Chinchilla and LLaMA-65B; GPT-2 -> Yi; 混元和豆包.

    A name of another family that is no more certain will do, since two such words seldom meet by chance.
    """
    for other in others:
        if other is not name and (other.certain or other.family != name.family):
            gap = text[min(other.end, name.end) : max(other.start, name.start)]
            if gap and ROW.fullmatch(gap):
                return True
    return False


def beside_maker(name: ModelName, text: str, family: Family, words: ModelWords) -> bool:
    """Tell whether the family's maker is named near the name, by another name than the family's."""
    if family.maker is None:
        return False
    around = f"{text[max(0, name.start - NEAR) : name.start]}\n{text[name.end : name.end + NEAR]}"
    own = {fold_names(each) for each in family.names}
    makers = {fold_names(maker) for maker in (family.maker, *words.makers.get(family.maker, ()))} - own
    return any(re.search(maker_pattern(maker), fold_names(around)) for maker in makers)


def maker_pattern(maker: str) -> str:
    """Match a maker's name as a word."""
    return rf"(?<![a-z0-9]){re.escape(maker)}(?![a-z0-9])" if maker.isascii() else re.escape(maker)


def beside_person(name: ModelName, text: str, words: ModelWords) -> bool:
    """Tell whether a title, a surname or a second name stands beside the name."""
    after = text[name.end : name.end + BESIDE]
    if after.lstrip(" ").lower().startswith(words.person_after):
        return True
    if not name.surface.isascii():
        return False
    match = WORD_BEFORE.search(text[max(0, name.start - BESIDE) : name.start])
    word = match[1].lower() if match else ""
    if word in words.person_before or (match and match[1][0].isupper() and word in words.surnames):
        return True
    following = CAPITALISED_AFTER.match(after)
    if following is None or not name.bare:
        return False
    return following[1].lower() not in {*words.model, *words.series}


@lru_cache(maxsize=4)
def patterns_of(model: tuple[str, ...], release: tuple[str, ...]) -> dict[str, re.Pattern[str]]:
    """Compile the words that stand right after and right before a model's name."""

    def alternatives(chosen: tuple[str, ...], *, ascii_only: bool) -> str:
        return "|".join(re.escape(word) for word in chosen if word.isascii() == ascii_only)

    latin, chinese = alternatives(model, ascii_only=True), alternatives(model, ascii_only=False)
    verbs, signs = alternatives(release, ascii_only=True), alternatives(release, ascii_only=False)
    return {
        "after": re.compile(
            rf"['’]?s? ?(?:(?:{latin})(?![a-z])|(?:的|这个|这一)?(?:{chinese}))"
            rf"| (?:large |language |foundation |base |open |open-source |ai ){{1,3}}(?:{latin})(?![a-z])"
        ),
        "before": re.compile(
            rf"(?:^|[^a-z])(?:(?:{latin})|(?:{verbs}))(?: its| the| their| a| new| model| called| named)* ?$"
            rf"|(?:{signs})(?:了|的)?[ “\"「]?$|(?:{chinese})[ “\"「]?$"
        ),
    }
