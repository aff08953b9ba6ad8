"""Paths: the shortest way between two entities, the surest of equals, and a bounded part of the graph around hubs."""

import runpy
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from networkx import MultiGraph, NetworkXNoPath, shortest_path_length

import graph.paths
from graph.model import EDGES, Graph
from graph.path_steps import steps_of
from graph.paths import shortest_path
from graph.sqlite_store import SqliteStore
from graph.timeline import Reader

SMALL = runpy.run_path(str(Path(__file__).with_name("small_graph.py")))


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = SqliteStore(tmp_path_factory.mktemp("paths") / "yuanliu.db")
    opened.apply(SMALL["make_graph"]())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def scratch(tmp_path_factory):
    opened = SqliteStore(tmp_path_factory.mktemp("scratch") / "yuanliu.db")
    yield opened
    opened.close()


def way(store, start, goal):
    hops = shortest_path(store, start, goal)
    return None if hops is None else [start, *(hop.end for hop in hops)]


def test_the_fewest_steps_are_taken(store):
    assert way(store, "person:mo-lin", "org:birch-ai") == ["person:mo-lin", "org:birch-ai"]
    assert way(store, "person:ina-vale", "model:egret-3b") == ["person:ina-vale", "c-04", "model:egret-3b"]
    assert way(store, "model:heron-7b", "model:wren") == [
        "model:heron-7b",
        "model:egret-3b",
        "model:stork",
        "model:wren",
    ]
    assert way(store, "org:birch-ai", "org:birch-ai") == ["org:birch-ai"]
    assert way(store, "org:birch-ai", "person:lone-wolf") is None


@pytest.mark.parametrize("ends", [("person:ina-vale", "org:birch-ai"), ("person:mo-lin", "org:cedar-works")])
def test_there_and_back_are_of_one_length(store, ends):
    there, back = way(store, *ends), way(store, *ends[::-1])
    assert len(there) == len(back) > 2 and (there[0], there[-1]) == (back[-1], back[0])


def test_every_step_has_the_words_or_the_page_that_it_rests_on(store):
    hops = shortest_path(store, "org:birch-ai", "person:mo-lin")
    (step,) = steps_of(store, hops, reader=Reader(names="zh"))
    assert (step["start"]["name"], step["relation"], step["end"]["name"]) == ("白桦智能", "employs", "莫林")
    assert (step["basis"], step["quote"], step["document"]) == ("named together", None, "d-gazette")
    said, about = steps_of(store, shortest_path(store, "person:ina-vale", "model:egret-3b"))
    assert (said["relation"], said["end"]["name"], about["relation"]) == ("said", "accusation c-04", "is about")
    assert said["quote"] == about["quote"] == "Words of c-04." and said["source"] == "The Weekly"
    (derived,) = steps_of(store, shortest_path(store, "model:heron-7b", "model:egret-3b"))
    assert (derived["relation"], derived["claim"]) == ("is said to derive from", "c-01")
    (listed,) = steps_of(store, shortest_path(store, "org:cedar-works", "model:stork"))
    assert (listed["basis"], listed["source"], listed["relation"]) == ("listed", None, "develops")


def add(made, start, claims, goal):
    for claim, sure in claims:
        made.add_node("Claim", claim, kind="other", group="other", confidence=sure)
        made.add_edge("MADE", start, claim)
        made.add_edge("ABOUT", claim, goal, role="about")


def test_of_equal_ways_the_surest_is_taken_then_the_first(scratch):
    made = Graph()
    for entity in ("org:a", "org:b"):
        made.add_node("Entity", entity, kind="organization", name=entity)
    add(made, "org:a", [("c-1", 0.7), ("c-3", 0.9), ("c-2", 0.9)], "org:b")
    scratch.apply(made)
    assert way(scratch, "org:a", "org:b") == ["org:a", "c-2", "org:b"]
    assert way(scratch, "org:b", "org:a") == ["org:b", "c-2", "org:a"]


def test_the_surest_way_to_a_node_on_the_way_is_kept(scratch):
    made = Graph()
    for entity in ("org:a", "model:m", "org:z", "person:p", "org:q"):
        made.add_node("Entity", entity, kind=entity.split(":")[0], name=entity)
    add(made, "org:a", [("c-1", 0.7), ("c-2", 0.9), ("c-3", 0.8)], "model:m")
    add(made, "person:p", [(f"c-p{number}", 0.9) for number in range(6)], "org:q")
    made.add_edge("DEVELOPED_BY", "model:m", "org:z")
    made.add_edge("WORKS_FOR", "person:p", "org:z")
    scratch.apply(made)
    assert way(scratch, "org:a", "person:p") == ["org:a", "c-2", "model:m", "org:z", "person:p"]


def test_of_a_hub_a_bounded_part_is_read_and_a_direct_claim_is_found_still(scratch, monkeypatch):
    monkeypatch.setattr(graph.paths, "MOST_NEIGHBOURS", 5)
    made = Graph()
    for entity in ("org:hub", "org:other", *(f"org:leaf{n}" for n in range(40))):
        made.add_node("Entity", entity, kind="organization", name=entity)
    for number in range(40):
        add(made, "org:hub", [(f"c-{number:02}", 0.9)], f"org:leaf{number}")
        add(made, "org:other", [(f"c-x{number:02}", 0.9)], f"org:leaf{number}")
    add(made, "org:hub", [("c-zz", 0.8)], "org:other")
    scratch.apply(made)
    assert way(scratch, "org:hub", "org:other") == ["org:hub", "c-zz", "org:other"]
    rows = scratch.query("neighbours", ids=["org:hub"], limit=5)
    assert [row["neighbour"] for row in rows] == [f"c-{number:02}" for number in range(5)]
    assert way(scratch, "org:hub", "org:leaf3") == ["org:hub", "c-03", "org:leaf3"]


def test_a_search_that_meets_too_many_nodes_ends(scratch, monkeypatch):
    made = Graph()
    for entity in ("org:a", "org:b", "org:m", *(f"org:l{n}" for n in range(60))):
        made.add_node("Entity", entity, kind="organization", name=entity)
    for number in range(60):
        add(made, "org:a", [(f"c-{number:02}", 0.9)], f"org:l{number}")
        add(made, "org:b", [(f"c-y{number:02}", 0.9)], "org:m")
    scratch.apply(made)
    asked = []
    query = scratch.query
    monkeypatch.setattr(scratch, "query", lambda name, **bound: asked.append(name) or query(name, **bound))
    monkeypatch.setattr(graph.paths, "MOST_NODES", 50)
    assert way(scratch, "org:a", "org:b") is None
    assert asked.count("neighbours") <= 3


FOLLOWED = (
    "MADE",
    "ABOUT",
    "PART_OF",
    "DEVELOPED_BY",
    "WORKS_FOR",
    "MEMBER_OF",
    "ALLEGEDLY_DERIVED_FROM",
    "RESPONDS_TO",
)
IDS = {"Entity": [f"org:{n}" for n in range(5)], "Claim": [f"c-{n}" for n in range(5)], "Dispute": ["dispute:1"]}
EDGE = st.sampled_from(FOLLOWED).flatmap(
    lambda kind: st.tuples(st.just(kind), *(st.sampled_from(IDS[label]) for label in EDGES[kind]))
)


@settings(deadline=None, max_examples=60)
@given(edges=st.lists(EDGE, max_size=14))
def test_no_path_is_longer_than_that_of_a_search_of_the_whole_graph(scratch, edges):
    made, whole = Graph(), MultiGraph()
    for label, identifiers in IDS.items():
        for identifier in identifiers:
            made.add_node(label, identifier)
    for kind, start, end in edges:
        made.add_edge(kind, start, end)
        whole.add_edge(start, end)
    scratch.apply(made)
    for goal in IDS["Entity"][1:]:
        found = shortest_path(scratch, "org:0", goal)
        try:
            length = shortest_path_length(whole, "org:0", goal) if {"org:0", goal} <= set(whole) else None
        except NetworkXNoPath:
            length = None
        assert (None if found is None else len(found)) == (length if length is None or length <= 8 else None)
        for one, other in zip(found or [], (found or [])[1:], strict=False):
            assert one.end == other.start
        for hop in found or []:
            ends = (hop.start, hop.end) if hop.forward else (hop.end, hop.start)
            assert (hop.type, *ends) in edges
