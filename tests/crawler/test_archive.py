"""The archive keeps every revision and never loses one."""

import sqlite3

import pytest

from crawler import archive_tables
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
    assert [r.document.text for r in archive.revisions_of(page("one").id)] == ["one", "two"]
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


def test_an_archive_of_the_first_version_is_brought_up_to_date_and_keeps_what_it_holds(tmp_path):
    with Archive(tmp_path / "a.db") as opened:
        opened.add(page("one"))
        opened.connection.executescript(
            "update archive_version set version = 1; drop table loose; drop index page_by_raw; "
            "drop index revision_by_raw; drop index revision_by_url; alter table page drop column modified; "
            "alter table page drop column modified_when_fetched; alter table page drop column judge"
        )
    with Archive(tmp_path / "a.db") as opened:
        assert [r.document.text for r in opened.revisions()] == ["one"]
        assert opened.connection.execute("select version from archive_version").fetchone()[0] == 3
        assert opened.settle_raw() == 0


def test_pages_of_the_second_version_gain_room_for_the_times_of_listings(tmp_path):
    url = "https://example.org/a"
    with Archive(tmp_path / "a.db") as opened:
        opened.enqueue(url, source="s", published="2023-11-06")
        opened.settle(url, state="done", etag='"1"')
        before = opened.page(url)
        columns = ("modified", "modified_when_fetched", "judge")
        drops = "; ".join(f"alter table page drop column {column}" for column in columns)
        opened.connection.executescript(f"update archive_version set version = 2; {drops}")
    with Archive(tmp_path / "a.db") as opened:
        assert opened.page(url) == before and before.modified is None
        opened.note_modified(url, "2023-11-07")
        opened.settle(url, state="done")
        assert opened.page(url).modified_when_fetched == "2023-11-07"
    with Archive(tmp_path / "a.db") as opened:
        assert opened.page(url).modified == "2023-11-07"


def test_an_upgrade_that_breaks_off_leaves_the_file_as_it_was(tmp_path, monkeypatch):
    with Archive(tmp_path / "a.db") as opened:
        opened.connection.executescript(
            "update archive_version set version = 2; alter table page drop column modified; "
            "alter table page drop column judge"
        )
    monkeypatch.setattr(archive_tables, "PAGE_TIMES", ("modified", "this is no column)"))
    with pytest.raises(sqlite3.OperationalError):
        Archive(tmp_path / "a.db")
    connection = sqlite3.connect(tmp_path / "a.db")
    assert connection.execute("select version from archive_version").fetchone() == (2,)
    assert not {"modified", "judge"} & {row[1] for row in connection.execute("pragma table_info(page)")}


def test_a_vanished_page_stays_readable_and_is_marked_until_it_is_there_again(archive):
    url = "https://example.org/a"
    archive.enqueue(url, source="s")
    archive.add(page("one"))
    archive.settle(url, state="done", document=page("one").id)
    assert archive.state_of(page("one").id).gone is None
    archive.settle(url, state="failed", error="HTTP 503")
    assert archive.state_of(page("one").id).gone is None
    archive.settle(url, state="failed", error="HTTP 410")
    since = archive.state_of(page("one").id).gone
    archive.connection.execute("update document set gone = '2024-01-01T00:00:00+00:00'")
    archive.settle(url, state="failed", error="HTTP 404")
    assert since and archive.state_of(page("one").id).gone == "2024-01-01T00:00:00+00:00"
    assert [r.document.text for r in archive.revisions()] == ["one"]
    archive.settle(url, state="done")  # 304: it is there, and as it was
    assert archive.state_of(page("one").id).gone is None


def test_a_document_that_comes_back_is_not_gone(archive):
    for text in ("one", "two", "one"):
        archive.add(page(text))
        assert archive.state_of(page(text).id).gone is None
        archive.mark_gone(page(text).id, since="2024-01-01T00:00:00+00:00")
    archive.add(page("one"))
    assert archive.state_of(page("one").id).gone is None


def test_a_page_that_was_never_archived_is_not_gone(archive):
    archive.enqueue("https://example.org/a", source="s")
    archive.settle("https://example.org/a", state="failed", error="HTTP 404")
    assert archive.state_of("u-nothing") is None


def test_documents_are_found_by_id_its_beginning_and_address(archive):
    one, other = page("one"), Document.create("other", id="page-7", url="https://example.org/t#7")
    archive.add(one)
    archive.add(other)
    archive.enqueue("https://example.org/moved", source="s")
    archive.settle("https://example.org/moved", state="done", document=one.id)
    for name in (one.id, one.id[:6], "https://example.org/a", "https://example.org/a?utm_source=x#top"):
        assert archive.find(name) == [one.id]
    assert archive.find("https://example.org/moved") == [one.id]
    assert archive.find("page-7") == archive.find("https://example.org/t#7") == [other.id]
    assert archive.find("nothing") == archive.find("") == archive.find("u_") == []
