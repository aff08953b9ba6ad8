"""Train the model of links: `python -m nlp.training.links`.

The statements and links of our own annotated texts flow in, nlp/data/links.crfsuite flows out; the third of the texts that
nlp.training.statements holds out is left out here too. F1 of the links between annotated statements is printed for it.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable, Iterator
from pathlib import Path

from nlp.annotation import Statement, Target
from nlp.link_features import FILE, NONE, pair_features
from nlp.links import WINDOW, find_links
from nlp.reading import Reading
from nlp.training.statements import FOLDER, Row, read_pairs, readings, split

DEFAULT = Path(__file__).parent.parent / "data" / FILE


def annotated(reading: Reading, gold: Row) -> dict[tuple[str, str], str]:
    """Put the annotated statements into a reading, in reading order, and return the links between them."""
    placed = []
    for row in gold["statements"]:
        start = reading.text.find(row["evidence"])
        end = start + len(row["evidence"])
        post = max((n for n, post in enumerate(reading.document.posts) if post.start <= start), default=0)
        statement = Statement(
            id=str(row["n"]),
            kind=row["kind"],
            speaker=row["actor"],
            speaker_from="words",
            targets=tuple(Target(entity=target) for target in row["targets"]),
            spans=(reading.span(start, end),),
            cue="",
            confidence=1.0,
            post=post,
        )
        placed.append((start, statement))
    reading.statements = [statement for _, statement in sorted(placed, key=lambda pair: (pair[0], pair[1].id))]
    return {(str(link["from"]), str(link["to"])): link["type"] for link in gold["links"]}


def examples(reading: Reading, links: dict[tuple[str, str], str]) -> Iterator[tuple[list[str], str]]:
    """Yield the features and the label of each pair of statements near each other."""
    ids = [statement.id for statement in reading.statements]
    for later in range(len(ids)):
        for earlier in range(max(0, later - WINDOW), later):
            label = links.get((ids[later], ids[earlier]), NONE)
            yield pair_features(reading, reading.statements, later, earlier), label


def train(path: Path, pairs: Iterable[tuple[Row, Row]]) -> int:
    """Train the model and return how many pairs it saw."""
    from pycrfsuite import Trainer  # noqa: PLC0415

    trainer = Trainer(algorithm="lbfgs", verbose=False)
    seen = 0
    for reading, gold in readings(pairs):
        for features, label in examples(reading, annotated(reading, gold)):
            trainer.append([features], [label])
            seen += 1
    trainer.set_params({"c1": 0.0, "c2": 1.0, "max_iterations": 200})
    trainer.train(str(path))
    return seen


def measure(pairs: Iterable[tuple[Row, Row]]) -> tuple[float, float]:
    """Return precision and recall of the links between annotated statements."""
    right = told = due = 0
    for reading, gold in readings(pairs):
        links = annotated(reading, gold)
        found = {(link.source, link.target) for link in find_links(reading)}
        right += len(found & links.keys())
        told += len(found)
        due += len(links)
    return right / max(told, 1), right / max(due, 1)


def main() -> None:
    """Train and measure."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training.links", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT, help="where the model goes")
    parser.add_argument("--texts", type=Path, default=FOLDER, help="the annotated texts")
    options = parser.parse_args()
    trained, held = split(read_pairs(options.texts))
    seen = train(options.output, trained)
    print(f"{seen:,} pairs, {options.output.stat().st_size / 1e6:.2f} MB")
    precision, recall = measure(held)
    print(
        f"held out: P {100 * precision:.1f}  R {100 * recall:.1f}  F1 {200 * precision * recall / (precision + recall):.1f}"
    )


if __name__ == "__main__":
    main()
