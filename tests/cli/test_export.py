"""export: the graph as a file, what lies around a subject, and every way in which it can be refused."""

import json
import os
import pty
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from graph.export import read_graph
from graph.model import content_hash, edge_record, name_record, node_record

TEXTS = {"graphml": "<?xml", "gexf": "<?xml", "jsonl": '{"node"', "networkx": '{"directed"', "cypher": "// The graph"}
MODEL = "model:morningstar-7b"


def hash_of(graph):
    lines = [node_record(node.label, node.id, node.properties) for node in graph.nodes.values()]
    return content_hash([*lines, *map(edge_record, graph.edges.values()), *map(name_record, graph.names)])


@pytest.fixture
def export(library, tmp_path, run_program):
    """Export the graph of the library from the folder of the test."""

    def run(*arguments, **options):
        return run_program(tmp_path, "export", *arguments, "--config", library / "yuanliu.toml", **options)

    return run


@pytest.mark.parametrize("name", ["graph.graphml", "graph.gexf", "graph.jsonl", "graph.json", "graph"])
def test_a_file_reads_back_with_the_hash_that_stats_show(export, ask, tmp_path, name):
    told = export("-o", name, *(["-f", "networkx"] if name == "graph" else []))
    assert (told.code, told.out) == (0, "")
    graph = read_graph(tmp_path / name)
    assert told.err.startswith(f"wrote {len(graph.nodes)} nodes, {len(graph.edges)} edges and {len(graph.names)} names")
    assert told.err.endswith(f" to {name}\n")
    assert hash_of(graph) == json.loads(ask("stats", "-f", "json").out)["hash"]
    assert [path.name for path in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("form", TEXTS)
def test_standard_output_gets_what_a_file_gets(export, tmp_path, form):
    shown, written = export("-f", form, "-o", "-"), export("-f", form, "-o", "file")
    assert (shown.code, written.code) == (0, 0)
    assert shown.out.startswith(TEXTS[form])
    assert shown.out.encode() == (tmp_path / "file").read_bytes()


def test_tables_go_into_a_folder_or_an_archive(export, tmp_path):
    assert export("-f", "csv", "-o", "tables").code == export("-o", "tables.zip").code == 0
    names = {path.name for path in (tmp_path / "tables").iterdir()}
    assert {"nodes-Claim.csv", "edges-REPORTS.csv", "edges-NAMES.csv", "load.cypher", "restore.cypher"} < names
    with zipfile.ZipFile(tmp_path / "tables.zip") as archive:
        assert set(archive.namelist()) == names


@pytest.mark.parametrize("subject", ["晨星-7B", MODEL])
def test_a_subject_narrows_the_graph_to_what_lies_around_it(export, library, run_program, tmp_path, subject):
    assert export(subject, "-o", "part.jsonl").code == export("-o", "whole.jsonl").code == 0
    part, whole = (
        set((tmp_path / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()) for name in ("part", "whole")
    )
    assert part < whole
    rows = json.loads(run_program(library, "timeline", subject, "-f", "json").out)
    claims = {identifier for label, identifier in read_graph(tmp_path / "part.jsonl").nodes if label == "Claim"}
    assert {row["claim"] for row in rows} == claims


def test_a_dispute_narrows_the_graph_too(export, tmp_path):
    assert export("-o", "whole.jsonl").code == 0
    whole = read_graph(tmp_path / "whole.jsonl")
    slug = min(node.properties["slug"] for node in whole.nodes.values() if node.label == "Dispute")
    assert export("--dispute", slug, "-o", "part.jsonl").code == 0
    part = read_graph(tmp_path / "part.jsonl")
    assert ("Dispute", f"dispute:{slug}") in part.nodes
    told = {edge.start for edge in whole.edges.values() if edge.type == "PART_OF" and edge.end == f"dispute:{slug}"}
    assert {node.id for node in part.nodes.values() if node.label == "Claim"} == told != set()


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        (["-f", "xlsx", "-o", "x"], 2, "'xlsx' is not one of"),
        (["-o", "graph.xlsx"], 2, "-o 'graph.xlsx' does not tell the format; give -f, one of graphml, gexf"),
        (["-f", "graphml"], 2, "Missing option"),
        (["-f", "csv", "-o", "-"], 2, "-o - is one"),
        (["Morningstar-7B", "--dispute", "x", "-o", "x.jsonl"], 2, "do not go together"),
        (["Mornigstar-7B", "-o", "x.jsonl"], 1, "did you mean Morningstar-7B"),
        (["--dispute", "no-such-thing", "-o", "x.jsonl"], 1, "nothing is known of 'dispute:no-such-thing'"),
        (["-o", "none/x.jsonl"], 1, "there is no folder"),
        (["-f", "jsonl", "-o", "."], 1, "is no file; name another place"),
    ],
)
def test_a_refusal_says_why_and_writes_nothing(export, tmp_path, arguments, code, said):
    told = export(*arguments)
    assert (told.code, told.out) == (code, "")
    assert said in " ".join(told.err.split())
    assert list(tmp_path.iterdir()) == []


def test_only_force_replaces_a_file(export, tmp_path):
    (tmp_path / "graph.jsonl").write_text("mine", encoding="utf-8")
    told = export("-o", "graph.jsonl")
    assert told.code == 1 and "graph.jsonl is there already; --force replaces it" in told.err
    assert (tmp_path / "graph.jsonl").read_text(encoding="utf-8") == "mine"
    assert export("-o", "graph.jsonl", "--force").code == 0
    assert len(read_graph(tmp_path / "graph.jsonl").nodes) > 10


def test_the_store_itself_is_never_replaced(yuanliu, tmp_path):
    assert yuanliu("ingest", "-", given="The Heron-7B weights are public.").code == 0
    before = (tmp_path / "yuanliu.db").read_bytes()
    told = yuanliu("export", "-f", "jsonl", "-o", "yuanliu.db", "--force")
    assert told.code == 2 and "is the store or archive itself" in told.err
    assert (tmp_path / "yuanliu.db").read_bytes() == before


def test_an_empty_graph_is_said_to_be_empty(yuanliu, tmp_path):
    assert yuanliu("ingest", "-", given="The Heron-7B weights are public.").code == 0
    told = yuanliu("export", "-f", "graphml", "-o", "-")
    assert told.code == 0 and told.out.endswith("</graphml>\n")
    assert "the graph is empty: `yuanliu load` fills it" in told.err and "wrote 0 nodes" in told.err
    missing = yuanliu("export", "-o", "x.jsonl", "--store", "sqlite:none.db")
    assert missing.code == 1 and "there is no store" in missing.err


def test_a_full_disk_and_a_reader_that_went_away_are_told_in_one_line_or_not_at_all(start):
    with Path("/dev/full").open("wb") as full:
        process = start("export", "-f", "jsonl", "-o", "-", stdout=full)
        told = process.communicate(timeout=60)[1].decode()
    assert process.returncode == 1 and told.count("\n") == 1 and "No space left on device" in told
    process = start("export", "-f", "jsonl", "-o", "-", stdout=subprocess.PIPE)
    process.stdout.close()
    told = process.stderr.read().decode()
    process.stderr.close()
    assert (process.wait(timeout=60), told) == (1, "")


def test_a_terminal_sees_how_far_it_is(library, tmp_path):
    outer, inner = pty.openpty()
    process = subprocess.Popen(
        [Path(sys.executable).with_name("yuanliu"), "export", "-o", tmp_path / "graph.jsonl"],
        cwd=library,
        env=os.environ | {"TERM": "xterm"},
        stderr=inner,
        stdout=subprocess.DEVNULL,
    )
    os.close(inner)
    told = b""
    try:
        while piece := os.read(outer, 4096):
            told += piece
    except OSError:  # the other end is closed
        pass
    os.close(outer)
    assert process.wait(timeout=60) == 0
    assert b"exporting" in told and b"100%" in told


def test_no_driver_and_no_networkx_is_imported_for_what_needs_none(library, tmp_path):
    program = "import sys; from cli.main import run\ntry: run()\nfinally: print(*sys.modules, file=sys.stderr)"
    for form in ("graphml", "gexf", "jsonl", "networkx"):
        command = [sys.executable, "-c", program, "export", "-f", form, "-o", tmp_path / form]
        done = subprocess.run(command, cwd=library, capture_output=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr.decode()
        assert {"neo4j", "networkx", "spacy", "jieba"} & set(done.stderr.decode().splitlines()[-1].split()) == set()
