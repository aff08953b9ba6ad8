"""Links: which statement answers, supports, disputes or repeats which other one of the same document.

Statements in reading order flow in, links from the later to the earlier flow out; they end the annotation. In a
thread the reply tree says which post answers which; in an article an answer looks back for the charge against its
speaker, else for the last charge that shares a target with it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.annotation import Link, LinkType, Statement, normalise_quote
from nlp.reading import Reading

ANSWER_CUE = re.compile(
    r"对此|针对|回应|回复|答复|就此|随后|之后|in response|respond|replied|reply|answering|addressing|counter|rebut",
    re.IGNORECASE,
)
WINDOW = 12  # statements to look back


def find_links(reading: Reading) -> list[Link]:
    """Return the links of a document, at most one from each statement to an earlier one."""
    links = []
    for index, statement in enumerate(reading.statements):
        earlier = reading.statements[max(0, index - WINDOW) : index]
        link = link_of(reading, statement, earlier)
        if link:
            links.append(link)
    return links


def link_of(reading: Reading, statement: Statement, earlier: Sequence[Statement]) -> Link | None:
    """Return the link of one statement to what it is about."""
    if not earlier:
        return None
    target, cue, confidence = find_target(reading, statement, earlier)
    if target is None:
        return None
    return Link(
        source=statement.id,
        target=target.id,
        type=link_type(statement, target),
        cue=cue,
        confidence=confidence,
    )


def find_target(
    reading: Reading, statement: Statement, earlier: Sequence[Statement]
) -> tuple[Statement | None, str, float]:
    """Return the statement that a statement is about, why, and how sure that is."""
    parent = reading.document.posts[statement.post].reply_to
    if parent is not None:
        there = [other for other in earlier if other.post == parent]
        if there:
            return there[-1], "reply", 0.8
    cue = ANSWER_CUE.search(statement.quote)
    if statement.group == "answering":
        return answered(statement, earlier, cue.group() if cue else "")
    if statement.group == "accusing":
        charges = [o for o in earlier if o.group == "accusing" and shared(statement, o)]
        return (charges[-1], "shared targets", 0.5) if charges else (None, "", 0)
    if statement.group == "other":
        about = [o for o in earlier if o.group != "other" and (shared(statement, o) or o.speaker == statement.speaker)]
        if cue or about:
            return (about or list(earlier))[-1], cue.group() if cue else "shared targets", 0.4
    return None, "", 0


def answered(statement: Statement, earlier: Sequence[Statement], cue: str) -> tuple[Statement | None, str, float]:
    """Return the charge that an answer answers."""
    charges = [other for other in earlier if other.group == "accusing" and other.speaker != statement.speaker]
    against = [o for o in charges if is_against(o, statement.speaker)]
    if against:
        return against[-1], cue or "the accused answers", 0.8
    related = [other for other in charges if shared(statement, other)]
    if related:
        return related[-1], cue or "shared targets", 0.6
    if charges:
        return charges[-1], cue or "order", 0.45
    answers = [o for o in earlier if o.group == "answering" and o.speaker == statement.speaker]
    return (answers[-1], cue or "same speaker", 0.4) if answers else (None, "", 0)


def is_against(charge: Statement, speaker: str | None) -> bool:
    """Whether a charge names a speaker as accused."""
    return speaker is not None and any(t.entity == speaker and t.role != "origin" for t in charge.targets)


def shared(one: Statement, other: Statement) -> bool:
    """Whether two statements are about the same party or model."""
    return bool({t.entity for t in one.targets} & {t.entity for t in other.targets})


def link_type(statement: Statement, target: Statement) -> LinkType:
    """Return how a statement relates to the one it is about."""
    if normalise_quote(statement.quote) == normalise_quote(target.quote):
        return "repeats"
    same_side = statement.group == target.group
    if same_side:
        return "supports"
    accused = is_against(target, statement.speaker)
    if statement.group == "answering" and target.group == "accusing":
        return "disputes" if statement.kind in ("denial", "defence") and not accused else "responds_to"
    if statement.group == "accusing" and target.group in ("answering", "announcing"):
        return "disputes"
    return "responds_to"
