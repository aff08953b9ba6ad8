"""Statement spans: which clauses make a statement, and which of them belong to one.

A reading with its clauses flows in, spans with their probability flow out to nlp.statements. The model is a linear-chain conditional random
field over the clauses of a document, which labels each as the beginning of a statement of some kind, as going on with it, or as none; it is
trained on our own annotated texts by `python -m nlp.training.statements`. A clause counts from a threshold on, which a user of the
probabilities can move, and so the spans are read from the marginals and not from the best path.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from nlp.annotation import GROUPS
from nlp.clause_features import opening, piece_features
from nlp.clauses import Clause, split_clauses
from nlp.cues import built_in_cues
from nlp.folding import fold
from nlp.kinds import weigh
from nlp.models import built_in_model
from nlp.reading import Reading

FILE = "spans.crfsuite"
NONE = "none"
LEAST = 0.6  # the probability from which a clause is part of a statement
LEAST_CALM = 0.8  # the same for charges and answers in a document that speaks of no charge
FEW_SENTENCES = 4  # of a snippet, which need not say what the dispute is
LEAST_ON, LEAST_ACROSS = (
    0.5,
    0.8,
)  # the share of going on, from which a clause of the same sentence, of the next one does
LEAST_SAID = 0.2  # where somebody named is told to say so in so many words
CHARGING = frozenset(("accusation", "denial", "apology", "admission"))
FIRM = 2  # the weight of cues that settle a kind
Probabilities = Mapping[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class StatementSpan:
    """A stretch of clauses that makes one statement: its pieces of the text, the sentence that it begins in.

    There are several pieces where a caption or a line of navigation stands between them.
    """

    pieces: tuple[tuple[int, int], ...]
    sentence: int
    probability: float


def find_spans(reading: Reading) -> list[StatementSpan]:
    """Return the statements' spans of a document, in order."""
    clauses = split_clauses(reading.text, reading.sentences)
    rows = clause_rows(reading, clauses)
    if not rows:
        return []
    model = built_in_model(FILE)
    model.set(rows)
    labels = model.labels()
    charged = is_charged(reading) or len(reading.sentences) <= FEW_SENTENCES
    spans: list[StatementSpan] = []
    open_clauses: list[tuple[Clause, Probabilities]] = []
    for place, clause in enumerate(clauses):
        weighed = {label: model.marginal(label, place) for label in labels}
        on = 1.0 - weighed.get(NONE, 0.0)
        least = LEAST if charged or on > 2 * heat_of(weighed) else LEAST_CALM
        if on < (LEAST_SAID if is_said(reading, clause) else least):
            spans += close(reading.text, open_clauses)
            open_clauses = []
            continue
        goes_on = sum(p for label, p in weighed.items() if label.startswith("I-"))
        needed = LEAST_ACROSS if open_clauses and clause.sentence != open_clauses[-1][0].sentence else LEAST_ON
        if open_clauses and goes_on <= on * needed:
            spans += close(reading.text, open_clauses)
            open_clauses = []
        open_clauses.append((clause, weighed))
    return spans + close(reading.text, open_clauses)


def is_said(reading: Reading, clause: Clause) -> bool:
    """Whether a clause whose cues settle that it charges or answers has a speaker: a verb's subject, or the author of the post."""
    kind, weight, _ = weigh(reading, (clause.start, clause.end))
    if weight < FIRM or not is_heated(kind or ""):
        return False
    if reading.document.kind == "thread" and reading.post_of(reading.sentences[clause.sentence]).author:
        return True
    return any(frame.speaker for frame in reading.frames_over(clause.sentence, clause.start, clause.end))


def close(text: str, clauses: list[tuple[Clause, Probabilities]]) -> list[StatementSpan]:
    """Return the span that some clauses make together."""
    if not clauses:
        return []
    pieces: list[tuple[int, int]] = []
    for clause, _ in clauses:
        if pieces and not any(character.isalnum() for character in text[pieces[-1][1] : clause.start]):
            pieces[-1] = (pieces[-1][0], clause.end)
        else:
            pieces.append((clause.start, clause.end))
    return [
        StatementSpan(
            pieces=tuple(pieces),
            sentence=clauses[0][0].sentence,
            probability=max(1.0 - weighed.get(NONE, 0.0) for _, weighed in clauses),
        )
    ]


def heat_of(weighed: Probabilities) -> float:
    """Return the probability of a charge or an answer."""
    return sum(p for label, p in weighed.items() if is_heated(label[2:]))


def is_heated(kind: str) -> bool:
    """Whether a kind belongs to a dispute: charges and answers do."""
    return GROUPS.get(kind) in ("accusing", "answering")


def is_charged(reading: Reading) -> bool:
    """Whether a document speaks of copying at all, in so many words."""
    title = built_in_cues().find(fold(reading.document.title or ""))
    cues = [*reading.cues.cues, *title]
    return any(kind in CHARGING and weight >= FIRM for cue in cues for kind, weight in cue.kinds())


def clause_rows(reading: Reading, clauses: list[Clause]) -> list[list[str]]:
    """Return the features of each clause: its own, those of its neighbours and its sentence, and what the document is like."""
    whole = [weigh(reading, (sentence.start, sentence.end)) for sentence in reading.sentences]
    weighed = [weigh(reading, (clause.start, clause.end)) for clause in clauses]
    own = [piece_features(reading, c.start, c.end, post=reading.sentences[c.sentence].post) for c in clauses]
    light = [[each for each in row if not each.startswith(("w=", "w2=", "s2=", "length"))] for row in own]
    shared = document_features(reading, whole)
    rows = []
    for place, clause in enumerate(clauses):
        row = ["b", *shared, *own[place], *frame_features(reading, clause)]
        for step, mark in ((-1, "<"), (0, "="), (1, ">")):
            other = place + step
            if not 0 <= other < len(clauses):
                continue
            same = clauses[other].sentence == clause.sentence
            kind, weight, _ = weighed[other]
            row += [f"k{mark}{kind}|{same}", f"k{mark}{kind}|{min(int(weight), 4)}|{same}", f"same{mark}{same}"]
            if step and same:
                row += [mark + each for each in light[other]]
        kind, weight, _ = whole[clause.sentence]
        row += [f"ks={kind}", f"ks={kind}|{min(int(weight), 4)}"]
        sentence = reading.sentences[clause.sentence]
        first = clause.sentence == 0 or reading.sentences[clause.sentence - 1].post != sentence.post
        row += [f"first={first}", f"o={opening(reading.folded[clause.start : clause.start + 40])}"]
        row += [f"lead={reading.text[max(0, clause.start - 2) : clause.start].strip()[-1:]}"]
        row += [f"tail={reading.text[clause.start : clause.end].rstrip()[-1:]}"]
        rows.append(row)
    return rows


def frame_features(reading: Reading, clause: Clause) -> list[str]:
    """Return whether a verb with its subject stands in a clause, or governs it from before."""
    row = []
    for frame in reading.frames_over(clause.sentence, clause.start, clause.end):
        place = "in" if clause.start <= frame.cue.start < clause.end else "over"
        who = frame.speaker.split(":", 1)[0] if frame.speaker else "nobody"
        row += [f"f={place}", f"f={place}|{who}", f"f={place}|{frame.cue.word}"]
    return row or ["f=none"]


def document_features(reading: Reading, whole: Sequence[tuple[str | None, float, str]]) -> list[str]:
    """Return what the document is like: thread or article, and how much its sentences and its title speak of charges and answers."""
    count = Counter(kind for kind, weight, _ in whole if weight >= FIRM)
    title = Counter(kind for cue in built_in_cues().find(fold(reading.document.title or "")) for kind, _ in cue.kinds())
    row = [f"thread={reading.document.kind == 'thread'}", f"title={next(iter(title), None)}"]
    row += [f"has {kind}={min(count[kind], 2)}" for kind in ("accusation", "denial", "apology", "announcement")]
    row.append(
        f"heat={min(4, int(10 * sum(n for kind, n in count.items() if is_heated(kind or '')) / max(1, len(whole))))}"
    )
    return row
