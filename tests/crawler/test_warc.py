"""WARC files are read record by record, and the archive is written as one that reads the same again."""

import gzip
import io
import json
from contextlib import redirect_stderr, redirect_stdout
from types import SimpleNamespace

import pytest
from warcio.archiveiterator import ArchiveIterator
from warcio.checker import Checker
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.archive import Archive
from crawler.document import Document
from crawler.extraction import read_document
from crawler.forums.discourse import read_thread
from crawler.intake import read_paths
from crawler.raw_bytes import Raw
from crawler.warc_export import export_warc

WORDS = "北辰智能在声明中说，晨星模型的权重是从零开始训练的，团队没有使用别人的权重，也欢迎第三方核对训练的记录。"
POLISH = "Źródło modelu nie jest znane, powiedział wczoraj jego główny autor w rozmowie z gazetą. " * 3
TRADITIONAL = "晨星模型的權重是從零開始訓練的，團隊沒有使用別人的權重，也歡迎第三方核對訓練的記錄。"
TOPIC = {
    "title": "Is it a copy?",
    "created_at": "2023-11-06T09:00:00.000Z",
    "post_stream": {
        "posts": [
            {"id": 1, "post_number": 1, "username": "anna", "cooked": "<p>Is it?</p>", "post_type": 1},
            {
                **{"id": 2, "post_number": 2, "username": "ben", "cooked": "<p>It is not.</p>", "post_type": 1},
                "reply_to_post_number": 1,
            },
        ]
    },
}


def page(n, words=WORDS):
    return f"<html><head><title>晨星之争{n}</title></head><body><h1>晨星之争{n}</h1><p>{words}</p><p>{n}{words}</p></body></html>"


def response(url, content, *, status="200 OK", content_type="text/html; charset=utf-8", **headers):
    return ("response", url, content, {"status": status, "Content-Type": content_type} | headers, {})


def resource(url, content, content_type):
    return ("resource", url, content, {"Content-Type": content_type}, {})


def warc(*records, gz=True, stated=None):
    """Return the bytes of a WARC file, and where its records begin."""
    out, starts = io.BytesIO(), []
    writer = WARCWriter(out, gzip=gz, warc_version="WARC/1.1")
    for kind, url, said, headers, more in records:
        starts.append(out.tell())
        content = said.encode() if isinstance(said, str) else said
        status = headers.pop("status", None)
        content_type = headers["Content-Type"]
        served = StatusAndHeaders(status, list(headers.items()), protocol="HTTP/1.1") if status else None
        writer.write_record(
            writer.create_warc_record(
                url,
                kind,
                payload=io.BytesIO(content),
                length=len(content),
                warc_content_type="" if served else content_type,
                warc_headers_dict={"WARC-Date": "2023-11-14T02:20:30Z"} | more | (stated or {}),
                http_headers=served,
            )
        )
    return out.getvalue(), starts


@pytest.fixture
def read(tmp_path):
    def read(content, name="a.warc.gz", **header):
        path = tmp_path / name
        path.write_bytes(content)
        return list(read_paths([str(path)], header=header))

    return read


def documents(intakes):
    assert [intake.error for intake in intakes if intake.error] == []
    return [intake.document for intake in intakes]


def errors(intakes):
    return [intake.error for intake in intakes if intake.error]


@pytest.mark.parametrize(
    ("name", "gz"), [("a.warc.gz", True), ("a.warc", False), ("renamed", True), ("renamed", False)]
)
def test_pages_are_read_with_their_address_and_date_and_what_is_no_page_is_passed_over(read, name, gz):
    content, starts = warc(
        response("https://e.example/1?utm_source=x", page(1)),
        response("https://e.example/a.png", b"\x89PNG", content_type="image/png"),
        response("https://e.example/gone", page(0), status="404 Not Found"),
        response("https://e.example/moved", "", status="301 Moved"),
        ("request", "https://e.example/2", b"", {"status": "GET / HTTP/1.1", "Content-Type": "text/html"}, {}),
        resource("https://e.example/2", page(2), "text/html"),
        gz=gz,
    )
    intakes = read(content, name)
    first, second = documents(intakes)
    assert (first.url, second.url) == ("https://e.example/1", "https://e.example/2")
    assert (first.title, first.fetched) == ("晨星之争1", "2023-11-14T02:20:30+00:00") and WORDS in second.text
    assert [int(intake.where.rsplit(":", 1)[1]) for intake in intakes] == [starts[0], starts[-1]]
    assert intakes[0].raw == page(1).encode() and intakes[0].raw.content_type == "text/html; charset=utf-8"


def test_the_charset_of_the_header_counts(read):
    latin = "größere Modelle wurden eigens für diese Prüfung geprüft und übermittelt. " * 4
    for charset, sent in (("iso-8859-15", latin), ("gbk", WORDS * 2), ("big5", TRADITIONAL * 2)):
        body = f"<html><body><h1>A title of it</h1><p>{sent}</p></body></html>".encode(charset)
        record = response("https://e.example/1", body, content_type=f"text/html; charset={charset}")
        (document,) = documents(read(warc(record)[0]))
        assert sent.strip() in document.text


def test_transfer_and_content_encodings_are_undone(read):
    zipped = gzip.compress(page(1).encode())
    chunks = b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (zipped[:50], zipped[50:])) + b"0\r\n\r\n"
    record = response("https://e.example/1", chunks, **{"Content-Encoding": "gzip", "Transfer-Encoding": "chunked"})
    (document,) = documents(read(warc(record)[0]))
    assert document.title == "晨星之争1"


def test_a_file_that_is_compressed_as_a_whole_is_read(read):
    content, _ = warc(*(response(f"https://e.example/{n}", page(n)) for n in range(3)), gz=False)
    assert len(documents(read(gzip.compress(content)))) == 3


def test_a_topic_of_discourse_and_a_text_are_read(read):
    (thread, text) = documents(
        read(
            warc(
                response("https://f.example/t/slug/7.json?track=1", json.dumps(TOPIC), content_type="application/json"),
                resource("urn:x:1", f"标题\n\n{WORDS}", "text/plain"),
            )[0]
        )
    )
    assert (thread.url, thread.kind, [post.reply_to for post in thread.posts]) == (
        "https://f.example/t/7",
        "thread",
        [None, 0],
    )
    assert (text.url, text.title) == (None, "标题")


@pytest.mark.parametrize("gz", [True, False], ids=["gzip", "plain"])
@pytest.mark.parametrize("harm", ["bytes", "length", "head"])
def test_a_broken_record_is_named_and_the_others_are_read(read, gz, harm):
    records = [response(f"https://e.example/{n}", page(n)) for n in range(1, 4)]
    content, starts = warc(*records, gz=gz)
    middle = content[starts[1] : starts[2]]
    plain = gzip.decompress(middle) if gz else middle
    if harm == "bytes":
        plain = plain.replace("训练".encode(), "训炼".encode())
    elif harm == "length":
        size = plain.split(b"Content-Length: ")[1].split(b"\r\n")[0]
        plain = plain.replace(b"Content-Length: " + size, b"Content-Length: %d" % (int(size) + 40), 1)
    else:
        plain = b"x" * 200 + plain[200:]
    middle = gzip.compress(plain) if gz else plain
    intakes = read(content[: starts[1]] + middle + content[starts[2] :], "a.warc.gz" if gz else "a.warc")
    assert [intake.document.title for intake in intakes if intake.document] == ["晨星之争1", "晨星之争3"]
    (error,) = errors(intakes)
    assert f":{starts[1]}: the record is " in error and ("broken" in error or "cut off" in error)


def test_a_broken_compressed_record_is_named_and_the_next_is_found(read):
    content, starts = warc(*(response(f"https://e.example/{n}", page(n)) for n in range(1, 4)))
    harmed = content[: starts[1] + 30] + b"\0" * 20 + content[starts[1] + 50 :]
    intakes = read(harmed)
    assert [intake.document.title for intake in intakes if intake.document] == ["晨星之争1", "晨星之争3"]
    assert len(errors(intakes)) == 1 and f":{starts[1]}: the record is broken" in errors(intakes)[0]


@pytest.mark.parametrize("gz", [True, False], ids=["gzip", "plain"])
def test_a_file_that_ends_within_a_record_is_named_and_the_rest_is_read(read, gz):
    content, starts = warc(*(response(f"https://e.example/{n}", page(n)) for n in range(1, 3)), gz=gz)
    intakes = read(content[: starts[1] + (len(content) - starts[1]) // 2], "a.warc.gz" if gz else "a.warc")
    assert [intake.document.title for intake in intakes if intake.document] == ["晨星之争1"]
    assert len(errors(intakes)) == 1 and "cut off" in errors(intakes)[0]


def test_a_record_that_was_cut_off_when_it_was_recorded_is_named(read):
    content, _ = warc(response("https://e.example/1", page(1)), stated={"WARC-Truncated": "length"})
    assert "cut off when it was recorded (length)" in errors(read(content))[0]


def test_a_page_without_text_is_named_with_its_address(read):
    content, _ = warc(response("https://e.example/1", "<html></html>"), response("https://e.example/2", page(2)))
    intakes = read(content)
    assert [intake.error is None for intake in intakes] == [False, True] and "https://e.example/1" in intakes[0].error


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (warc(response("https://e.example/a.png", b"x", content_type="image/png"))[0], "holds no page"),
        (b"not a web archive", "is no WARC file"),
        (gzip.compress(b"not a web archive either", mtime=0), "is no WARC file"),
        (b"", "is no WARC file"),
    ],
)
def test_a_file_without_pages_says_so(read, content, words):
    assert len(errors(read(content))) == 1 and words in errors(read(content))[0]


def test_nothing_is_printed_about_broken_records(read, capfd):
    record = response("https://e.example/1", page(1))
    content, _ = warc(record, gz=False)
    size = content.split(b"Content-Length: ")[1].split(b"\r\n", maxsplit=1)[0]
    assert len(errors(read(content.replace(b"Length: " + size, b"Length: %d" % (int(size) - 9), 1), "a.warc"))) == 1
    assert capfd.readouterr() == ("", "")


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path / "a.db") as opened:
        yield opened


def ingest(archive, path, **header):
    for intake in read_paths([str(path)], header=header):
        assert intake.error is None
        archive.add(intake.document, raw=intake.raw)


@pytest.fixture
def filled(archive, tmp_path):
    """An archive of everything that the ways in bring: pages, texts, records, a thread, revisions, other charsets."""
    files = {
        "a.html": page(1),
        "b.html": page(2).replace("<title>", '<meta property="article:published_time" content="2023-11-06"><title>'),
        "c.txt": f"标题\n\n{WORDS} a < b",
        "d.jsonl": json.dumps(
            {"id": "x-1", "source": "论坛", "kind": "thread", "posts": [{"author": "甲", "text": "像"}]}
        ),
        "e.html": "<p>Only a fragment, but a long one, of a page that somebody saved for us.</p>" * 3,
    }
    for name, content in files.items():
        path = tmp_path / name
        path.write_text(content, encoding="gbk" if name == "b.html" else "utf-8")
        ingest(archive, path, published="2023-11-07" if name == "c.txt" else None)
    for words in (TRADITIONAL, "更正：" + TRADITIONAL):
        raw = Raw(page(9, words).encode("big5", "replace"), content_type="text/html; charset=big5")
        header = {"url": "https://e.example/9", "source": "news", "published": "2023-11-08"}
        archive.add(read_document(raw, header=header), raw=raw)
    raw = Raw(page(8, POLISH).encode("iso-8859-2", "replace"), content_type="text/html; charset=iso-8859-2")
    archive.add(read_document(raw, header={"url": "https://e.example/8"}), raw=raw)
    raw = json.dumps(TOPIC).encode()
    archive.add(read_thread(raw, url="https://f.example/t/7"), raw=raw)
    return archive


@pytest.mark.parametrize("gz", [True, False], ids=["gzip", "plain"])
def test_reading_an_exported_archive_gives_the_same_documents(filled, tmp_path, gz):
    path = tmp_path / ("out.warc.gz" if gz else "out.warc")
    with path.open("wb") as out:
        report = export_warc(filled, out, gzip=gz)
    assert (report.documents, report.without) == (len(filled.document_ids()), 0) and report.pages > report.documents
    with Archive(tmp_path / "again.db") as again:
        ingest(again, path)
        for identifier in filled.document_ids():
            before, after = filled.revisions_of(identifier), again.revisions_of(identifier)
            assert [r.document.digest for r in after] == [r.document.digest for r in before]
            assert [(r.document.id, r.document.source, r.document.published) for r in after] == [
                (r.document.id, r.document.source, r.document.published) for r in before
            ]
            assert [again.raw(r.raw) for r in after] == [filled.raw(r.raw) for r in before]
        assert again.document_ids() == filled.document_ids()


def test_an_exported_file_is_one_that_other_readers_accept(filled, tmp_path):
    path = tmp_path / "out.warc.gz"
    with path.open("wb") as out:
        export_warc(filled, out)
    told = io.StringIO()
    with redirect_stdout(told), redirect_stderr(told):
        checker = Checker(SimpleNamespace(inputs=[str(path)], verbose=True))
        assert checker.process_all() == 0
    assert told.getvalue().count("digest pass") >= len(filled.document_ids()) and "not checked" not in told.getvalue()
    with path.open("rb") as stream:
        records = [
            (record.format, record.rec_headers.protocol, record.rec_type, record.rec_headers.get_header("WARC-Date"))
            for record in ArchiveIterator(stream)
        ]
    assert {(form, version) for form, version, *_ in records} == {("warc", "WARC/1.1")}
    assert {kind for _, _, kind, _ in records} == {"warcinfo", "response", "resource"}


def test_an_export_is_limited_to_a_source_and_a_day(filled):
    filled.connection.execute("update revision set recorded = '2023-12-01T00:00:00+00:00' where source = 'news'")
    assert export_warc(filled, io.BytesIO(), source="news").documents == 1
    assert export_warc(filled, io.BytesIO(), since="2023-12-02").documents == len(filled.document_ids()) - 1
    filled.add(Document.create("without bytes", source="other"))
    report = export_warc(filled, io.BytesIO(), source="other")
    assert (report.pages, report.without) == (0, 1)


def test_of_two_readings_of_the_same_bytes_the_later_is_exported(archive, tmp_path):
    raw = page(1).encode()
    for title in ("as it was read once", "as it is read now"):
        archive.add(Document.create(WORDS, url="https://e.example/1", title=title), raw=raw)
    with (tmp_path / "out.warc").open("wb") as out:
        assert export_warc(archive, out, gzip=False).pages == 1
    (intake,) = read_paths([str(tmp_path / "out.warc")], header={})
    assert intake.document.title == "as it is read now"
