"""Loading a server from the command line: whole, again, killed in the middle, and asked like the embedded store."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from graph.model import Graph
from graph.neo4j_store import Neo4jStore
from graph.store import Credentials

YUANLIU = Path(sys.executable).with_name("yuanliu")
MANY = 120
PASSWORD = "YUANLIU_NEO4J_PASSWORD"


def documents():
    """Return lines of JSON that make a graph of a few thousand records."""
    for number in range(MANY):
        day = f"2023-11-{1 + number % 28:02}"
        yield {
            "id": f"d{number}",
            "url": f"https://news{number % 7}.example/{number}",
            "title": f"报道 {number}",
            "published": f"{day}T08:00:00+08:00",
            "text": f"{day}，零一万物发布了模型Foo{number}-7B。次日，贾扬清指称Foo{number}-7B抄袭LLaMA。零一万物否认抄袭，"
            f"李开复表示模型是从零开始训练的，编号{number}。",
        }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with an archive of many documents and their graph in the embedded store."""
    made = tmp_path_factory.mktemp("loading")
    (made / "many.jsonl").write_text("\n".join(map(json.dumps, documents())), encoding="utf-8")
    for command in (["ingest", "many.jsonl"], ["load"]):
        subprocess.run([YUANLIU, *command], cwd=made, check=True, capture_output=True)
    return made


@pytest.fixture
def environment(neo4j_server):
    user, password = neo4j_server.auth or ("neo4j", "")
    return os.environ | {"YUANLIU_NEO4J_USER": user, PASSWORD: password}


@pytest.fixture
def ask(folder, environment):
    """Run a command in the folder and return what it did."""

    def run(*arguments):
        return subprocess.run(
            [YUANLIU, *arguments], cwd=folder, env=environment, capture_output=True, text=True, check=False
        )

    return run


@pytest.fixture
def emptied(neo4j_server):
    """The server without a graph, before and after."""
    user, password = neo4j_server.auth or ("neo4j", "")
    store = Neo4jStore(neo4j_server.uri, Credentials(user=user, password=password))
    store.apply(Graph())
    yield neo4j_server.uri
    store.apply(Graph())
    store.close()


def hash_of(ask, *options):
    return json.loads(ask("stats", "-f", "json", *options).stdout)["hash"]


def test_the_server_is_loaded_checked_and_asked_like_the_embedded_store(ask, emptied):
    loaded = ask("neo4j", "load", emptied)
    assert (loaded.returncode, loaded.stdout) == (0, "") and f"{MANY} documents" in loaded.stderr
    checked = ask("neo4j", "check", emptied, "-f", "json")
    told = json.loads(checked.stdout)
    assert (checked.returncode, told["equal"], told["missing"]) == (0, True, [])
    again = ask("neo4j", "load", emptied)
    assert "0 records new, 0 changed, 0 removed" in again.stderr
    for command in (["timeline", "零一万物"], ["who", "李开复"], ["stats"]):
        one, other = ask(*command, "-f", "json"), ask(*command, "-f", "json", "--store", emptied)
        assert (one.returncode, other.returncode) == (0, 0)
        assert json.loads(one.stdout) == json.loads(other.stdout)


def test_a_server_without_a_schema_is_told_of_and_mended(ask, emptied, neo4j_server):
    with neo4j_server.connect() as driver:
        driver.execute_query("DROP INDEX yuanliu_claim_date IF EXISTS")
    checked = ask("neo4j", "check", emptied)
    assert checked.returncode == 1 and "yuanliu_claim_date" in checked.stdout and "neo4j schema" in checked.stderr
    assert "made 1 constraints" in ask("neo4j", "schema", emptied).stderr
    assert "complete" in ask("neo4j", "schema", emptied).stderr


def test_an_index_that_stands_in_the_way_of_a_constraint_is_replaced(ask, emptied, neo4j_server):
    assert ask("neo4j", "schema", emptied).returncode == 0
    with neo4j_server.connect() as driver:
        driver.execute_query("DROP CONSTRAINT yuanliu_source_id")
        driver.execute_query("CREATE INDEX yuanliu_source_id FOR (n:Source) ON (n.id)")
    assert ask("neo4j", "schema", emptied).returncode == 0
    with neo4j_server.connect() as driver:
        names = driver.execute_query("SHOW CONSTRAINTS YIELD name").records
    assert "yuanliu_source_id" in {record["name"] for record in names}


def test_a_server_that_holds_something_else_fails_the_check(ask, emptied):
    assert ask("neo4j", "schema", emptied).returncode == 0
    checked = ask("neo4j", "check", emptied)
    assert checked.returncode == 1 and "does not hold what the embedded store holds" in checked.stderr


def test_no_message_holds_the_password(ask, emptied, environment):
    environment[PASSWORD] = "hunter2-not-it"
    told = [
        ask("neo4j", "check", emptied),
        ask("stats", "--store", emptied),
        ask("stats", "--store", "neo4j://a:hunter2-not-it@b"),
    ]
    if os.environ.get("NEO4J_TEST_URI") and not os.environ.get("NEO4J_TEST_PASSWORD"):
        pytest.skip("the server has no authentication")
    assert [each.returncode for each in told] == [1, 1, 1]
    assert not any("hunter2-not-it" in each.stdout + each.stderr for each in told)


def test_a_loader_killed_at_any_moment_is_gone_on_with(ask, folder, environment, emptied):
    chance = random.Random(20231106)
    for _ in range(4):
        loader = subprocess.Popen(
            [YUANLIU, "neo4j", "load", emptied], cwd=folder, env=environment, stderr=subprocess.DEVNULL
        )
        time.sleep(chance.uniform(0.8, 3.5))
        loader.send_signal(signal.SIGKILL)
        loader.wait()
    assert ask("neo4j", "load", emptied).returncode == 0
    assert hash_of(ask, "--store", emptied) == hash_of(ask)


def test_a_server_killed_in_the_middle_is_loaded_again(folder, open_neo4j_server):
    environment = os.environ | {PASSWORD: ""}
    loader = subprocess.Popen(
        [YUANLIU, "neo4j", "load", open_neo4j_server.uri],
        cwd=folder,
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
    )
    time.sleep(2.5)
    open_neo4j_server.kill()
    _, told = loader.communicate(timeout=120)
    if loader.returncode:
        assert "Traceback" not in told and told.startswith("yuanliu: ")
    open_neo4j_server.restart()
    for _ in range(2):
        done = subprocess.run(
            [YUANLIU, "neo4j", "load", open_neo4j_server.uri],
            cwd=folder,
            env=environment,
            capture_output=True,
            check=False,
        )
    assert done.returncode == 0

    def stats(*options):
        run = subprocess.run(
            [YUANLIU, "stats", "-f", "json", *options], cwd=folder, env=environment, capture_output=True, check=True
        )
        return json.loads(run.stdout)

    assert stats("--store", open_neo4j_server.uri) == stats()
