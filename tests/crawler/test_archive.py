"""The archive keeps every revision and never loses one."""

import sqlite3

import pytest

from crawler.archive import Archive
from crawler.document import Document
from crawler.errors import ArchiveError


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path / "a.db") as opened:
        yield opened


def page(text, **header):
    return Document.create(text, url="https://example.org/a", title="A", **header)


def test_a_document_comes_back_as_it_was_stored(archive):
    document = page("零一万物发布 Yi。", published="2023-11-06T09:00+08:00")
    assert archive.add(document) == "new"
    (revision,) = archive.revisions()
    assert revision.document == document


def test_the_same_document_again_is_unchanged(archive):
    archive.add(page("one"))
    assert archive.add(page("one", fetched="2024-01-01T00:00:00+00:00")) == "unchanged"
    assert archive.counts() == {"documents": 1, "revisions": 1, "posts": 1}


def test_an_edited_page_is_a_second_revision_and_the_first_stays(archive):
    archive.add(page("one"))
    assert archive.add(page("two")) == "changed"
    assert [r.document.text for r in archive.revisions("u-" + page("one").id[2:])] == ["one", "two"]
    assert [r.document.text for r in archive.revisions()] == ["two"]


def test_a_page_that_goes_back_has_its_first_revision_current_again(archive):
    for text in ("one", "two", "one"):
        archive.add(page(text))
    assert [r.document.text for r in archive.revisions()] == ["one"]
    assert archive.counts()["revisions"] == 2


def test_raw_bytes_are_kept_beside_the_archive(archive, tmp_path):
    archive.add(page("one"), raw=b"<p>one</p>")
    (revision,) = archive.revisions()
    assert revision.raw and archive.raw(revision.raw) == b"<p>one</p>"
    assert (tmp_path / "a.raw.db").exists()


def test_a_failed_page_keeps_its_validators_and_counts_failures(archive):
    assert archive.enqueue("https://example.org/a", source="s")
    assert not archive.enqueue("https://example.org/a", source="s")
    archive.settle("https://example.org/a", state="done", etag='"1"')
    archive.settle("https://example.org/a", state="failed", error="HTTP 503")
    state = archive.page("https://example.org/a")
    assert (state.etag, state.failures, state.error) == ('"1"', 1, "HTTP 503")


def test_an_archive_of_a_newer_version_is_refused_and_untouched(tmp_path):
    with Archive(tmp_path / "a.db") as opened:
        opened.connection.execute("update archive_version set version = 99")
    with pytest.raises(ArchiveError, match="version 99"):
        Archive(tmp_path / "a.db")
    assert sqlite3.connect(tmp_path / "a.db").execute("select version from archive_version").fetchone() == (99,)


def test_a_file_that_is_no_database_is_refused(tmp_path):
    (tmp_path / "a.db").write_text("this is a letter, not a database" * 100)
    with pytest.raises(ArchiveError, match="cannot open"):
        Archive(tmp_path / "a.db")
