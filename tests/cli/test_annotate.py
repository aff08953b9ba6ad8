"""annotate and resolve: lines in, lines out, in the same order, one a document, every span exact."""

import json

import pytest

FIELDS = {"id", "entities", "statements", "links"}
ENTITY = {"surface", "type", "canonical", "start", "end"}
STATEMENT = {"n", "kind", "actor", "targets", "date", "evidence", "start", "end", "confidence"}
FOUNDED = (
    ("zh-founded", "李开复于2023年创办了零一万物。"),
    ("en-founded", "Kai-Fu Lee founded 01.AI in 2023."),
    ("tw-founded", "李開復於2023年創辦了零一萬物。"),
)
DISCUZ = """####  anna
##### 1#  发表于 2025-1-31 08:59

晨星-7B 抄袭了 Larkwing-6B 的权重。

####  ben
##### 2#  发表于 2025-1-31 09:10

回复 1# 没有抄袭，anna
"""


def line(**fields):
    return json.dumps({"lang": "zh", "kind": "article", "published": "2024-03-01", "title": ""} | fields)


def read(text):
    return [json.loads(row) for row in text.splitlines()]


@pytest.fixture(scope="module")
def given(library):
    """The lines of one input: the retellings, three about one founding, a thread without posts, and bad ones between."""
    lines = (library / "documents.jsonl").read_bytes().splitlines()
    lines += [line(id=identifier, text=text).encode() for identifier, text in FOUNDED]
    lines += [line(id="no-posts", kind="thread", text=DISCUZ).encode()]
    lines += [line(id="hostile", text="Mara Quell denied that \x1b[31m\u202eNightjar-3B\x9b was copied.").encode()]
    bad = [b"{broken", b"[1]", b'"text"', line(id="no-text").encode(), '{"id": "北'.encode("gbk"), b"\xff\xfe"]
    bad += [line(id="bad-post", kind="thread", text="a", posts=[{"start": 0, "end": 9}]).encode()]
    for number, each in enumerate(bad):
        lines.insert(2 * number + 1, each)
    return lines, [2 * number + 2 for number in range(len(bad))]


@pytest.fixture(scope="module")
def annotated(given, library, tmp_path_factory, run_program):
    """What one run made of the input."""
    path = tmp_path_factory.mktemp("annotate") / "docs.jsonl"
    path.write_bytes(b"\n".join(given[0]) + b"\n")
    return run_program(library, "annotate", path)


@pytest.fixture(scope="module")
def documents(given):
    """The good documents by id, in order."""
    good = [row for number, row in enumerate(given[0], 1) if number not in given[1]]
    return {row["id"]: row for row in map(json.loads, good)}


@pytest.fixture(scope="module")
def rows(annotated):
    return {row["id"]: row for row in read(annotated.out)}


def test_there_is_one_line_for_each_good_document_in_the_same_order(annotated, documents):
    assert [row["id"] for row in read(annotated.out)] == list(documents)


def test_bad_lines_are_named_by_their_numbers_and_skipped(annotated, given):
    assert annotated.code == 1
    told = annotated.err.splitlines()
    assert [f"docs.jsonl:{number}: " in row for number, row in zip(given[1], told[:-1], strict=True)] == [True] * 7
    assert told[-1] == "yuanliu: 7 lines were skipped"


def test_the_fields_are_those_of_the_exchange_format(rows):
    assert {frozenset(row) for row in rows.values()} == {frozenset(FIELDS)}
    assert {frozenset(each) for row in rows.values() for each in row["entities"]} == {frozenset(ENTITY)}
    told = [each for row in rows.values() for each in row["statements"]]
    assert {frozenset(each.keys() - {"co_actors"}) for each in told} == {frozenset(STATEMENT)}
    assert {link["type"] for row in rows.values() for link in row["links"]} <= {
        "responds_to",
        "supports",
        "disputes",
        "repeats",
    }


def test_every_span_holds_its_words(rows, documents):
    spans = 0
    for identifier, row in rows.items():
        text = documents[identifier]["text"]
        for entity in row["entities"]:
            assert text[entity["start"] : entity["end"]] == entity["surface"]
        for told in row["statements"]:
            assert text[told["start"] : told["end"]] == told["evidence"]
        spans += len(row["entities"]) + len(row["statements"])
    assert spans > 40


def test_links_lead_from_statement_to_statement_of_the_line(rows):
    linked = 0
    for row in rows.values():
        numbers = [told["n"] for told in row["statements"]]
        assert numbers == list(range(1, len(numbers) + 1))
        for link in row["links"]:
            assert {link["from"], link["to"]} <= set(numbers) and link["from"] != link["to"]
            linked += 1
    assert linked


def ids_of(row, kind):
    return {entity["canonical"] for entity in row["entities"] if entity["type"] == kind}


def test_one_person_and_one_company_have_one_id_in_every_spelling(rows):
    found = [rows[identifier] for identifier, _ in FOUNDED]
    for kind in ("PERSON", "ORG"):
        (ids,) = {frozenset(ids_of(row, kind)) for row in found}
        assert len(ids) == 1


def test_a_model_has_one_id_in_both_languages(rows):
    found = [rows[identifier] for identifier in ("en-charge", "zh-charge", "en-charge-again", "zh-denial")]
    assert all("model:larkwing-6b" in ids_of(row, "MODEL") for row in found)


def test_actors_and_targets_are_ids_of_entities_of_the_same_input(rows):
    known = {entity["canonical"] for row in rows.values() for entity in row["entities"]}
    told = [each for row in rows.values() for each in row["statements"]]
    assert {target for each in told for target in each["targets"]} <= known
    people = {each["actor"] for each in told} - {None}
    assert {"person:mara-quell", "org:larkwood-labs"} <= people <= known | {p for p in people if "/" in p}


def test_a_date_is_null_where_only_the_publication_gives_one(rows):
    dates = {each["date"] for row in rows.values() for each in row["statements"]}
    assert {"2024-03-04", "2024-03-05", "2024-03-10"} <= dates
    assert rows["hostile"]["statements"][0]["date"] is None


def test_in_a_thread_with_posts_the_authors_speak(rows):
    told = rows["zh-thread"]["statements"]
    assert [(each["kind"], each["actor"].rsplit("/")[-1]) for each in told[:2]] == [
        ("accusation", "reader_one"),
        ("denial", "reader_two"),
    ]


def test_in_a_thread_without_posts_the_headers_tell_who_speaks_and_answers_whom(rows):
    told = rows["no-posts"]["statements"]
    assert [(each["kind"], each["actor"].rsplit("/")[-1], each["date"]) for each in told] == [
        ("accusation", "anna", "2025-01-31"),
        ("denial", "ben", "2025-01-31"),
    ]
    assert {(link["from"], link["to"]) for link in rows["no-posts"]["links"]} == {(2, 1)}


def test_what_a_terminal_would_obey_is_escaped_and_kept(annotated, rows):
    assert not set("\x1b\x9b\u202e") & set(annotated.out)
    assert "\x1b[31m\u202eNightjar-3B\x9b" in rows["hostile"]["statements"][0]["evidence"]


def test_lines_pipe_through_and_other_lines_change_nothing(ask, given, rows, documents):
    some = [json.dumps(documents[identifier]) for identifier in ("zh-thread", "en-founded", "en-denial")]
    piped = ask("annotate", "-", given="\n".join(["\ufeff" + some[0], "", *some[1:]]))
    assert (piped.code, piped.err) == (0, "")
    assert read(piped.out) == [rows["zh-thread"], rows["en-founded"], rows["en-denial"]]


def test_without_the_vocabulary_only_patterns_find_names(ask, tmp_path, documents):
    out = tmp_path / "out.jsonl"
    some = "\n".join(json.dumps(documents[identifier]) for identifier in ("en-founded", "no-posts"))
    told = ask("annotate", "-", "--no-vocabulary", "-o", out, given=some, YUANLIU_CONFIG="plain.toml")
    assert (told.code, told.out, told.err) == (0, "", "")
    founded, thread = read(out.read_text(encoding="utf-8"))
    assert (founded["id"], thread["id"]) == ("en-founded", "no-posts")
    assert "org:01-ai" not in ids_of(founded, "ORG")
    assert "model:larkwing-6b" in ids_of(thread, "MODEL")
    assert thread["statements"][0]["actor"].endswith("/anna")


def test_a_name_that_one_document_explains_is_known_in_the_others(ask):
    text = "北辰研究院（Boreal Institute）由陈若溪（Ruoxi Chen）创办。"
    both = [
        line(id="zh", text=text + "陈若溪表示，晨星-7B抄袭了别人的权重。"),
        line(id="en", lang="en", text="Ruoxi Chen said that Morningstar-7B was copied."),
    ]
    zh, en = read(ask("annotate", "-", given="\n".join(both)).out)
    assert ids_of(zh, "PERSON") == ids_of(en, "PERSON")


def test_names_get_their_ids_in_order_and_keep_their_other_fields(ask):
    names = [
        {"surface": "李开复", "type": "PERSON", "row": 1},
        {"surface": "Kai-Fu Lee", "type": "PERSON", "note": "零"},
        {"surface": "李開復", "type": "PERSON"},
        {"surface": "云雀实验室", "type": "ORG"},
        {"surface": "Larkwood Labs", "type": "ORG"},
        {"surface": "晨星-7B", "type": "MODEL"},
        {"surface": "Morningstar 7B", "type": "MODEL"},
        {"surface": "Llama 2", "type": "MODEL"},
        {"surface": "Llama 3", "type": "MODEL"},
        {"surface": "Nobody Known", "type": "PERSON"},
    ]
    told = ask("resolve", "-", given="\n".join(map(json.dumps, names)))
    found = read(told.out)
    assert (told.code, [{k: v for k, v in row.items() if k != "canonical"} for row in found]) == (0, names)
    ids = [row["canonical"] for row in found]
    assert len(set(ids[0:3])) == len(set(ids[3:5])) == len(set(ids[5:7])) == 1
    assert len(set(ids)) == 6 and all(ids)


def test_names_that_are_none_are_told_of_and_skipped(ask):
    bad = ["{", "[]", line(surface=3, type="ORG"), line(surface=" ", type="ORG"), line(surface="a", type="FIRM")]
    told = ask("resolve", "-", given="\n".join([*bad, line(surface="01.AI", type="ORG")]))
    assert (told.code, [row["canonical"] for row in read(told.out)]) == (1, ["org:01-ai"])
    rows = told.err.splitlines()
    assert [row.startswith(f"standard input:{n}: ") for n, row in enumerate(rows[:-1], 1)] == [True] * 5
    assert "surface is 3" in rows[2] and "type is 'FIRM'; expected PERSON, ORG or MODEL" in rows[4]
    assert rows[-1] == "yuanliu: 5 lines were skipped"


def test_two_processes_write_what_one_does(ask, given, annotated):
    told = ask("annotate", "-", "--jobs", "2", given=b"\n".join(given[0]))
    assert (told.code, told.out) == (1, annotated.out)
    assert told.err.count("standard input:") == len(given[1])


def test_a_language_model_is_asked_by_one_process(ask):
    told = ask("annotate", "-", "--jobs", "2", "--extractor", "llm", given="")
    assert told.code == 2 and "--jobs 2" in told.err
