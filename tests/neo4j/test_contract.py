"""One contract for both stores: the same graph gives the same hash and the same rows of every named query."""

import runpy
import threading
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, given, settings

import graph.neo4j_store
import graph.timeline
from crawler.archive import Revision
from crawler.document import Document
from graph import search_index
from graph.build import build
from graph.claim_card import claim_card
from graph.dispute_card import dispute_card
from graph.dispute_list import list_disputes
from graph.entity_card import find_cards
from graph.errors import StoreError
from graph.evidence import Reading
from graph.lineage import lineage
from graph.model import Graph
from graph.neo4j_store import Neo4jStore, flatten
from graph.path_steps import steps_of
from graph.paths import shortest_path
from graph.sqlite_store import SqliteStore
from graph.store import read_query
from graph.timeline import timeline
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary
from tests.neo4j.any_graph import graphs
from tests.neo4j.credentials import credentials
from tests.neo4j.every_query import questions

QUERIES = Path(graph.neo4j_store.__file__).with_name("queries")
TEXTS = [
    ("2023-11-06", "11月6日，零一万物发布了开源模型Yi-34B。"),
    ("2023-11-14", "11月14日，贾扬清指称，某公司的新模型抄袭LLaMA，只改了变量名。零一万物否认抄袭。"),
    ("2023-11-15", "On November 14, Yangqing Jia said that Yi-34B copied LLaMA. 01.AI denied it on November 15."),
    (
        "2024-06-03",
        "On June 3, Aksh Garg apologised for Llama3-V. Users said that Llama3-V copied MiniCPM-Llama3-V 2.5.",
    ),
]


@pytest.fixture(scope="module")
def server_store(neo4j_server):
    store = Neo4jStore(neo4j_server.uri, credentials(neo4j_server))
    yield store
    store.apply(Graph())
    store.close()


@pytest.fixture(scope="module")
def table_store(tmp_path_factory):
    store = SqliteStore(tmp_path_factory.mktemp("contract") / "graph.db")
    search_index.create(store.connection)
    yield store
    store.close()


@pytest.fixture(params=["sqlite", "neo4j"])
def store(request, table_store, server_store):
    """One store after the other."""
    return table_store if request.param == "sqlite" else server_store


@pytest.fixture(scope="module")
def sample():
    annotator = Annotator(load_vocabulary())
    documents = [
        Document.create(text, url=f"https://news{n}.example/a", title=f"报道 {n}", published=day)
        for n, (day, text) in enumerate(TEXTS)
    ]
    revisions = [Revision(document=d, sequence=1, recorded="2024-07-01T00:00:00+00:00", raw=None) for d in documents]
    return build(Reading(revision, annotator.annotate(revision.document)) for revision in revisions)


def assert_equal(table_store, server_store, made):
    assert table_store.content_hash() == server_store.content_hash()
    asked = list({repr(each): each for each in questions(made)}.values())
    for (name, parameters), rows in zip(asked, answers(server_store, asked), strict=True):
        assert table_store.query(name, **parameters) == rows, (name, parameters)


def answers(server_store, asked):
    """Yield a server's rows for many questions in one transaction.

    The server's time goes into plans, which it would make again for every graph; what they give does not depend on that.
    """
    with server_store.driver.session(database=server_store.database) as session, session.begin_transaction() as reading:
        for name, parameters in asked:
            text = "CYPHER replan=skip " + read_query(name, language="cypher")
            yield [flatten(record) for record in reading.run(text, parameters)]


def test_every_query_stands_in_both_languages():
    names = {path.stem for path in QUERIES.glob("*.sql")}
    assert names == {path.stem for path in QUERIES.glob("*.cypher")}
    asked = Graph()
    for label in ("Entity", "Claim", "Dispute"):
        asked.add_node(label, "x")
    assert {name for name, _ in questions(asked)} == names


def test_the_sample_gives_the_same_rows(table_store, server_store, sample):
    table_store.apply(sample)
    server_store.apply(sample)
    assert_equal(table_store, server_store, sample)
    assert timeline(server_store, "model:yi-34b") == timeline(table_store, "model:yi-34b") != []


def test_timelines_and_claim_cards_are_the_same_in_both_stores_however_they_are_asked(
    table_store, server_store, sample, monkeypatch
):
    table_store.apply(sample)
    server_store.apply(sample)
    subjects = [identifier for label, identifier in sample.nodes if label in ("Entity", "Dispute")]
    asked = [*subjects, ("model:yi-34b", "model:llama"), *((one, "org:01-ai") for one in subjects[:6])]
    for day in (None, "2024-06-01", "2024-08-01"):
        for subject in asked:
            one, other = (timeline(each, subject, {"as_of": day}, limit=50) for each in (table_store, server_store))
            assert one == other, (subject, day)
    claims = [identifier for label, identifier in sample.nodes if label == "Claim"]
    assert [claim_card(table_store, each) for each in claims] == [claim_card(server_store, each) for each in claims]
    gathered = [timeline(table_store, subject, limit=1) for subject in subjects]
    monkeypatch.setattr(graph.timeline, "MANY", 0)
    monkeypatch.setattr(graph.timeline, "STRIDE", 2)
    for store in (table_store, server_store):
        assert [timeline(store, subject, limit=1) for subject in subjects] == gathered


def test_questions_about_the_whole_are_answered_alike_by_both_stores(table_store, server_store):
    small = runpy.run_path(str(Path(__file__).parents[1] / "graph" / "small_graph.py"))["make_graph"]()
    table_store.apply(small)
    server_store.apply(small)
    assert_equal(table_store, server_store, small)

    def whole(store):
        entities = [identifier for label, identifier in small.nodes if label == "Entity"]
        for day in (None, "2024-04-15"):
            yield list_disputes(store, {"as_of": day}, names="zh")
            for row in store.query("disputes", status=None, since=None, about=None, by=None, limit=None):
                yield dispute_card(store, row, as_of=day)
            yield from (lineage(store, entity, as_of=day, depth=9) for entity in entities)
        yield from (find_cards(store, entity) for entity in entities)
        for goal in entities[1:]:
            hops = shortest_path(store, entities[0], goal)
            yield hops and steps_of(store, hops)

    assert list(whole(table_store)) == list(whole(server_store))


@settings(
    max_examples=6,  # each with many of everything: another plan costs more than another row
    deadline=None,
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    suppress_health_check=list(HealthCheck),
)
@given(made=graphs())
def test_any_graph_gives_the_same_rows(table_store, server_store, made):
    table_store.apply(made)
    server_store.apply(made)
    assert_equal(table_store, server_store, made)


def test_a_second_time_writes_nothing(store, sample):
    store.apply(sample)
    assert store.apply(sample) == {"added": 0, "changed": 0, "removed": 0}


def test_what_is_gone_is_removed(store, sample):
    store.apply(sample)
    removed = store.apply(Graph())["removed"]
    assert removed >= len(sample.nodes) + len(sample.edges)
    assert store.query("counts") == [dict.fromkeys(("entities", "statements", "claims", "links", "disputes"), 0)]


def test_parallel_edges_are_all_kept(store):
    made = Graph()
    made.add_node("Claim", "c-0")
    made.add_node("Entity", "model:x", kind="model")
    for number in range(20):
        made.add_edge("ABOUT", "c-0", "model:x", key=f"s-{number}")
    store.apply(made)
    assert store.query("entity_numbers", id="model:x")[0]["about"] == 20


def test_nodes_have_the_labels_that_people_expect(server_store, sample):
    server_store.apply(sample)
    labels = {frozenset(row["labels"]) for row in server_store.run("MATCH (n) RETURN DISTINCT labels(n) AS labels")}
    assert {
        frozenset(each)
        for each in (("Entity", "Person"), ("Entity", "Model"), ("Claim", "AccusingClaim"), ("Document", "Article"))
    } <= labels
    found = server_store.run("MATCH (p:Person {nameEn: 'Yangqing Jia'}) RETURN p.aliases AS aliases")
    assert "贾扬清" in found[0]["aliases"]


def test_full_text_finds_two_chinese_characters(server_store, sample):
    server_store.apply(sample)
    text = "CALL db.index.fulltext.queryNodes('yuanliu_words', '抄袭') YIELD node RETURN count(node) AS found"
    assert server_store.run("CALL db.index.fulltext.awaitEventuallyConsistentIndexRefresh()") == []
    assert server_store.run(text)[0]["found"] >= 1


def test_two_writers_at_once_end_in_one_right_graph(neo4j_server, server_store, table_store, sample):
    server_store.apply(Graph())
    table_store.apply(sample)
    failures = []

    def write():
        store = Neo4jStore(neo4j_server.uri, credentials(neo4j_server))
        try:
            store.apply(sample)
        except StoreError as error:
            failures.append(error)
        finally:
            store.close()

    writers = [threading.Thread(target=write) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert failures == []
    assert server_store.content_hash() == table_store.content_hash()
