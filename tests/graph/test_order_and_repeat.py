"""The graph depends on the set of the documents only: order, batches, repetition and kills leave no trace in it."""

import json
import random
import shutil
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.archive import Archive
from crawler.document import Document
from graph.build import build
from graph.evidence import Reading
from graph.load import BUILT
from graph.model import content_hash, edge_record, name_record, node_record
from graph.sqlite_store import SqliteStore
from graph.timeline import other_dates, timeline
from nlp.annotation_table import AnnotationTable
from nlp.pipeline import VERSION
from tests.graph.corpora import Corpus

MODEL = "model:morningstar-7b"
YUANLIU = Path(sys.executable).with_name("yuanliu")
UNREAD, READ = (
    120,
    400,
)  # documents that no load has read, and that one has, in the archive of the loads that are killed


def edited(document, text):
    """Return a later revision of an article."""
    kept = ("id", "url", "source", "kind", "language", "title", "published")
    return Document.create(text, **{name: getattr(document, name) for name in kept})


def by_id(retellings, *identifiers):
    return [document for document in retellings if document.id in identifiers]


def row_of(library, document):
    (row,) = [row for row in timeline(library.store, MODEL) if document in row["documents"]]
    return row


def hash_of(graph):
    lines = [node_record(node.label, node.id, node.properties) for node in graph.nodes.values()]
    lines += [edge_record(edge) for edge in graph.edges.values()]
    return content_hash([*lines, *map(repr, graph.names)])


def test_the_retellings_are_joined_between_documents_and_languages(loaded):
    told = {row["claim"]: set(row["documents"]) for row in timeline(loaded.store, MODEL)}
    assert {"en-charge", "zh-charge", "en-charge-again"} in told.values()
    assert {"zh-admission", "en-admission"} in told.values()
    assert len(told) < sum(map(len, told.values()))


@settings(deadline=None, max_examples=40)
@given(data=st.data())
def test_any_order_builds_the_same_graph(readings, data):
    order = data.draw(st.permutations(readings))
    assert hash_of(build(order)) == hash_of(build(readings))


@settings(deadline=None, max_examples=25)
@given(data=st.data())
def test_any_order_of_some_documents_builds_the_same_graph(readings, data):
    some = data.draw(st.lists(st.sampled_from(readings), unique_by=lambda reading: reading.id))
    assert hash_of(build(data.draw(st.permutations(some)))) == hash_of(build(some))


def test_what_is_built_and_what_is_stored_are_the_same(loaded, readings):
    graph = build(readings)
    lines = [node_record(node.label, node.id, node.properties) for node in graph.nodes.values()]
    lines += [edge_record(edge) for edge in graph.edges.values()]
    assert set(lines) == {line for line in loaded.records() if not line.startswith('["name"')}
    assert len(graph.names) == sum(line.startswith('["name"') for line in loaded.records())


@pytest.mark.parametrize("size", [1, 5])
def test_other_batches_in_another_order_give_the_same_hash(library, loaded, retellings, size):
    other = library()
    order = random.Random(size).sample(retellings, len(retellings))
    for start in range(0, len(order), size):
        other.add(order[start : start + size], recorded=f"2031-01-{start + 1:02}")
        other.load()
    assert other.records() == loaded.records()
    assert other.store.content_hash() == loaded.store.content_hash()


def test_a_second_load_changes_nothing(library, retellings):
    one = library()
    one.add(retellings)
    first = one.load()
    assert (first.documents, first.annotated, first.changed, first.removed) == (12, 12, 0, 0) and first.added > 100
    before = one.store.content_hash()
    one.add(retellings, recorded="2031-01-01")
    again = one.load()
    assert (again.annotated, again.added, again.changed, again.removed) == (0, 0, 0, 0)
    assert one.store.content_hash() == before


def test_a_document_that_is_edited_back_leaves_the_graph_as_it_was_but_for_the_number_of_its_revision(
    library, retellings
):
    one = library()
    one.add(retellings)
    one.load()
    before = one.records()
    (remedy,) = by_id(retellings, "en-remedy")
    one.add([edited(remedy, "Nothing is left of this page but a line of text.")])
    one.load()
    one.add([remedy])
    assert one.load().annotated == 0
    assert one.records() == before


def test_an_edit_around_a_statement_changes_its_document_and_its_place_and_confidence_only(library, retellings):
    one = library()
    one.add(retellings)
    one.load()
    before = one.records()
    (remedy,) = by_id(retellings, "en-remedy")
    one.add([edited(remedy, "The doors are green now. " + remedy.text)])
    added, changed, removed = one.changes()
    assert (added, removed) == (0, 0) and changed in (2, 3)
    gone, come = ([json.loads(line) for line in lines] for lines in (before - one.records(), one.records() - before))
    assert {"Document", "Statement"} <= {row[0] for row in gone + come} <= {"Document", "Statement", "Claim"}
    assert len({row[1] for row in gone + come}) <= changed
    old, new = ([{**row[2], "confidence": 0} for row in rows if row[0] == "Claim"] for rows in (gone, come))
    assert old == new


def test_an_edit_that_takes_a_statement_out_removes_what_rested_on_it_only(library, retellings):
    one = library()
    one.add(retellings)
    one.load()
    row = row_of(one, "en-remedy")
    before = one.records()
    (remedy,) = by_id(retellings, "en-remedy")
    one.add([edited(remedy, "The doors are green now.")])
    one.load()
    gone, come = before - one.records(), one.records() - before
    dispute = f"dispute:{row['dispute']}"
    spelled_there_only = "model:owlet-5b"
    ids = {"en-remedy", row["claim"], row["claim"].replace("c-", "s-"), dispute, spelled_there_only}
    elsewhere = [line for line in gone | come if not any(f'"{identifier}"' in line for identifier in ids)]
    assert all(line.startswith('["Derivation"') for line in elsewhere)  # which goes on as long as its last answer
    assert not any(row["claim"] in line for line in one.records())
    assert row["claim"] not in {other["claim"] for other in timeline(one.store, MODEL)}


def test_an_edited_document_gives_what_it_would_have_given_at_once(library, retellings):
    late, early = library(), library()
    (denial,) = by_id(retellings, "en-denial-late")
    rest = [document for document in retellings if document is not denial]
    other = edited(denial, denial.text.replace("March 6", "March 5"))
    late.add([*rest, denial])
    late.load()
    late.add([other])
    late.load()
    early.add([other, *rest])
    early.load()
    numbered = {line.replace('"revision": 2', '"revision": 1') for line in late.records()}
    assert numbered == early.records()


def test_two_documents_that_date_one_claim_differently_give_one_claim_with_both_dates(library, retellings):
    one = library()
    one.add(by_id(retellings, "en-denial", "en-denial-late"))
    one.load()
    (row,) = timeline(one.store, MODEL)
    assert row["documents"] == ["en-denial", "en-denial-late"]
    assert (row["date"], row["basis"], row["sources"]) == ("2024-03-05", "stated", 2)
    assert [(told["date"], told["sources"]) for told in row["dates"]] == [("2024-03-05", 1), ("2024-03-06", 1)]
    assert other_dates(row["dates"]) == ["2024-03-06"]


def test_the_date_that_more_sources_give_stands_first(library, retellings):
    one = library()
    (denial,) = by_id(retellings, "en-denial-late")
    repeated = Document.create(
        "Some paper wrote it later. On March 6, 2024, Mara Quell denied that Morningstar-7B was copied from "
        "Larkwing-6B. Nobody was surprised in the least by then.",
        id="en-denial-later",
        source="gazette.example",
        language="en",
        published="2024-03-09",
    )
    one.add([*by_id(retellings, "en-denial"), denial, repeated])
    one.load()
    (row,) = timeline(one.store, MODEL)
    assert (row["date"], other_dates(row["dates"])) == ("2024-03-06", ["2024-03-05"])


def test_a_near_copy_is_no_source_of_its_own(library, retellings):
    one = library()
    one.add(by_id(retellings, "zh-denial", "zh-denial-copy"))
    one.load()
    (row,) = timeline(one.store, MODEL)
    assert (row["documents"], row["sources"]) == (["zh-denial", "zh-denial-copy"], 1)
    assert (row["document"], row["dates"][0]["sources"]) == ("zh-denial", 1)
    one.add(by_id(retellings, "en-denial"))
    one.load()
    assert row_of(one, "zh-denial")["sources"] == 2


def test_what_was_recorded_later_is_neither_counted_nor_cited_as_of_a_day(library, retellings):
    one = library()
    one.add(by_id(retellings, "en-charge"), recorded="2024-04-01T00:00:00+00:00")
    one.add(by_id(retellings, "en-charge-again"), recorded="2024-05-01T00:00:00+00:00")
    one.load()
    (row,) = timeline(one.store, MODEL, {"as_of": "2024-04-15"})
    assert (row["documents"], row["sources"]) == (["en-charge"], 1)


def many(number):
    """Return documents that make a load last a while."""
    for i in range(number):
        yield Document.create(
            f"On March {i % 28 + 1}, 2024, Larkwood Labs accused Polestar Intelligence of copying Larkwing-{i}B. "
            + "It had rained all week, and the street was empty. " * 20,
            id=f"many-{i}",
            source=f"paper{i % 7}.example",
            language="en",
            published="2024-04-01",
        )


@pytest.fixture(scope="module")
def unread(tmp_path_factory, retellings, annotator):
    """A folder with an archive of documents that no load has read, and of more that were read but not built into the graph."""
    folder = tmp_path_factory.mktemp("unread")
    (folder / "yuanliu.toml").write_text('names = ["names.toml"]\n', encoding="utf-8")
    shutil.copy(Path(__file__).with_name("retellings") / "names.toml", folder)
    corpus, key = Corpus(models=60, days=60), (annotator.vocabulary.digest, VERSION)
    with Archive(folder / "yuanliu.db") as archive:
        with archive.transaction():
            for document in [*retellings, *many(UNREAD - len(retellings))]:
                archive.add(document)
            for number in range(READ):
                archive.add(corpus.reading(number).revision.document)
        annotations = [corpus.reading(number).annotation for number in range(READ)]
        table = AnnotationTable(archive.connection, vocabulary=key[0], version=key[1])
        table.add(replace(each, vocabulary=key[0], version=key[1]) for each in annotations)
    return folder


def start_load(folder):
    return subprocess.Popen([YUANLIU, "load"], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


def finish_load(folder):
    process = start_load(folder)
    out, err = process.communicate(timeout=120)
    assert (process.returncode, out) == (0, b""), err.decode()
    return err.decode()


def count(folder, table):
    """Return how many rows a table has; a load may be at work."""
    connection = sqlite3.connect(folder / "yuanliu.db", timeout=30)
    try:
        return connection.execute(f"select count(*) from {table}").fetchone()[0]
    except sqlite3.OperationalError:
        return 0
    finally:
        connection.close()


def built(folder):
    """Return the documents that a graph holds, and its hash."""
    store = SqliteStore(folder / "yuanliu.db")
    try:
        held = {row[0] for row in store.connection.execute("select id from read_document")}
        return held, store.content_hash()
    finally:
        store.close()


def hash_of_documents(folder, held, annotator):
    """Return the hash of the graph that some documents of an archive give at once."""
    with Archive(folder / "yuanliu.db") as archive:
        table = AnnotationTable(archive.connection, vocabulary=annotator.vocabulary.digest, version=VERSION)
        revisions = [archive.current(each) for each in held]
        graph = build(Reading(each, table.get(each.document.id, each.document.digest)) for each in revisions)
    lines = [node_record(node.label, node.id, node.properties) for node in graph.nodes.values()]
    lines += [edge_record(edge) for edge in graph.edges.values()]
    return content_hash([*lines, *map(name_record, graph.names)])


def test_kill_9_at_any_moment_of_a_load_leaves_the_graph_of_whole_batches_and_the_next_load_ends_it(
    tmp_path, unread, annotator
):
    hurt = shutil.copytree(unread, tmp_path / "hurt")
    with Archive(hurt / "yuanliu.db") as archive:
        heads = archive.heads()
    order = sorted(heads, key=lambda each: (heads[each][1] or "9999", each))
    chance = random.Random()
    seen, last, hashes = (READ, 0), 0, set()
    for table, enough in (  # how far it has come at the kill: in the start, the midst, the end
        ("annotation", READ + UNREAD // 2),
        ("annotation", READ + UNREAD),
        ("read_document", 1),
        ("read_document", BUILT + 1),
    ):
        process = start_load(hurt)
        deadline = time.monotonic() + 60
        while process.poll() is None and count(hurt, table) < enough and time.monotonic() < deadline:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.2))
        process.kill()
        process.communicate()
        now = count(hurt, "annotation"), count(hurt, "read_document")
        assert all(one >= other for one, other in zip(now, seen, strict=True)) and count(hurt, table) >= enough
        seen = now
        held, digest = built(hurt)
        assert held == set(order[: len(held)]) and (len(held) % BUILT == 0 or len(held) == len(order))
        if len(held) > last:
            last = len(held)
            assert digest == hash_of_documents(hurt, held, annotator)
        hashes.add(digest)
    assert seen[1] > BUILT and len(hashes) >= 3
    assert finish_load(hurt).startswith(f"read 0 of {len(order)} documents")
    held, digest = built(hurt)
    assert held == set(order) and digest == hash_of_documents(hurt, held, annotator)
    assert finish_load(hurt).endswith("the graph has 0 records more, 0 changed, 0 removed\n")
    assert built(hurt)[1] == digest
