"""Account names: places where somebody is named by an account, after an @ or as the subject of a verb of saying.

A reading flows in; places with the name of the account flow out to nlp.names. Digests write accounts in bold
("**tin_kettle** and **QuietOrchard** argue that"), forums as they are ("rn7k2 notes that"): what looks like an account counts
where a verb follows that people are the subject of.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

from nlp.features import frequency
from nlp.people_words import word_lists
from nlp.reading import Reading

AFTER_AT = re.compile(r"(?:(?<![\w@.])@|(?<![\w/])/?u/)([A-Za-z0-9_][A-Za-z0-9_-]{1,38})")
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]|\\_){1,37}(?:[A-Za-z0-9_]|\\_)"
ALONE = re.compile(rf"(?<![\w@./\\-]){NAME}(?![\w/-])")
MARK = r"(?:\*\*|__)"
ESCAPED = re.compile(r"\\(?=_)")
LEAST_HUMPS = 2  # capitalised parts of a name such as QuietOrchard
LEAST_DIGITS = 2  # behind lower-case letters: rowan42


class Account(NamedTuple):
    """An account at start:end of the text, by its name without marks of escape."""

    start: int
    end: int
    name: str


def find_accounts(reading: Reading) -> Iterator[Account]:
    """Yield the accounts after an @ and those that a verb of saying follows, with their other places, outside of URLs and code."""
    for match in AFTER_AT.finditer(reading.text):
        if not reading.masked(*match.span(1)):
            yield Account(*match.span(1), match.group(1))
    speaking = {match.group("name") for match in subject_pattern().finditer(reading.text) if is_account(match)}
    for match in ALONE.finditer(reading.text) if speaking else ():
        if match.group() in speaking and not reading.masked(*match.span()):
            yield Account(*match.span(), ESCAPED.sub("", match.group()))


@lru_cache(maxsize=1)
def subject_pattern() -> re.Pattern[str]:
    """Return what finds a name before a verb of saying, alone or with others: **a**, b and others argue, a和b认为."""
    english = "|".join(re.escape(verb.replace("_", " ")) for verb in word_lists()["account_speech_en"])
    chinese = "|".join(map(re.escape, word_lists()["account_speech_zh"]))
    another = rf"(?:(?:, ?(?:and )?| and | & |、| ?[和与及] ?){MARK}?{NAME}{MARK}?)"
    return re.compile(
        rf"(?<![\w@./\\*`-])(?P<mark>{MARK})?(?P<name>{NAME})(?(mark)(?P=mark)|(?![\w*`]))"
        rf"(?={another}{{0,4}}(?:,? and others| ?等人?|和其他人)?(?: (?:also|then|later|[a-z]{{3,12}}ly))?"
        rf"(?: (?:{english})\b| ?[则也还又]?(?:{chinese})))"
    )


@lru_cache(maxsize=1)
def code_parts() -> frozenset[str]:
    """Return the words that names in code are made of."""
    return frozenset(word_lists()["code_parts"])


def is_field(name: str) -> bool:
    """Whether a name with underscores is made of words of code alone.

    >>> is_field("post_attention_layernorm"), is_field("mlp_fan"), is_field("attention")
    (True, False, False)
    """
    return "_" in name and all(part in code_parts() for part in re.findall("[a-z]+", name.lower()))


def is_account(match: re.Match[str]) -> bool:
    """Whether a name before a verb of saying looks like an account's: by itself, or in bold where no ordinary name does.

    >>> [bool(match and is_account(match)) for match in map(subject_pattern().search, (
    ...     "tin_kettle notes that", "**QuietOrchard** and others argue that", "QuietOrchard argues that", "everybody notes that"))]
    [True, True, False, False]
    """
    name = ESCAPED.sub("", match.group("name"))
    if not re.search("[A-Za-z]", name) or is_field(name):
        return False
    runs = len(re.findall(r"\d+", name))
    if "_" in name or (runs >= LEAST_DIGITS and "." not in name):
        return True
    if re.fullmatch(rf"[a-z]+\d{{{LEAST_DIGITS},}}", name):
        return True
    return match.group("mark") is not None and (
        (name.islower() and not any(map(frequency, re.findall("[a-z]+", name))))
        or len(re.findall(r"[A-Z][a-z]+", name)) >= LEAST_HUMPS
        or re.fullmatch(r"(?:[A-Z]?[a-z]+){1,3}-?\d{3,}", name) is not None
    )
