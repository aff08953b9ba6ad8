"""Pages that a browser saved in one file: MHTML, WebArchive, SingleFile."""

import base64
import plistlib
import quopri

import pytest

from crawler.intake import read_paths

URL = "https://e.example/2023/a"
WORDS = "北辰智能在声明中说，晨星模型的权重是从零开始训练的，团队没有使用别人的权重，也欢迎第三方核对训练的记录。"
PAGE = f"<html><head><title>晨星模型之争</title></head><body><h1>晨星模型之争</h1><p>{WORDS}</p><p>二{WORDS}</p></body></html>"
TEXT = f"{WORDS}\n\n二{WORDS}"
FRAME = "<html><body><h1>An advertisement in a frame</h1><p>Buy it now, while it is still to be had anywhere.</p></body></html>"


def part(content, *, charset="utf-8", coding="quoted-printable", location=URL, kind="text/html", more=""):
    content = content.encode(charset) if isinstance(content, str) else content
    coded = {"quoted-printable": quopri.encodestring, "base64": base64.encodebytes}.get(coding, lambda raw: raw)(
        content
    )
    head = f"Content-Type: {kind}{f'; charset={charset}' * bool(charset)}\n{more}Content-Transfer-Encoding: {coding}\nContent-Location: {location}\n\n"
    return head.encode() + coded


def mhtml(*parts, head=f"Snapshot-Content-Location: {URL}\n", kind='type="text/html"', ends=b"\r\n"):
    head = (
        f"From: <Saved by Blink>\n{head}Subject: =?utf-8?Q?=E6=99=A8?=\nDate: Tue, 14 Nov 2023 10:20:30 +0800\n"
        f'MIME-Version: 1.0\nContent-Type: multipart/related;\n\t{kind};\n\tboundary="--Multi--x----"\n\n'
    ).encode()
    body = b"".join(b"\n----Multi--x----\n" + part for part in parts) + b"\n----Multi--x------\n"
    return (head + body).replace(b"\n", ends)


@pytest.fixture
def read(tmp_path):
    def read(content, name="a.mhtml", **header):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return next(iter(read_paths([str(path)], header=header)))

    return read


@pytest.mark.parametrize("name", ["a.mhtml", "a.mht", "a.html", "renamed"])
@pytest.mark.parametrize(
    ("charset", "coding"),
    [("utf-8", "quoted-printable"), ("gbk", "base64"), ("gb18030", "quoted-printable"), ("utf-8", "8bit")],
)
def test_mhtml_in_its_codings_and_charsets(read, name, charset, coding):
    picture = part(b"\x89PNG\r\n\x1a\n", charset="", coding="base64", kind="image/png", location=URL + ".png")
    frame = part(FRAME, location="https://ads.example/frame")
    intake = read(mhtml(part(PAGE, charset=charset, coding=coding), picture, frame), name)
    assert intake.error is None and intake.document.text == TEXT
    assert (intake.document.url, intake.document.fetched) == (URL, "2023-11-14T10:20:30+08:00")
    assert intake.document.published is None and intake.raw.startswith(b"From: <Saved by Blink>")


def test_the_page_that_was_saved_is_told_from_frames(read):
    frame = part(FRAME, location="https://ads.example/frame")
    assert read(mhtml(frame, part(PAGE))).document.text == TEXT
    start = 'type="text/html"; start="<page@x>"'
    parts = (frame, part(PAGE, more="Content-ID: <page@x>\n"))
    assert read(mhtml(*parts, head="", kind=start)).document.text == TEXT


def test_mhtml_without_chromes_header_has_the_address_of_its_page(read):
    intake = read(mhtml(part(PAGE), head="", ends=b"\n"))
    assert intake.document.url == URL


def test_a_long_address_is_joined(read):
    long = URL + "/" + "x" * 60
    folded = f"Snapshot-Content-Location: {URL}/\n {'x' * 60}\n"
    assert read(mhtml(part(PAGE, location=long), head=folded)).document.url == long


def test_what_the_user_says_replaces_what_the_file_says(read):
    intake = read(mhtml(part(PAGE)), url="https://e.example/other", published="2023-11-06")
    assert (intake.document.url, intake.document.published) == ("https://e.example/other", "2023-11-06")


@pytest.mark.parametrize("form", [plistlib.FMT_BINARY, plistlib.FMT_XML])
def test_a_web_archive_of_safari(read, form):
    main = {
        "WebResourceData": PAGE.encode("gbk"),
        "WebResourceURL": URL,
        "WebResourceMIMEType": "text/html",
        "WebResourceTextEncodingName": "gb2312",
    }
    intake = read(plistlib.dumps({"WebMainResource": main, "WebSubresources": []}, fmt=form), "a.webarchive")
    assert (intake.document.text, intake.document.url) == (TEXT, URL)


def test_a_page_of_single_file_tells_its_address_and_when_it_was_saved(read):
    note = f"<!--\n Page saved with SingleFile \n url: {URL} \n saved date: Tue Nov 14 2023 10:20:30 GMT+0800 (中国标准时间)\n-->"
    intake = read(f"<!DOCTYPE html> <html lang=zh>{note}{PAGE[6:]}", "a.html")
    assert (intake.document.text, intake.document.url) == (TEXT, URL)
    assert intake.document.fetched == "2023-11-14T10:20:30+08:00" and intake.document.published is None


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (mhtml(part("plain words", kind="text/plain")), "a.mhtml", "holds no page"),
        (mhtml(part("")), "a.mhtml", "holds no page"),
        (plistlib.dumps({"a": 1}, fmt=plistlib.FMT_BINARY), "a.webarchive", "no WebArchive"),
        (b"bplist00 broken", "a.webarchive", "no WebArchive"),
    ],
)
def test_files_without_a_page_say_what_to_do(read, content, name, words):
    intake = read(content, name)
    assert intake.document is None and words in intake.error and "save" in intake.error
