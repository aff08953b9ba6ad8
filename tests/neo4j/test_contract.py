"""One contract for both stores: the same graph gives the same hash and the same rows of every named query."""

import threading
from pathlib import Path

import hypothesis.strategies as st
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import graph.neo4j_store
from crawler.archive import Revision
from crawler.document import Document
from graph.build import build
from graph.errors import StoreError
from graph.evidence import Reading
from graph.model import EDGES, LABELS, Graph, Name
from graph.neo4j_store import Neo4jStore
from graph.sqlite_store import SqliteStore
from graph.store import Credentials, open_store
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary

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


def credentials(server):
    user, password = server.auth or ("neo4j", "")
    return Credentials(user=user, password=password)


@pytest.fixture(scope="module")
def server_store(neo4j_server):
    store = Neo4jStore(neo4j_server.uri, credentials(neo4j_server))
    yield store
    store.apply(Graph())
    store.close()


@pytest.fixture(scope="module")
def table_store(tmp_path_factory):
    store = SqliteStore(tmp_path_factory.mktemp("contract") / "graph.db")
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


IDS = st.sampled_from(["a", "b", "c-0", "c-1", "模型:一", "Ω", "z'\"\\", "emoji😀"])
VALUES = {
    "text": st.one_of(
        st.none(), st.sampled_from(["", "x", "套壳", "2023-11-06", "a\nb", "'; DROP", "😀", "accusing", "person"])
    ),
    "integer": st.one_of(st.none(), st.integers(-(2**31), 2**31)),
    "real": st.one_of(st.none(), st.integers(0, 3), st.floats(0, 1)),
}


@st.composite
def graphs(draw):
    """Any graph: nodes of every label, edges between those that exist, parallel ones told apart by their keys."""
    made = Graph()
    ids = {label: draw(st.lists(IDS, max_size=4, unique=True)) for label in LABELS}
    for label, columns in LABELS.items():
        for identifier in ids[label]:
            made.add_node(label, identifier, **{name: draw(VALUES[kind]) for name, kind in columns.items()})
    for kind, (start, end) in EDGES.items():
        if ids[start] and ids[end]:
            for _ in range(draw(st.integers(0, 3))):
                made.add_edge(
                    kind,
                    draw(st.sampled_from(ids[start])),
                    draw(st.sampled_from(ids[end])),
                    key=draw(st.sampled_from(["", "c-0", "键"])),
                    role=draw(VALUES["text"]),
                    count=draw(VALUES["integer"]),
                )
    for entity in ids["Entity"]:
        made.names |= {
            Name(folded, entity, folded.upper())
            for folded in draw(st.sets(st.sampled_from(["x", "套壳", "é", "yi 34b"])))
        }
    return made


def questions(made):
    """Every named query with parameters that ask about everything in a graph."""
    none = dict.fromkeys(("since", "until", "as_of", "kind", "by", "language", "confidence", "limit"))
    entities = [identifier for label, identifier in made.nodes if label == "Entity"]
    claims = [identifier for label, identifier in made.nodes if label == "Claim"]
    subjects = entities + [identifier for label, identifier in made.nodes if label == "Dispute"]
    yield from ((name, {}) for name in ("all_names", "counts"))
    for name in ("entity", "entity_names", "entity_numbers", "entity_relations"):
        yield from ((name, {"id": entity}) for entity in entities)
    for name in ("claims", "claim_parties", "claim_statements", "claim_links", "claim_disputes"):
        yield from ((name, {"ids": ids}) for ids in ([], claims, claims[:1], ["none"]))
    yield from (("claim_by_statement", {"prefix": prefix}) for prefix in ("s-", "s-0", "c", "a"))
    yield from (("entities_by_name", {"folded": folded}) for folded in ("x", "套壳", "yi", "none"))
    yield from (("entities_like", {"folded": folded, "limit": 3}) for folded in ("x", "壳", "i", "%"))
    narrowed = [
        {},
        {"since": "2023-11-10"},
        {"until": "2023-11-14"},
        {"kind": "accusing"},
        {"language": "zh"},
        {"as_of": "2024"},
        {"confidence": 0.9},
    ]
    narrowed += [{"limit": 1}]
    narrowed += [{"by": entity} for entity in entities[:2]]
    yield from (("timeline", {"subject": subject} | none | some) for subject in subjects for some in narrowed)


def assert_equal(one, other, made):
    assert one.content_hash() == other.content_hash()
    for name, parameters in questions(made):
        assert one.query(name, **parameters) == other.query(name, **parameters), (name, parameters)


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
    assert server_store.query(
        "timeline",
        subject="model:yi-34b",
        **dict.fromkeys(("since", "until", "as_of", "kind", "by", "language", "confidence", "limit")),
    )


@settings(
    max_examples=15,
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


class TestRefusals:
    def test_a_wrong_password_names_the_variables_and_not_the_password(self, neo4j_server):
        if neo4j_server.auth is None:
            pytest.skip("the server has no authentication")
        with pytest.raises(StoreError, match="YUANLIU_NEO4J_PASSWORD") as refused:
            open_store(neo4j_server.uri, credentials=Credentials(password="not-the-secret"))
        assert "not-the-secret" not in str(refused.value)

    def test_a_server_that_is_not_there(self):
        with pytest.raises(StoreError, match=r"cannot reach bolt://127\.0\.0\.1:1"):
            open_store("bolt://127.0.0.1:1", credentials=Credentials(password="x"))

    def test_a_server_that_is_too_old(self, neo4j_server, monkeypatch):
        monkeypatch.setattr(graph.neo4j_store, "OLDEST", (9999, 1))
        with pytest.raises(StoreError, match=r"needs 9999\.1 or later"):
            open_store(neo4j_server.uri, credentials=credentials(neo4j_server))

    def test_a_database_that_is_not_there(self, neo4j_server):
        login = credentials(neo4j_server)
        with pytest.raises(StoreError, match="YUANLIU_NEO4J_DATABASE"):
            open_store(
                neo4j_server.uri, credentials=Credentials(user=login.user, password=login.password, database="absent")
            )

    def test_a_password_in_the_address_is_refused_unrepeated(self):
        with pytest.raises(StoreError, match="YUANLIU_NEO4J_PASSWORD") as refused:
            open_store("neo4j://neo4j:hunter2@localhost:7687")
        assert "hunter2" not in str(refused.value)

    def test_credentials_do_not_show_the_password(self):
        assert "hunter2" not in repr(Credentials(password="hunter2"))
