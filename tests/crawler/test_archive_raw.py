"""Raw bytes lie in a file of their own: compressed, each once, none lost and none left over."""

import signal
import sqlite3
import subprocess
import sys
import zlib

import pytest

from crawler.archive import Archive
from crawler.document import Document
from crawler.raw_bytes import Raw

URL = "https://example.org/a"
KILLED = """
import os, signal, sys
from crawler.archive import Archive
from crawler.document import Document
archive = Archive(sys.argv[1])
document = Document.create("one", url="https://example.org/a")
if sys.argv[2] == "before":
    archive.keep_raw(b"<p>one</p>")
elif sys.argv[2] == "within":
    raw = archive.keep_raw(b"<p>one</p>")
    archive.connection.execute("begin immediate")
    archive.add(document, raw=raw)
else:
    archive.add(document, raw=b"<p>one</p>")
if sys.argv[3] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
print("waits", flush=True)
sys.stdin.readline()
"""


@pytest.fixture
def path(tmp_path):
    return tmp_path / "a.db"


def page(text):
    return Document.create(text, url=URL, title="A")


def held(path):
    with sqlite3.connect(path.with_name("a.raw.db")) as connection:
        return {row[0]: row[1] for row in connection.execute("select digest, content from raw")}


def unsettled(path):
    with sqlite3.connect(path.with_name("a.raw.db")) as connection:
        return connection.execute("select count(*) from unsettled").fetchone()[0]


def test_bytes_are_compressed_and_kept_once(path):
    content = b"<p>the same words again and again</p>" * 1000
    with Archive(path) as archive:
        for n in range(3):
            archive.add(Document.create(f"text {n}", url=f"{URL}/{n}"), raw=content)
        (digest,) = {revision.raw for revision in archive.revisions()}
        assert archive.raw(digest) == content
    ((known, stored),) = held(path).items()
    assert known == digest and len(stored) < len(content) / 20 and unsettled(path) == 0


def test_the_content_type_is_kept_beside_the_bytes(path):
    with Archive(path) as archive:
        digest = archive.keep_raw(b"one")
        archive.add(page("one"), raw=digest)
        assert archive.raw(digest).content_type is None
    with Archive(path) as archive:
        archive.keep_raw(Raw(b"one", content_type="text/html; charset=gbk"))
        assert archive.raw(digest).content_type == "text/html; charset=gbk"


@pytest.mark.parametrize(
    ("first", "then", "kept"),
    [
        ("text/html; charset=iso-8859-1", "text/html; charset=big5", "text/html; charset=big5"),  # a server mended
        ("text/html; charset=big5", "text/html", "text/html; charset=big5"),
        ("text/html; charset=big5", None, "text/html; charset=big5"),
        ("text/html", "application/xhtml+xml", "application/xhtml+xml"),
    ],
)
def test_of_the_same_bytes_the_last_content_type_that_says_as_much_is_kept(path, first, then, kept):
    for runs in ((first, then), (first,), (then,)):  # in one run, and in runs of their own
        with Archive(path) as archive:
            for content_type in runs:
                raw = archive.keep_raw(Raw(b"one", content_type=content_type))
            archive.add(page("one"), raw=raw)
    with Archive(path) as archive:
        assert archive.raw(raw).content_type == kept


@pytest.mark.parametrize(("moment", "left"), [("before", 0), ("within", 0), ("after", 1)])
def test_a_kill_between_the_files_leaves_nothing_that_the_next_run_does_not_repair(path, moment, left):
    killed = subprocess.run([sys.executable, "-c", KILLED, path, moment, "kill"], check=False)
    assert killed.returncode == -signal.SIGKILL and len(held(path)) == 1 == unsettled(path)
    with Archive(path) as archive:
        assert [archive.raw(revision.raw) for revision in archive.revisions()] == [b"<p>one</p>"] * left
        archive.add(Document.create("two", url=f"{URL}/2"), raw=b"<p>two</p>")
        assert all(archive.raw(revision.raw) for revision in archive.revisions())
    assert len(held(path)) == left + 1 and unsettled(path) == 0


def test_what_was_written_before_a_kill_is_used_when_the_page_comes_again(path):
    subprocess.run([sys.executable, "-c", KILLED, path, "before", "kill"], check=False)
    with Archive(path) as archive:
        archive.add(page("one"), raw=b"<p>one</p>")
        assert [archive.raw(revision.raw) for revision in archive.revisions()] == [b"<p>one</p>"]


def test_what_a_living_process_wrote_is_left_to_it(path):
    with subprocess.Popen(
        [sys.executable, "-c", KILLED, path, "before", "wait"], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout.readline() == b"waits\n"
        with Archive(path) as archive:
            archive.keep_raw(b"<p>mine</p>")
            archive.settle_raw()
        assert [zlib.decompress(content) for content in held(path).values()] == [b"<p>one</p>"]
        assert unsettled(path) == 1
        other.communicate(b"\n")


def test_bytes_of_a_document_that_did_not_change_are_not_left_over(path):
    with Archive(path) as archive:
        archive.add(page("one"), raw=b"<p>one</p>")
        archive.add(page("one"), raw=b"<p>one</p><!-- another advertisement -->")
        kept = {revision.raw for revision in archive.revisions()}
    assert set(held(path)) == kept


def test_bytes_that_a_page_no_longer_refers_to_are_removed_and_those_of_revisions_stay(path):
    for content, text in ((b"1", "one"), (b"2", "two"), (b"2 ad", "two"), (b"2 ads", "two")):
        with Archive(path) as archive:
            archive.enqueue(URL, source="s")
            raw = archive.keep_raw(content)
            archive.add(page(text), raw=raw)
            archive.settle(URL, state="done", raw=raw, document=page(text).id)
    with Archive(path) as archive:
        archive.settle_raw()
        contents = {bytes(archive.raw(digest)) for digest in held(path)}
    assert contents == {b"1", b"2", b"2 ads"}


def test_a_file_of_the_first_version_is_brought_up_to_date(path):
    with Archive(path) as archive:
        archive.add(page("one"), raw=b"<p>one</p>")
    with sqlite3.connect(path.with_name("a.raw.db")) as connection:
        connection.executescript("alter table raw drop column content_type; drop table unsettled")
    with Archive(path) as archive:
        (revision,) = archive.revisions()
        assert archive.raw(revision.raw) == b"<p>one</p>"
        archive.add(Document.create("two"), raw=Raw(b"two", content_type="text/plain"))
    assert len(held(path)) == 2


def test_without_raw_bytes_there_is_no_second_file(path):
    with Archive(path) as archive:
        archive.add(page("one"))
        assert archive.raw("0" * 64) is None and archive.settle_raw() == 0
    assert not path.with_name("a.raw.db").exists()
