"""Exports: four formats lose nothing, other programs open them, and a file appears whole or not at all."""

import json
import re
import tracemalloc
import xml.etree.ElementTree as ET
import zipfile

import networkx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.contents import contents_of, edges, names, nodes
from graph.export import FORMATS, ExportError, export, read_graph, stream
from graph.export.attributes import TAKEN, node_columns
from graph.export.surroundings import surroundings
from graph.model import EDGES, LABELS, Edge, Graph, Name, content_hash, edge_record, name_record, node_record
from graph.sqlite_store import SqliteStore

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


def hash_of(graph):
    lines = [node_record(node.label, node.id, node.properties) for node in nodes(graph)]
    return content_hash([*lines, *map(edge_record, edges(graph)), *map(name_record, names(graph))])


def typed(records):
    """Return what Python calls equal, 1 and 1.0, as different."""
    return {key: (record, {name: type(value) for name, value in record.properties.items()}) for key, record in records}


def assert_equal(one, other):
    assert typed(one.nodes.items()) == typed(other.nodes.items())
    assert typed(one.edges.items()) == typed(other.edges.items())
    assert one.names == other.names
    assert hash_of(one) == hash_of(other)


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


@pytest.fixture(scope="module")
def small():
    """A graph with parallel edges, two labels of one id, and every kind of value."""
    made = Graph()
    made.add_node("Entity", "model:heron-7b", kind="model", name="Heron-7B", nameZh="苍鹭-7B")
    made.add_node("Entity", "organization:reedbed", kind="organization", name="Reedbed Labs")
    made.add_node("Claim", "model:heron-7b", quote="“套壳”\x07\nsaid\x1b[31m somebody", sources=2, confidence=1)
    made.add_node("Post", "doc", author="", start=0, end=12)
    made.add_edge("ABOUT", "model:heron-7b", "model:heron-7b", role="accused")
    made.add_edge("ABOUT", "model:heron-7b", "model:heron-7b", key="2", role="origin", confidence=0.25)
    made.add_edge("DEVELOPED_BY", "model:heron-7b", "organization:reedbed")
    made.add_edge("MEMBER_OF", "model:heron-7b", "organization:reedbed", role=None, weight=3)
    made.names |= {Name("heron-7b", "model:heron-7b", "Heron-7B"), Name("苍鹭", "model:heron-7b", "苍鹭")}
    return made


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


@pytest.mark.parametrize("form", FORMATS)
def test_equal_graphs_give_equal_files_from_memory_and_from_a_store(small, tmp_path, form):
    store = SqliteStore(tmp_path / "small.db")
    store.apply(small)
    shuffled = Graph(dict(reversed(small.nodes.items())), dict(reversed(small.edges.items())), set(small.names))
    for number, source in enumerate((small, shuffled, store)):
        export(source, form, tmp_path / f"{number}{'.zip' if form == 'csv' else ''}")
    store.close()
    contents = [(tmp_path / f"{number}{'.zip' if form == 'csv' else ''}").read_bytes() for number in range(3)]
    assert contents[0] == contents[1] == contents[2]


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


def big(store, number):
    """Fill a store with so many statements, without a Graph."""
    quote = "苍鹭的权重与别处的相同。" * 100
    connection = store.connection
    with store.transaction():
        connection.executemany(
            "insert into node_statement (id, quote, document, confidence) values (?, ?, ?, 0.5)",
            ((f"s-{n:07}", f"{quote}{n}", f"doc-{n % 100}") for n in range(number)),
        )
        connection.executemany(
            "insert into edge values ('STATED_IN', ?, ?, '', '{}')",
            ((f"s-{n:07}", f"doc-{n % 100}") for n in range(number)),
        )
        connection.executemany(
            "insert into node_entity (id, name) values (?, 'x')", ((f"model:{n}",) for n in range(number // 4))
        )
        connection.executemany(
            "insert into name values (?, ?, 'x')", ((f"n{n}", f"model:{n}") for n in range(number // 4))
        )


@pytest.fixture(scope="module")
def big_store(tmp_path_factory):
    store = SqliteStore(tmp_path_factory.mktemp("big") / "big.db")
    big(store, 8000)
    yield store
    store.close()


@pytest.mark.parametrize("form", FORMATS)
def test_a_store_is_not_held_in_memory(big_store, tmp_path, form):
    export(Graph(), form, tmp_path / "first")  # what is imported does not count
    tracemalloc.start()
    try:
        export(big_store, form, tmp_path / "big.zip" if form == "csv" else tmp_path / "big")
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 18_000_000  # the texts alone are 20 MB, the words to search by three times as much


def test_steps_add_up_to_the_nodes_and_edges(big_store, tmp_path):
    for form in FORMATS:
        steps = []
        export(big_store, form, tmp_path / f"steps-{form}", step=steps.append)
        assert sum(steps) == 8000 + 8000 + 2000
        assert max(steps) <= 500


def test_an_export_is_of_one_moment(small, tmp_path):
    store, other = SqliteStore(tmp_path / "one.db"), SqliteStore(tmp_path / "one.db")
    store.apply(small)
    before = store.content_hash()
    written = []

    def write(text):
        if not written:
            other.apply(Graph())
        written.append(text)

    stream(store, "jsonl", write)
    (tmp_path / "graph.jsonl").write_text("".join(written), encoding="utf-8")
    assert hash_of(read_graph(tmp_path / "graph.jsonl")) == before != store.content_hash()
    store.close()
    other.close()


def test_what_lies_around_a_subject_is_its_own(loaded, tmp_path):
    part = surroundings(loaded.store, "model:morningstar-7b")
    whole = {node.id for node in nodes(loaded.store)}
    ids = {identifier for _, identifier in part.nodes}
    assert ids < whole
    told = {
        row[0]
        for row in loaded.store.connection.execute(
            "select start from edge where type = 'ABOUT' and \"end\" = 'model:morningstar-7b'"
        )
    }
    assert told and {("Claim", claim) for claim in told} <= part.nodes.keys()
    for claim in told:
        rows = loaded.store.connection.execute(
            "select start from edge where type = 'REPORTS' and \"end\" = ?", (claim,)
        )
        for (statement,) in map(tuple, rows):
            document = part.nodes["Statement", statement].properties["document"]
            assert ("Document", document) in part.nodes
            assert ("Source", part.nodes["Document", document].properties["source"]) in part.nodes
    for edge in part.edges.values():
        start, end = EDGES[edge.type]
        assert {(start, edge.start), (end, edge.end)} <= part.nodes.keys()
    assert {name.entity for name in part.names} <= ids
    known = {edge_record(edge) for edge in part.edges.values()} | {name_record(name) for name in part.names}
    assert known <= loaded.records()


@pytest.fixture
def disputed(tmp_path):
    """Two disputes of invented parties that share a source and nothing else, one with a derivation and a judgement."""
    made = Graph()
    made.add_node("Source", "source:reed", name="The Reed")
    for number, (model, origin) in enumerate([("heron-7b", "egret-6b"), ("stork-2b", "crane-1b")]):
        for name in (model, origin):
            made.add_node("Entity", f"model:{name}", kind="model", name=name)
        dispute = f"dispute:{model}--{origin}"
        made.add_node("Dispute", dispute, slug=dispute[8:], accused=f"model:{model}", origin=f"model:{origin}")
        made.add_node("Claim", f"c-{number}", group="accusing")
        made.add_node("Statement", f"s-{number}", document=f"doc-{number}", post=1)
        made.add_node("Document", f"doc-{number}", kind="thread")
        for post in range(3):
            made.add_node("Post", f"doc-{number}#{post}")
            made.add_edge("IN_THREAD", f"doc-{number}#{post}", f"doc-{number}")
        made.add_edge("REPORTS", f"s-{number}", f"c-{number}")
        made.add_edge("STATED_IN", f"s-{number}", f"doc-{number}")
        made.add_edge("PUBLISHED_BY", f"doc-{number}", "source:reed")
        made.add_edge("PART_OF", f"c-{number}", dispute)
        made.add_edge("ABOUT", f"c-{number}", f"model:{model}", role="accused")
        derivation = f"derivation:{model}--{origin}--weights"
        made.add_node("Derivation", derivation, model=f"model:{model}", origin=f"model:{origin}", status="alleged")
        made.add_edge("RESTS_ON", derivation, f"c-{number}")
        made.add_edge("OF", derivation, f"model:{model}")
        made.add_edge("FROM", derivation, f"model:{origin}")
        made.add_node("Judgement", f"judgement:{number}", subject=f"c-{number}", sequence=number)
    store = SqliteStore(tmp_path / "disputed.db")
    store.apply(made)
    yield store
    store.close()


@pytest.mark.parametrize("subject", ["dispute:heron-7b--egret-6b", "model:heron-7b"])
def test_what_lies_around_a_dispute_has_nothing_of_another(disputed, subject):
    part = surroundings(disputed, subject)
    assert {identifier for _, identifier in part.nodes} == {
        *("source:reed", "model:heron-7b", "model:egret-6b", "dispute:heron-7b--egret-6b", "c-0", "s-0", "doc-0"),
        *("doc-0#1", "derivation:heron-7b--egret-6b--weights", "judgement:0"),
    }
    assert len(part.edges) == 9


def test_contents_by_ids_are_the_same_from_memory_and_from_a_store(small, tmp_path):
    store = SqliteStore(tmp_path / "small.db")
    store.apply(small)
    one, other = contents_of(small), contents_of(store)
    asked = [f"x{n}" for n in range(1200)] + ["model:heron-7b", "organization:reedbed"]
    assert list(other.nodes("Entity", asked)) == list(one.nodes("Entity", asked)) == list(one.nodes("Entity"))
    for ends in ({"starts": asked}, {"ends": asked}, {"starts": []}, {"ends": ["organization:reedbed"]}):
        for kind in EDGES:
            assert list(other.edges(kind, **ends)) == list(one.edges(kind, **ends))
    assert set(other.names(asked)) == set(one.names(asked)) == small.names
    assert one.count() == other.count() == (4, 4, 2)
    store.close()
