"""Whatever changes come in whatever batches, the graph is the one that its documents would give at once."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph.build import Batch, Builder, build
from graph.model import content_hash, edge_record, name_record, node_record
from graph.sqlite_store import SqliteStore
from tests.graph.corpora import Corpus, stamp_of

CORPUS = Corpus()


def lines_of(graph):
    lines = {node_record(node.label, node.id, node.properties) for node in graph.nodes.values()}
    return lines | {edge_record(edge) for edge in graph.edges.values()} | {name_record(name) for name in graph.names}


class Kept:
    """A graph kept up to date with a changing set of readings."""

    def __init__(self, path):
        self.store = SqliteStore(path)
        self.readings = {}

    def change(self, come, removed=()):
        self.readings |= {reading.id: reading for reading in come}
        for each in removed:
            del self.readings[each]
        stamps = {reading.id: stamp_of(reading) for reading in come}
        batch = Batch({r.id: r for r in come}, stamps, self.readings.__getitem__, removed=removed)
        with self.store.transaction():
            Builder(self.store).update(batch)

    def check(self):
        kept, whole = lines_of(self.store.graph()), lines_of(build(self.readings.values()))
        assert kept - whole == set() and whole - kept == set()


@settings(deadline=None, max_examples=60)
@given(seed=st.integers(0, 10**6), steps=st.integers(1, 8))
def test_any_changes_in_any_batches_give_what_the_documents_would_give_at_once(tmp_path_factory, seed, steps):
    chance = random.Random(seed)
    kept = Kept(tmp_path_factory.mktemp("kept") / "graph.db")
    try:
        for step in range(steps):
            numbers = chance.sample(range(seed % 50, seed % 50 + 30), chance.randint(0, 10))
            come = [CORPUS.reading(number, step + 1) for number in numbers]
            coming = {reading.id for reading in come}
            removable = sorted(kept.readings.keys() - coming)
            kept.change(come, chance.sample(removable, min(len(removable), chance.randint(0, 4))))
            kept.check()
        kept.change([], sorted(kept.readings))
        assert lines_of(kept.store.graph()) == set()
    finally:
        kept.store.close()


def test_readings_one_by_one_backwards_and_forwards_give_one_hash(tmp_path):
    readings = [CORPUS.reading(number) for number in range(40)]
    hashes = set()
    for place, order in enumerate((readings, readings[::-1])):
        kept = Kept(tmp_path / f"{place}.db")
        for reading in order:
            kept.change([reading])
        hashes.add(kept.store.content_hash())
        kept.store.close()
    assert hashes == {content_hash(lines_of(build(readings)))}


def test_what_was_read_again_unchanged_writes_nothing(tmp_path):
    kept = Kept(tmp_path / "graph.db")
    readings = [CORPUS.reading(number) for number in range(20)]
    kept.change(readings)
    with kept.store.transaction():
        builder = Builder(kept.store)
        stamps = {reading.id: stamp_of(reading) for reading in readings}
        builder.update(Batch(kept.readings, stamps, kept.readings.__getitem__))
    assert sum(builder.ledger.totals.values()) == 0
    kept.store.close()


@pytest.mark.parametrize("size", [1, 7])
def test_the_corpus_has_what_ties_documents_together(size):
    graph = build([CORPUS.reading(number, size) for number in range(60)])
    kinds = {kind for kind, *_ in graph.edges}
    assert {"NEAR_DUPLICATE_OF", "REPEATS", "RESPONDS_TO", "PART_OF", "RESTS_ON", "WORKS_FOR", "MEMBER_OF"} <= kinds
    claims = [node for (label, _), node in graph.nodes.items() if label == "Claim"]
    statements = [node for (label, _), node in graph.nodes.items() if label == "Statement"]
    assert len(claims) < len(statements)
