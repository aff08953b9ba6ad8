"""Several processes on one file: a job that crawls and loads and is killed, and readers that see committed states only."""

import json
import shutil
import signal
import sqlite3
import subprocess
import threading
import time
from pathlib import Path

from crawler.archive import Archive
from graph.build import build
from graph.evidence import Reading
from graph.load import BUILT
from graph.sqlite_store import SqliteStore
from nlp.annotation_table import AnnotationTable
from tests.graph.commands import SETTINGS, YUANLIU, run, succeed
from tests.graph.gazette import ALL, FIRST

NAMES = Path(__file__).with_name("retellings") / "names.toml"
QUESTIONS = (
    ("timeline", "Morningstar-7B", "-f", "json"),
    ("disputes", "-f", "json"),
    ("stats", "-f", "json"),
)


def count(folder, table, file="yuanliu.db"):
    """Count the rows of a table while others are at work."""
    connection = sqlite3.connect(folder / file, timeout=30)
    try:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]
    finally:
        connection.close()


def kill_when(process, is_time):
    """Kill a process with SIGKILL at a moment that has to come before it ends."""
    deadline = time.monotonic() + 120
    while not is_time():
        assert process.poll() is None and time.monotonic() < deadline, process.communicate()
        time.sleep(0.005)
    process.kill()
    process.communicate()
    assert process.returncode == -signal.SIGKILL


class Readers:
    """Readers that ask one question each, again and again, in processes of their own."""

    def __init__(self, folder):
        self.folder = folder
        self.answers = [[] for _ in QUESTIONS]
        self.ended = threading.Event()
        self.threads = [threading.Thread(target=self.ask, args=each) for each in enumerate(QUESTIONS)]

    def ask(self, place, question):
        while not self.ended.wait(0.4):
            done = run(self.folder, *question)
            self.answers[place].append((done.returncode, done.stdout, done.stderr))

    def __enter__(self):
        for thread in self.threads:
            thread.start()
        return self

    def __exit__(self, *_):
        self.ended.set()
        for thread in self.threads:
            thread.join()


def readings_of(path):
    """Return the readings of an archive in the order in which a load takes them, and the titles of its sources."""
    with Archive(path) as archive:
        vocabulary, version = archive.connection.execute("select vocabulary, version from annotation").fetchone()
        table = AnnotationTable(archive.connection, vocabulary=vocabulary, version=version)
        revisions = sorted(archive.revisions(), key=lambda each: (each.document.published, each.document.id))
        titles = {source.name: source.title for source in archive.sources()}
        return [Reading(each, table.get(each.document.id, each.document.digest)) for each in revisions], titles


def without_archive(answer):
    """Return an answer of `stats` without what it counts in the archive, which grows by itself."""
    row = json.loads(answer)
    return {name: value for name, value in row.items() if name not in ("documents", "revisions", "posts")}


def test_readers_see_committed_states_only_while_a_job_writes_and_is_killed(tmp_path, web):
    shutil.copy(NAMES, tmp_path / "names.toml")
    source = f'[[source]]\nname = "gazette"\nkind = "feed"\nurl = "{web.url}/feed.xml"\n'
    (tmp_path / "yuanliu.toml").write_text(SETTINGS + source, encoding="utf-8")
    web.set_feed([f"/a/{number}" for number in range(FIRST)])
    succeed(tmp_path, "update")
    assert count(tmp_path, "read_document") == FIRST
    web.set_feed([f"/a/{number}" for number in range(ALL)])
    with Readers(tmp_path) as readers:
        for is_time in (
            lambda: count(tmp_path, "document") > ALL // 2,  # in the midst of the crawl
            lambda: count(tmp_path, "read_document") > FIRST,  # after a batch was built, before the next one is
        ):
            job = subprocess.Popen([YUANLIU, "update"], cwd=tmp_path, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            kill_when(job, is_time)
        built = count(tmp_path, "read_document")
        assert FIRST < built < ALL
        succeed(tmp_path, "update")
        time.sleep(2)  # for an answer of the end
    assert count(tmp_path, "document") == count(tmp_path, "read_document") == ALL
    assert [(code, err) for each in readers.answers for code, _, err in each if code or err] == []
    check_answers(tmp_path, readers.answers)
    succeed(tmp_path, "load", "--store", "sqlite:other.db")
    ours, other = (
        json.loads(run(tmp_path, "stats", "-f", "json", *at).stdout) for at in ((), ("--store", "sqlite:other.db"))
    )
    assert ours == other and ours["documents"] == ALL and ours["statements"] >= ALL


def check_answers(folder, answers):
    """Check that each answer is the one of a state that was committed, and that nobody was told of an earlier one after a later one."""
    readings, titles = readings_of(folder / "yuanliu.db")
    sizes = [FIRST, *range(FIRST + BUILT, ALL, BUILT), ALL]
    told = []
    for size in sizes:
        store = SqliteStore(folder / f"state-{size}.db")
        store.apply(build(readings[:size], titles))
        store.close()
        told.append([succeed(folder, *each, "--store", f"sqlite:state-{size}.db").stdout for each in QUESTIONS])
    for place, each in enumerate(answers):
        normal = without_archive if QUESTIONS[place][0] == "stats" else json.loads
        states = [normal(state[place]) for state in told]
        seen = [normal(out) for _, out, _ in each]
        unknown = [answer for answer in seen if answer not in states]
        assert unknown == [], QUESTIONS[place]
        order = [states.index(answer) for answer in seen]
        assert order == sorted(order) and set(order) >= {0, len(sizes) - 1}, QUESTIONS[place]
    archived = [json.loads(out)["documents"] for _, out, _ in answers[2]]
    assert archived == sorted(archived)
