"""One real Neo4j server for the session, and a driver on its database, emptied for every test.

NEO4J_TEST_URI, with NEO4J_TEST_USER and NEO4J_TEST_PASSWORD, names a running server to use instead. Its database is
emptied too, so it has to be empty when the tests begin.
"""

import os
from dataclasses import dataclass

import pytest
from neo4j import GraphDatabase

from tests.neo4j import server


@dataclass(frozen=True)
class RunningServer:
    """A server that somebody else started; it has no version, pid or Browser that we know of."""

    uri: str
    auth: tuple[str, str] | None

    def connect(self):
        return GraphDatabase.driver(self.uri, auth=self.auth)


def versions():
    if os.environ.get("NEO4J_TEST_URI"):
        return ["running"]
    newest_runs = any(major in server.JAVA[server.NEWEST] for major in server.installed_java())
    return [server.STABLE, server.NEWEST] if newest_runs else [server.STABLE]


def give_up(reason):
    if os.environ.get("CI") == "true":
        pytest.fail(str(reason), pytrace=False)
    pytest.skip(str(reason))


def running_server():
    user = os.environ.get("NEO4J_TEST_USER", "neo4j")
    password = os.environ.get("NEO4J_TEST_PASSWORD")
    return RunningServer(os.environ["NEO4J_TEST_URI"], None if password is None else (user, password))


def schema(driver):
    constraints = driver.execute_query("SHOW CONSTRAINTS YIELD name").records
    indexes = driver.execute_query(
        "SHOW INDEXES YIELD name, type, owningConstraint WHERE type <> 'LOOKUP' AND owningConstraint IS NULL"
    ).records
    return [record["name"] for record in constraints], [record["name"] for record in indexes]


def empty(driver):
    with driver.session() as session:
        session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 10000 ROWS").consume()
    constraints, indexes = schema(driver)
    for name in constraints:
        driver.execute_query("DROP CONSTRAINT $name IF EXISTS", name=name)
    for name in indexes:
        driver.execute_query("DROP INDEX $name IF EXISTS", name=name)


@pytest.fixture(scope="session", params=versions())
def neo4j_version(request):
    return request.param


@pytest.fixture(scope="session")
def neo4j_server(neo4j_version):
    if neo4j_version == "running":
        found = running_server()
        with found.connect() as driver:
            nodes = driver.execute_query("MATCH (n) RETURN count(n) AS nodes").records[0]["nodes"]
            if nodes or any(schema(driver)):
                pytest.fail(f"the tests empty their database, and {found.uri} holds data or indexes", pytrace=False)
            yield found
            empty(driver)
        return
    try:
        own = server.Neo4jServer(neo4j_version)
    except server.Unavailable as reason:
        give_up(reason)
    with own:
        yield own


@pytest.fixture
def neo4j(neo4j_server):
    with neo4j_server.connect() as driver:
        empty(driver)
        yield driver


@pytest.fixture
def own_neo4j_server(neo4j_server):
    """The session's server where a test may ask for its process, Browser or password; skipped for a foreign one."""
    if isinstance(neo4j_server, RunningServer):
        pytest.skip("NEO4J_TEST_URI names a server that is not ours")
    return neo4j_server


@pytest.fixture
def open_neo4j_server(own_neo4j_server):
    """A second server, for one test, that a test may kill; authentication is off."""
    with server.Neo4jServer(own_neo4j_server.version, password=None) as opened:
        yield opened
