"""A server that cannot be used is refused with what to change, and no message repeats a password."""

import pytest

import graph.neo4j_store
from graph.errors import StoreError
from graph.store import Credentials, open_store
from tests.neo4j.credentials import credentials


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
