"""The formats of exports: four lose nothing, other programs open them, and the tables are those that neo4j-admin reads."""

import json
import re
import xml.etree.ElementTree as ET
import zipfile

import networkx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.export import FORMATS, export, read_graph, stream
from graph.export.attributes import TAKEN, node_columns
from graph.model import EDGES, LABELS, Edge, Graph, Name
from graph.sqlite_store import SqliteStore
from tests.graph.same_graph import assert_equal, hash_of

READ_BACK = ("graphml", "gexf", "jsonl", "networkx")
AWKWARD = [
    "",
    " ",
    "a\r\nb\tc",
    "]]>",
    "␛0007;",
    "␛",
    "\ud83d\ude00",
    "\udc00",
    "\0",
    "\ufffe",
    "/",
    "😀",
    "套壳“”",
    "x\x9b",
]
TEXT = st.sampled_from(AWKWARD) | st.text(st.characters(), max_size=5)
REAL = st.floats(allow_nan=False)
COLUMN = {"text": st.none() | TEXT, "integer": st.none() | st.integers(), "real": st.none() | REAL}
ANY = st.none() | TEXT | st.integers() | REAL


@st.composite
def graphs(draw):
    """Any graph: arbitrary ids and texts, values of unexpected types, edges and names that lead nowhere."""
    made = Graph()
    ids = draw(st.lists(TEXT, min_size=1, max_size=3, unique=True))
    for label in draw(st.lists(st.sampled_from(list(LABELS)), max_size=4)):
        chosen = draw(st.lists(st.sampled_from(list(LABELS[label].items())), max_size=4))
        own = {name: draw(COLUMN[kind] if draw(st.booleans()) else ANY) for name, kind in chosen}
        made.add_node(label, draw(st.sampled_from(ids)), **own)
    for kind in draw(st.lists(st.sampled_from(list(EDGES)), max_size=4)):
        called = st.sampled_from(["role", "count", "confidence", *sorted(TAKEN)]) | TEXT
        ends = draw(st.sampled_from(ids)), draw(st.sampled_from(ids)), draw(TEXT)
        made.edges[kind, *ends] = Edge(kind, *ends, draw(st.dictionaries(called, ANY, max_size=3)))
    for _ in range(draw(st.integers(0, 3))):
        made.names.add(Name(draw(TEXT), draw(st.sampled_from(ids)), draw(TEXT)))
    return made


@settings(deadline=None, max_examples=60, suppress_health_check=list(HealthCheck))
@given(made=graphs())
@pytest.mark.parametrize("form", READ_BACK)
def test_any_graph_comes_back_as_it_was(tmp_path_factory, form, made):
    place = tmp_path_factory.getbasetemp() / f"any.{form}"
    export(made, form, place, force=True)
    assert_equal(read_graph(place), made)


@pytest.mark.parametrize("form", READ_BACK)
def test_a_store_comes_back_with_its_hash(loaded, tmp_path, form):
    export(loaded.store, form, tmp_path / "whole")
    back = read_graph(tmp_path / "whole")
    assert hash_of(back) == loaded.store.content_hash()
    other = SqliteStore(tmp_path / "other.db")
    other.apply(back)
    assert set(other.records()) == loaded.records()
    row = "select recorded, fetched, revision from node_document order by id"
    assert list(map(tuple, other.connection.execute(row))) == list(map(tuple, loaded.store.connection.execute(row)))
    other.close()


@pytest.mark.parametrize("form", [form for form in FORMATS if form != "csv"])
def test_a_text_file_makes_a_terminal_do_nothing(small, form):
    parts = []
    stream(small, form, parts.append)
    assert not [character for character in "".join(parts) if ord(character) < 32 and character != "\n"]
    assert all(part.endswith("\n") for part in parts[:1])


@pytest.mark.parametrize("form", ["graphml", "gexf"])
def test_networkx_opens_the_xml_formats(small, tmp_path, form):
    export(small, form, tmp_path / "small")
    read = {"graphml": networkx.read_graphml, "gexf": networkx.read_gexf}[form]
    opened = read(tmp_path / "small")
    assert isinstance(opened, networkx.MultiDiGraph)
    assert set(opened) == {f"{label}:{identifier}" for label, identifier in small.nodes}
    kinds = sorted(data["edgeType"] for _, _, data in opened.edges(data=True))
    assert kinds == ["ABOUT", "ABOUT", "DEVELOPED_BY", "MEMBER_OF"]
    model, claim, post = (opened.nodes[each] for each in ("Entity:model:heron-7b", "Claim:model:heron-7b", "Post:doc"))
    assert (model["nodeType"], model["nameZh"], model["label"]) == ("Entity", "苍鹭-7B", "Heron-7B")
    assert (claim["sources"], claim["confidence"], type(claim["confidence"])) == (2, 1.0, float)
    assert (post["author"], post["start"], post["end"]) == ("", 0, 12)
    assert {data.get("role") for _, _, data in opened.edges(data=True)} == {"accused", "origin", None}


def test_networkx_opens_node_link_and_what_it_writes_is_read_back(small, tmp_path):
    export(small, "networkx", tmp_path / "small.json")
    opened = networkx.node_link_graph(json.loads((tmp_path / "small.json").read_text(encoding="utf-8")), edges="edges")
    assert isinstance(opened, networkx.MultiDiGraph)
    assert (len(opened), opened.number_of_edges()) == (4, 4)
    assert opened.nodes["Entity:model:heron-7b"]["names"] == [["heron-7b", "Heron-7B"], ["苍鹭", "苍鹭"]]
    again = json.dumps(networkx.node_link_data(opened, edges="edges"))
    (tmp_path / "again.json").write_text(again, encoding="utf-8")
    assert_equal(read_graph(tmp_path / "again.json"), small)


@pytest.mark.parametrize(("form", "root"), [("graphml", "graphml"), ("gexf", "gexf")])
def test_xml_declares_what_it_uses_and_has_an_id_for_each_thing_once(small, tmp_path, form, root):
    export(small, form, tmp_path / "small")
    tree = ET.parse(tmp_path / "small").getroot()
    assert tree.tag.endswith(f"}}{root}")
    every = list(tree.iter())
    known = {each.get("id") for each in every if each.tag.endswith(("}key", "}attribute"))}
    used = {each.get("key") or each.get("for") for each in every if each.tag.endswith(("}data", "}attvalue"))}
    assert used <= known
    ids = [each.get("id") for each in every if each.tag.endswith(("}node", "}edge"))]
    assert len(set(ids)) == len(ids) == 8


def test_every_id_in_graphml_is_a_name_token(tmp_path):
    made = Graph()
    for text in AWKWARD:
        made.add_node("Entity", text)
        made.add_edge("MEMBER_OF", text, "套 壳#1", key=text)
    export(made, "graphml", tmp_path / "file")
    every = ET.parse(tmp_path / "file").getroot().iter()
    ids = {each.get(name) for each in every for name in ("id", "source", "target") if each.get(name) is not None}
    assert len(ids) > 2 * len(AWKWARD)
    assert [each for each in ids if not re.fullmatch(r"[-.:_·0-9A-Za-z\u4e00-\u9fa5]+", each)] == []


def test_no_property_of_a_node_is_called_like_what_the_formats_add():
    added = {"label", "nodeType", "names", "others", "id"}
    assert added & {name for columns in LABELS.values() for name in columns} == set()
    assert set(node_columns()) >= {name for columns in LABELS.values() for name in columns}


def test_tables_have_the_headings_of_neo4j_admin(small, tmp_path):
    export(small, "csv", tmp_path / "tables")
    assert sorted(path.name for path in (tmp_path / "tables").iterdir()) == [
        *("edges-ABOUT.csv", "edges-DEVELOPED_BY.csv", "edges-MEMBER_OF.csv", "edges-NAMES.csv", "load.cypher"),
        *("nodes-Claim.csv", "nodes-Entity.csv", "nodes-Name.csv", "nodes-Post.csv", "restore.cypher"),
    ]
    lines = (tmp_path / "tables" / "edges-ABOUT.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == ":START_ID(Claim),:END_ID(Entity),key,confidence:double,role,recordHash,:TYPE"
    assert [line.split(",")[:5] for line in lines[1:]] == [
        ["model:heron-7b", "model:heron-7b", '""', "", "accused"],
        ["model:heron-7b", "model:heron-7b", "2", "0.25", "origin"],
    ]
    lines = (tmp_path / "tables" / "nodes-Entity.csv").read_text(encoding="utf-8").splitlines()
    assert lines[0] == "id:ID(Entity),kind,nameEn,nameZh,name,family,recordHash,:LABEL"
    assert [line.rpartition(",")[2] for line in lines[1:]] == ["Entity;Model", "Entity;Organization"]


def test_an_archive_holds_the_same_tables_as_a_folder(small, tmp_path):
    export(small, "csv", tmp_path / "tables")
    export(small, "csv", tmp_path / "tables.zip")
    with zipfile.ZipFile(tmp_path / "tables.zip") as archive:
        assert archive.testzip() is None
        inside = {name: archive.read(name) for name in archive.namelist()}
    assert inside == {path.name: path.read_bytes() for path in (tmp_path / "tables").iterdir()}


@pytest.mark.parametrize("form", FORMATS)
def test_an_empty_graph_is_a_valid_file(tmp_path, form):
    export(Graph(), form, tmp_path / "nothing")
    if form in READ_BACK:
        assert_equal(read_graph(tmp_path / "nothing"), Graph())
