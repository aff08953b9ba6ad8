"""What an endpoint may do, over real HTTP: what is asked again, what leaves a document for another run, what stops the run."""

import dataclasses
import json
import re
import socket
import sqlite3
import sys
import time
import zlib
from pathlib import Path

import pytest

from nlp.errors import DocumentLeft, ExtractorFailed
from nlp.llm import client as client_module
from nlp.llm import transport
from nlp.llm.prompt import SCHEMA
from nlp.pipeline import Annotator
from tests.nlp import llm_server as server
from tests.nlp.llm_server import Answer, Model, completion, error, make_document, reply, statement

HERE = Path(__file__).parent


DENIAL = "Mara Quell denied it."
TEXT = f"Larkwood Labs asked where Morningstar-7B came from. {DENIAL}"
GOOD = reply(statement(DENIAL, kind="denial", speaker="Mara Quell"))


@pytest.fixture
def run(small_vocabulary, tmp_path):
    """Annotate documents with an extractor; give what each came to, an annotation or an error, and the tally."""
    annotator = Annotator(small_vocabulary)

    def annotate(where, *documents, **settings):
        extractor = server.make_extractor(where, tmp_path, **settings)
        annotator.extractor = extractor
        results = []
        try:
            for document in documents or [make_document(TEXT)]:
                try:
                    results.append(annotator.annotate(document))
                except DocumentLeft as left:
                    results.append(left)
        finally:
            extractor.close()
        return results, extractor.tally

    return annotate


def kinds(result):
    return [each.kind for each in result.statements]


def others(number):
    return [make_document(f"{TEXT} Number {i}.", id=f"d{i}") for i in range(number)]


def in_cache(folder):
    with sqlite3.connect(folder / "yuanliu.llm.db") as connection:
        rows = connection.execute("select * from reply").fetchall()
    connection.close()
    return rows


def test_what_is_asked(run):
    with Model(GOOD) as model:
        (result,), tally = run(model)
    (asked,), (headers,) = model.seen, model.headers
    assert kinds(result) == ["denial"]
    assert (asked["model"], asked["temperature"], type(asked["seed"])) == ("small", 0, int)
    assert asked["response_format"]["json_schema"]["strict"] is True
    assert asked["response_format"]["json_schema"]["schema"] == SCHEMA
    assert [message["role"] for message in asked["messages"]] == ["system", "user"]
    assert headers["authorization"] == f"Bearer {server.KEY}"
    assert (tally.requests, tally.prompt_tokens, tally.completion_tokens, tally.kept) == (1, 100, 20, 1)


def test_nothing_leaves_the_machine_that_the_request_does_not_need(run, monkeypatch):
    for name in ("ORG_ID", "PROJECT_ID", "API_KEY", "ADMIN_KEY", "BASE_URL"):
        monkeypatch.setenv(f"OPENAI_{name}", "http://another.example" if name == "BASE_URL" else "foreign")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "X-Foreign: foreign\nAuthorization: foreign")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with Model(GOOD) as model:
        (result,), _ = run(model)
    assert kinds(result) == ["denial"]
    assert "foreign" not in json.dumps(model.headers)
    assert not [name for name in model.headers[0] if name.lower().startswith(("x-", "openai"))]
    assert model.headers[0]["authorization"] == f"Bearer {server.KEY}"


def test_without_a_key_none_is_sent(run, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "foreign")
    with Model(GOOD) as model:
        run(model, key="")
    assert "authorization" not in model.headers[0]


def test_the_schema_is_one_that_strict_mode_takes():
    def check(schema):
        if schema.get("type") == "object":
            assert schema["additionalProperties"] is False
            assert schema["required"] == list(schema["properties"])
        for inner in (*schema.get("properties", {}).values(), *([schema["items"]] if "items" in schema else [])):
            check(inner)

    check(SCHEMA)


@pytest.mark.parametrize(
    "content",
    [
        f"```json\n{json.dumps(GOOD)}\n```",
        f"```\n{json.dumps(GOOD)}\n```\nThat is all.",
        f"Here it is:\n\n```JSON\n{json.dumps(GOOD, indent=1)}\n```",
        f"<think>Hm, {{}}.</think>\n{json.dumps(GOOD)}",
        f"\n  {json.dumps(GOOD)}\n",
        json.dumps({"statements": GOOD["statements"]}),
    ],
)
def test_json_with_something_around_it_is_read(run, content):
    with Model(Answer(completion(content))) as model:
        (result,), _ = run(model)
    assert (kinds(result), len(model.seen)) == (["denial"], 1)


BAD = {
    "no JSON": Answer(completion("I am sorry.")),
    "broken JSON": Answer(completion('{"statements": [')),
    "a list": Answer(completion("[]")),
    "no lists": Answer(completion('{"statements": {}, "links": 3}')),
    "too deep": Answer(completion("[" * 100_000)),
    "a long number": Answer(completion('{"statements": ' + "9" * 10_000 + "}")),
    "empty": Answer(completion("")),
    "null": Answer(completion(None)),
    "no choices": Answer({"choices": []}),
    "choices of no shape": Answer({"choices": [None]}),
    "an error in a good response": Answer({"error": {"message": "later"}}),
    "no object": Answer(b"[1, 2]"),
    "no bytes": Answer(b""),
    "no UTF-8": Answer(b'{"choices": "\xff\xfe"}'),
    "HTML": Answer(b"<html>Log in</html>", content_type="text/html"),
    "good JSON of another type": Answer(completion(GOOD), content_type="text/plain"),
    "compressed": Answer(b"x", headers={"Content-Encoding": "gzip"}),
    "cut off on the way": Answer(completion(GOOD), headers={"Content-Length": "100000", "Connection": "close"}),
}


@pytest.mark.parametrize("bad", BAD.values(), ids=BAD)
def test_a_reply_that_cannot_be_used_is_asked_for_once_more(run, bad):
    retries = 1 if bad.headers.get("Connection") else 0  # a broken connection is for the transport to try again
    with Model(bad, GOOD) as model:
        (result,), tally = run(model, retries=retries)
    assert (kinds(result), len(model.seen), tally.requests) == (["denial"], 2, 2)
    if not retries:
        assert model.seen[0]["seed"] != model.seen[1]["seed"]


@pytest.mark.parametrize("bad", [BAD["no JSON"], BAD["no choices"], BAD["HTML"]])
def test_twice_a_bad_reply_leaves_the_document_and_only_that(run, bad, tmp_path):
    with Model(bad, bad, GOOD) as model:
        (left, read), tally = run(model, *others(2))
    assert isinstance(left, DocumentLeft) and str(left).startswith(
        "d0 is left for another run: 2 replies could not be used"
    )
    assert kinds(read) == ["denial"]
    assert (tally.left, tally.kept, len(model.seen), len(in_cache(tmp_path))) == (1, 1, 3, 1)


REFUSALS = [
    Answer(completion(None, refusal="I will not read that.")),
    Answer(completion("", finish="content_filter")),
    error(400, "bad words"),
]


@pytest.mark.parametrize("refusal", REFUSALS)
def test_a_refusal_leaves_the_document(run, refusal, tmp_path):
    with Model(refusal) as model:
        (left,), _ = run(model)
    assert isinstance(left, DocumentLeft) and "refuses" in str(left)
    assert len(model.seen) == (2 if refusal.status == 400 else 1)  # 400: with the schema, and without
    assert in_cache(tmp_path) == []


@pytest.mark.parametrize("status", [400, 422])
def test_an_endpoint_that_knows_no_schema_is_asked_without_for_the_rest_of_the_run(run, status):
    def answer(asked):
        return error(status, "json_schema?") if asked["response_format"]["type"] == "json_schema" else GOOD

    with Model(answer) as model:
        results, _ = run(model, *others(3))
    assert [kinds(result) for result in results] == [["denial"]] * 3
    types = [asked["response_format"]["type"] for asked in model.seen]
    assert types == ["json_schema", "json_object", "json_object", "json_object"]


def test_a_piece_that_is_refused_does_not_take_the_schema_from_the_next(run):
    with Model(error(400), error(400), GOOD) as model:
        (left, read), _ = run(model, *others(2))
    assert isinstance(left, DocumentLeft) and kinds(read) == ["denial"]
    assert model.seen[2]["response_format"]["type"] == "json_schema"


@pytest.mark.parametrize("status", [401, 402, 403, 404, 405, 301, 307])
def test_what_no_retry_mends_stops_the_run_at_once(run, status):
    headers = {"Location": "/v1/elsewhere"} if status < 400 else {}
    with (
        Model(error(status, f"key {server.KEY} is wrong", headers=headers)) as model,
        pytest.raises(ExtractorFailed) as told,
    ):
        run(model, *others(3), retries=3)
    assert len(model.seen) == 1
    assert str(status) in str(told.value) and model.url in str(told.value)
    assert server.KEY not in str(told.value) and "\n" not in str(told.value)
    if status == 401:
        assert "YUANLIU_LLM_KEY" in str(told.value)


@pytest.mark.parametrize("headers", [{"Retry-After": "1"}, {"Retry-After-Ms": "900"}])
def test_retry_after_is_obeyed(run, headers):
    with Model(error(429, "slowly", headers=headers), GOOD) as model:
        (result,), tally = run(model, retries=1)
    assert kinds(result) == ["denial"]
    assert 0.85 < model.times[1] - model.times[0] < 5
    assert tally.requests == 2


@pytest.mark.parametrize("status", [500, 502, 503, 529, 408, 409])
def test_an_error_of_the_server_is_tried_again(run, status):
    with Model(error(status, headers={"Retry-After-Ms": "1"}), GOOD) as model:
        (result,), _ = run(model, retries=1)
    assert (kinds(result), len(model.seen)) == (["denial"], 2)


def test_after_all_retries_the_document_is_left(run):
    with Model(error(503, "gone", headers={"Retry-After-Ms": "1"})) as model:
        (left,), tally = run(model, retries=2)
    assert isinstance(left, DocumentLeft) and "503" in str(left)
    assert (len(model.seen), tally.requests, tally.left) == (3, 3, 1)


def test_an_endpoint_that_is_away_is_not_asked_for_ever(run):
    with Model(error(503)) as model:
        results, tally = run(model, *others(8))
    assert all(isinstance(result, DocumentLeft) for result in results)
    assert (len(model.seen), tally.left) == (client_module.MOST_UNANSWERED, 8)


def test_one_answer_between_failures_tells_that_it_is_not_away(run):
    answers = [error(503), error(503), GOOD, error(503), error(503), GOOD]
    with Model(*answers) as model:
        results, _ = run(model, *others(6))
    assert [isinstance(result, DocumentLeft) for result in results] == [True, True, False, True, True, False]


def test_a_late_reply_is_a_time_out(run):
    with Model(Answer(completion(GOOD), wait=5), GOOD) as model:
        begun = time.monotonic()
        (result,), _ = run(model, timeout=0.3, retries=1)
    assert (kinds(result), len(model.seen)) == (["denial"], 2)
    assert time.monotonic() - begun < 4


def test_a_reply_that_drips_is_a_time_out(run):
    with Model(Answer(completion(GOOD), drip=0.05)) as model:
        begun = time.monotonic()
        (left,), _ = run(model, timeout=0.4)
    assert isinstance(left, DocumentLeft) and "timed out" in str(left)
    assert time.monotonic() - begun < 3


def test_nobody_listens(run):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        (left,), _ = run(f"http://127.0.0.1:{taken.getsockname()[1]}/v1")
    assert isinstance(left, DocumentLeft) and "no answer from http://127.0.0.1" in str(left)


def test_a_huge_reply_is_not_read_to_its_end(run, monkeypatch):
    monkeypatch.setattr(transport, "MOST_BYTES", 100_000)
    read = []
    plain = transport.BoundedStream.__iter__

    def counting(self):
        for chunk in plain(self):
            read.append(len(chunk))
            yield chunk

    monkeypatch.setattr(transport.BoundedStream, "__iter__", counting)
    with Model(Answer(b"x" * 1_000_000, repeat=50)) as model:
        (left,), _ = run(model)
    assert isinstance(left, DocumentLeft) and "longer than 100000 bytes" in str(left)
    assert sum(read) <= 2 * 100_000


def test_a_huge_error_is_told_in_short(run):
    with Model(error(401, "x" * 100_000)) as model, pytest.raises(ExtractorFailed) as told:
        run(model)
    assert len(str(told.value)) < 600


def test_a_key_that_comes_back_is_not_kept(run, tmp_path):
    echo = GOOD | {"debug": server.KEY}
    with Model(error(500, server.KEY), echo) as model:
        (left, read), _ = run(model, *others(2))
    assert server.KEY not in str(left) and kinds(read) == ["denial"]
    assert in_cache(tmp_path) and all(server.KEY not in zlib.decompress(row[-1]).decode() for row in in_cache(tmp_path))


def test_a_key_is_in_no_representation(run, tmp_path):
    extractor = server.make_extractor("http://127.0.0.1:9/v1", tmp_path)
    assert server.KEY not in repr(extractor.client.endpoint) + repr(extractor.tally) + extractor.tally.line()
    assert server.KEY in dataclasses.asdict(extractor.client.endpoint).values()


@pytest.mark.parametrize("missing", ["openai", "httpx2"])
def test_without_the_package_the_extra_is_named(run, monkeypatch, missing):
    monkeypatch.setitem(sys.modules, missing, None)
    with pytest.raises(ExtractorFailed, match=re.escape("pip install 'yuanliu[llm]'")):
        run("http://127.0.0.1:9/v1")


def test_an_endpoint_that_counts_no_tokens_has_them_estimated(run):
    with Model(
        Answer(completion(GOOD, usage=None)),
        Answer(completion(GOOD) | {"usage": {"prompt_tokens": -(10**6), "completion_tokens": True}}),
    ) as model:
        _, tally = run(model, *others(2))
    assert tally.prompt_tokens > 500 and tally.completion_tokens > 20
