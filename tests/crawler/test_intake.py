"""Files, folders and standard input are read; what cannot be read is named and the rest goes on."""

import io
import json
import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crawler.document import Document
from crawler.errors import ReadError
from crawler.intake import Intake, document_from_record, read_paths

BODY = "北辰智能表示，晨星模型的权重是从零开始训练的，没有使用别人的权重。"
THREAD = "####  anna\n##### 1#  发表于 2025-1-31 08:59\n\n很像\n\n####  ben\n##### 2#  发表于 2025-1-31 09:10\n\n回复 1# 不像，anna\n"


def read(*paths, limit=None, **header):
    options = {} if limit is None else {"limit": limit}
    return list(read_paths([str(path) for path in paths], header=header, **options))


def only(path, **header):
    (intake,) = read(path, **header)
    assert intake.error is None
    return intake.document


def error_of(path, **options):
    (intake,) = read(path, **options)
    assert intake.document is None
    return intake.error


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def lines(*records):
    return "\n".join(
        record if isinstance(record, str) else json.dumps(record, ensure_ascii=False) for record in records
    )


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "utf-16"])
def test_a_text_file_keeps_its_whole_text_and_its_first_line_is_the_title(write, encoding):
    text = f"晨星模型来源之争\n\n{BODY}\n"
    document = only(write("a.txt", text.encode(encoding)))
    assert (document.title, document.text, document.kind, document.language) == (
        "晨星模型来源之争",
        text,
        "article",
        "zh",
    )


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (f"标题\n{BODY}", ""),
        (f"标题\n{BODY}又说了一次标题。", "标题"),
        ("长" * 121 + f"\n\n{BODY}", ""),
        (f"# 标题\n\n{BODY}", "标题"),
        (f"\n\n  标题 \n\n{BODY}", "标题"),
        ("只有一行", ""),
    ],
)
def test_which_first_lines_are_titles(write, text, title):
    document = only(write("a.md", text))
    assert (document.title, document.text) == (title, text)


def test_a_text_file_of_posts_is_a_thread(write):
    document = only(write("a.md", THREAD))
    assert (document.kind, document.title) == ("thread", "")
    assert [(post.author, post.reply_to) for post in document.posts] == [("anna", None), ("ben", 0)]


def test_the_kind_given_decides(write):
    assert len(only(write("a.md", THREAD), kind="article").posts) == 1
    one = only(write("b.txt", f"dora commented on Nov 12, 2023\n\n{BODY}"), kind="thread")
    assert (one.kind, one.posts[0].author) == ("thread", "dora")


def test_what_the_command_line_says_overrides_the_file(write):
    page = f"<html><head><title>旧题</title></head><body><p>{BODY * 3}</p></body></html>"
    record = json.dumps({"title": "旧题", "text": BODY, "published": "2020-01-01"}, ensure_ascii=False)
    given = {"title": "新题", "published": "2023-11-06", "url": "https://e.example/a?utm_source=x", "language": "en"}
    for path in (write("a.html", page), write("a.txt", f"旧题\n\n{BODY}"), write("a.json", record)):
        document = only(path, **given)
        assert (document.title, document.published, document.language) == ("新题", "2023-11-06", "en")
        assert (document.url, document.posts[0].published) == ("https://e.example/a", "2023-11-06")


def test_html_is_read_as_a_page_whatever_its_name(write):
    page = f"<!DOCTYPE html><html><body><h1>晨星模型之争</h1><p>{BODY}</p><p>{BODY}完</p></body></html>"
    for name in ("a.html", "b.HTM", "c.txt", "d"):
        assert only(write(name, page)).text == f"{BODY}\n\n{BODY}完"


def test_the_raw_bytes_are_handed_on(write):
    path = write("a.txt", f"标题\n\n{BODY}".encode("gbk"))
    assert read(path)[0].raw == path.read_bytes()


def test_a_bad_line_is_named_and_the_others_are_read(write):
    path = write(
        "d.jsonl",
        lines({"id": "a", "text": BODY}, "{broken", "", {"id": "b", "text": 42}, [1], {"id": "c", "text": BODY}),
    )
    intakes = read(path)
    assert [intake.document.id for intake in intakes if intake.document] == ["a", "c"]
    assert [intake.where for intake in intakes] == [f"{path}:{number}" for number in (1, 2, 4, 5, 6)]
    errors = [intake.error for intake in intakes if intake.error]
    assert (
        "{broken" in errors[0] and "text is 42, expected a string" in errors[1] and "[1] is not an object" in errors[2]
    )
    assert all(error.startswith(f"{path}:") for error in errors)


def test_json_files_hold_an_object_an_array_or_lines(write):
    records = [{"id": "a", "text": BODY}, {"id": "b", "text": BODY}]
    assert only(write("a.json", json.dumps(records[0], indent=1))).id == "a"
    for content in (json.dumps(records), lines(*records)):
        intakes = read(path := write("b.json", content))
        assert [(intake.where, intake.document.id) for intake in intakes] == [(f"{path}:1", "a"), (f"{path}:2", "b")]


RECORD = {
    "id": "x-1",
    "lang": "zh-CN",
    "kind": "thread",
    "published": "2023-11-06",
    "title": "题",
    "url": "https://e.example/t/1#x-1",
    "source": "示例论坛",
    "text": "甲：像\n乙：不像",
    "posts": [
        {"author": "甲", "published": "2023-11-06T10:00+08:00", "reply_to": None, "start": 2, "end": 3},
        {"author": "乙", "published": "Nov 6, 2023", "reply_to": 0, "start": 6, "end": 8},
    ],
    "unknown": {"a": 1},
}


def test_the_fields_of_a_record():
    document = document_from_record(RECORD, where="-", header={})
    assert (document.id, document.language, document.kind, document.published) == ("x-1", "zh", "thread", "2023-11-06")
    assert (document.url, document.source, document.title) == ("https://e.example/t/1#x-1", "示例论坛", "题")
    assert [(post.author, post.text, post.reply_to) for post in document.posts] == [
        ("甲", "像", None),
        ("乙", "不像", 0),
    ]
    assert document.posts[1].published == "2023-11-06"


def test_posts_with_texts_of_their_own_are_joined():
    record = {
        "kind": "thread",
        "posts": [{"author": "a", "text": "One."}, {"author": "b", "text": "Two.", "reply_to": 0}],
    }
    document = document_from_record(record, where="-", header={})
    assert document.text == "One.\n\nTwo."
    assert [post.text for post in document.posts] == ["One.", "Two."]


def test_a_thread_without_posts_is_split_and_an_article_is_not():
    assert len(document_from_record({"kind": "thread", "text": THREAD}, where="-", header={}).posts) == 2
    assert len(document_from_record({"kind": "article", "text": THREAD}, where="-", header={}).posts) == 1


def test_an_address_is_the_identity_where_no_id_is_given():
    first, second = (
        document_from_record({"url": url, "text": BODY}, where="-", header={})
        for url in ("https://e.example/a?utm_source=x", "https://e.example/a#top")
    )
    assert first.id == second.id and first.url == "https://e.example/a"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"title": 5}, "title is 5, expected a string"),
        ({"url": ["a"]}, r'url is \["a"\]'),
        ({"published": "someday"}, 'published is "someday", expected a date'),
        ({"published": 20231106}, "published is 20231106"),
        ({"kind": "blog"}, "kind 'blog' is not one of article, thread"),
        ({"text": None, "posts": None}, "no text"),
        ({"text": "  ", "posts": None}, "no text"),
        ({"posts": {}}, "posts is {}, expected a list"),
        ({"posts": ["a"]}, r'posts\[0\] is "a", expected an object'),
        ({"posts": [{"author": 1}]}, r"posts\[0\].author is 1"),
        ({"posts": [{"start": "0", "end": 1}]}, r'posts\[0\].start is "0", expected a whole number'),
        ({"posts": [{"start": True, "end": 1}]}, r"posts\[0\].start is true"),
        ({"posts": [{"start": 0, "end": 999}]}, r"posts\[0\] stands at 0:999 of a text of 8 characters"),
        ({"posts": [{"start": 3, "end": 1}]}, r"posts\[0\] stands at 3:1"),
        ({"posts": [{"author": "a"}]}, r"posts\[0\] has no place"),
        ({"posts": [{"start": 0, "end": 1, "reply_to": 7}]}, "post 0 answers post 7"),
    ],
)
def test_a_wrong_field_is_named_with_its_value(change, message):
    with pytest.raises(ReadError, match=f"^docs:3: .*{message}"):
        document_from_record(RECORD | change, where="docs:3", header={})


def test_half_a_character_is_replaced_in_place(write):
    document = only(write("a.jsonl", '{"text": "a\\ud83db"}'))
    assert document.text == "a\ufffdb"


def test_a_folder_is_read_in_order_without_hidden_and_other_files(write, tmp_path):
    for name in ("b.txt", "a/z.md", "a/.git/x.txt", ".hidden.txt", "c.png", "a/y.jsonl"):
        write(name, json.dumps({"text": BODY}) if name.endswith("jsonl") else f"标题\n\n{BODY}")
    places = [os.path.relpath(intake.where, tmp_path) for intake in read(tmp_path)]
    assert places == ["b.txt", "a/y.jsonl:1", "a/z.md"]


@pytest.mark.parametrize("extra", range(-2, 3))
def test_a_line_of_about_the_limit_takes_no_other_with_it(write, extra):
    line = json.dumps({"text": "x" * (1_000 - len('{"text": ""}') + extra)})
    intakes = read(write("a.jsonl", lines(line, {"id": "next", "text": "x"})), limit=1_000)
    assert len(intakes) == 2 and intakes[1].document.id == "next"


@pytest.mark.parametrize(
    "content",
    [lines({"text": BODY}, {"text": BODY + "二"}), json.dumps([{"text": BODY}, {"text": BODY + "二"}], indent=1)],
    ids=["lines", "array"],
)
def test_records_on_standard_input(monkeypatch, content):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content.encode())))
    assert [intake.where for intake in read("-") if intake.document] == ["-:1", "-:2"]


def test_text_and_pages_on_standard_input(monkeypatch):
    for content in (f"标题\n\n{BODY}".encode("gbk"), f"<html><h1>标题标题</h1><p>{BODY * 2}</p></html>".encode()):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))
        assert BODY in only("-").text


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.txt", b"", "is empty"),
        ("a.txt", b" \n ", "is empty"),
        ("a.jsonl", b"\n\n", "is empty"),
        ("a.json", b"[]", "empty JSON array"),
        ("a.json", b"{'a': 1}", "not JSON"),
        ("a.json", b"[" * 100_000, "not JSON"),
        ("a.txt", b"\x89PNG\r\n\x1a\n\x00", "PNG image"),
        ("a.html", b"%PDF-1.4 \xff", "PDF"),
        ("a.html", b"<html><body></body></html>", "no text found"),
    ],
)
def test_files_that_hold_no_document(write, name, content, message):
    path = write(name, content)
    assert error_of(path).startswith(f"{path}: ") and message in error_of(path)


def test_a_missing_file_and_a_folder_with_nothing_to_read(tmp_path, write):
    assert "no such file" in error_of(tmp_path / "missing.txt")
    (tmp_path / "empty").mkdir()
    assert "holds no file" in error_of(tmp_path / "empty")
    good = write("good.txt", f"标题\n\n{BODY}")
    assert [intake.error is None for intake in read(tmp_path / "missing.txt", good)] == [False, True]


def test_a_file_that_may_not_be_opened_is_an_error(write, monkeypatch):
    path = write("a.txt", "x")

    def refuse(*_, **__):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr("pathlib.Path.open", refuse)
    assert "Permission denied; check the name and its permissions" in error_of(path)


def test_a_file_above_the_limit_names_its_size(write):
    path = write("a.txt", "标" * 1_000_000)
    assert "3.0 MB, above the limit of 2.0 MB" in error_of(path, limit=2_000_000)
    assert only(path).text


def test_lines_have_the_limit_and_files_of_lines_have_none(write):
    long, short = {"id": "long", "text": "x" * 5_000}, {"id": "short", "text": "x" * 500}
    intakes = read(path := write("a.jsonl", lines(short, long, short, short)), limit=1_000)
    assert [intake.error is None for intake in intakes] == [True, False, True, True]
    assert intakes[1].where == f"{path}:2" and "above the limit" in intakes[1].error
    assert intakes[3].where == f"{path}:4"


@settings(deadline=None, max_examples=60)
@given(
    st.binary(max_size=200)
    | st.recursive(
        st.none() | st.integers() | st.text(max_size=9),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(
                st.sampled_from(["text", "posts", "start", "end", "title", "kind", "published"]), inner, max_size=5
            )
        ),
        max_leaves=9,
    ).map(lambda value: json.dumps(value).encode())
)
def test_any_bytes_give_documents_or_errors(tmp_path_factory, content):
    for name in ("a.jsonl", "a.json", "a.txt", "a"):
        path = tmp_path_factory.getbasetemp() / name
        path.write_bytes(content)
        for intake in read(path):
            assert isinstance(intake, Intake)
            assert isinstance(intake.document, Document) != isinstance(intake.error, str)
