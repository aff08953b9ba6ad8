"""Links: which statement answers, supports, disputes or repeats which other one of the same document.

Statements in reading order flow in, links from the later to the earlier flow out; they end the annotation. Each pair near enough is
weighed by nlp.link_features: kinds, speakers, targets, the reply tree, words of answering, what stands between.
"""

from __future__ import annotations

from typing import cast

from nlp.annotation import Link, LinkType, Statement, normalise_quote
from nlp.link_features import ANSWER_CUE, NONE, link_probabilities
from nlp.reading import Reading

WINDOW = 12  # statements to look back
LEAST = 0.1  # of the probability of any link, from which there is one


def find_links(reading: Reading) -> list[Link]:
    """Return the links of a document, at most one from each statement to an earlier one."""
    links = []
    for later in range(1, len(reading.statements)):
        link = link_of(reading, later)
        if link:
            links.append(link)
    return links


def link_of(reading: Reading, later: int) -> Link | None:
    """Return the link of one statement to what it is most likely about; of equals to the nearest."""
    statement = reading.statements[later]
    best: tuple[float, int, str] | None = None
    for earlier in range(max(0, later - WINDOW), later):
        weighed = link_probabilities(reading, reading.statements, later, earlier)
        any_link = 1.0 - weighed.pop(NONE, 0.0)
        kind = max(sorted(weighed), key=lambda label: weighed[label])
        if any_link >= LEAST and (best is None or (any_link, earlier) >= best[:2]):
            best = (any_link, earlier, kind)
    if best is None:
        return None
    probability, place, kind = best
    target = reading.statements[place]
    return Link(
        source=statement.id,
        target=target.id,
        type=link_type(statement, target, kind),
        cue=reason(reading, statement, target),
        confidence=round(probability, 2),
    )


def link_type(statement: Statement, target: Statement, likeliest: str) -> LinkType:
    """Return how a statement relates to the one it is about; the same words repeat it."""
    if normalise_quote(statement.quote) == normalise_quote(target.quote):
        return "repeats"
    return cast(LinkType, likeliest)


def reason(reading: Reading, statement: Statement, target: Statement) -> str:
    """Return in a few words what speaks for a link."""
    if reading.document.posts[statement.post].reply_to == target.post and statement.post != target.post:
        return "reply"
    if cue := ANSWER_CUE.search(statement.quote):
        return cue.group()
    if statement.speaker and any(t.entity == statement.speaker and t.role != "origin" for t in target.targets):
        return "the accused answers"
    shared = {t.entity for t in statement.targets} & {t.entity for t in target.targets}
    return "shared targets" if shared else "same speaker" if statement.speaker == target.speaker else "order"
