"""extractor = "llm" on the command line: what is refused, what is told, what is kept, and that the rules import nothing of it."""

import json
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.nlp import llm_server as server
from tests.nlp.llm_server import Answer, Model, error

RETELLINGS = Path(__file__).parent.with_name("graph") / "retellings"


DENIAL = "Mara Quell denied it."
TEXT = f"Larkwood Labs said that Morningstar-7B is a copy. {DENIAL}"
GOOD = server.reply(
    server.statement(
        "Larkwood Labs said that Morningstar-7B is a copy.",
        speaker="Larkwood Labs",
        targets=[("Morningstar-7B", "accused")],
    ),
    server.statement(DENIAL, n=2, kind="denial", speaker="Mara Quell"),
    links=[(2, 1, "disputes")],
)
CONFIG = 'extractor = "llm"\nnames = ["names.toml"]\n\n[llm]\nmodel = "small"\nretries = 0\ntimeout = 10\n'
KEY = server.KEY


def lines(number):
    rows = [
        {"id": f"d{i}", "lang": "en", "published": "2024-03-07", "text": f"{TEXT} Number {i}."} for i in range(number)
    ]
    return "\n".join(map(json.dumps, rows))


@pytest.fixture
def folder(tmp_path, write):
    write("names.toml", (RETELLINGS / "names.toml").read_bytes())
    write("yuanliu.toml", CONFIG)
    return tmp_path


@pytest.fixture
def call(yuanliu, folder):
    """Run the program with a model; its key is found in no output and in no file."""

    def run(model, *arguments, **options):
        where = getattr(model, "url", model)
        told = yuanliu(
            *arguments, **({"YUANLIU_LLM_URL": where, "YUANLIU_LLM_KEY": KEY, "OPENAI_LOG": "debug"} | options)
        )
        assert KEY not in told.out + told.err
        assert not [path for path in folder.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
        return told

    return run


def statements(told):
    return [[(each["kind"], each["actor"]) for each in json.loads(row)["statements"]] for row in told.out.splitlines()]


BOTH = [("accusation", "org:larkwood-labs"), ("denial", "person:mara-quell")]


def test_annotate_asks_the_model_and_says_at_the_end_what_it_cost(call, folder):
    with Model(GOOD) as model:
        told = call(model, "annotate", "-", given=lines(2), OPENAI_LOG="")
        assert (told.code, statements(told), len(model.seen)) == (0, [BOTH, BOTH], 2)
    assert told.err.splitlines() == [
        "llm small: 2 requests, 0 pieces from the cache, 240 tokens (200 + 40); kept 4 statements and 2 links, "
        "joined 0 told twice; thrown away: nothing; left: 0 documents"
    ]
    assert (folder / "yuanliu.llm.db").is_file()
    again = call("http://127.0.0.1:9/v1", "annotate", "-", given=lines(2), OPENAI_LOG="")
    assert (again.code, again.out) == (0, told.out) and "0 requests, 2 pieces from the cache" in again.err


def test_the_extractor_is_chosen_by_option_and_environment(call, write):
    write("yuanliu.toml", CONFIG.replace('extractor = "llm"', ""))
    with Model(GOOD) as model:
        assert call(model, "annotate", "-", given=lines(1)).code == len(model.seen) == 0
        assert call(model, "annotate", "-", "--extractor", "llm", given=lines(1)).code == 0
        assert len(model.seen) == 1
        assert "1 piece from" in call(model, "annotate", "-", given=lines(1), YUANLIU_EXTRACTOR="llm").err
        rules = call(model, "annotate", "-", "--extractor", "rules", given=lines(1), YUANLIU_EXTRACTOR="llm")
        assert rules.err == ""


def test_annotate_skips_what_is_left_and_fails(call):
    with Model(GOOD, error(503, "gone"), GOOD) as model:
        told = call(model, "annotate", "-", given=lines(3), OPENAI_LOG="")
    assert (told.code, [json.loads(row)["id"] for row in told.out.splitlines()]) == (1, ["d0", "d2"])
    left, tally, last = told.err.splitlines()
    assert left.startswith("standard input:2: d1 is left for another run: ")
    assert "left: 1 document" in tally and last == "yuanliu: 1 line was skipped"


def test_load_tells_what_is_left_and_goes_on_with_it(call, write):
    write("docs.jsonl", lines(3))
    with Model(GOOD, error(503), GOOD) as model:
        assert call(model, "ingest", "docs.jsonl").code == 0
        told = call(model, "load", OPENAI_LOG="")
        assert told.code == 0 and "read 2 of 3 documents, left 1 for the next `yuanliu load`" in told.err
        assert "is left for another run: no answer from" in told.err
        told = call(model, "load", OPENAI_LOG="")
        assert told.code == 0 and "read 1 of 3 documents;" in told.err
        assert len(model.seen) == 4
        assert "llm" not in call(model, "load", OPENAI_LOG="").err
    assert "denial" in call(model, "timeline", "Morningstar-7B", OPENAI_LOG="").out


def test_load_fails_if_nothing_could_be_read(call, write):
    write("docs.jsonl", lines(2))
    assert call("http://127.0.0.1:9/v1", "ingest", "docs.jsonl").code == 0
    told = call("http://127.0.0.1:9/v1", "load")
    assert told.code == 1 and "none of 2 new documents could be read" in told.err


def test_a_refused_key_stops_at_once(call):
    with Model(error(401, f"{KEY} is no key")) as model:
        told = call(model, "annotate", "-", given=lines(3), OPENAI_LOG="")
        assert (told.code, told.out, len(model.seen)) == (1, "", 1)
    assert "refuses the key; set YUANLIU_LLM_KEY" in told.err


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGKILL])
def test_a_stopped_run_loses_nothing_that_was_answered(call, folder, write, stop):
    write("docs.jsonl", lines(3))
    reached, hold = threading.Event(), threading.Event()
    count = []

    def answer(_):
        count.append(1)
        if len(count) == 3:
            reached.set()
            return Answer(server.completion(GOOD), hold=hold)
        return GOOD

    with Model(answer) as model:
        program = Path(sys.executable).with_name("yuanliu")
        settings = {"YUANLIU_LLM_URL": model.url, "YUANLIU_LLM_KEY": KEY, "PYTHONUTF8": "1", "PATH": ""}
        process = subprocess.Popen(
            [program, "annotate", "docs.jsonl", "-o", "out.jsonl"], cwd=folder, env=settings, stderr=subprocess.PIPE
        )
        try:
            assert reached.wait(60)
            process.send_signal(stop)
            told = process.communicate(timeout=60)[1].decode()
        finally:
            hold.set()
            process.kill()
            process.wait()
        assert process.returncode != 0 and "Traceback" not in told and KEY not in told
        again = call(model, "annotate", "docs.jsonl", OPENAI_LOG="")
        assert statements(again) == [BOTH] * 3
        assert len(model.seen) == 4 and "1 request, 2 pieces from the cache" in again.err


@pytest.mark.parametrize(
    ("table", "told"),
    [
        ('model = "a"\ntimeout = 0', "timeout is 0"),
        ('model = "a"\ntimeout = nan', "timeout is nan"),
        ('model = "a"\ntimeout = "60"', "timeout is '60'; expected float"),
        ('model = "a"\nretries = -1', "retries is -1"),
        ('model = "a"\nretries = true', "retries is True; expected int"),
        ('model = "a"\nbudget = -1', "budget is -1"),
        ('model = "a"\npiece = 10', "piece is 10"),
        ('model = "a"\npiece = 600\noverlap = 500', "overlap is 500"),
        ("model = 3", "model is 3; expected str"),
        ('model = ""', "needs a model"),
        ('model = "a"\ncolour = 1', "unknown key 'colour'; the keys are model, timeout"),
        (f'model = "a"\nkey = "{KEY}"', "it goes into YUANLIU_LLM_KEY"),
        ('model = "a"\nurl = "http://a/v1"', "it goes into YUANLIU_LLM_URL"),
    ],
)
def test_settings_that_cannot_be_are_refused(yuanliu, folder, write, table, told):
    write("yuanliu.toml", f'extractor = "llm"\n[llm]\n{table}\n')
    outcome = yuanliu("annotate", "-", given=lines(1), YUANLIU_LLM_URL="http://127.0.0.1:9/v1", YUANLIU_LLM_KEY=KEY)
    assert outcome.code == 2 and told in outcome.err and KEY not in outcome.err


@pytest.mark.parametrize(
    ("url", "key", "told"),
    [
        ("", "", "needs an address; set YUANLIU_LLM_URL"),
        ("llm.example.org/v1", "", "is no address"),
        ("ftp://llm.example.org/v1", "", "is no address"),
        ("http://[::1/v1", "", "is no address"),
        ("http://127.0.0.1:99999/v1", "", "is no address"),
        ("https://llm.example.org/v1?key=1", "", "is no address"),
        (f"https://me:{KEY}@llm.example.org/v1", "", "holds a name or a password"),
        ("http://llm.example.org/v1", KEY, "is not encrypted"),
        ("http://localhost.example.org/v1", KEY, "is not encrypted"),
        ("http://127.0.0.1.example.org/v1", KEY, "is not encrypted"),
        ("http://10.0.0.1/v1", KEY, "is not encrypted"),
        ("https://llm.example.org/v1", KEY + "\nX: 1", "is no key"),
        ("https://llm.example.org/v1", KEY + "ö", "is no key"),
    ],
)
def test_addresses_and_keys_that_cannot_be_are_refused(yuanliu, folder, url, key, told):
    outcome = yuanliu("annotate", "-", given=lines(1), YUANLIU_LLM_URL=url, YUANLIU_LLM_KEY=key)
    assert outcome.code == 2 and told in outcome.err and KEY not in outcome.err


@pytest.mark.parametrize("where", ["option", "environment", "file"])
def test_an_extractor_that_there_is_not_is_refused(yuanliu, write, where):
    write("yuanliu.toml", 'extractor = "magic"' if where == "file" else "")
    option = ["--extractor", "magic"] if where == "option" else []
    changes = {"YUANLIU_EXTRACTOR": "magic"} if where == "environment" else {}
    outcome = yuanliu("annotate", "-", *option, given=lines(1), **changes)
    assert outcome.code == 2 and "'magic'; the extractors are rules, llm" in outcome.err


def test_nothing_of_it_is_imported_for_the_rules(folder, write):
    program = "import sys, json\nfrom cli.main import run\ntry:\n    run()\nfinally:\n    print(json.dumps(sorted(sys.modules)), file=sys.stderr)"
    write("docs.jsonl", lines(1))

    def imported(*options):
        finished = subprocess.run(
            [sys.executable, "-c", program, "annotate", "docs.jsonl", "-o", "out", *options],
            cwd=folder,
            env={"PYTHONUTF8": "1", "YUANLIU_LLM_URL": "http://127.0.0.1:9/v1"},
            capture_output=True,
            check=False,
        )
        modules = json.loads(finished.stderr.decode().splitlines()[-1])
        return [name for name in modules if name.startswith(("nlp.llm", "openai", "httpx2"))]

    assert imported("--extractor", "rules") == []
    assert {"nlp.llm.client", "openai", "httpx2"} <= set(imported("--extractor", "llm"))
