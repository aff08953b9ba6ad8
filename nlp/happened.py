"""When a statement was made: the date that its sentence gives, else its post's header, else the day of publication.

A draft of a statement and the dates of its document flow in, a Happened flows out to nlp.statements.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from crawler.document import local_day
from nlp.annotation import Happened
from nlp.dates import DateExpression
from nlp.folding import is_han
from nlp.reading import Reading

if TYPE_CHECKING:
    from nlp.statements import Draft

ASIDE = re.compile(r",? (?:who|which|whose)\b[^,]*$")
LATIN_DATE_REACH = 35  # characters from the beginning of an English verb of saying to the date of the saying


def happened(reading: Reading, draft: Draft) -> Happened | None:
    """Return when a statement was made: as its sentence says, else as the post's header, else as published."""
    expression = date_of(reading, draft) if draft.speaker_from != "post" else None
    if expression:
        span = reading.span(expression.start, expression.end)
        return Happened(period=expression.period.edtf, basis=expression.basis, span=span)
    day = local_day(reading.post_of(draft.sentence).published) or reading.published
    if day is None:
        return None
    own = draft.speaker_from == "post" and reading.post_of(draft.sentence).published is not None
    return Happened(period=day.isoformat(), basis="stated" if own else "published")


def is_aside(reading: Reading, draft: Draft, date: DateExpression) -> bool:
    """Whether a date stands in a clause that only describes the subject: X, who founded Y in March, said."""
    if draft.subject is None or date.start < draft.subject[1]:
        return False
    return bool(ASIDE.match(reading.text[draft.subject[1] : date.start]))


def date_of(reading: Reading, draft: Draft) -> DateExpression | None:
    """Return the date expression that tells when a statement was made.

    A date before the verb, in English also closely after it, dates the saying; one further on belongs to what is said. A release
    is dated by any date in its sentence.
    """
    start, end = draft.pieces[0]
    inside = [d for d in reading.dates if start <= d.start and d.end <= end and not is_aside(reading, draft, d)]
    leading = [date for date in reading.dates if draft.sentence.start <= date.start < start] if not inside else []
    if not inside and leading and start - leading[-1].end < 30 and draft.subject:
        return leading[-1]
    if draft.kind == "announcement" and inside:
        return inside[0]
    limit = start + 40
    if draft.subject:
        han = is_han(reading.text[draft.verb : draft.verb + 1])
        limit = draft.verb if han else draft.verb + LATIN_DATE_REACH
    near = [date for date in inside if date.start <= limit]
    return near[0] if near else None
