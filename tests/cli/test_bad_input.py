"""Whatever is given, a message names it and says what to do, the exit code is right, and the rest is not lost.

Every run also checks that there is no traceback: see conftest.
"""

import json
import shutil
import sqlite3

import pytest

TEXT = "北辰智能表示，晨星模型的权重是从零开始训练的，没有使用别人的权重。云雀实验室对此没有回应。"
TRADITIONAL = "北辰智能表示，晨星模型的權重是從零開始訓練的，沒有使用別人的權重。雲雀實驗室對此沒有回應。"
SQLITE_FILES = ("yuanliu.db", "yuanliu.raw.db")


def line(**fields):
    return json.dumps(fields, ensure_ascii=False)


def told(outcome, *words, code=1):
    """Check that a run failed with this code, wrote no result, and said these words."""
    assert (outcome.code, outcome.out) == (code, ""), outcome
    missing = [word for word in words if str(word) not in outcome.err]
    assert not missing, (missing, outcome.err)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.txt", b"", ["is empty", "give a file with text"]),
        ("blank.jsonl", b"\n \n", ["is empty", "give one JSON object a line"]),
        ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x01", ["a PNG image", "give the text itself"]),
        ("noise.txt", bytes(range(256)), ["binary data", "save it as UTF-8"]),
        ("store.db.txt", b"SQLite format 3\x00", ["a SQLite database"]),
        ("frame.html", b"<html><body></body></html>", ["no text"]),
        ("broken.json", b"{'id': 1}", ["not JSON", "give one JSON object"]),
    ],
)
def test_a_file_that_holds_no_document_is_named_and_the_other_files_are_kept(yuanliu, write, name, content, words):
    write(name, content)
    write("good.txt", TEXT)
    outcome = yuanliu("ingest", name, "good.txt")
    told(outcome, name, *words, "archived: 1 new", "1 could not be read, the rest is kept")
    assert outcome.err.count(name) == 1
    shown = yuanliu("ingest", "--dry-run", name, "good.txt")
    assert shown.code == 1
    assert [json.loads(row)["text"] for row in shown.out.splitlines()] == [TEXT]


def test_a_missing_file_is_named_and_the_other_files_are_kept(yuanliu, write):
    write("good.txt", TEXT)
    told(yuanliu("ingest", "missing.txt", "good.txt"), "missing.txt: there is no such file", "archived: 1 new")


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("gbk.txt", TEXT.encode("gbk")),
        ("gb18030.txt", TEXT.encode("gb18030")),
        ("utf16.txt", TEXT.encode("utf-16")),
        ("mark.txt", TEXT.encode("utf-8-sig")),
        ("big5.txt", TRADITIONAL.encode("big5")),
        ("labelled.html", f'<html><meta charset="iso-8859-1"><body><p>{TEXT}</p></body></html>'.encode("gbk")),
        ("labelled5.html", f'<html><meta charset="utf-8"><body><p>{TRADITIONAL}</p></body></html>'.encode("big5")),
        ("page.txt", f"<!doctype html><html><body><p>{TEXT}</p></body></html>".encode()),
        ("lines.json", f"{line(text=TEXT)}\n{line(text=TEXT)}\n".encode()),
        ("array.json", f"[{line(text=TEXT)}]".encode()),
        ("gbk.jsonl", line(text=TEXT).encode("gbk")),
        ("nosuffix", line(text=TEXT).encode()),
    ],
)
def test_text_in_another_encoding_or_under_another_label_is_read_as_what_it_is(yuanliu, write, name, content):
    write(name, content)
    outcome = yuanliu("ingest", "--dry-run", name)
    assert (outcome.code, outcome.err) == (0, "")
    texts = {json.loads(row)["text"] for row in outcome.out.splitlines()}
    assert texts == {TRADITIONAL if "5" in name else TEXT}


def test_a_huge_file_is_refused_by_its_size_and_huge_lines_only_by_themselves(yuanliu, write):
    with write("huge.txt", "").open("r+b") as file:
        file.truncate(60_000_000)
    lines = write("huge.jsonl", line(id="a", text=TEXT) + "\n")
    with lines.open("r+b") as file:
        file.truncate(60_000_000)
        file.seek(0, 2)
        file.write(f"\n{line(id='c', text=TEXT)}\n".encode())
    outcome = yuanliu("ingest", "huge.txt", "huge.jsonl", "--dry-run")
    assert [json.loads(row)["id"] for row in outcome.out.splitlines()] == ["a", "c"]
    assert "huge.txt: is 60.0 MB, above the limit of 50.0 MB; split it" in outcome.err
    assert "huge.jsonl:2: is 60.0 MB" in outcome.err and outcome.code == 1


def test_malformed_lines_are_named_with_their_number_and_the_good_ones_are_kept(yuanliu, write):
    bad = ["{broken", "[1]", line(id="b"), line(text=42), line(text=TEXT, published="someday"), "\\", '"x"']
    rows = [
        part for number, each in enumerate(bad) for part in (each, line(id=f"good-{number}", text=f"{TEXT}{number}"))
    ]
    write("mixed.jsonl", "\n".join(rows))
    outcome = yuanliu("ingest", "mixed.jsonl")
    told(outcome, "archived: 7 new", "7 could not be read, the rest is kept", '"{broken"', "42", '"someday"')
    assert [f"mixed.jsonl:{2 * number + 1}: " in outcome.err for number in range(7)] == [True] * 7
    again = yuanliu("ingest", "mixed.jsonl")
    told(again, "archived: 0 new, 0 changed, 7 unchanged")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["timeline", "Morningstr-7B"], ["'Morningstr-7B'", "did you mean Morningstar-7B"]),
        (["timeline", "马乐柯"], ["'马乐柯'", "did you mean", "马乐珂"]),
        (["timeline", "zzzz"], ["'zzzz'", "see `yuanliu who`"]),
        (["timeline", ""], ["''"]),
        (["timeline", "Morningstar-7B", "--by", "Mara Kwell"], ["'Mara Kwell'", "did you mean Mara Quell"]),
        (["who", "Larkwod Labs"], ["'Larkwod Labs'", "did you mean Larkwood Labs"]),
        (["who", "%"], ["'%'"]),
        (["who", " "], ["' '"]),
        (["claim", "c-ffffffffffffff"], ["'c-ffffffffffffff'", "`yuanliu timeline SUBJECT`"]),
        (["claim", "c-"], ["'c-'"]),
        (["claim", "'; drop table edge; --"], ["drop table"]),
    ],
)
def test_an_unknown_name_is_repeated_and_near_ones_are_suggested(ask, arguments, words):
    told(ask(*arguments), *words)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["timeline", "Morningstar-7B", "--since", "soon"], ["--since 'soon'", "2023-11-06, today or yesterday"]),
        (["timeline", "Morningstar-7B", "--until", "2024-02-30"], ["--until '2024-02-30'"]),
        (["timeline", "Morningstar-7B", "--as-of", "2024-13"], ["--as-of '2024-13'"]),
        (["timeline", "Morningstar-7B", "--kind", "denail"], ["--kind 'denail'", "denial", "answering"]),
        (["timeline", "Morningstar-7B", "--lang", "fr"], ["--lang 'fr'", "zh, en"]),
        (["timeline", "Morningstar-7B", "--names", "fr"], ["--names 'fr'", "zh, en"]),
        (["timeline", "Morningstar-7B", "-f", "xml"], ["'xml'", "markdown"]),
        (["timeline", "Morningstar-7B", "-n", "0"], ["-n", "1"]),
        (["timeline", "Morningstar-7B", "-n", "many"], ["-n", "integer"]),
        (["timeline"], ["SUBJECT"]),
        (["claim", "c-0", "-f", "csv"], ["csv", "use table or json"]),
        (["stats", "-f", "yaml"], ["'yaml'"]),
        (["timelin", "Morningstar-7B"], ["timelin", "timeline"]),
        (["stats", "--colour"], ["--colour"]),
        (["crawl", "nosuch-news"], ["'nosuch-news'", "the sources are"]),
        (["update", "nosuch-news"], ["'nosuch-news'", "the sources are"]),
        (["crawl", "nosuch-news", "--limit", "0"], ["--limit"]),
        (["ingest"], ["PATH"]),
        (["ingest", "a.txt", "--published", "yesterday"], ["--published 'yesterday'", "2023-11-17"]),
        (["ingest", "a.txt", "--lang", "fr"], ["--lang 'fr'"]),
        (["ingest", "a.txt", "--url", "not an address"], ["--url 'not an address'", "https://"]),
        (["ingest", "a.txt", "b.txt", "--url", "https://a.example"], ["--url", "one by one"]),
        (["ingest", "a.txt", "--dry-run", "-f", "csv"], ["csv", "jsonl"]),
        (["annotate", "missing.jsonl"], ["missing.jsonl", "No such file"]),
        (["resolve", "."], [".", "directory"]),
        (["init", "nofolder"], ["nofolder", "make it first"]),
    ],
    ids=" ".join,
)
def test_wrong_usage_is_named_with_its_value_and_what_is_allowed(ask, arguments, words):
    told(ask(*arguments), *words, code=2)


def test_there_is_no_store_and_no_archive(yuanliu, tmp_path):
    for command in (["timeline", "Yi"], ["who", "Yi"], ["claim", "c-1"], ["stats"]):
        told(yuanliu(*command), "there is no store yuanliu.db", "`yuanliu load`")
    told(yuanliu("load"), "there is no archive yuanliu.db", "`yuanliu ingest`")
    assert list(tmp_path.iterdir()) == []
    told(yuanliu("timeline", "Yi", "--store", "sqlite:other.db"), "there is no store", "other.db")
    told(yuanliu("ingest", "x", "--archive", "no/folder.db"), "no/folder.db", "--archive")


@pytest.mark.parametrize("address", ["mysql:x", "sqlite:", "yuanliu.db", "neo4j//host"])
def test_an_address_that_is_none(ask, address):
    told(ask("stats", "--store", address), repr(address), "write sqlite:FILE")


@pytest.fixture
def copy(library, tmp_path):
    """A copy of the library of which something is changed."""

    def change(*statements):
        for name in SQLITE_FILES:
            if (library / name).exists():
                shutil.copy(library / name, tmp_path)
        connection = sqlite3.connect(tmp_path / "yuanliu.db")
        for statement in statements:
            connection.execute(statement)
        connection.commit()
        connection.close()
        return tmp_path / "yuanliu.db"

    return change


def test_an_archive_of_a_newer_version_is_left_alone(yuanliu, copy, write):
    path = copy("update archive_version set version = 99")
    write("good.txt", TEXT)
    before = path.read_bytes()
    for command in (["ingest", "good.txt"], ["load"], ["stats"]):
        told(yuanliu(*command), "yuanliu.db has archive version 99", "upgrade yuanliu")
    assert path.read_bytes() == before


def test_a_store_of_a_newer_version_is_left_alone(yuanliu, copy):
    path = copy("update graph_version set version = 99")
    before = path.read_bytes()
    for command in (["timeline", "Morningstar-7B"], ["who", "Mara"], ["claim", "c-1"], ["stats"], ["load"]):
        told(yuanliu(*command), "yuanliu.db has graph version 99", "upgrade yuanliu")
    assert path.read_bytes() == before


def test_a_file_that_is_no_database_or_a_damaged_one(yuanliu, copy, write):
    write("good.txt", TEXT)
    write("words.db", "these are words\n" * 100)
    told(yuanliu("timeline", "Yi", "--store", "sqlite:words.db"), "words.db", "not a database", "--store")
    told(yuanliu("ingest", "good.txt", "--archive", "words.db"), "words.db", "not a database", "--archive")
    path = copy()
    content = path.read_bytes()
    path.write_bytes(content[: 4096 * 3] + b"\xaa" * (len(content) - 4096 * 3))
    for command in (["timeline", "Morningstar-7B"], ["ingest", "good.txt"], ["load"], ["stats"]):
        told(yuanliu(*command), "malformed")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'colour = "red"', ["unknown key 'colour'", "archive, store"]),
        (b"archive = 1", ["archive is 1", "expected str"]),
        (b'archive = "a\\u0000b"', ["archive is 'a\\x00b'"]),
        (b'vocabulary = "yes"', ["vocabulary is 'yes'", "expected bool"]),
        (b'names = "my-names.toml"', ["names is 'my-names.toml'", "write a list"]),
        (b"archive = ", ["is not valid TOML"]),
        (b"\xff\xfe", ["is not valid TOML in UTF-8"]),
        (b'[crawl]\ndelay = "fast"', ["[crawl]: delay is 'fast'"]),
        (b"[crawl]\nspeed = 1", ["[crawl]: unknown key 'speed'", "delay, allow_private"]),
        (b'[source]\nname = "a"', ["[[source]] with two brackets"]),
        (b'source = ["a"]', ["[[source]] with two brackets"]),
        (b"crawl = 1", ["write [crawl] once"]),
    ],
    ids=lambda value: value.decode("ascii", "replace") if isinstance(value, bytes) else "",
)
def test_a_configuration_that_cannot_be(yuanliu, write, content, words):
    write("yuanliu.toml", content)
    told(yuanliu("stats"), "yuanliu.toml", *words, code=2)


def test_a_source_in_the_configuration_that_cannot_be(yuanliu, write):
    write("yuanliu.toml", '[[source]]\nname = "a"\nkind = "gopher"\nurl = "https://a.example/feed"\n')
    told(yuanliu("crawl", "a"), "source 'a'", "kind = 'gopher'", "feed")


def test_a_configuration_that_is_not_there(yuanliu):
    told(yuanliu("stats", "--config", "other.toml"), "no configuration file other.toml", "`yuanliu init`", code=2)
    told(yuanliu("stats", YUANLIU_CONFIG="third.toml"), "no configuration file third.toml", code=2)
    told(yuanliu("stats", YUANLIU_STORE="fourth"), "'fourth' is no store address")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, ["cannot read the names file", "see `names` in yuanliu.toml"]),
        ("[[person]]\nid = 'a'\nage = 3", ["unknown field 'age'", "the fields are"]),
        ("[[person]]\nid = 'a'", ["'a' needs a name, en or zh"]),
        ("[[people]]\nid = 'a'", ["unknown table 'people'", "person"]),
        ("[[person]\n", ["is not valid TOML"]),
    ],
)
def test_a_names_file_that_cannot_be(yuanliu, write, content, words):
    write("yuanliu.toml", 'names = ["my.toml"]')
    if content is not None:
        write("my.toml", content)
    told(yuanliu("resolve", "-", given=line(surface="x", type="ORG")), "my.toml", *words)


def test_a_names_file_of_texts_where_tables_should_be(yuanliu, write):
    write("yuanliu.toml", 'names = ["my.toml"]')
    write("my.toml", "person = ['a']")
    told(yuanliu("resolve", "-", given=line(surface="x", type="ORG")), "my.toml", "[[person]]")


def test_nothing_is_overwritten(yuanliu, library, write):
    told(yuanliu("init", in_folder=library), "yuanliu.toml exists already; nothing was changed")
    kept = write("kept.jsonl", line(surface="01.AI", type="ORG") + "\n")
    before = kept.read_bytes()
    told(yuanliu("demo", "--keep", "kept.jsonl"), "kept.jsonl exists already")
    told(yuanliu("resolve", "kept.jsonl", "-o", "kept.jsonl"), "kept.jsonl is the file that is read", code=2)
    told(yuanliu("resolve", "missing.jsonl", "-o", "kept.jsonl"), "cannot read missing.jsonl", code=2)
    assert kept.read_bytes() == before
    told(yuanliu("resolve", "kept.jsonl", "-o", "no/folder"), "cannot write no/folder", code=2)


def test_an_empty_result_says_so_on_standard_error(ask):
    for form, out in (
        ("table", ""),
        ("json", "[]\n"),
        ("jsonl", ""),
        ("csv", "date,who,what,about,claim,words,source\n"),
    ):
        outcome = ask("timeline", "Morningstar-7B", "--since", "2031-01-01", "-f", form)
        assert (outcome.code, outcome.out) == (0, out)
        assert outcome.err == "nothing is told of Morningstar-7B within these limits\n"
