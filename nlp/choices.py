"""Choices: which of several candidates is meant, as a conditional logit weighs them (McFadden 1974).

Candidates, each a list of features, flow in; the probability of each flows out to nlp.links. Unlike a classifier that looks at one candidate at a
time, it learns what tells a candidate from the others beside it. The weights come from `python -m nlp.training.statements`, a line each.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path

Features = Collection[str]


def probabilities(weights: Mapping[str, float], candidates: Sequence[Features], *, first: float = 0.0) -> list[float]:
    """Return the probability of each candidate; `first` is added to what speaks for the first one, usually none of the others.

    A feature without a weight says nothing.

    >>> [round(each, 2) for each in probabilities({"near": 2.0, "far": -1.0}, [["far"], ["near", "new"]])]
    [0.05, 0.95]
    """
    scores = [sum(weights.get(feature, 0.0) for feature in set(features)) for features in candidates]
    scores[0] += first
    highest = max(scores)
    powers = [math.exp(score - highest) for score in scores]
    total = math.fsum(powers)
    return [power / total for power in powers]


def read_weights(path: Path) -> dict[str, float]:
    """Return the weight of each feature."""
    lines = path.read_text(encoding="utf-8").splitlines()
    return {feature: float(weight) for weight, feature in (line.split("\t", 1) for line in lines)}


def write_weights(path: Path, weights: Mapping[str, float]) -> None:
    """Write the weight of each feature, those that round to nothing left out, in the order of their names."""
    rounded = {feature: f"{weight:.3f}" for feature, weight in sorted(weights.items())}
    lines = (f"{weight}\t{feature}\n" for feature, weight in rounded.items() if float(weight))
    path.write_text("".join(lines), encoding="utf-8")
