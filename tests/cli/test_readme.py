"""What the READMEs show is what the commands print."""

import json
import re
import shlex
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SESSION = re.compile(r"^\$ (yuanliu .+)\n((?:(?!\$ |```).*\n)*)", re.MULTILINE)


@pytest.fixture(scope="module")
def sample(tmp_path_factory, run_program):
    folder = tmp_path_factory.mktemp("readme")
    assert run_program(folder, "demo", "--keep", "demo.db").code == 0
    return folder


@pytest.mark.parametrize("readme", ["README.md", "README.zh-CN.md"])
def test_the_sessions_of_the_readme_are_real(readme, sample, yuanliu):
    sessions = SESSION.findall((ROOT / readme).read_text(encoding="utf-8"))
    assert len(sessions) >= 3
    for command, output in sessions:
        assert yuanliu(*shlex.split(command)[1:], in_folder=sample).out.rstrip("\n") == output.rstrip("\n")


def test_every_command_is_in_both_readmes(yuanliu):
    listed = re.findall(r"^  (\w+)  ", yuanliu("--help").out, re.MULTILINE)
    assert len(listed) >= 12
    for readme in ("README.md", "README.zh-CN.md"):
        text = (ROOT / readme).read_text(encoding="utf-8")
        assert [name for name in listed if not re.search(rf"\b{name}\b", text, re.ASCII)] == []


def test_a_timeline_leaves_out_what_is_less_sure_than_asked(sample, yuanliu):
    def confidences(*options):
        told = yuanliu("timeline", "Yi", "--store", "sqlite:demo.db", "-f", "json", *options, in_folder=sample)
        return [row["confidence"] for row in json.loads(told.out)]

    every = confidences()
    assert confidences("--min-confidence", "0.9") == [each for each in every if each >= 0.9] != every
    assert yuanliu("timeline", "Yi", "--min-confidence", "2", in_folder=sample).code == 2
