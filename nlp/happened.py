"""When a statement was made: the date that its sentence or its entry gives, else its post's header, else the day of publication.

A draft of a statement and the dates of its document flow in, a Happened flows out to nlp.statements.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence
from typing import TYPE_CHECKING

from crawler.document import local_day
from nlp.annotation import Happened, Statement
from nlp.dated_entries import entry_at
from nlp.dates import DateExpression
from nlp.folding import is_han
from nlp.reading import Reading

if TYPE_CHECKING:
    from nlp.statements import Draft

ASIDE = re.compile(r",? (?:who|which|whose)\b[^,]*$")
BRACKETS = ("(", "（", "[", "【")
LAST = 30  # statements that may stand between a date and what it dates
TOLD = 300  # characters from a date to a statement that it may still date
LEAD = 30  # characters from a date to the statement that it stands before
FIRST, FIRST_HAN = 20, 4  # characters of a sentence before a date that leads it, between Latin words and Han characters
LATIN_DATE_REACH = 35  # characters from the beginning of an English verb of saying to the date of the saying


def happened(reading: Reading, draft: Draft, *, before: Sequence[Statement]) -> Happened | None:
    """Return when a statement was made: as its sentence says or the text before, else as the post's header, else as published.

    `before` are the statements before it.
    """
    expression = None
    if draft.speaker.origin != "post":
        expression = date_of(reading, draft)
        head = date_of_entry(reading, draft)
        if head and (expression is None or days_of(expression) > days_of(head)):
            expression = head
        expression = expression or date_told(reading, draft, before)
    if expression:
        span = reading.span(expression.start, expression.end)
        return Happened(period=expression.period.edtf, basis=expression.basis, span=span)
    day = local_day(reading.post_of(draft.sentence).published) or reading.published
    if day is None:
        return None
    own = draft.speaker.origin == "post" and reading.post_of(draft.sentence).published is not None
    return Happened(period=day.isoformat(), basis="stated" if own else "published")


def date_of_entry(reading: Reading, draft: Draft) -> DateExpression | None:
    """Return the date at the head of the note or item that a statement stands in, or begins with."""
    own = (date for date in reading.dates_in(draft.start, draft.start + LEAD) if heads_entry(reading, date))
    date = next(own, None)
    if date or not (entry := entry_at(reading.entries, draft.start)):
        return date
    return reading.dates_in(entry.head, entry.start)[0]


def heads_entry(reading: Reading, date: DateExpression) -> bool:
    """Whether a date stands at the head of an entry."""
    entry = entry_at(reading.entries, date.end)
    return entry is not None and entry.head == date.start


def days_of(expression: DateExpression) -> int:
    """Return over how many days a date spreads, 0 for a day."""
    return (expression.period.latest - expression.period.earliest).days


def date_told(reading: Reading, draft: Draft, before: Sequence[Statement]) -> DateExpression | None:
    """Return the date that the paragraph gave before, for the first statement after it and for further ones of the same speaker."""
    told = [
        date
        for date in reading.dates_in(draft.start - TOLD, draft.start)
        if "\n\n" not in reading.text[date.end : draft.start]
        and (date.start >= draft.sentence.start or goes_on(reading, date, before))
        and not is_to_come(reading, draft, date)
    ]
    if not told:
        return None
    since = [each for each in before[-LAST:] if each.spans[-1].end > told[-1].start]
    same = since and draft.speaker.entity is not None and since[-1].speaker == draft.speaker.entity
    return told[-1] if same or not since else None


def goes_on(reading: Reading, date: DateExpression, before: Sequence[Statement]) -> bool:
    """Whether a date may date later sentences: it dated a statement, or it leads its sentence or stands by itself in brackets.

    A date further on in a sentence belongs to what is said there: a hearing planned for October, a model trained last year. A
    year alone says too little.
    """
    if date.period.precision == "year":
        return False
    if any(each.happened and each.happened.span and each.happened.span.start == date.start for each in before[-LAST:]):
        return True
    if reading.text[date.start - 1 : date.start] in BRACKETS:
        return True
    number = max(0, bisect_right(reading.sentences, date.start, key=lambda sentence: sentence.start) - 1)
    lead = reading.text[reading.sentences[number].start : date.start]
    return len(lead) <= (FIRST_HAN if is_han(lead.strip()[-1:]) else FIRST)


def is_to_come(reading: Reading, draft: Draft, date: DateExpression) -> bool:
    """Whether a date lies after the day on which the words were published: nothing was said on it."""
    day = local_day(reading.post_of(draft.sentence).published) or reading.published
    return day is not None and date.period.earliest > day


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
    start, end = draft.start, draft.end
    inside = [d for d in reading.dates_in(start, end) if d.end <= end and not is_aside(reading, draft, d)]
    inside = [d for d in inside if not heads_entry(reading, d) and not is_to_come(reading, draft, d)]
    if draft.kind == "announcement" and inside:
        return inside[0]
    limit = start + 40
    if draft.subject:
        verb = draft.subject[2]
        limit = verb if is_han(reading.text[verb : verb + 1]) else verb + LATIN_DATE_REACH
    near = [date for date in inside if date.start <= limit]
    before = reading.dates_in(max(draft.sentence.start, start - 3 * LEAD), start)
    leading = [date for date in before if start - LEAD < date.end <= start]
    return next(iter(near or leading[-1:]), None)
