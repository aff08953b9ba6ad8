"""Ranking: how well a passage answers a question, by one formula for every store.

Passages that hold the words flow in from graph.search with the groups of the question; scores flow back. A score is

    sum over the groups g of  weight(g) * tf * (k + 1) / (tf + k * (1 - b + b * length / usual))
    + NEXT    where the words stand next to each other as they were asked
    + TITLE   times the share of the groups that the document's title has too
    + SOURCES times the natural logarithm of the number of sources that tell it

the sum as in BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009), with tf the occurrences of the
group's phrases, k = 1.2, b = 0.75, the usual length a constant for each kind of text, and weight 1 + ln(N / n) where n
of the N passages have the group. Only the passages that were gathered count, so that it does not matter which index
gathered them.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log
from typing import NamedTuple

from graph.search_index import index_text
from graph.search_question import Question
from nlp.search_words import Phrase, count_phrase

K, B = 1.2, 0.75
NEXT, TITLE, SOURCES = 1.0, 0.5, 0.25
DIGITS = 4  # what is equal so far is a tie


class Passage(NamedTuple):
    """What is weighed: a text, the words of its title if it has one, its sources, and how long such texts usually are."""

    text: str
    title: str = ""
    sources: int = 1
    usual: int = 40


def weigh(passages: Sequence[Passage], question: Question, *, every: bool) -> list[float | None]:
    """Return the score of each passage, None for one that does not have every group, or any.

    >>> from graph.search_question import Group
    >>> group = Group("套壳", (Phrase(("套壳",)),))
    >>> weigh([Passage("被指套壳"), Passage("Not a wrapper.")], Question((group,), ()), every=True)
    [1.5575, None]
    """
    padded = [f" {index_text(passage.text)} " for passage in passages]
    counts = [[count_any(words, group.phrases) for group in question.groups] for words in padded]
    fits = [all(row) if every else any(row) for row in counts]
    having = (
        [sum(1 for row, fit in zip(counts, fits, strict=True) if fit and row[n]) for n in range(len(counts[0]))]
        if counts
        else []
    )
    weights = [1 + log(sum(fits) / number) if number else 0.0 for number in having]
    titles: dict[str, float] = {}
    scores: list[float | None] = []
    for passage, words, row, fit in zip(passages, padded, counts, fits, strict=True):
        if not fit:
            scores.append(None)
            continue
        if passage.title not in titles:
            titles[passage.title] = share_in(passage.title, question)
        length = K * (1 - B + B * words.count(" ") / passage.usual)
        score = sum(weight * tf * (K + 1) / (tf + length) for weight, tf in zip(weights, row, strict=True))
        score += NEXT * (count_any(words, question.whole) > 0) + TITLE * titles[passage.title]
        scores.append(round(score + SOURCES * log(max(1, passage.sources)), DIGITS))
    return scores


def count_any(words: str, phrases: Sequence[Phrase]) -> int:
    """Return how often any of some phrases stands in words.

    >>> count_any(" 李开 开复 复 kai fu lee ", [Phrase(("李开", "开复")), Phrase(("kai", "fu", "lee"))])
    2
    >>> count_any(" not a wrapper ", [Phrase(("套壳",))])
    0
    """
    return sum(count_phrase(words, phrase) for phrase in phrases)


def share_in(title: str, question: Question) -> float:
    """Return the share of the groups that a title has."""
    words = f" {index_text(title)} "
    return sum(count_any(words, group.phrases) > 0 for group in question.groups) / len(question.groups)
