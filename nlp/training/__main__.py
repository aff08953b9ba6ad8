"""Train the name tagger and say how well it reads: `python -m nlp.training`.

Passages are filled with invented names (a fixed seed: the same passages give the same model), nine in ten are trained on and the
tenth measured; tests/nlp/unlisted_names.txt, whose authors never saw the passages, is measured too.
"""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Iterable
from pathlib import Path

from nlp.features import features_of, lowered_words, tokenize
from nlp.folding import fold
from nlp.tagger import FILE, KINDS, Tagger, lines
from nlp.training.passages import Marked, generate, read_marked, read_passages

SEED = 20231106
DEFAULT = Path(__file__).parent.parent / "data" / FILE
HELD_OUT = 10  # one passage in so many


def labelled(marked: Marked) -> Iterable[tuple[list[list[str]], list[str]]]:
    """Yield the features and labels of each line of a marked text."""
    folded, lowered = fold(marked.text), lowered_words(marked.text)
    begins = {start: (end, label) for start, end, label in marked.names}
    for start, end in lines(marked.text):
        tokens = tokenize(marked.text, start, end)
        labels: list[str] = []
        stop, label = 0, ""
        for token in tokens:
            if token.start in begins:
                stop, label = begins[token.start]
                labels.append(f"B-{label}")
            elif token.start < stop:
                labels.append(f"I-{label}")
            else:
                labels.append("O")
        if tokens:
            yield features_of(tokens, folded, lowered), labels


def train(path: Path, texts: Iterable[Marked], *, iterations: int, least: float) -> None:
    """Train a model on marked texts and write it."""
    from pycrfsuite import Trainer  # noqa: PLC0415

    trainer = Trainer(algorithm="lbfgs", verbose=False)
    for marked in texts:
        for features, labels in labelled(marked):
            trainer.append(features, labels)
    trainer.set_params(
        {
            "c1": 0.3,
            "c2": 0.02,
            "max_iterations": iterations,
            "feature.minfreq": least,
            "feature.possible_transitions": True,
        }
    )
    trainer.train(str(path))


def measure(path: Path, rows: Iterable[tuple[str, Marked]]) -> dict[tuple[str, str], tuple[float, float, float]]:
    """Return precision, recall and F1 of exact spans by language and kind."""
    tagger = Tagger(str(path))
    right: Counter[tuple[str, str]] = Counter()
    told: Counter[tuple[str, str]] = Counter()
    due: Counter[tuple[str, str]] = Counter()
    for language, marked in rows:
        expected = {(start, end, KINDS[label]) for start, end, label in marked.names}
        found = {(tagged.start, tagged.end, tagged.kind) for tagged in tagger.find(marked.text)}
        for key_language in (language, "all"):
            for group, counter in ((expected & found, right), (found, told), (expected, due)):
                for _, _, kind in group:
                    counter[key_language, kind] += 1
                    counter[key_language, "all"] += 1
    figures = {}
    for key in sorted(due):
        precision, recall = right[key] / max(told[key], 1), right[key] / due[key]
        figures[key] = (100 * precision, 100 * recall, 200 * precision * recall / max(precision + recall, 1e-9))
    return figures


def main() -> None:
    """Train and measure."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training", description=__doc__)
    parser.add_argument("-o", "--output", type=Path, default=DEFAULT, help="where the model goes")
    parser.add_argument("--rounds", type=int, default=10, help="how often each passage is filled")
    parser.add_argument("--iterations", type=int, default=120)
    parser.add_argument("--least", type=float, default=2.0, help="features seen less often are left out")
    parser.add_argument(
        "--test", type=Path, default=Path("tests/nlp/unlisted_names.txt"), help="marked texts to measure"
    )
    parser.add_argument("--measure-only", action="store_true", help="measure the model that is there")
    options = parser.parse_args()
    passages = read_passages()
    kept = [row for number, row in enumerate(passages) if number % HELD_OUT]
    held = [row for number, row in enumerate(passages) if number % HELD_OUT == 0]
    if not options.measure_only:
        started = time.monotonic()
        texts = [marked for _, marked in generate(kept, rounds=options.rounds, seed=SEED)]
        train(options.output, texts, iterations=options.iterations, least=options.least)
        size = options.output.stat().st_size / 1e6
        print(f"{len(texts):,} texts, {time.monotonic() - started:.0f} s, {size:.1f} MB")
    tests = {
        "held-out passages": list(generate(held, rounds=3, seed=SEED + 1)),
        str(options.test): read_marked(options.test),
    }
    for name, rows in tests.items():
        print(name)
        for (language, kind), figures in measure(options.output, rows).items():
            print(f"  {language:4} {kind:13} P {figures[0]:5.1f}  R {figures[1]:5.1f}  F1 {figures[2]:5.1f}")


if __name__ == "__main__":
    main()
