"""Train the model of sentence kinds: `python -m nlp.training.statements`.

Our own annotated texts (tests/nlp/statements: docs.*.jsonl and gold.*.jsonl) flow in, nlp/data/kinds.crfsuite flows out. Two texts in three
are trained on; the third is the test, written out with `--test DIR` in the layout that `make score GOLD=DIR` reads.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from crawler.intake import document_from_record
from nlp.pipeline import Annotator
from nlp.reading import Reading
from nlp.sentence_kinds import FILE, NONE, sentence_features
from nlp.vocabulary import load_vocabulary

FOLDER = Path("tests/nlp/statements")
DEFAULT = Path(__file__).parent.parent / "data" / FILE
HELD_OUT = 3  # one text in so many
Row = dict[str, Any]


def read_pairs(folder: Path) -> list[tuple[Row, Row]]:
    """Return the documents with their annotations, in the order of the files."""
    pairs = []
    for path in sorted(folder.glob("docs.*.jsonl")):
        gold = path.with_name(path.name.replace("docs.", "gold.", 1))
        rows = [
            [json.loads(line) for line in each.read_text(encoding="utf-8").splitlines() if line]
            for each in (path, gold)
        ]
        pairs += list(zip(*rows, strict=True))
    return pairs


def split(pairs: list[tuple[Row, Row]]) -> tuple[list[tuple[Row, Row]], list[tuple[Row, Row]]]:
    """Return what is trained on and what is held out."""
    held = [pair for number, pair in enumerate(pairs) if number % HELD_OUT == 0]
    return [pair for number, pair in enumerate(pairs) if number % HELD_OUT], held


def readings(pairs: Iterable[tuple[Row, Row]]) -> Iterator[tuple[Reading, Row]]:
    """Yield each document read as far as its cues, names and dates, with its annotation."""
    annotator = Annotator(load_vocabulary())
    for record, gold in pairs:
        document = document_from_record(record, where=record["id"], header={})
        yield annotator.read(document, until="yuanliu_statements"), gold


def labels_of(reading: Reading, gold: Row) -> list[str]:
    """Return the kind of each sentence: that of the statement whose evidence it shares most of."""
    labels = [NONE] * len(reading.sentences)
    most = [0] * len(reading.sentences)
    for statement in gold["statements"]:
        start = reading.text.find(statement["evidence"])
        end = start + len(statement["evidence"])
        for place, sentence in enumerate(reading.sentences):
            shared = min(end, sentence.end) - max(start, sentence.start)
            if start >= 0 and shared > max(most[place], 5):
                most[place], labels[place] = shared, statement["kind"]
    return labels


def train(path: Path, pairs: Iterable[tuple[Row, Row]]) -> Counter[str]:
    """Train the model and return how often each kind was seen."""
    from pycrfsuite import Trainer  # noqa: PLC0415

    trainer = Trainer(algorithm="lbfgs", verbose=False)
    counts: Counter[str] = Counter()
    for reading, gold in readings(pairs):
        labels = labels_of(reading, gold)
        counts.update(labels)
        if labels:
            trainer.append(sentence_features(reading), labels)
    trainer.set_params(
        {"c1": 0.0, "c2": 1.0, "max_iterations": 200, "feature.minfreq": 1, "feature.possible_transitions": True}
    )
    trainer.train(str(path))
    return counts


def main() -> None:
    """Train, and write the held-out texts where they are wanted."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training.statements", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT, help="where the model goes")
    parser.add_argument("--texts", type=Path, default=FOLDER, help="the annotated texts")
    parser.add_argument("--test", type=Path, metavar="DIR", help="write the held-out texts there")
    options = parser.parse_args()
    trained, held = split(read_pairs(options.texts))
    counts = train(options.output, trained)
    print(
        f"{len(trained)} texts, {sum(counts.values())} sentences, {options.output.stat().st_size / 1e6:.1f} MB: {dict(counts.most_common())}"
    )
    if options.test:
        options.test.mkdir(parents=True, exist_ok=True)
        for name, rows in zip(("docs.jsonl", "gold.jsonl"), zip(*held, strict=True), strict=True):
            text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
            (options.test / name).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
