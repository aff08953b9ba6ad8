"""Affiliations: for whom a person works and as what, where a document says it beside the name.

The text and its names in order flow in; an employer and a role for each person flow out to nlp.names, which puts them into the
person's entity. 零一万物开源总监 Richard Lin; "OpenAI CEO Sam Altman"; "Matt Shumer, CEO of OthersideAI". Former posts do not count.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from nlp.people import role_words
from nlp.reading import NameSpan

MARKS = ' *_`[]“”"「」'


class Affiliation(NamedTuple):
    """An employer's id and the words for the role."""

    employer: str
    role: str


class Patterns(NamedTuple):
    """What may stand between a company and its person, and between a person and the company."""

    before: tuple[re.Pattern[str], ...]
    after: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def patterns() -> Patterns:
    """Return the patterns, made of the roles of nlp/data/people_words.toml."""
    chinese, english = ("|".join(map(re.escape, words)) for words in role_words())
    former = r"(?!.*(?:前|原|former|ex-))"
    role_en = rf"(?:[A-Za-z]+[ -]){{0,4}}(?:{english})(?:(?:,| and|/) (?:[A-Za-z]+[ -]){{0,3}}(?:{english}))?"
    return Patterns(
        before=(
            re.compile(rf"{former}(?:的|旗下|方面)?(?P<role>[\u4e00-\u9fff、兼与AI]{{0,10}}(?:{chinese})(?:[兼、暨和与]\s?[\u4e00-\u9fff]{{0,6}}(?:{chinese}))?)[ ：:]?"),
            re.compile(rf"{former}(?:['’]s?)? (?P<role>{role_en}),? ", re.IGNORECASE),
        ),
        after=(
            re.compile(rf"{former},? (?:the |a |an |who is |is |now )*(?P<role>{role_en}) (?:of|at|for|from|with) (?:the |AI startup |startup )?", re.IGNORECASE),
            re.compile(rf"{former}[，,]?(?:是|系|现任|任|担任)(?P<role>)"),
        ),
    )  # fmt: skip


def find_affiliations(text: str, names: Sequence[NameSpan]) -> dict[str, Affiliation]:
    """Return the affiliation of each person that has one; of several the first told.

    >>> text = "OpenAI CEO Sam Altman met Matt Shumer, CEO of OthersideAI, and 零一万物开源总监 Richard Lin."
    >>> def span(words, kind):
    ...     start = text.index(words)
    ...     return NameSpan(start=start, end=start + len(words), kind=kind, entity=words, confidence=1.0, by="")
    >>> people, companies = ("Sam Altman", "Matt Shumer", "Richard Lin"), ("OpenAI", "OthersideAI", "零一万物")
    >>> names = sorted([span(w, "person") for w in people] + [span(w, "organization") for w in companies], key=lambda s: s.start)
    >>> [tuple(found) for found in find_affiliations(text, names).values()]
    [('OpenAI', 'CEO'), ('OthersideAI', 'CEO'), ('零一万物', '开源总监')]
    """
    found: dict[str, Affiliation] = {}
    for one, other in pairwise(names):
        gap = text[one.end : other.start]
        if len(gap) > LONGEST or "\n" in gap:
            continue
        kinds = one.kind, other.kind
        if kinds == ("organization", "person"):
            match = first_match(patterns().before, gap)
            person, company = other, one
        elif kinds == ("person", "organization"):
            match = first_match(patterns().after, gap)
            person, company = one, other
        else:
            continue
        if match:
            role = match["role"].strip(MARKS) or role_after(text, company.end)
            if role:
                found.setdefault(person.entity, Affiliation(company.entity, role))
    return found


LONGEST = 70  # characters between the names


def first_match(chosen: tuple[re.Pattern[str], ...], gap: str) -> re.Match[str] | None:
    """Return the first match of the whole of a gap, marks around it left out."""
    bare = gap.replace("*", "").replace("`", "")
    return next((match for pattern in chosen if (match := pattern.fullmatch(bare))), None)


def role_after(text: str, end: int) -> str:
    """Return the role that follows a company: X是零一万物的联合创始人.

    >>> role_after("X是零一万物的联合创始人。", 6), role_after("X是零一万物的。", 6)
    ('联合创始人', '')
    """
    chinese = "|".join(map(re.escape, role_words()[0]))
    match = re.compile(rf"的?(?P<role>[\u4e00-\u9fff]{{0,6}}?(?:{chinese}))").match(text, end)
    return match["role"] if match else ""
