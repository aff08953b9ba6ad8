"""What is exported for Neo4j fills a real server with the same graph, and the next load has nothing to change."""

import pytest

from graph.contents import contents_of
from graph.export import export, read_graph
from graph.export.surroundings import surroundings
from graph.model import EDGES, Graph, Name
from graph.neo4j_store import Neo4jStore
from graph.sqlite_store import SqliteStore
from graph.store import Credentials

HOSTILE = [
    *("", " ", "plain", "零一万物", "emoji 😀", "it's “quoted”", 'say "x"', "a,b;c", "two\nlines", "old\r\nlines\r"),
    *("end\\", '\\"', "\\\\", "\\\\\\", "\\u0041", "\\n", '{"a": "\\"b\\""}', "␛", "␛005c;", "␛;", "␛241b;005c;"),
    *(
        "nul\0",
        "bell\x07",
        "\x1b[31m",
        "\u2028",
        "\ufeffmark",
        "\x85",
        "\ufffe",
        "// no remark",
        "/* none */",
        "`",
        "$x",
    ),
    *("'; MATCH (n) DETACH DELETE n; //", "row.id", "{}", "null", "true", "12", "1e5", "=1+1"),
]


def hostile_graph():
    """A graph with every awkward text in every kind of place."""
    made = Graph()
    for number, text in enumerate(HOSTILE):
        made.add_node("Entity", f"model:{text}", kind=("model", "person", "organization", text)[number % 4], name=text)
        made.add_node(
            "Claim", f"c-{text}", quote=text, group="accusing", dates=text, sources=number, confidence=number / 7
        )
        made.add_node("Statement", f"s-{text}", quote=text, grounds=text, post=number or None, confidence=1e-9)
        made.add_edge("REPORTS", f"s-{text}", f"c-{text}")
        made.add_edge("MADE", f"model:{text}", f"c-{text}", key=text)
        made.add_edge("ABOUT", f"c-{text}", f"model:{text}", key=text, role=text, basis=None)
        made.add_edge("ABOUT", f"c-{text}", f"model:{text}", key=f"{text}2", role="accused", **{"odd name`": text})
        mixed = (number, number / 3, text)[number % 3]
        made.add_edge("RESPONDS_TO", f"c-{text}", f"c-{HOSTILE[0]}", confidence=0.5, cue=mixed)
        made.names |= {Name(f"{text}{extra}", f"model:{text}", text.upper()) for extra in ("", "2")}
    largest = 2**63 - 1
    made.add_node("Judgement", "judgement:1", sequence=largest, value="5", at="2024-01-01")
    made.add_node("Judgement", "judgement:2", sequence=-largest - 1, value=None)
    made.add_node("Document", "doc", kind="article", published="2024-01-01", recorded="r", revision=3)
    made.add_edge("MENTIONS", "doc", "model:plain", count=largest)
    return made


@pytest.fixture(scope="module")
def source(tmp_path_factory):
    store = SqliteStore(tmp_path_factory.mktemp("source") / "graph.db")
    store.apply(hostile_graph())
    yield store
    store.close()


@pytest.fixture
def filled(neo4j, neo4j_server):
    """The store of a server that is empty at first."""
    user, password = neo4j_server.auth or ("neo4j", "")
    store = Neo4jStore(neo4j_server.uri, Credentials(user=user, password=password))
    yield store
    store.close()


def run(driver, script):
    """Run the statements of a script one after the other, as cypher-shell does."""
    with driver.session() as session:
        for statement in script.split(";\n"):
            if statement.strip():
                session.run(statement).consume()


def assert_the_same(filled, source):
    assert set(filled.records()) == set(source.records())
    assert filled.content_hash() == source.content_hash()
    assert filled.missing_schema() == []
    assert filled.run("MATCH (n:Statement|Document) WHERE n.words IS NULL RETURN count(n) AS n") == [{"n": 0}]
    assert filled.apply(hostile_graph()) == {"added": 0, "changed": 0, "removed": 0}


def test_the_script_fills_a_server_and_can_be_run_again(neo4j, filled, source, tmp_path):
    export(source, "cypher", tmp_path / "graph.cypher")
    script = (tmp_path / "graph.cypher").read_text(encoding="utf-8")
    assert "\n" not in script.partition("awaitIndexes(300);\n")[2].replace(";\n", "")
    run(neo4j, script)
    assert_the_same(filled, source)
    run(neo4j, ";\n".join(script.split(";\n")[::5]))  # some of it
    assert_the_same(filled, source)


def test_load_csv_fills_a_server_and_can_be_run_again(neo4j, filled, source, tmp_path, own_neo4j_server):
    folder = tmp_path / "tables"
    export(source, "csv", folder)
    script = (folder / "load.cypher").read_text(encoding="utf-8").replace("file:///", f"file://{folder}/")
    for _ in range(2):
        run(neo4j, script)
        assert_the_same(filled, source)
    labels = neo4j.execute_query("MATCH (n:Entity) RETURN DISTINCT labels(n) AS labels").records
    assert {frozenset(row["labels"]) for row in labels} == {
        frozenset(("Entity", *more)) for more in ((), ("Model",), ("Person",), ("Organization",))
    }
    aliases = neo4j.execute_query("MATCH (n:Entity {id: 'model:plain'}) RETURN n.aliases AS aliases").records
    assert aliases[0]["aliases"] == ["PLAIN", "PLAIN"]


def test_a_server_is_exported_as_its_graph_and_narrowed_like_one(filled, source, tmp_path):
    filled.apply(hostile_graph())
    for form in ("graphml", "gexf", "jsonl", "networkx"):
        export(filled, form, tmp_path / form)
        store = SqliteStore(tmp_path / f"{form}.db")
        store.apply(read_graph(tmp_path / form))
        assert store.content_hash() == source.content_hash()
        store.close()
    assert contents_of(filled).count() == contents_of(source).count()
    for subject in ("model:plain", "model:"):
        one, other = surroundings(source, subject), surroundings(filled, subject)
        assert (one.nodes, one.names) == (other.nodes, other.names)
        assert one.edges.keys() == other.edges.keys() != set()
    ends = {"ends": ["model:plain", "c-", "none"]}
    for kind in EDGES:
        keys = ([(e.start, e.end, e.key) for e in contents_of(each).edges(kind, **ends)] for each in (filled, source))
        assert sorted(next(keys)) == sorted(next(keys))
