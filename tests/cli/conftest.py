"""The real program, run in a folder of its own, and a store of invented retellings that all these tests may ask."""

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

YUANLIU = Path(sys.executable).with_name("yuanliu")
RETELLINGS = Path(__file__).parent.with_name("graph") / "retellings"


@dataclass(frozen=True)
class Outcome:
    """How a run ended, and what it wrote."""

    code: int
    out: str
    err: str


def environment(**changes):
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("YUANLIU_", "PYTHONUNBUF"))}
    return kept | {"PYTHONUTF8": "1", "COLUMNS": "80"} | changes


def run_in(folder, *arguments, given=None, **changes):
    """Run the program; whatever happens, it shows no traceback."""
    finished = subprocess.run(
        [YUANLIU, *map(str, arguments)],
        cwd=folder,
        env=environment(**changes),
        input=given.encode() if isinstance(given, str) else given or b"",
        capture_output=True,
        timeout=120,
        check=False,
    )
    outcome = Outcome(finished.returncode, finished.stdout.decode(), finished.stderr.decode())
    assert "Traceback" not in outcome.err, outcome.err
    return outcome


@pytest.fixture
def yuanliu(tmp_path):
    """Run the program in an empty folder: yuanliu("timeline", "Yi", given=..., in_folder=..., YUANLIU_STORE=...)."""

    def run(*arguments, given=None, in_folder=tmp_path, **changes):
        return run_in(in_folder, *arguments, given=given, **changes)

    return run


@pytest.fixture(scope="session")
def run_program():
    """Run the program in a folder, for fixtures that are shared."""
    return run_in


@pytest.fixture
def start(library):
    """Start the program in the folder of the library, for tests that do not read its output."""

    def begin(*arguments, **options):
        return subprocess.Popen(
            [YUANLIU, *arguments], cwd=library, env=environment(), stderr=subprocess.PIPE, **options
        )

    return begin


@pytest.fixture
def write(tmp_path):
    def write(name, content):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.fixture(scope="session")
def library(tmp_path_factory):
    """A folder with a configuration, an archive and a graph; only for reading."""
    folder = tmp_path_factory.mktemp("library")
    for name in ("documents.jsonl", "names.toml"):
        shutil.copy(RETELLINGS / name, folder)
    shutil.copy(Path(__file__).with_name("hostile.jsonl"), folder)
    (folder / "yuanliu.toml").write_text('names = ["names.toml"]\n', encoding="utf-8")
    (folder / "plain.toml").touch()
    assert run_in(folder, "ingest", "documents.jsonl", "hostile.jsonl").code == 0
    assert run_in(folder, "load").code == 0
    return folder


@pytest.fixture
def ask(library):
    """Run the program in the folder of the library."""

    def run(*arguments, **options):
        return run_in(library, *arguments, **options)

    return run
