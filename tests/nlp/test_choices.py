"""Choices are learnt from what tells the right candidate from those beside it, and weights are kept in a readable table."""

import pytest

from nlp.choices import probabilities, read_weights, write_weights
from nlp.training.choices import Choice, train_choices


def test_what_the_right_one_has_and_the_others_have_not_is_learnt():
    choices = [
        Choice([["shared", "wrong"], ["shared", "right"], ["shared"]], frozenset({1})),
        Choice([["shared", "right", "long"], ["shared", "wrong", "long"]], frozenset({0})),
    ]
    weights = train_choices(choices, smoothing=0.1)
    assert weights["right"] > 0.5 > -0.5 > weights["wrong"]
    assert weights["shared"] == pytest.approx(0, abs=1e-6)  # what all have tells nothing
    weighed = probabilities(weights, [["wrong"], ["unheard of"], ["right", "long"]])
    assert sum(weighed) == pytest.approx(1)
    assert weighed[2] > weighed[1] > weighed[0]


def test_any_of_several_right_ones_will_do():
    either = [Choice([["a"], ["b"], ["c"]], frozenset({0, 1}))] * 5
    weights = train_choices(either, smoothing=0.1)
    assert weights["a"] == pytest.approx(weights["b"], abs=1e-3)
    assert weights["a"] > 0 > weights["c"]


def test_smoothing_draws_weights_to_nothing():
    choices = [Choice([["a"], ["b"]], frozenset({0}))]
    little, much = (train_choices(choices, smoothing=smoothing)["a"] for smoothing in (0.1, 10.0))
    assert little > 5 * much > 0


def test_the_first_candidate_can_be_held_back():
    weights = {"none": 0.5, "link": 0.0}
    assert (
        probabilities(weights, [["none"], ["link"]])[0]
        > 0.5
        > probabilities(weights, [["none"], ["link"]], first=-1)[0]
    )


def test_weights_are_read_as_they_were_written(tmp_path):
    write_weights(tmp_path / "weights.tsv", {"针对|b": -1.25, "a\tb": 2.0, "nothing": 0.0001})
    assert (tmp_path / "weights.tsv").read_text(encoding="utf-8") == "2.000\ta\tb\n-1.250\t针对|b\n"
    assert read_weights(tmp_path / "weights.tsv") == {"针对|b": -1.25, "a\tb": 2.0}


def test_very_large_scores_are_no_error():
    assert probabilities({"a": 2000.0, "b": -2000.0}, [["a"], ["b"]]) == [1.0, 0.0]
