"""The server the other tests rely on: it is the real one, and the Cypher that yuanliu writes is valid on it."""

import os
import urllib.request

import pytest
from neo4j import GraphDatabase
from neo4j.exceptions import AuthError, ConstraintError

PAGES = [
    {"id": "zh", "text": "有网友质疑该模型套壳，公司随后回应称其为自主研发。"},
    {"id": "en", "text": "The company denied that its model was a wrapper."},
]


def rows(driver, query, **parameters):
    return [record.data() for record in driver.execute_query(query, parameters).records]


def test_it_is_the_community_edition_of_the_version_asked_for(neo4j, own_neo4j_server):
    (kernel,) = rows(neo4j, "CALL dbms.components() YIELD name, versions, edition WHERE name = 'Neo4j Kernel' RETURN *")
    assert kernel == {"name": "Neo4j Kernel", "versions": [own_neo4j_server.version], "edition": "community"}


def test_every_test_begins_with_an_empty_database(neo4j):
    assert rows(neo4j, "MATCH (n) RETURN count(n) AS nodes") == [{"nodes": 0}]
    assert rows(neo4j, "SHOW CONSTRAINTS YIELD name") == []
    assert rows(neo4j, "SHOW INDEXES YIELD name, type WHERE type <> 'LOOKUP'") == []


def test_a_uniqueness_constraint_refuses_a_second_node(neo4j):
    neo4j.execute_query("CREATE CONSTRAINT model_id IF NOT EXISTS FOR (m:Model) REQUIRE m.id IS UNIQUE")
    neo4j.execute_query("CREATE (:Model {id: 'a'})")
    with pytest.raises(ConstraintError):
        neo4j.execute_query("CREATE (:Model {id: 'a'})")


def test_a_range_index_is_made_once(neo4j):
    for _ in range(2):
        neo4j.execute_query("CREATE INDEX claim_published IF NOT EXISTS FOR (c:Claim) ON (c.publishedOn)")
    found = rows(neo4j, "SHOW INDEXES YIELD name, type WHERE name = 'claim_published' RETURN name, type")
    assert found == [{"name": "claim_published", "type": "RANGE"}]


def test_the_cjk_full_text_index_finds_a_word_inside_a_chinese_sentence(neo4j):
    neo4j.execute_query(
        "CREATE FULLTEXT INDEX page_text IF NOT EXISTS FOR (p:Page) ON EACH [p.text] "
        "OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}}"
    )
    neo4j.execute_query("UNWIND $pages AS page CREATE (p:Page) SET p += page", pages=PAGES)
    neo4j.execute_query("CALL db.awaitIndexes(60)")
    search = "CALL db.index.fulltext.queryNodes('page_text', $words) YIELD node RETURN node.id AS id"
    assert rows(neo4j, search, words="套壳") == [{"id": "zh"}]
    assert rows(neo4j, search, words="蒸馏") == []


def test_a_subquery_sees_the_variable_it_imports(neo4j):
    neo4j.execute_query("CREATE (:Model {id: 'a'})-[:DERIVED_FROM]->(:Model {id: 'b'})")
    query = """
        MATCH (a:Model)
        CALL (a) { MATCH (a)-[:DERIVED_FROM]->(b) RETURN count(b) AS bases }
        RETURN a.id AS id, bases ORDER BY id
    """
    assert rows(neo4j, query) == [{"id": "a", "bases": 1}, {"id": "b", "bases": 0}]


def test_properties_are_added_from_a_row(neo4j):
    neo4j.execute_query("CREATE (:Model {id: 'a', kept: true})")
    changed = rows(neo4j, "MATCH (n:Model {id: $row.id}) SET n += $row RETURN n", row={"id": "a", "name": "甲"})
    assert changed == [{"n": {"id": "a", "kept": True, "name": "甲"}}]


def test_a_relationship_property_in_the_key_keeps_two_statements_apart(neo4j):
    merge = """
        UNWIND $rows AS row
        MERGE (a:Model {id: row.from})
        MERGE (b:Model {id: row.to})
        MERGE (a)-[r:DERIVED_FROM {claim: row.claim}]->(b)
        ON CREATE SET r.publishedOn = date(row.day)
    """
    statements = [{"from": "a", "to": "b", "claim": claim, "day": "2024-05-06"} for claim in ("c1", "c2")]
    for _ in range(2):
        neo4j.execute_query(merge, rows=statements)
    found = rows(neo4j, "MATCH ()-[r:DERIVED_FROM]->() RETURN r.claim AS claim ORDER BY claim")
    assert found == [{"claim": "c1"}, {"claim": "c2"}]


def test_the_browser_is_served(own_neo4j_server):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(f"{own_neo4j_server.http_url}/browser/", timeout=10) as answer:
        assert answer.status == 200
        assert answer.headers.get_content_type() == "text/html"
        assert b"Neo4j Browser" in answer.read()


def test_a_wrong_password_is_refused(own_neo4j_server):
    with (
        GraphDatabase.driver(own_neo4j_server.uri, auth=("neo4j", "not-the-password")) as driver,
        pytest.raises(AuthError),
    ):
        driver.verify_connectivity()


def test_committed_data_survive_a_kill(open_neo4j_server):
    with open_neo4j_server.connect() as driver:
        driver.execute_query("CREATE (:Model {id: 'a'})")
    before = open_neo4j_server.pid
    open_neo4j_server.kill()
    with pytest.raises(ProcessLookupError):
        os.kill(before, 0)
    open_neo4j_server.restart()
    assert open_neo4j_server.pid != before
    with open_neo4j_server.connect() as driver:
        assert rows(driver, "MATCH (m:Model) RETURN m.id AS id") == [{"id": "a"}]
