"""Several processes on a file that is there: two loads at once, and files of older and newer versions."""

import shutil
import sqlite3
import subprocess
import sys
from dataclasses import replace

import pytest

import cli.main
from crawler.archive import Archive
from crawler.archive_tables import VERSION as ARCHIVE_VERSION
from graph.build_tables import BUILT as BUILDER
from graph.load import BUILT
from graph.sqlite_store import VERSION, SqliteStore
from nlp.annotation_table import AnnotationTable
from nlp.pipeline import VERSION as ANNOTATOR
from nlp.vocabulary import load_vocabulary
from tests.graph.commands import SETTINGS, YUANLIU, succeed
from tests.graph.corpora import Corpus


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
