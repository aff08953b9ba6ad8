"""What goes into an export: the store of one moment, not held in memory, or the part around a subject or dispute."""

import tracemalloc

import pytest

from graph.contents import contents_of, nodes
from graph.export import FORMATS, export, read_graph, stream
from graph.export.surroundings import surroundings
from graph.model import EDGES, Graph, edge_record, name_record
from graph.sqlite_store import SqliteStore
from tests.graph.same_graph import hash_of


@pytest.mark.parametrize("form", FORMATS)
def test_equal_graphs_give_equal_files_from_memory_and_from_a_store(small, tmp_path, form):
    store = SqliteStore(tmp_path / "small.db")
    store.apply(small)
    shuffled = Graph(dict(reversed(small.nodes.items())), dict(reversed(small.edges.items())), set(small.names))
    for number, source in enumerate((small, shuffled, store)):
        export(source, form, tmp_path / f"{number}{'.zip' if form == 'csv' else ''}")
    store.close()
    contents = [(tmp_path / f"{number}{'.zip' if form == 'csv' else ''}").read_bytes() for number in range(3)]
    assert contents[0] == contents[1] == contents[2]


def big(store, number):
    """Fill a store with so many statements, without a Graph."""
    quote = "苍鹭的权重与别处的相同。" * 100
    connection = store.connection
    with store.transaction():
        connection.executemany(
            "insert into node_statement (id, quote, document, confidence) values (?, ?, ?, 0.5)",
            ((f"s-{n:07}", f"{quote}{n}", f"doc-{n % 100}") for n in range(number)),
        )
        connection.executemany(
            "insert into edge values ('STATED_IN', ?, ?, '', '{}')",
            ((f"s-{n:07}", f"doc-{n % 100}") for n in range(number)),
        )
        connection.executemany(
            "insert into node_entity (id, name) values (?, 'x')", ((f"model:{n}",) for n in range(number // 4))
        )
        connection.executemany(
            "insert into name values (?, ?, 'x')", ((f"n{n}", f"model:{n}") for n in range(number // 4))
        )


@pytest.fixture(scope="module")
def big_store(tmp_path_factory):
    store = SqliteStore(tmp_path_factory.mktemp("big") / "big.db")
    big(store, 4000)
    yield store
    store.close()


@pytest.mark.parametrize("form", FORMATS)
def test_a_store_is_not_held_in_memory(big_store, tmp_path, form):
    one = Graph()
    one.add_node("Statement", "s-1", quote="苍鹭" * 1000)
    export(one, form, tmp_path / "first")  # what is imported, and the table that folds characters, do not count
    tracemalloc.start()
    try:
        export(big_store, form, tmp_path / "big.zip" if form == "csv" else tmp_path / "big")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 4_000_000  # the texts alone are 10 MB


def test_steps_add_up_to_the_nodes_and_edges(big_store, tmp_path):
    for form in FORMATS:
        steps = []
        export(big_store, form, tmp_path / f"steps-{form}", step=steps.append)
        assert sum(steps) == 4000 + 4000 + 1000
        assert max(steps) <= 500


def test_an_export_is_of_one_moment(small, tmp_path):
    store, other = SqliteStore(tmp_path / "one.db"), SqliteStore(tmp_path / "one.db")
    store.apply(small)
    before = store.content_hash()
    written = []

    def write(text):
        if not written:
            other.apply(Graph())
        written.append(text)

    stream(store, "jsonl", write)
    (tmp_path / "graph.jsonl").write_text("".join(written), encoding="utf-8")
    assert hash_of(read_graph(tmp_path / "graph.jsonl")) == before != store.content_hash()
    store.close()
    other.close()


def test_what_lies_around_a_subject_is_its_own(loaded, tmp_path):
    part = surroundings(loaded.store, "model:morningstar-7b")
    whole = {node.id for node in nodes(loaded.store)}
    ids = {identifier for _, identifier in part.nodes}
    assert ids < whole
    told = {
        row[0]
        for row in loaded.store.connection.execute(
            "select start from edge where type = 'ABOUT' and \"end\" = 'model:morningstar-7b'"
        )
    }
    assert told and {("Claim", claim) for claim in told} <= part.nodes.keys()
    for claim in told:
        rows = loaded.store.connection.execute(
            "select start from edge where type = 'REPORTS' and \"end\" = ?", (claim,)
        )
        for (statement,) in map(tuple, rows):
            document = part.nodes["Statement", statement].properties["document"]
            assert ("Document", document) in part.nodes
            assert ("Source", part.nodes["Document", document].properties["source"]) in part.nodes
    for edge in part.edges.values():
        start, end = EDGES[edge.type]
        assert {(start, edge.start), (end, edge.end)} <= part.nodes.keys()
    assert {name.entity for name in part.names} <= ids
    known = {edge_record(edge) for edge in part.edges.values()} | {name_record(name) for name in part.names}
    assert known <= loaded.records()


@pytest.fixture
def disputed(tmp_path):
    """Two disputes of invented parties that share a source and nothing else, one with a derivation and a judgement."""
    made = Graph()
    made.add_node("Source", "source:reed", name="The Reed")
    for number, (model, origin) in enumerate([("heron-7b", "egret-6b"), ("stork-2b", "crane-1b")]):
        for name in (model, origin):
            made.add_node("Entity", f"model:{name}", kind="model", name=name)
        dispute = f"dispute:{model}--{origin}"
        made.add_node("Dispute", dispute, slug=dispute[8:], accused=f"model:{model}", origin=f"model:{origin}")
        made.add_node("Claim", f"c-{number}", group="accusing")
        made.add_node("Statement", f"s-{number}", document=f"doc-{number}", post=1)
        made.add_node("Document", f"doc-{number}", kind="thread")
        for post in range(3):
            made.add_node("Post", f"doc-{number}#{post}")
            made.add_edge("IN_THREAD", f"doc-{number}#{post}", f"doc-{number}")
        made.add_edge("REPORTS", f"s-{number}", f"c-{number}")
        made.add_edge("STATED_IN", f"s-{number}", f"doc-{number}")
        made.add_edge("PUBLISHED_BY", f"doc-{number}", "source:reed")
        made.add_edge("PART_OF", f"c-{number}", dispute)
        made.add_edge("ABOUT", f"c-{number}", f"model:{model}", role="accused")
        derivation = f"derivation:{model}--{origin}--weights"
        made.add_node("Derivation", derivation, model=f"model:{model}", origin=f"model:{origin}", status="alleged")
        made.add_edge("RESTS_ON", derivation, f"c-{number}")
        made.add_edge("OF", derivation, f"model:{model}")
        made.add_edge("FROM", derivation, f"model:{origin}")
        made.add_node("Judgement", f"judgement:{number}", subject=f"c-{number}", sequence=number)
    store = SqliteStore(tmp_path / "disputed.db")
    store.apply(made)
    yield store
    store.close()


@pytest.mark.parametrize("subject", ["dispute:heron-7b--egret-6b", "model:heron-7b"])
def test_what_lies_around_a_dispute_has_nothing_of_another(disputed, subject):
    part = surroundings(disputed, subject)
    assert {identifier for _, identifier in part.nodes} == {
        *("source:reed", "model:heron-7b", "model:egret-6b", "dispute:heron-7b--egret-6b", "c-0", "s-0", "doc-0"),
        *("doc-0#1", "derivation:heron-7b--egret-6b--weights", "judgement:0"),
    }
    assert len(part.edges) == 9


def test_contents_by_ids_are_the_same_from_memory_and_from_a_store(small, tmp_path):
    store = SqliteStore(tmp_path / "small.db")
    store.apply(small)
    one, other = contents_of(small), contents_of(store)
    asked = [f"x{n}" for n in range(1200)] + ["model:heron-7b", "organization:reedbed"]
    assert list(other.nodes("Entity", asked)) == list(one.nodes("Entity", asked)) == list(one.nodes("Entity"))
    for ends in ({"starts": asked}, {"ends": asked}, {"starts": []}, {"ends": ["organization:reedbed"]}):
        for kind in EDGES:
            assert list(other.edges(kind, **ends)) == list(one.edges(kind, **ends))
    assert set(other.names(asked)) == set(one.names(asked)) == small.names
    assert one.count() == other.count() == (4, 4, 2)
    store.close()
