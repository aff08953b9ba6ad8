"""The archive's raw bytes are read again without fetching."""

import pytest

import crawler.re_extraction
from crawler.archive import Archive
from crawler.document import Document
from crawler.errors import ReadError
from crawler.extraction import read_document
from crawler.intake import read_paths
from crawler.raw_bytes import Raw
from crawler.re_extraction import re_extract
from crawler.runner import run_crawl
from crawler.settings import CrawlOptions
from crawler.sources import Source

URL = "https://e.example/{}"
WORDS = "The company said on Tuesday that the weights of its model had been trained from scratch, and by its own team."
PAGE = f"<html><head><title>A model</title></head><body><h1>A model</h1><p>{WORDS}</p><p>{WORDS} {{}}</p></body></html>"


@pytest.fixture
def archive(tmp_path):
    with Archive(tmp_path / "a.db") as opened:
        yield opened


def add(archive, n, *, text=None, source="news", published="2023-11-06"):
    """Archive a page, read as it is read today or, with a text, as it was once."""
    raw = Raw(PAGE.format(n).encode(), content_type="text/html; charset=utf-8")
    document = read_document(raw, header={"url": URL.format(n), "source": source, "published": published})
    if text:
        document = Document.create(text, url=document.url, source=source, title=document.title, published=published)
    archive.add(document, raw=raw)
    return document.id


def counts(report):
    return (report.changed, report.unchanged, report.failed, report.without)


def test_what_reads_otherwise_gets_a_revision_and_the_rest_stays(archive):
    old, same = add(archive, 1, text="A menu, and half of the text."), add(archive, 2)
    archive.add(Document.create("no bytes"))
    steps = []
    assert counts(re_extract(archive, step=steps.append)) == (1, 1, 0, 1) and steps == [1, 1, 1]
    first, second = archive.revisions_of(old)
    assert second.document.text == f"{WORDS}\n\n{WORDS} 1" and second.raw == first.raw
    assert (second.document.source, second.document.published, second.document.url) == (
        "news",
        "2023-11-06",
        URL.format(1),
    )
    assert len(archive.revisions_of(same)) == 1
    assert counts(re_extract(archive)) == (0, 2, 0, 1)


@pytest.mark.parametrize(("charset", "name"), [("big5", "騰訊"), ("gbk", "镕喆"), ("shift_jis", "モデルの出所")])
def test_a_crawled_page_is_read_by_the_charset_of_its_header_again(web, tmp_path, charset, name):
    content = PAGE.format(f"{name}.").encode(charset)
    web.pages["/a/1"] = (200, {"Content-Type": f"text/html; charset={charset}"}, content)
    web.set_feed(["/a/1"])
    source = Source(name="news", title="News", kind="feed", url=f"{web.url}/feed.xml")
    run_crawl(tmp_path / "a.db", [source], options=CrawlOptions(delay=0, allow_private=True))
    with Archive(tmp_path / "a.db") as archive:
        (crawled,) = archive.revisions()
        assert crawled.document.text.endswith(f"{name}.")
        assert counts(re_extract(archive)) == (0, 1, 0, 0)


def test_the_same_bytes_under_a_mended_charset_are_read_by_that_one_again(archive):
    content = PAGE.format("騰訊.").encode("big5")
    for charset in ("iso-8859-1", "big5"):
        raw = Raw(content, content_type=f"text/html; charset={charset}")
        archive.add(read_document(raw, header={"url": URL.format(1), "source": "news"}), raw=raw)
    assert archive.counts()["revisions"] == 2
    assert counts(re_extract(archive)) == (0, 1, 0, 0)


def test_a_source_may_be_chosen(archive):
    add(archive, 1, text="old")
    add(archive, 2, text="old", source="other")
    assert counts(re_extract(archive, source="other")) == (1, 0, 0, 0)


def test_what_cannot_be_read_is_named_and_stays(archive, monkeypatch):
    first, second, third = (add(archive, n, text="old") for n in (1, 2, 3))
    real = crawler.re_extraction.read_document

    def read(content, **options):
        if b" 1<" in content:
            raise ReadError("no text found")
        if b" 2<" in content:
            raise RuntimeError("a fault")
        return real(content, **options)

    monkeypatch.setattr(crawler.re_extraction, "read_document", read)
    report = re_extract(archive)
    assert counts(report) == (1, 0, 2, 0)
    assert dict(report.reasons) == {first: "no text found", second: "cannot be read: RuntimeError: a fault"}
    assert archive.current(first).document.text == "old" != archive.current(third).document.text


def test_reading_again_does_not_bring_a_vanished_page_back(archive):
    gone = add(archive, 1, text="old")
    archive.mark_gone(gone, since="2024-01-01T00:00:00+00:00")
    re_extract(archive)
    assert archive.state_of(gone).gone == "2024-01-01T00:00:00+00:00" and len(archive.revisions_of(gone)) == 2


def test_what_was_given_with_a_text_stays(archive, tmp_path):
    path = tmp_path / "a.txt"
    path.write_text(f"First line\n\n{WORDS}", encoding="utf-8")
    given = {"title": "Another title", "published": "2023-11-07", "language": "zh"}
    for intake in read_paths([str(path)], header=given):
        archive.add(intake.document, raw=intake.raw)
    assert counts(re_extract(archive)) == (0, 1, 0, 0)
