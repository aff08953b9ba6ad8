"""Links: which statement answers, supports, disputes or repeats which other one of the same document.

Statements in reading order flow in, links from the later to the earlier flow out; they end the annotation. The earlier statements near
enough, and none of them, are weighed against each other by nlp.link_features: kinds, speakers, targets, words in common, the reply tree, and where the
links before led.
"""

from __future__ import annotations

from typing import cast

from nlp.annotation import Link, LinkType, Statement, normalise_quote
from nlp.choices import probabilities
from nlp.link_features import ANSWER_CUE, FILE, TYPES_FILE, Linking
from nlp.models import built_in_model, built_in_weights
from nlp.reading import Reading

RESERVE = -1.0  # what is added to the score of no link: the models of statements miss what was said before more often than annotators


def find_links(reading: Reading) -> list[Link]:
    """Return the links of a document, at most one from each statement to an earlier one."""
    linking = Linking(reading, reading.statements)
    links = []
    for later in range(len(reading.statements)):
        link, earlier = link_of(linking, later) if later else (None, None)
        linking.settle(later, earlier)
        links += [link] if link else []
    return links


def link_of(linking: Linking, later: int) -> tuple[Link, int] | tuple[None, None]:
    """Return the link of one statement to what it is most likely about, with the place of that; of equals the nearest."""
    weighed = probabilities(built_in_weights(FILE), linking.features(later), first=RESERVE)
    probability, choice = max((probability, place) for place, probability in enumerate(weighed))
    if choice == 0:
        return None, None
    earlier = linking.candidates(later)[choice - 1]
    statement, target = linking.statements[later], linking.statements[earlier]
    return Link(
        source=statement.id,
        target=target.id,
        type=link_type(statement, target, likeliest_type(linking, later, earlier)),
        cue=reason(linking.reading, statement, target),
        confidence=round(probability, 2),
    ), earlier


def likeliest_type(linking: Linking, later: int, earlier: int) -> str:
    """Return the type of a link between two statements that the model of types gives the most."""
    model = built_in_model(TYPES_FILE)
    model.set([linking.pair(later, earlier)])
    labels: list[str] = sorted(model.labels())
    return max(labels, key=lambda label: model.marginal(label, 0))


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
