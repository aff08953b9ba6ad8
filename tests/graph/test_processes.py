"""Several processes on one file: a job that crawls and loads, readers, and kills; loads at once; files of other versions."""

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

import cli.main
import graph.load
from crawler.archive import Archive
from crawler.archive_tables import VERSION as ARCHIVE_VERSION
from crawler.document import Document
from crawler.forgetting import carry_out, plan_documents
from graph.build import build
from graph.build_tables import BUILT as BUILDER
from graph.errors import StoreError
from graph.evidence import Reading
from graph.judgements import Judgement, JudgementTable
from graph.load import BUILT, Steps, load
from graph.sqlite_store import VERSION, SqliteStore
from nlp.annotation_table import AnnotationTable
from nlp.pipeline import VERSION as ANNOTATOR
from nlp.vocabulary import load_vocabulary
from tests.crawler.loopback import Loopback
from tests.graph.conftest import Library
from tests.graph.corpora import Corpus

YUANLIU = Path(sys.executable).with_name("yuanliu")
NAMES = Path(__file__).with_name("retellings") / "names.toml"
FIRST, ALL = 16, 240  # documents that are there before the job, and at its end
SETTINGS = 'names = ["names.toml"]\ncatalogue = false\n[crawl]\ndelay = 0\nallow_private = true\n'
QUESTIONS = (
    ("timeline", "Morningstar-7B", "-f", "json"),
    ("disputes", "-f", "json"),
    ("stats", "-f", "json"),
)
SAID = (
    "Larkwood Labs accused Polestar Intelligence of copying Larkwing-{n}B",
    "Mara Quell denied that Morningstar-7B was copied from Larkwing-{n}B",
    "Larkwood Labs said that Morningstar-7B was copied from Larkwing-6B",
    "Polestar Intelligence apologised for Morningstar-7B",
    "Polestar Intelligence released Morningstar-{n}B",
)
WORDS = (
    "rain market tram bridge garden harbour evening bakery school river window letter lamp street orchard hill".split()
)


def page(number):
    """Return a short report with a statement or two of an invented dispute, and words that no other report has."""
    chance = random.Random(number)
    told = chance.sample(SAID, chance.randint(1, 2))
    day = 1 + number // FIRST  # the order in which a load takes them
    sentences = [f"On March {chance.randint(1, day)}, 2024, {each.format(n=number % 9 + 1)}." for each in told]
    filler = [" ".join(chance.choices(WORDS, k=9)).capitalize() + "." for _ in range(6)]
    paragraphs = [" ".join(filler[:3]), *sentences, " ".join(filler[3:])]
    return (
        f"<!doctype html><html lang=en><head><meta charset=utf-8><title>Report {number}</title>"
        f'<meta property="article:published_time" content="2024-03-{day:02}T09:00:00+08:00"></head><body><article>'
        f"<h1>Report {number}</h1>{''.join(f'<p>{each}</p>' for each in paragraphs)}</article></body></html>"
    ).encode()


@pytest.fixture(scope="module")
def web():
    with Loopback() as server:
        for number in range(ALL):
            server.pages[f"/a/{number}"] = page(number)
        yield server


def run(folder, *arguments):
    return subprocess.run([YUANLIU, *arguments], cwd=folder, capture_output=True, text=True, check=False)


def succeed(folder, *arguments):
    done = run(folder, *arguments)
    assert done.returncode == 0, done.stderr
    return done


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


def fill(path, numbers):
    """Fill an archive with made-up documents that are annotated already as `yuanliu load` would."""
    corpus, vocabulary = Corpus(models=60, days=60), load_vocabulary()
    readings = [corpus.reading(number) for number in numbers]
    with Archive(path) as archive:
        with archive.transaction():
            for reading in readings:
                archive.add(reading.revision.document)
        table = AnnotationTable(archive.connection, vocabulary=vocabulary.digest, version=ANNOTATOR)
        table.add(replace(r.annotation, vocabulary=vocabulary.digest, version=ANNOTATOR) for r in readings)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A folder with an archive of two batches that is not loaded."""
    folder = tmp_path_factory.mktemp("filled")
    fill(folder / "yuanliu.db", range(BUILT + 60))
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory, filled):
    """The same folder, loaded."""
    folder = shutil.copytree(filled, tmp_path_factory.mktemp("whole") / "folder")
    succeed(folder, "load")
    return folder


def start(folder, *arguments):
    return subprocess.Popen(
        [YUANLIU, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def hash_of(folder):
    store = SqliteStore(folder / "yuanliu.db")
    try:
        return store.content_hash()
    finally:
        store.close()


def test_two_loads_at_once_give_the_graph_of_one_and_no_error(tmp_path, filled, whole):
    folder = shutil.copytree(filled, tmp_path / "folder")
    loads = [start(folder, "load") for _ in range(2)]
    told = [load.communicate(timeout=120) for load in loads]
    assert [load.returncode for load in loads] == [0, 0], told
    assert all(err.startswith("read 0 of ") for _, err in told)
    assert hash_of(folder) == hash_of(whole)
    assert succeed(folder, "load").stderr.endswith("the graph has 0 records more, 0 changed, 0 removed\n")


class Interrupted:
    """Something that another process does when a load has built its first batch."""

    def __init__(self, work):
        self.work = work

    def __call__(self, _):
        work, self.work = self.work, None
        if work:
            work()


def loaded_with(library, work):
    """Load a library, and let something be done to its files after the first batch."""
    steps = Steps(built=Interrupted(work))
    return load(library.archive, library.store, library.table, annotator=lambda: library.annotator, steps=steps)


@pytest.fixture
def small_batches(monkeypatch):
    monkeypatch.setattr(graph.load, "BUILT", 3)


def test_documents_that_are_edited_during_a_load_are_loaded_as_they_were_and_anew_by_the_next(
    library, retellings, small_batches
):
    one, early = library(), library()
    one.add(retellings)
    last = max(retellings, key=lambda each: each.published or "9999")
    edited = Document.create(
        "Nothing is left but a line of text.", id=last.id, source=last.source, published=last.published
    )

    def edit():
        with Archive(one.archive.path) as archive:
            archive.add(edited)

    assert loaded_with(one, edit).documents == len(retellings)
    early.add(retellings)
    early.load()
    assert one.records() == early.records()
    one.load()
    early.add([edited])
    early.load()
    assert one.records() == early.records()


def test_a_document_that_is_forgotten_during_a_load_is_told_of_and_gone_after_the_next(
    library, retellings, small_batches
):
    one, early = library(), library()
    one.add(retellings)
    last = max(retellings, key=lambda each: each.published or "9999")

    def forget():
        with Archive(one.archive.path) as archive, archive.transaction():
            carry_out(archive, plan_documents(archive, [last.id]), reason=None)

    with pytest.raises(StoreError, match=f"{last.id} went from .* run `yuanliu load` again"):
        loaded_with(one, forget)
    one.load()
    early.add(each for each in retellings if each is not last)
    early.load()
    assert one.records() == early.records()


def test_a_load_takes_nothing_back_that_a_later_one_built_meanwhile(library, retellings, annotator, small_batches):
    one, early = library(), library()
    late, *rest = retellings
    edited = Document.create(
        "Only this line is left.", id=rest[-1].id, source=rest[-1].source, published=rest[-1].published
    )
    judged = annotator.annotate(rest[0]).statements[0].id
    rejected = Judgement(verdict="reject", subject=judged, value={"documents": [rest[0].id]})
    one.add(rest)

    def overtake():
        other = Library(one.archive.path, annotator)
        try:
            other.add([late, edited])
            JudgementTable(other.archive.connection).add(rejected, at="2024-05-01")
            other.load()
        finally:
            other.close()

    loaded_with(one, overtake)
    early.add([*rest, late])
    early.add([edited])
    JudgementTable(early.archive.connection).add(rejected, at="2024-05-01")
    early.load()
    assert one.records() == early.records()
    assert one.changes() == (0, 0, 0)


def make_older(path):
    """Take from a file what came with later versions."""
    connection = sqlite3.connect(path)
    with connection:
        tables = [row[0] for row in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            if table in (*BUILDER, "node_derivation", "node_judgement", "loose", "change", "mirror"):
                connection.execute(f"drop table {table}")
        for table, column in (("statement", "grounds"), ("dispute", "titleEn"), ("dispute", "titleZh")):
            connection.execute(f"alter table node_{table} drop column {column}")
        connection.execute("update graph_version set version = 1")
        connection.execute("update archive_version set version = 1")
    connection.close()


def test_a_file_of_an_older_version_is_brought_up_to_date_while_others_read_it(tmp_path, whole):
    folder = shutil.copytree(whole, tmp_path / "folder")
    expected, path = hash_of(folder), folder / "yuanliu.db"
    make_older(path)
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("begin")
    rows = reader.execute("select id, quote from node_claim order by id")
    claims = [rows.fetchone()]
    jobs = [start(folder, *each) for each in (("load",), ("stats",), ("disputes",), ("load",))]
    told = [job.communicate(timeout=120) for job in jobs]
    assert [job.returncode for job in jobs] == [0, 0, 0, 0], told
    claims += rows.fetchall()
    assert reader.execute("select version from graph_version").fetchone() == (1,)
    reader.execute("commit")
    assert reader.execute("select version from graph_version").fetchone() == (VERSION,)
    assert reader.execute("select version from archive_version").fetchone() == (ARCHIVE_VERSION,)
    assert reader.execute("select id, quote from node_claim order by id").fetchall() == claims
    reader.close()
    assert hash_of(folder) == expected


ASK_GRAPH = (
    *(("timeline", "x"), ("timeline", "x", "y"), ("claim", "c-1"), ("stats",), ("search", "x"), ("who", "x")),
    *(("disputes",), ("lineage", "x"), ("path", "x", "y"), ("export", "-f", "jsonl", "-o", "out.jsonl"), ("load",)),
    *(("judge", "same", "x", "y"), ("judge", "reject", "c-1")),
)
USE_ARCHIVE = (
    *(("ingest", "text.txt"), ("load",), ("stats",), ("crawl",), ("crawl", "--due"), ("update",), ("update", "--due")),
    *(("history", "x"), ("forget", "x", "--yes"), ("archive", "export", "out.warc.gz"), ("judge", "list")),
    *(("judge", "same", "x", "y"), ("crawl", "--re-extract")),
)


@pytest.mark.parametrize(
    ("kind", "version", "commands"),
    [("graph", VERSION, ASK_GRAPH), ("archive", ARCHIVE_VERSION, USE_ARCHIVE)],
    ids=["graph", "archive"],
)
def test_a_file_of_a_newer_version_is_refused_by_every_command(
    tmp_path, monkeypatch, capsys, whole, web, kind, version, commands
):
    source = f'[[source]]\nname = "gazette"\nkind = "feed"\nurl = "{web.url}/feed.xml"\n'
    (tmp_path / "yuanliu.toml").write_text(SETTINGS.partition("\n")[2] + source, encoding="utf-8")
    (tmp_path / "text.txt").write_text("A text.", encoding="utf-8")
    with sqlite3.connect(shutil.copy(whole / "yuanliu.db", tmp_path)) as newer:
        newer.execute(f"update {kind}_version set version = {version + 1}")
    newer.close()
    before = dump(tmp_path / "yuanliu.db")
    monkeypatch.chdir(tmp_path)
    for command in commands:
        monkeypatch.setattr(sys, "argv", ["yuanliu", *command])
        with pytest.raises(SystemExit) as ended:
            cli.main.run()
        out, err = capsys.readouterr()
        assert (ended.value.code, out) == (1, ""), (command, err)
        assert f"yuanliu.db has {kind} version {version + 1}, this yuanliu reads up to {version}" in err, (command, err)
        assert "Traceback" not in err
    assert dump(tmp_path / "yuanliu.db") == before


def dump(path):
    """Return what the tables of a file hold, but for the index of words."""
    connection = sqlite3.connect(path)
    try:
        query = "select name from sqlite_master where type = 'table' and name not like 'word%' order by name"
        tables = [row[0] for row in connection.execute(query)]
        return {table: connection.execute(f'select * from "{table}"').fetchall() for table in tables}
    finally:
        connection.close()
