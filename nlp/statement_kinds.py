"""Statement kinds: of what kind each statement of a document is, weighed by a small model of our own.

The spans of a document's statements flow in, the probability of every kind for each flows out to nlp.statements. The model is a linear-chain
conditional random field over the statements of a document, so that what was said before counts; it is trained on our own
annotated texts by `python -m nlp.training.statements`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

from nlp.clause_features import opening, piece_features, sense_features, subject_features, turned_senses
from nlp.kinds import weigh
from nlp.models import built_in_model
from nlp.reading import Reading
from nlp.statement_spans import Probabilities, document_features

FILE = "kinds.crfsuite"
NEAR = 1000  # characters of a sentence before a statement that are looked at


def kinds_of(reading: Reading, spans: Sequence[tuple[int, int]]) -> list[Probabilities]:
    """Return the probability of each kind for each span."""
    rows = span_rows(reading, spans)
    if not rows:
        return []
    model = built_in_model(FILE)
    model.set(rows)
    return [{kind: model.marginal(kind, place) for kind in model.labels()} for place in range(len(rows))]


def span_rows(reading: Reading, spans: Sequence[tuple[int, int]]) -> list[list[str]]:
    """Return the features of each statement: its words, what stands around them in the sentence, and the statement before."""
    whole = [weigh(reading, (sentence.start, sentence.end)) for sentence in reading.sentences]
    starts = [sentence.start for sentence in reading.sentences]
    shared = document_features(reading, whole)
    weighed = [weigh(reading, span) for span in spans]
    rows = []
    for place, (start, end) in enumerate(spans):
        number = max(0, bisect_right(starts, start) - 1)
        sentence = reading.sentences[number]
        kind, weight, _ = weighed[place]
        silent, _, _ = weigh(reading, (start, end), verbs=False)
        row = ["b", *shared, *piece_features(reading, start, end, post=sentence.post)]
        row += turned_senses(reading, start, end)
        row += [f"i={min(place, 3)}", f"of={min(len(spans), 6)}"]
        row += [f"k={kind}", f"k={kind}|{min(int(weight), 4)}", f"kv={silent}"]
        if (sentence.start, sentence.end) != (start, end):
            row += [f"ks={whole[number][0]}", f"o={opening(reading.folded[start : start + 40])}"]
        if sentence.start < start:
            begin = max(sentence.start, start - NEAR)
            names = reading.names_in(begin, start)
            row += ["S" + each for each in subject_features(reading, names, begin, start)]
            row += ["S" + each for each in sense_features(reading, begin, start)]
        row += [f"pk={weighed[place - 1][0]}", f"pk={weighed[place - 1][0]}|{kind}"] if place else ["pk=first"]
        rows.append(row)
    return rows
