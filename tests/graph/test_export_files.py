"""The files of exports: one appears whole or not at all and replaces nothing unasked; one that is no export is told so."""

import pytest

from graph.contents import contents_of
from graph.export import FORMATS, ExportError, export, read_graph
from graph.model import EDGES, Graph
from tests.graph.same_graph import assert_equal


@pytest.mark.parametrize("form", FORMATS)
@pytest.mark.parametrize("before", [None, "kept"])
def test_a_failure_in_the_midst_leaves_what_was_there_and_nothing_else(small, tmp_path, monkeypatch, form, before):
    place = tmp_path / "place"
    if before and form == "csv":
        place.mkdir()
        (place / "nodes-Claim.csv").write_text(before, encoding="utf-8")
    elif before:
        place.write_text(before, encoding="utf-8")
    left = sorted(tmp_path.rglob("*"))

    def fail(self, kind, **_):
        yield from ()
        raise OSError("the disk is gone")

    contents = contents_of(small)
    monkeypatch.setattr(type(contents), "edges", fail)
    monkeypatch.setattr(type(contents), "edge_columns", lambda self: {kind: {} for kind in EDGES})
    with pytest.raises(OSError, match="the disk is gone"):
        export(contents, form, place, force=True)
    assert sorted(tmp_path.rglob("*")) == left
    if before:
        assert (place / "nodes-Claim.csv" if form == "csv" else place).read_text(encoding="utf-8") == before


@pytest.mark.parametrize("form", FORMATS)
def test_only_force_replaces_what_is_there(small, tmp_path, form):
    place = tmp_path / "place"
    export(Graph(), form, place)
    with pytest.raises(ExportError, match="--force replaces it"):
        export(small, form, place)
    export(small, form, place, force=True)
    export(small, form, tmp_path / "fresh")
    files = [sorted(path.rglob("*")) if path.is_dir() else [path] for path in (place, tmp_path / "fresh")]
    assert [path.read_bytes() for path in files[0]] == [path.read_bytes() for path in files[1]]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["fresh", "place"]


@pytest.mark.parametrize("form", FORMATS)
def test_what_appears_while_an_export_is_written_is_not_replaced(small, tmp_path, form):
    place = tmp_path / "place"

    def appear(_):
        (place / "diary.txt" if form == "csv" else place).parent.mkdir(exist_ok=True)
        (place / "diary.txt" if form == "csv" else place).write_text("mine", encoding="utf-8")

    with pytest.raises(ExportError, match="place"):
        export(small, form, place, step=appear)
    assert {path.name for path in tmp_path.iterdir()} == {"place"}
    assert (place / "diary.txt" if form == "csv" else place).read_text(encoding="utf-8") == "mine"


def test_a_folder_with_other_things_in_it_is_never_replaced(small, tmp_path):
    (tmp_path / "diary.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(ExportError, match=r"diary\.txt, which is no table"):
        export(small, "csv", tmp_path, force=True)
    with pytest.raises(ExportError, match="is no file"):
        export(small, "graphml", tmp_path, force=True)
    with pytest.raises(ExportError, match="is no folder"):
        export(small, "csv", tmp_path / "diary.txt", force=True)
    with pytest.raises(ExportError, match="there is no folder"):
        export(small, "jsonl", tmp_path / "none" / "graph.jsonl")
    assert [path.name for path in tmp_path.iterdir()] == ["diary.txt"]


def test_a_link_stays_and_what_it_leads_to_is_replaced(small, tmp_path):
    (tmp_path / "real").write_text("old", encoding="utf-8")
    (tmp_path / "link").symlink_to("real")
    export(small, "jsonl", tmp_path / "link", force=True)
    assert (tmp_path / "link").is_symlink()
    assert_equal(read_graph(tmp_path / "real"), small)


def test_a_file_has_the_rights_of_any_other(small, tmp_path):
    (tmp_path / "plain").touch()
    export(small, "jsonl", tmp_path / "graph.jsonl")
    assert (tmp_path / "graph.jsonl").stat().st_mode == (tmp_path / "plain").stat().st_mode


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("hello", "none of the exports"),
        ("<html></html>", "none of the exports"),
        ('{"node": "Claim"}', "line 1 is no node"),
        ('{"node": "Claim", "id": "c", "properties": {}}\n{"edge": "LIKES"}', "line 2 is no node"),
        ('{"edge": "LIKES", "start": "a", "end": "b", "key": "", "properties": {}}', "not one of the edge types"),
        ('{"nodes": 5}', "no node-link JSON of yuanliu"),
        ('{"nodes": [{"id": "a:b", "nodeType": "Thing"}], "edges": []}', "'Thing', which is not one of"),
        ('<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph>', "cannot be read as XML"),
        (
            '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><graph><edge source="a" target="b"/></graph></graphml>',
            "is of type None",
        ),
    ],
)
def test_a_file_that_is_no_export_is_told_what_is_wrong(tmp_path, text, said):
    (tmp_path / "file").write_text(text, encoding="utf-8")
    with pytest.raises(ExportError, match=said):
        read_graph(tmp_path / "file")


def test_entities_of_a_hostile_file_are_not_followed(tmp_path):
    (tmp_path / "secret").write_text("the secret", encoding="utf-8")
    (tmp_path / "file").write_text(
        f'<!DOCTYPE g [<!ENTITY x SYSTEM "{(tmp_path / "secret").as_uri()}">]>'
        '<graphml xmlns="http://graphml.graphdrawing.org/xmlns"><key id="node.nodeType" attr.name="nodeType" '
        'attr.type="string"/><key id="node.quote" attr.name="quote" attr.type="string"/><graph><node id="Claim:c">'
        '<data key="node.nodeType">Claim</data><data key="node.quote">&x;</data></node></graph></graphml>',
        encoding="utf-8",
    )
    assert "secret" not in str(read_graph(tmp_path / "file").nodes["Claim", "c"].properties)
