"""Whole runs: what is cached costs no request, the budget holds, long documents go in pieces, a document is read whole or not at all."""

import json
import sqlite3
from itertools import pairwise
from pathlib import Path

import pytest

from crawler.archive import Archive
from crawler.document import join_posts
from graph.load import Steps, load
from graph.sqlite_store import SqliteStore
from nlp.annotation_table import AnnotationTable
from nlp.errors import DocumentLeft, ExtractorFailed
from nlp.llm import prompt
from nlp.llm.pieces import cut_pieces, halve
from nlp.pipeline import VERSION, version_with
from tests.nlp import llm_server as server
from tests.nlp.llm_server import Answer, Model, completion, error, make_document, reply, statement

HERE = Path(__file__).parent


CHARGE = "Larkwood Labs said that Morningstar-7B is a copy."
DENIAL = "Mara Quell denied it."
TEXT = f"{CHARGE} {DENIAL}"
GOOD = reply(statement(DENIAL, kind="denial", speaker="Mara Quell"))
SMALL = {"piece": 400, "overlap": 100}


@pytest.fixture
def run(small_annotator, tmp_path):
    """Annotate documents in one run; give what each came to, an annotation or an error, and the tally."""

    def annotate(where, *documents, **settings):
        small_annotator.extractor = extractor = server.make_extractor(where, tmp_path, **settings)
        results = []
        try:
            for document in documents or [make_document(TEXT)]:
                try:
                    results.append(small_annotator.annotate(document))
                except DocumentLeft as left:
                    results.append(left)
        finally:
            extractor.close()
            small_annotator.extractor = None
        return results, extractor.tally

    return annotate


def documents(number):
    return [make_document(f"{TEXT} Number {i}.", id=f"d{i}") for i in range(number)]


def long_document(sentences=40):
    """A text of many sentences, each of another number, and so of several small pieces."""
    told = [f"Sentence {i:02} says that Mara Quell denied charge {i:02}." for i in range(sentences)]
    return make_document(" ".join(told)), told


def answer_all(asked):
    """Answer with a denial for each sentence shown, linked to the one before it."""
    shown = json.loads(asked["messages"][1]["content"])
    sentences = [part.strip() + "." for post in shown["posts"] for part in post["text"].split(".") if "charge" in part]
    rows = [statement(each, n=n, kind="denial", speaker="Mara Quell") for n, each in enumerate(sentences, 1)]
    return reply(*rows, links=[(n, n - 1, "supports") for n in range(2, len(rows) + 1)])


def test_a_second_run_asks_for_nothing(run, tmp_path):
    with Model(GOOD) as model:
        first, _ = run(model, *documents(3))
        again, tally = run(model, *documents(3))
        assert len(model.seen) == 3
    assert again == first
    assert (tally.requests, tally.cached, tally.tokens, tally.kept) == (0, 3, 0, 3)
    offline, _ = run("http://127.0.0.1:9/v1", *documents(3))
    assert offline == first
    with sqlite3.connect(tmp_path / "yuanliu.llm.db") as connection:
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)
        ((content,),) = set(connection.execute("select content from reply limit 1"))
    connection.close()
    assert DENIAL.encode() not in content  # compressed


def test_another_model_or_prompt_is_asked_again(run, monkeypatch):
    versions = set()
    with Model(GOOD) as model:
        versions.add(run(model)[0][0].version)
        versions.add(run(model, model="large")[0][0].version)
        assert len(model.seen) == 2
        monkeypatch.setattr(prompt, "system_prompt", lambda: "Say nothing.")
        prompt.prompt_version.cache_clear()
        versions.add(run(model)[0][0].version)
        assert len(model.seen) == 3
    prompt.prompt_version.cache_clear()
    assert len(versions) == 3 and VERSION not in versions


def test_a_changed_document_is_asked_again(run):
    with Model(GOOD) as model:
        run(model, make_document(TEXT), make_document(TEXT, title="Another title"), make_document(TEXT + " Again."))
        assert len(model.seen) == 3


def test_no_cache_is_made_before_it_is_used(tmp_path):
    extractor = server.make_extractor("http://127.0.0.1:9/v1", tmp_path)
    extractor.close()
    assert list(tmp_path.iterdir()) == []


def test_a_document_without_sentences_costs_nothing(run):
    (result,), tally = run("http://127.0.0.1:9/v1", make_document("…"))
    assert (result.statements, tally.requests) == ((), 0)


def test_a_broken_reply_in_the_cache_is_asked_for_again(run, tmp_path):
    with Model(GOOD) as model:
        first, _ = run(model)
        for broken in (b"no zlib", "text", b"x\x9c\x03\x00\x00\x00\x00\x01"):
            with sqlite3.connect(tmp_path / "yuanliu.llm.db") as connection:
                connection.execute("update reply set content = ?", (broken,))
            connection.close()
            assert run(model)[0] == first
        assert len(model.seen) == 4


def test_a_cache_that_is_none_is_named(run, tmp_path):
    (tmp_path / "yuanliu.llm.db").write_bytes(b"no database, but long enough to be taken for one" * 20)
    with pytest.raises(ExtractorFailed, match=r"yuanliu\.llm\.db cannot be used"):
        run("http://127.0.0.1:9/v1")


def test_when_the_budget_is_spent_only_the_cache_is_read(run):
    costly = Answer(completion(GOOD, usage=(5000, 1000)))
    with Model(costly) as model:
        run(model, documents(5)[4])
        results, tally = run(model, *documents(5), budget=10_000)
        assert len(model.seen) == 1 + 2
    assert [isinstance(result, DocumentLeft) for result in results] == [False, False, True, True, False]
    assert "budget of 10000 tokens" in str(results[2])
    assert (tally.tokens, tally.left, tally.cached, tally.kept) == (12_000, 2, 1, 3)


def test_a_budget_that_does_not_pay_for_one_prompt_asks_nothing(run):
    with Model(GOOD) as model:
        (left,), tally = run(model, budget=50)
        assert (model.seen, tally.tokens) == ([], 0)
    assert isinstance(left, DocumentLeft)


def test_a_budget_of_nothing_is_no_limit(run):
    with Model(Answer(completion(GOOD, usage=(10**9, 10**9)))) as model:
        results, _ = run(model, *documents(3), budget=0)
    assert [len(result.statements) for result in results] == [1, 1, 1]


def test_a_long_document_is_read_in_overlapping_pieces_and_told_once(run):
    document, told = long_document()
    with Model(answer_all) as model:
        (result,), tally = run(model, document, cutting=SMALL)
        texts = ["".join(each) for each in model.texts()]
    assert len(texts) > 5 and all(len(text) <= 400 for text in texts)
    assert all(document.text.find(text) >= 0 and text.endswith(".") for text in texts)
    for one, other in pairwise(texts):
        shared = [sentence for sentence in told if sentence in one and sentence in other]
        assert shared and sum(map(len, shared)) <= 110
    assert [each.quote for each in result.statements] == told
    assert tally.joined >= len(texts) - 1
    ids = [each.id for each in result.statements]
    assert [(link.source, link.target) for link in result.links] == list(zip(ids[1:], ids, strict=False))


def test_what_two_pieces_tell_of_one_sentence_by_different_speakers_stays_two(run):
    document, _ = long_document(8)
    answers = iter(["Mara Quell", None])

    def answer(asked):
        speaker = next(answers)
        text = json.loads(asked["messages"][1]["content"])["posts"][0]["text"]
        sentence = "Sentence 06 says that Mara Quell denied charge 06."
        return reply(*[statement(sentence, kind="denial", speaker=speaker)] if sentence in text else [])

    with Model(answer) as model:
        (result,), _ = run(model, document, cutting={"piece": 360, "overlap": 110})
        assert len(model.seen) == 2
    assert len(result.statements) == 2


def test_a_thread_shows_who_wrote_each_post_when_and_in_answer_to_what(run):
    parts = [
        {"author": f"user{i}", "published": f"2024-03-{i + 1:02}", "reply_to": i - 1 if i else None, "text": text}
        for i, text in enumerate([CHARGE * 4, DENIAL * 8, CHARGE * 4])
    ]
    text, posts = join_posts(parts)
    with Model(reply()) as model:
        run(model, make_document(text, posts, kind="thread"), cutting=SMALL)
        shown = [post for i in range(len(model.seen)) for post in model.shown(i)["posts"]]
        assert len(model.seen) > 1
    assert {(post["post"], post["author"], post["published"], post["reply_to"]) for post in shown} == {
        (1, "user0", "2024-03-01", None),
        (2, "user1", "2024-03-02", 1),
        (3, "user2", "2024-03-03", 2),
    }
    assert all(post["text"] in parts[post["post"] - 1]["text"] for post in shown)


def test_a_text_without_sentence_marks_is_read_in_bounded_pieces(run):
    text = "".join(chr(0x4E00 + i) for i in range(4000))
    with Model(reply()) as model:
        run(model, make_document(text), cutting={"piece": 1000, "overlap": 200})
        texts = ["".join(each) for each in model.texts()]
    assert text == texts[0] + "".join(each[200:] for each in texts[1:])
    assert all(len(each) <= 1000 for each in texts)


TRUNCATED = Answer(completion('{"statements": [{"n": 1, "kind"', finish="length"))
TOO_LONG = [TRUNCATED, error(400, "too many tokens", code="context_length_exceeded"), error(413)]


@pytest.mark.parametrize("too_long", TOO_LONG)
def test_a_piece_whose_reply_is_cut_off_is_halved(run, too_long):
    document, told = long_document(16)

    def answer(asked):
        content = asked["messages"][1]["content"]
        return too_long if len(content) > 600 else answer_all(asked)

    with Model(answer) as model:
        (result,), _ = run(model, document)
        texts = ["".join(each) for each in model.texts()]
        assert texts[0] == document.text and len(texts) == 3
        assert abs(len(texts[1]) - len(texts[2])) < 100 and f"{texts[1]} {texts[2]}" == document.text
        again, tally = run(model, document)
        assert len(model.seen) == 3  # the halves are known to be needed
    assert [each.quote for each in result.statements] == told
    assert (again, tally.requests, tally.cached) == ([result], 0, 3)


def test_halving_ends(run):
    document, _ = long_document(16)
    with Model(TRUNCATED) as model:
        (left,), _ = run(model, document)
        assert len(model.seen) < 10
    assert isinstance(left, DocumentLeft) and "too long" in str(left)


def test_every_character_of_a_sentence_is_in_a_piece_and_its_halves(small_annotator):
    reading = small_annotator.read(long_document(60)[0], until="yuanliu_names")
    for size, overlap in ((300, 0), (300, 150), (500, 40), (10_000, 600)):
        pieces = cut_pieces(reading.sentences, size=size, overlap=overlap)
        covered = {i for piece in pieces for unit in piece.units for i in range(unit.start, unit.end)}
        assert covered == {i for sentence in reading.sentences for i in range(sentence.start, sentence.end)}
        for piece in pieces:
            halves = halve(piece)
            assert halves is None or tuple(unit for half in halves for unit in half.units) == piece.units


def test_a_document_is_never_annotated_in_part(run):
    document, told = long_document()
    with Model(answer_all, answer_all, error(503)) as model:
        (left,), first = run(model, document, cutting=SMALL)
        assert isinstance(left, DocumentLeft)
        assert (first.kept, first.left, dict(first.thrown)) == (0, 1, {})
        model.answers = [answer_all]
        (result,), second = run(model, document, cutting=SMALL)
    assert second.cached == 2 and [each.quote for each in result.statements] == told


class Stopped(BaseException):
    """What a kill does to a run."""


@pytest.fixture
def library(small_annotator, tmp_path):
    """Load an archive of documents with a model, as the command does; each call is one run."""
    archive, store = Archive(tmp_path / "yuanliu.db"), SqliteStore(tmp_path / "yuanliu.db")
    for document in documents(4):
        archive.add(document)

    def run(where, *, steps=None, **settings):
        small_annotator.extractor = extractor = server.make_extractor(where, tmp_path, **settings)
        version = version_with(extractor)
        table = AnnotationTable(archive.connection, vocabulary=small_annotator.vocabulary.digest, version=version)
        try:
            return load(archive, store, table, annotator=lambda: small_annotator, steps=steps), extractor.tally
        finally:
            extractor.close()
            small_annotator.extractor = None

    yield run, archive, store
    archive.close()
    store.close()


def test_a_run_that_is_stopped_between_two_documents_is_gone_on_with(library):
    run, archive, _ = library

    def stop(_):
        raise Stopped

    with Model(GOOD) as model:
        seen = []
        with pytest.raises(Stopped):
            run(model, steps=Steps(read=lambda n: stop(n) if len(seen) else seen.append(n)))
        assert len(model.seen) == 2
        assert archive.connection.execute("select count(*) from annotation").fetchone()[0] == 2
        archive.connection.execute("delete from annotation")  # as if the kill had come before they were stored
        report, tally = run(model)
        assert len(model.seen) == 4
    assert (report.documents, report.annotated, report.left, tally.cached) == (4, 4, 0, 2)


def test_annotations_of_rules_and_of_models_are_kept_apart(library, small_annotator):
    run, archive, store = library
    table = AnnotationTable(archive.connection, vocabulary=small_annotator.vocabulary.digest, version=VERSION)
    load(archive, store, table, annotator=lambda: small_annotator)
    with Model(GOOD) as model:
        run(model)
        run(model, model="large")
        run(model)
        assert len(model.seen) == 8
    rows = archive.connection.execute("select version, count(*) from annotation group by version").fetchall()
    assert len(rows) == 3 and {row[1] for row in rows} == {4}


def test_what_is_left_is_told_of_and_the_rest_is_loaded(library):
    run, _, store = library
    told = []
    with Model(GOOD, error(503), GOOD) as model:
        report, _ = run(model, steps=Steps(left=told.append))
        assert (report.documents, report.annotated, report.left) == (3, 3, 1)
        assert len(told) == 1 and "d1 is left for another run" in told[0]
        report, _ = run(model)
    assert (report.documents, report.annotated, report.left) == (4, 1, 0)
    held = store.content_hash()
    report, _ = run("http://127.0.0.1:9/v1", model="another")
    assert (report.annotated, report.left, report.removed) == (
        0,
        4,
        0,
    )  # no graph is emptied by an endpoint that is away
    assert held == store.content_hash()
