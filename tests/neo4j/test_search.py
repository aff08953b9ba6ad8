"""Searching gives the same rows, in the same order and with the same scores, from both stores."""

import pytest

from graph import search_index
from graph.model import Graph, Name
from graph.neo4j_store import Neo4jStore
from graph.search import search
from graph.search_index import index_text
from graph.sqlite_store import SqliteStore
from graph.store import Credentials

QUOTES = [
    ("zh", "北辰智能的晨星模型被指套殼ＧＰＴ－４。"),
    ("zh", "北辰智能否认套壳。"),
    ("en", "Tamsin Oduya said that the model is a wrapper, a wrapper around GPT-4."),
    ("en", "The open source weights were not copied."),
    ("en", "Its source is open."),
    ("zh", "欧杜雅没有回应。"),
    ("zh", "模型的壳"),
    ("en", "AND OR NOT (x*)"),
]
QUESTIONS = [
    *(
        "套壳",
        "套殼 gpt4",
        "壳",
        "gpt 4",
        "北辰智能否认",
        "wrapper",
        "open source",
        '"open source"',
        "欧杜雅",
        '"欧杜雅"',
    ),
    *("tamsin oduya", "套壳 zebra wrapper", "被指否认套壳", "zebra", "AND", "NOT x*", "的壳", "gpt的", "Paper 标题"),
]


@pytest.fixture(scope="module")
def made():
    told = Graph()
    for entity, name, chinese in (("person:o", "Tamsin Oduya", "欧杜雅"), ("org:n", "North Star", "北辰智能")):
        told.add_node("Entity", entity, kind="person", name=name, nameEn=name, nameZh=chinese)
        told.names |= {Name(name.lower(), entity, name), Name(chinese, entity, chinese)}
    for number, (language, quote) in enumerate(QUOTES):
        document, statement, claim = f"u-{number}", f"s-{number}", f"c-{number // 2}"
        day = f"2024-05-0{number // 2 + 1}"
        told.add_node("Source", f"source:{number}", name=f"Paper {number}")
        told.add_node("Document", document, title=f"标题 {quote[:6]}", published=day, language=language, origin="u-0")
        told.add_edge("PUBLISHED_BY", document, f"source:{number}")
        told.add_node("Statement", statement, quote=quote, language=language, url=f"http://p.example/{number}")
        told.add_node("Claim", claim, kind="denial", group="answering", speaker="person:o", sortDate=day, sources=2)
        told.add_edge("STATED_IN", statement, document)
        told.add_edge("REPORTS", statement, claim)
        told.add_edge("MADE", "person:o" if number < 4 else "org:n", claim)
    return told


@pytest.fixture(scope="module")
def stores(neo4j_server, tmp_path_factory, made):
    """The same graph on both, with the words of every text."""
    user, password = neo4j_server.auth or ("neo4j", "")
    server = Neo4jStore(neo4j_server.uri, Credentials(user=user, password=password))
    table = SqliteStore(tmp_path_factory.mktemp("search") / "graph.db")
    for store in (table, server):
        store.apply(made)
    search_index.rebuild(table.connection)
    texts = {"Statement": "quote", "Document": "title"}
    for label, name in texts.items():
        words = [
            {"id": identifier, "words": index_text(node.properties[name])}
            for (each, identifier), node in made.nodes.items()
            if each == label
        ]
        server.run(f"UNWIND $rows AS row MATCH (n:{label} {{id: row.id}}) SET n.words = row.words", {"rows": words})
    yield table, server
    server.apply(Graph())
    server.close()
    table.close()


@pytest.mark.parametrize("words", QUESTIONS)
@pytest.mark.parametrize(
    "limits",
    [{}, {"since": "2024-05-02", "until": "2024-05-03"}, {"language": "zh"}, {"by": "person:o", "kind": "answering"}],
    ids=["all", "days", "language", "speaker"],
)
def test_both_stores_answer_alike(stores, words, limits):
    table, server = (search(store, words, limits) for store in stores)
    assert table == server


def test_something_is_found(stores):
    for store in stores:
        assert [len(search(store, words).rows) > 0 for words in ("套壳", "wrapper", "壳", "欧杜雅", "zebra")] == [
            *(True, True, True, True),
            False,
        ]


def test_what_is_past_the_bound_is_told_by_both(stores, monkeypatch):
    monkeypatch.setattr("graph.search.MOST_WEIGHED", 1)
    for store in stores:
        found = search(store, "gpt", kinds=("statement",))
        assert (found.is_partial, len(found.rows)) == (True, 1)
