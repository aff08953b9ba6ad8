"""Text comes out right whatever the page says of its encoding."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.encoding import decode
from crawler.errors import ReadError

SIMPLIFIED = "北辰智能回应称，晨星模型沿用了公开的架构，团队会更正张量的名称。"
TRADITIONAL = "北辰智能回應稱，晨星模型沿用了公開的架構，團隊會更正張量的名稱。"
LABELS = [None, "utf-8", "iso-8859-1", "gb2312", "big5", "no-such-code"]


@pytest.mark.parametrize("declared", LABELS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gbk", "gb18030"])
def test_simplified_text_is_right_under_any_label(encoding, declared):
    assert decode(SIMPLIFIED.encode(encoding), declared=declared) == SIMPLIFIED


@pytest.mark.parametrize("declared", LABELS)
@pytest.mark.parametrize("encoding", ["utf-8", "big5", "gbk"])
def test_traditional_text_is_right_under_any_label(encoding, declared):
    assert decode(TRADITIONAL.encode(encoding), declared=declared) == TRADITIONAL


@pytest.mark.parametrize(
    "head",
    [
        '<meta charset="utf-8">',
        '<meta http-equiv="Content-Type" content="text/html; charset=iso-8859-1">',
        '<?xml version="1.0" encoding="gb2312"?>',
    ],
)
def test_the_label_in_the_head_is_not_believed_against_the_bytes(head):
    page = f"<html><head>{head}</head><body>{SIMPLIFIED}</body></html>"
    assert decode(page.encode("gbk")) == page


def test_gb2312_pages_may_hold_characters_of_gb18030():
    text = SIMPLIFIED + "朱镕基与㐂𠮷"
    assert decode(text.encode("gb18030"), declared="gb2312") == text


def test_a_label_decides_for_a_few_characters():
    assert decode("源流".encode("big5"), declared="big5") == "源流"
    assert decode("源流".encode("gbk"), declared="gb2312") == "源流"


@pytest.mark.parametrize("declared", [None, "iso-8859-1", "utf-8", "gb2312"])
@pytest.mark.parametrize("text", ["café déclaré où naïve", "Müller sagte, daß", "Müller", "“quoted” – it’s"])
def test_western_text_is_not_taken_for_chinese(text, declared):
    assert decode(text.encode("cp1252"), declared=declared) == text


def test_another_declared_encoding_is_used():
    assert decode("これは日本語の文章です。".encode("shift_jis"), declared="shift_jis") == "これは日本語の文章です。"


def test_a_page_cut_off_in_a_character_keeps_the_rest():
    assert decode(SIMPLIFIED.encode()[:-1]).startswith(SIMPLIFIED[:-1])
    assert decode(SIMPLIFIED.encode("gbk")[:-1]).startswith(SIMPLIFIED[:-1])


def test_nothing_is_the_empty_text():
    assert decode(b"") == ""


def zipped():
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        archive.writestr("a.txt", "a")
    return content.getvalue()


@pytest.mark.parametrize(
    ("content", "name"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00", "PNG"),
        (b"%PDF-1.7\n%\xe2\xe3", "PDF"),
        (zipped(), "zip"),
        (b"\x1f\x8b\x08\x00abc", "gzip"),
        (b"abc\x00\x01\x02def" * 9, "binary"),
        ("plain words".encode("utf-16-le"), "UTF-16"),
    ],
)
def test_what_is_no_text_is_refused_by_name_with_what_to_do(content, name):
    with pytest.raises(ReadError, match=f"{name}.*UTF-8"):
        decode(content)


@given(st.binary(max_size=300), st.sampled_from(LABELS))
def test_any_bytes_give_text_or_a_read_error(content, declared):
    try:
        assert isinstance(decode(content, declared=declared), str)
    except ReadError as error:
        assert "UTF-8" in str(error)


@given(st.text(max_size=200).filter(lambda text: "\0" not in text and not text.startswith("\ufeff")))
def test_utf_8_comes_back_as_it_was(text):
    if not text.startswith(("%PDF-", "GIF8", "PK", "RIFF")):
        assert decode(text.encode()) == text
