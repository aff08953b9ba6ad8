"""Link features: what tells that one statement is about another, and how, as a small model of our own weighs it.

Pairs of statements of a reading flow in, the probability of each type of link and of none flows out to nlp.links. The model is a
maximum-entropy classifier (a conditional random field over single items), trained on our own annotated texts by
`python -m nlp.training.statements`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from nlp.annotation import Statement
from nlp.models import built_in_model
from nlp.reading import Reading

FILE = "links.crfsuite"
NONE = "none"
ANSWER_CUE = re.compile(
    r"对此|针对|回应|回复|答复|就此|随后|之后|in response|respond|replied|reply|answering|addressing|counter|rebut",
    re.IGNORECASE,
)
FAR = 6
BACK = 60  # statements that are looked through for an earlier charge


def pair_features(reading: Reading, statements: Sequence[Statement], later: int, earlier: int) -> list[str]:
    """Return the features of a pair of statements, by their places in reading order."""
    one, other = statements[later], statements[earlier]
    between = statements[earlier + 1 : later]
    groups = f"{one.group}>{other.group}"
    mine, theirs = {t.entity for t in one.targets}, {t.entity for t in other.targets}
    parent = reading.document.posts[one.post].reply_to
    found = [groups, f"{one.kind}>{other.kind}", f"k={one.kind}", f"o={other.kind}"]
    found += [f"d={min(later - earlier, FAR)}", f"d={min(later - earlier, FAR)}|{groups}"]
    found += [f"threaded={reading.document.kind == 'thread'}", f"place={place_of(one, other, parent)}"]
    speaker = speaker_relation(one, other)
    found += [f"sp={speaker}", f"sp={speaker}|{groups}"]
    found += [f"shared={min(len(mine & theirs), 3)}", f"shared={bool(mine & theirs)}|{groups}"]
    if one.speaker and (one.speaker in theirs or maker_in(reading, one.speaker, theirs)):
        found += ["accused answers", f"accused answers|{groups}"]
    if other.speaker and other.speaker in mine:
        found += ["names its speaker", f"names its speaker|{groups}"]
    nearest = not any(each.group == other.group for each in between)
    found.append(f"nearest of group={nearest}|{groups}")
    found.append(f"nearest sharing={not any(mine & {t.entity for t in each.targets} for each in between)}|{groups}")
    found.append(f"nearest elsewhere={not any(each.speaker != one.speaker for each in between)}|{groups}")
    found.append(f"first={earlier == 0}|{groups}")
    found.append(
        f"first charge={not any(e.group == 'accusing' for e in statements[max(0, earlier - BACK) : earlier])}|{groups}"
    )
    if cue := ANSWER_CUE.search(one.quote):
        found += ["cue", f"cue|{groups}", f"cue={cue.group().lower()}"]
    return found


def place_of(one: Statement, other: Statement, parent: int | None) -> str:
    """Return how the posts of two statements lie to each other."""
    if one.post == other.post:
        return "same"
    return "parent" if other.post == parent else "elsewhere" if parent is None else "not the parent"


def speaker_relation(one: Statement, other: Statement) -> str:
    """Return whether two statements have one speaker, two, or nobody named."""
    if one.speaker is None or other.speaker is None:
        return f"{one.speaker is not None}>{other.speaker is not None}"
    return "same" if one.speaker == other.speaker else "different"


def maker_in(reading: Reading, speaker: str, targets: set[str]) -> bool:
    """Whether a speaker's company, or a model of the speaker's, is among some targets."""
    own = reading.entities.get(speaker)
    party = {speaker, own.developer} - {None} if own else {speaker}
    makers = {reading.entities[target].developer for target in targets if target in reading.entities}
    return bool(party & (makers | targets))


def link_probabilities(reading: Reading, statements: Sequence[Statement], later: int, earlier: int) -> dict[str, float]:
    """Return the probability of each type of link, and of none, from one statement to an earlier one."""
    model = built_in_model(FILE)
    model.set([pair_features(reading, statements, later, earlier)])
    return {label: model.marginal(label, 0) for label in model.labels()}
