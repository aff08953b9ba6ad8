"""Train the models of statements: `python -m nlp.training.statements`.

Our own annotated texts flow in; the models of spans, kinds, speakers and links flow out into nlp/data. `--unseen DIR` trains nothing: it writes the
texts that are never trained on, with their annotation and with what the models make of them, into DIR, in the layout that a scorer reads.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain
from pathlib import Path

import nlp.speakers
import nlp.statement_kinds
import nlp.statement_spans
from crawler.records import document_from_record
from nlp.annotation import Statement, Target
from nlp.choices import write_weights
from nlp.clauses import Clause, split_clauses
from nlp.gold_format import to_gold_format
from nlp.joining import join_names
from nlp.link_features import FILE as LINKS_FILE
from nlp.link_features import TYPES_FILE, Linking
from nlp.pipeline import Annotator
from nlp.reading import Reading
from nlp.speakers import NO, YES, SpeakerFinder
from nlp.statement_kinds import span_rows
from nlp.statement_spans import NONE, clause_rows
from nlp.statements import tighten
from nlp.training.annotated import (
    DENSE,
    FOLDER,
    THINLY_LINKED,
    UNSEEN,
    Annotated,
    Pair,
    Row,
    entity_of,
    read_marked,
    read_pairs,
    readings,
    statements_of,
)
from nlp.training.choices import Choice, train_choices
from nlp.vocabulary import load_vocabulary

FILES = (nlp.statement_spans.FILE, nlp.statement_kinds.FILE, nlp.speakers.FILE, LINKS_FILE, TYPES_FILE)
DATA = Path(__file__).parent.parent / "data"
LEAST_SHARED = 5  # characters of a clause that an annotated statement covers
Example = tuple[list[list[str]], list[str]]
Read = Sequence[tuple[Reading, Row]]


def span_examples(read: Read) -> Iterator[Example]:
    """Yield the clauses of each document with their labels."""
    for reading, gold in read:
        clauses = split_clauses(reading.text, reading.sentences)
        yield clause_rows(reading, clauses), labels_of(clauses, statements_of(reading, gold))


def labels_of(clauses: Sequence[Clause], statements: Sequence[Annotated]) -> list[str]:
    """Return the label of each clause: B- where a statement of a kind begins, I- where it goes on, or none.

    A clause is part of the statement that covers most of it, if that is half of the clause or of the statement.
    """
    chosen: list[Annotated | None] = []
    for clause in clauses:
        best: Annotated | None = None
        most = LEAST_SHARED
        for statement in statements:
            shared = min(clause.end, statement.end) - max(clause.start, statement.start)
            half = 2 * shared >= min(clause.end - clause.start, statement.end - statement.start)
            if shared > most and half:
                best, most = statement, shared
        chosen.append(best)
    labels = []
    for place, choice in enumerate(chosen):
        goes_on = place > 0 and choice is chosen[place - 1]
        labels.append(f"{'I' if goes_on else 'B'}-{choice.kind}" if choice else NONE)
    return labels


def kind_examples(read: Read, *, marked: bool = False) -> Iterator[Example]:
    """Yield the statements of each document with their kinds.

    Where sentences were marked by themselves, each kind was written about as often: a feature of theirs takes that up.
    """
    for reading, gold in read:
        statements = statements_of(reading, gold)
        rows = span_rows(reading, [tighten(reading.text, each.start, each.end) for each in statements])
        yield [[*row, "marked"] if marked else row for row in rows], [each.kind for each in statements]


def speaker_examples(read: Read) -> Iterator[Example]:
    """Yield each candidate for the speaker of each statement, with whether it is."""
    for reading, gold in read:
        finder = SpeakerFinder(reading)
        for statement in statements_of(reading, gold):
            span = tighten(reading.text, statement.start, statement.end)
            finder_rows = finder.rows(span, statement.kind)
            for entity, row in finder_rows:
                right = entity in statement.actors if entity else not statement.actors
                yield [row], [YES if right else NO]
            first = [entity for entity, _ in finder_rows if entity in statement.actors]
            finder.last = first[0] if first else None


def link_choices(read: Read) -> Iterator[Choice]:
    """Yield for each annotated statement but the first which of those before it it is about, those before linked as annotated."""
    for linking, links in linkings(read):
        for later in range(len(linking.statements)):
            candidates = linking.candidates(later)
            right = {1 + place for place, earlier in enumerate(candidates) if (later, earlier) in links}
            if later:
                yield Choice(linking.features(later), frozenset(right or {0}))
            linking.settle(later, candidates[max(right) - 1] if right else None)


def link_type_examples(read: Read) -> Iterator[Example]:
    """Yield each pair of annotated statements that are linked, with the type of their link."""
    for linking, links in linkings(read):
        for (later, earlier), kind in sorted(links.items()):
            yield [linking.pair(later, earlier)], [kind]


def linkings(read: Read) -> Iterator[tuple[Linking, dict[tuple[int, int], str]]]:
    """Yield the statements of each document as annotated, with the types of their links to earlier ones, by place."""
    for reading, gold in read:
        found = statements_of(reading, gold)
        places = {each.number: place for place, each in enumerate(found)}
        links = {
            (places[link["from"]], places[link["to"]]): link["type"]
            for link in gold["links"]
            if {link["from"], link["to"]} <= places.keys()
        }
        earlier = {pair: kind for pair, kind in links.items() if pair[0] > pair[1]}
        yield Linking(reading, [as_statement(reading, gold, each) for each in found]), earlier


def as_statement(reading: Reading, gold: Row, annotated: Annotated) -> Statement:
    """Return an annotated statement as one that was found."""
    ids = {row["canonical"]: entity_of(row) for row in gold["entities"]}
    actor = annotated.row["actor"]
    return Statement(
        id=str(annotated.number),
        kind=annotated.row["kind"],
        speaker=ids.get(actor, actor),
        speaker_from="words",
        targets=tuple(Target(entity=ids.get(target, target)) for target in annotated.row["targets"]),
        spans=(reading.span(annotated.start, annotated.end),),
        cue="",
        confidence=1.0,
        post=max((n for n, post in enumerate(reading.document.posts) if post.start <= annotated.start), default=0),
    )


def train(path: Path, examples: Iterable[Example], *, smoothing: float = 1.0) -> Counter[str]:
    """Train a conditional random field and return how often each label was seen."""
    from pycrfsuite import Trainer  # noqa: PLC0415

    trainer = Trainer(algorithm="lbfgs", verbose=False)
    counts: Counter[str] = Counter()
    for rows, labels in examples:
        counts.update(labels)
        if labels:
            trainer.append(rows, labels)
    trainer.set_params(
        {"c1": 0.0, "c2": smoothing, "max_iterations": 200, "feature.minfreq": 1, "feature.possible_transitions": True}
    )
    trainer.train(str(path))
    return counts


def train_all(folder: Path, pairs: Iterable[Pair], marked: Iterable[Pair]) -> Iterator[str]:
    """Train the five models into a folder; yield a line about each.

    Where statements begin is learnt from texts that have about as many of them as pages have, links from those that have all of theirs.
    """
    read, alone = list(readings(pairs)), list(readings(marked))
    sparse = [(reading, gold) for reading, gold in read if gold["set"] not in DENSE]
    linked = [(reading, gold) for reading, gold in read if gold["set"] not in THINLY_LINKED]
    jobs = (
        (nlp.statement_spans.FILE, span_examples(sparse), 2.0),
        (nlp.statement_kinds.FILE, chain(kind_examples(read), kind_examples(alone, marked=True)), 2.0),
        (nlp.speakers.FILE, speaker_examples(read), 3.0),
        (TYPES_FILE, link_type_examples(linked), 1.0),
    )
    for file, examples, smoothing in jobs:
        counts = train(folder / file, examples, smoothing=smoothing)
        size = (folder / file).stat().st_size / 1e6
        yield f"{file}: {sum(counts.values())} items, {size:.1f} MB: {dict(counts.most_common())}"
    choices = list(link_choices(linked))
    write_weights(folder / LINKS_FILE, train_choices(choices, smoothing=1.5))
    answers = sum(0 not in choice.right for choice in choices)
    yield f"{LINKS_FILE}: {len(choices)} statements, {answers} of them linked"


def write_unseen(folder: Path, pairs: Sequence[Pair]) -> None:
    """Write texts with their annotation, and what the models make of them, for a scorer to compare."""
    folder.mkdir(parents=True, exist_ok=True)
    annotator = Annotator(load_vocabulary())
    found = [annotator.annotate(document_from_record(each, where=each["id"], header={})) for each, _ in pairs]
    tables = {
        "docs.jsonl": [record for record, _ in pairs],
        "gold.jsonl": [gold for _, gold in pairs],
        "predictions.jsonl": [to_gold_format(each) for each in join_names(found)],
    }
    for name, rows in tables.items():
        text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
        (folder / name).write_text(text, encoding="utf-8")


def main() -> None:
    """Train on our texts, or write what the models make of those that they have not seen."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training.statements", description=__doc__)
    parser.add_argument("--texts", type=Path, default=FOLDER, help="the annotated texts")
    parser.add_argument(
        "--unseen", type=Path, metavar="DIR", help="annotate the texts that are never trained on, into DIR"
    )
    options = parser.parse_args()
    if options.unseen:
        write_unseen(options.unseen, read_pairs(UNSEEN))
    else:
        print(*train_all(DATA, read_pairs(options.texts), read_marked(options.texts)), sep="\n")


if __name__ == "__main__":
    main()
