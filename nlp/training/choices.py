"""Train a conditional logit: choices with the right candidates flow in, the weights of their features flow out.

The likelihood of the right candidates, with a Gaussian prior on the weights, is maximised by L-BFGS. Of several right candidates any
will do: the probability of all together counts.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from nlp.choices import Features

ROUNDS = 300


class Choice(NamedTuple):
    """Candidates, of which those at some places are right."""

    candidates: Sequence[Features]
    right: frozenset[int]


def train_choices(choices: Iterable[Choice], *, smoothing: float = 1.0) -> dict[str, float]:
    """Return the weight of each feature. `smoothing` is the inverse of the prior's variance."""
    import numpy as np  # noqa: PLC0415 - both are heavy, and only training needs them
    from scipy.optimize import minimize  # noqa: PLC0415
    from scipy.sparse import csr_matrix  # noqa: PLC0415

    numbers: dict[str, int] = {}
    columns: list[int] = []
    ends: list[int] = [0]
    starts: list[int] = []
    right: list[bool] = []
    for choice in choices:
        starts.append(len(right))
        right += [place in choice.right for place in range(len(choice.candidates))]
        for features in choice.candidates:
            columns += [numbers.setdefault(feature, len(numbers)) for feature in sorted(set(features))]
            ends.append(len(columns))
    matrix = csr_matrix((np.ones(len(columns)), columns, ends), shape=(len(right), len(numbers)))
    chosen = np.array(right, dtype=float)
    first = np.array(starts)
    of = np.repeat(np.arange(len(starts)), np.diff([*starts, len(right)]))

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = matrix @ weights
        powers = np.exp(scores - np.maximum.reduceat(scores, first)[of])
        total, good = np.add.reduceat(powers, first), np.add.reduceat(powers * chosen, first)
        slope = powers / total[of] - powers * chosen / good[of]
        value = float(np.log(total / good).sum() + smoothing * weights @ weights / 2)
        return value, matrix.T @ slope + smoothing * weights

    found = minimize(loss, np.zeros(len(numbers)), jac=True, method="L-BFGS-B", options={"maxiter": ROUNDS})
    return dict(zip(numbers, map(float, found.x), strict=True))
