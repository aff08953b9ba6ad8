"""Analysis and echo: equal whatever the order of the rows, never endless, and right on cases counted by hand."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networkx import DiGraph

from graph.analysis import central_actors, communities, derivation_chains, page_rank
from graph.echo import echoes, repeats


def claim(identifier, group="accusing", *, sources=1, confidence=1.0):
    return {"id": identifier, "group": group, "sources": sources, "confidence": confidence}


def made(claim, speaker):
    return {"claim": claim, "type": "MADE", "id": speaker, "role": None}


def about(claim, target, role="accused"):
    return {"claim": claim, "type": "ABOUT", "id": target, "role": role}


def told(claim, document, source, published, *, origin=None):
    return {
        "claim": claim,
        "document": document,
        "sourceName": source,
        "published": published,
        "origin": origin or document,
    }


CLAIMS = [claim("c-1", sources=3), claim("c-2", confidence=0.5), claim("c-3", "answering"), claim("c-4", "other")]
PARTIES = [
    *(made("c-1", "a"), about("c-1", "m"), about("c-1", "o", "origin")),
    *(made("c-2", "b"), about("c-2", "m")),
    *(made("c-3", "m"), about("c-3", "a", "about")),
    *(made("c-4", "z"), about("c-4", "y", "about")),
]


def test_actors_are_counted_and_weighed_by_true_sources_and_confidence():
    actors = {one["id"]: one for one in central_actors(CLAIMS, PARTIES)}
    assert list(actors)[:2] == ["m", "a"]
    assert (actors["m"]["accused"], actors["m"]["answers"], actors["m"]["weight"]) == (2, 1, 3 + 0.5 + 1)
    assert (actors["a"]["accuses"], actors["a"]["weight"]) == (1, 3)
    assert (actors["o"]["accused"], actors["z"]["weight"]) == (0, 0)
    assert actors["m"]["attention"] > actors["b"]["attention"]


def test_an_entity_counts_for_its_party_once_a_claim():
    actors = {
        one["id"]: one for one in central_actors(CLAIMS[:1], [*PARTIES[:3], about("c-1", "maker")], {"m": "maker"})
    }
    assert "m" not in actors and (actors["maker"]["accused"], actors["maker"]["weight"]) == (1, 3)


def test_page_rank_is_that_of_a_chain_counted_by_hand():
    ranks = page_rank(DiGraph([("a", "b")]))
    assert ranks["a"] + ranks["b"] == pytest.approx(1)
    # b lends its share to both alike: a = 0.075 + 0.425 b, b = 0.075 + 0.425 b + 0.85 a
    assert ranks["a"] == pytest.approx(0.5 / 1.425)


@pytest.mark.parametrize("seed", range(5))
def test_no_result_depends_on_the_order_of_the_rows(seed):
    rows = random.Random(seed)
    claims, parties = rows.sample(CLAIMS, len(CLAIMS)), rows.sample(PARTIES, len(PARTIES))
    assert central_actors(claims, parties) == central_actors(CLAIMS, PARTIES)
    assert communities(claims, parties) == communities(CLAIMS, PARTIES)


def test_parties_that_speak_of_one_another_are_a_group():
    claims = [claim(f"c-{n}") for n in range(6)]
    pairs = [("a", "b"), ("b", "c"), ("c", "a"), ("x", "y"), ("y", "z"), ("z", "x")]
    parties = [row for n, (one, other) in enumerate(pairs) for row in (made(f"c-{n}", one), about(f"c-{n}", other))]
    assert communities(claims, parties) == [["a", "b", "c"], ["x", "y", "z"]]
    assert communities([], []) == []


def test_the_longest_chain_is_taken_and_a_cycle_is_one_step():
    chains = derivation_chains([("d", "a"), ("d", "c"), ("c", "b"), ("b", "a"), ("x", "y"), ("y", "x"), ("w", "x")])
    assert [chain["steps"] for chain in chains] == [[["d"], ["c"], ["b"], ["a"]], [["w"], ["x", "y"]]]
    assert [chain["derivations"] for chain in chains] == [3, 1]
    assert derivation_chains([("a", "a")]) == [{"steps": [["a"]], "derivations": 0}]
    assert derivation_chains([]) == []


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef")), max_size=14), st.randoms())
def test_chains_of_any_derivations_end_name_each_model_once_and_do_not_depend_on_order(pairs, chance):
    chains = derivation_chains(pairs)
    for chain in chains:
        models = [model for step in chain["steps"] for model in step]
        assert len(models) == len(set(models))
        for one, other in zip(chain["steps"], chain["steps"][1:], strict=False):
            assert any((a, b) in pairs for a in one for b in other)
    chance.shuffle(pairs)
    assert derivation_chains(pairs) == chains
    assert bool(pairs) == bool(chains)


def test_the_first_source_and_its_followers_are_told_with_their_lag():
    rows = [
        told("c-1", "b", "Weekly", "2024-03-07"),
        told("c-1", "a", "Gazette", "2024-03-04T09:00:00+00:00"),
        told("c-1", "copy", "Copycat", "2024-03-05", origin="a"),
        told("c-1", "x", "Undated", None),
        told("c-2", "a2", "Gazette", "2024-03-01"),
        told("c-2", "b2", "Weekly", "2024-03-02"),
        told("c-2", "a3", "Gazette", "2024-03-03"),
        told("c-3", "a4", "Gazette", "2024-03-01"),
        told("c-3", "copy2", "Copycat", "2024-03-02", origin="a4"),
    ]
    found = {echo["claim"]: echo for echo in echoes(rows)}
    assert set(found) == {"c-1", "c-2"}
    one = found["c-1"]
    assert (one["first"], one["document"], one["day"]) == ("Gazette", "a", "2024-03-04")
    assert [(each["source"], each["lag"]) for each in one["followers"]] == [("Weekly", 3)]
    assert (one["copies"], one["undated"]) == (["copy"], ["x"])
    assert repeats(echoes(rows)) == [{"first": "Gazette", "follower": "Weekly", "claims": 2, "lag": 2}]
    assert echoes(rows[::-1]) == echoes(rows)


def test_pages_of_one_night_are_ordered_by_the_moment_whatever_their_zones():
    rows = [
        told("c-1", "east", "East", "2024-03-05T00:30:00+08:00"),
        told("c-1", "west", "West", "2024-03-04T09:00:00-08:00"),
        told("c-1", "day", "Day", "2024-03-04"),
    ]
    (echo,) = echoes(rows)
    assert (echo["first"], [each["source"] for each in echo["followers"]]) == ("East", ["West", "Day"])
    assert [each["lag"] for each in echo["followers"]] == [0, 0]


def test_a_copy_stands_for_a_page_that_does_not_tell_the_claim():
    rows = [
        told("c-1", "a", "Gazette", "2024-03-04"),
        told("c-1", "copy", "Copycat", "2024-03-06", origin="elsewhere"),
        told("c-1", "copy2", "Parrot", "2024-03-07", origin="elsewhere"),
    ]
    (echo,) = echoes(rows)
    assert [each["source"] for each in echo["followers"]] == ["Copycat"] and echo["copies"] == ["copy2"]
