"""Questions of a search: the words that somebody types, as groups of phrases of which a text must hold one each.

The words flow in, groups flow out to graph.search and graph.search_rank. A known name brings the other names of its
entity with it; what stands in quotation marks is taken as it is written. A run of Chinese without spaces is parted
where a known name stands in it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from graph.store import Row, Store
from nlp.folding import fold
from nlp.search_words import RUN, Asked, Phrase, cut, parts_of, phrase_of, read_question

NAME_WORDS = 4  # words that a name may have
NAME_CHARACTERS = 8  # characters of a name within a run of Chinese
MOST_LOOKED_UP = 600
MOST_BEARERS = 3  # a name of more entities than these is no name to go by
MOST_NAMES = 24  # that one group is asked by
CHINESE = re.compile(f"(?:{RUN.pattern})+")


class Group(NamedTuple):
    """What is asked by one word or name: any of the phrases will do; `names` are those that were added."""

    asked: str
    phrases: tuple[Phrase, ...]
    names: tuple[str, ...] = ()
    parts: tuple[Phrase, ...] = ()


class Question(NamedTuple):
    """The groups of a question, and the phrases that it is as a whole."""

    groups: tuple[Group, ...]
    whole: tuple[Phrase, ...]


def understand(store: Store, words: str) -> Question:
    """Return the question that words ask, with the names that the store knows of the same entities."""
    asked = read_question(words)
    known = names_known(store, list(dict.fromkeys(names_wanted(asked)))[:MOST_LOOKED_UP])
    groups = list(group_words(asked, known))
    texts = [one.text for one in asked]
    whole = {phrase for text in (" ".join(texts), "".join(texts)) if (phrase := phrase_of(text))}
    return Question(tuple(dict.fromkeys(groups)), tuple(sorted(whole)) if len(groups) > 1 else ())


def loosen(question: Question) -> Question:
    """Return the question that is asked when nothing has all words: also by the pairs of what is one long word."""
    groups = list(question.groups)
    for group in question.groups:
        groups += (Group(part.text, (part,)) for part in group.parts)
    return Question(tuple(dict.fromkeys(groups)), question.whole)


def group_words(asked: Sequence[Asked], known: Mapping[str, list[Row]]) -> Iterator[Group]:
    """Yield a group for each name, the longest first, and for each other word."""
    first = 0
    while first < len(asked):
        for length in range(min(NAME_WORDS, len(asked) - first), 0, -1):
            together = asked[first : first + length]
            name = next((form for form in forms_of(together) if form in known), None)
            if name:
                yield name_group(" ".join(one.text for one in together), known[name])
                first += length
                break
        else:
            yield from group_word(asked[first], known)
            first += 1


def group_word(asked: Asked, known: Mapping[str, list[Row]]) -> Iterator[Group]:
    """Yield the groups of a word: the names that stand in it and what is between them, or itself."""
    names = [] if asked.is_quoted else list(names_within(asked.text, known))
    end = 0
    for start, stop in [*names, (len(asked.text), len(asked.text))]:
        rest = Asked(asked.text[end:start], is_quoted=asked.is_quoted)
        if phrase := phrase_of(rest.text):
            yield Group(rest.text, (phrase,), parts=tuple(parts_of(rest)))
        if stop > start:
            yield name_group(asked.text[start:stop], known[fold(asked.text[start:stop])])
        end = stop


def names_within(text: str, known: Mapping[str, list[Row]]) -> Iterator[tuple[int, int]]:
    """Yield where known names stand in runs of Chinese; one of two characters only at an end of its run."""
    folded = fold(text)
    for run in CHINESE.finditer(folded):
        start = run.start()
        while start < run.end():
            stops = range(min(run.end(), start + NAME_CHARACTERS), start + 1, -1)
            at_end = start == run.start()
            stop = next(
                (
                    stop
                    for stop in stops
                    if folded[start:stop] in known and (stop - start > 2 or at_end or stop == run.end())
                ),
                None,
            )
            if stop:
                yield start, stop
            start = stop or start + 1


def names_wanted(asked: Sequence[Asked]) -> Iterator[str]:
    """Yield the folded texts that may be names: words that follow each other, then pieces of runs of Chinese."""
    for length in range(1, NAME_WORDS + 1):
        for first in range(len(asked) - length + 1):
            yield from forms_of(asked[first : first + length])
    for one in asked:
        for run in () if one.is_quoted else CHINESE.findall(fold(one.text)):
            for length in range(2, NAME_CHARACTERS + 1):
                yield from (run[start : start + length] for start in range(len(run) - length + 1))


def forms_of(together: Sequence[Asked]) -> list[str]:
    """Return how words that follow each other may be written as one name; a quoted one is no part of a name.

    >>> forms_of([Asked("Yi"), Asked("34B")]), forms_of([Asked("李开复")])
    (['yi 34b', 'yi-34b', 'yi34b'], ['李开复'])
    >>> forms_of([Asked("Yi-34B")])
    ['yi-34b', 'yi 34b']
    """
    if any(one.is_quoted for one in together):
        return []
    texts = [fold(one.text) for one in together]
    joined = [mark.join(texts) for mark in (" ", "-", "")]
    return list(dict.fromkeys([*joined, joined[0].replace("-", " ")]))


def names_known(store: Store, folded: list[str]) -> dict[str, list[Row]]:
    """Return the names of the entities that go by folded names; what more than a few go by is left out."""
    rows: defaultdict[str, list[Row]] = defaultdict(list)
    for row in store.query("search_names", ids=folded) if folded else ():
        rows[row["asked"]].append(row)
    return {asked: found for asked, found in rows.items() if len({row["entity"] for row in found}) <= MOST_BEARERS}


def name_group(asked: str, rows: Sequence[Row]) -> Group:
    """Return a name with the other names of its entities, without those that say less or that others share."""
    own = phrase_of(asked)
    if own is None:
        return Group(asked, ())
    surfaces: dict[Phrase, str] = {}
    usual = {row["surface"] for row in rows if row["usual"]}
    for row in sorted(rows, key=lambda row: -row["usual"]):
        phrase = phrase_of(row["surface"])
        if phrase and phrase != own and row["bearers"] == 1 and not is_too_short(phrase):
            surfaces.setdefault(phrase, row["surface"])
    others = sorted(surfaces, key=lambda phrase: (len(phrase.words), len(phrase.text), phrase))
    others = [phrase for phrase in others if not any(is_surname_of(phrase, longer) for longer in (own, *others))]
    kept = [own]
    for phrase in others:
        if not any(holds(phrase, shorter) for shorter in kept):
            kept.append(phrase)
    added = sorted(kept[1:], key=lambda phrase: surfaces[phrase] not in usual)[: MOST_NAMES - 1]
    return Group(asked, (own, *added), names=tuple(surfaces[phrase] for phrase in added))


def is_too_short(phrase: Phrase) -> bool:
    """Whether a name is one character or nothing but digits, which texts hold for other reasons.

    >>> is_too_short(Phrase(("李",), is_open=True)), is_too_short(Phrase(("yi",)))
    (True, False)
    """
    return phrase.is_open or phrase.text.replace(" ", "").isdigit() or len(phrase.text) < 2


def is_surname_of(phrase: Phrase, longer: Phrase) -> bool:
    """Whether a name is one Latin word of a longer Latin name, as Lee is of Kai-Fu Lee.

    >>> lee = Phrase(("lee",))
    >>> is_surname_of(lee, Phrase(("kai", "fu", "lee"))), is_surname_of(Phrase(("开复",)), Phrase(("李开", "开复")))
    (True, False)
    """
    is_latin = len(phrase.words) == 1 and not RUN.match(phrase.words[0])
    return is_latin and len(longer.words) > 1 and phrase.words[0] in longer.words


def holds(longer: Phrase, phrase: Phrase) -> bool:
    """Whether every text with one phrase has the other.

    >>> holds(Phrase(("李开", "开复", "复博")), Phrase(("李开", "开复"))), holds(Phrase(("lee",)), Phrase(("kai", "lee")))
    (True, False)
    """
    return f" {phrase.text} " in f" {longer.text} "


def expression_of(groups: Sequence[Group]) -> str:
    """Return the expression by which an index finds what holds all groups; FTS5 and Lucene read it alike.

    >>> expression_of([Group("x", (Phrase(("gpt", "4")), Phrase(("套壳",)))), Group("y", (Phrase(("壳",), is_open=True),))])
    '("gpt 4" OR "套壳") AND (壳*)'
    """
    return " AND ".join(f"({' OR '.join(map(term_of, group.phrases))})" for group in groups)


def term_of(phrase: Phrase) -> str:
    """Return the term of one phrase; an open one of several words finds more, and graph.search_rank looks again.

    >>> term_of(Phrase(("gpt", "的"), is_open=True)), term_of(Phrase(("open", "source")))
    ('("gpt" AND 的*)', '"open source"')
    """
    if not phrase.is_open:
        return f'"{phrase.text}"'
    before = " ".join(phrase.words[:-1])
    return f'("{before}" AND {phrase.words[-1]}*)' if before else f"{phrase.words[-1]}*"


def count_words(words: str) -> int:
    """Return how many words a question has, as the index counts them.

    >>> count_words("套壳 LLaMA2"), count_words("!")
    (4, 0)
    """
    return sum(len(cut(one.text)) for one in read_question(words))
