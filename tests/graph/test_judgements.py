"""Judgements are only ever added, the later one counts, and they change what is built as readers said."""

import itertools
import sqlite3
from dataclasses import replace

import pytest

from graph.corrections import Corrections, judged_ids, judgement_nodes
from graph.judgements import Judgement, JudgementTable, already_said, contradicted, in_force, standings
from graph.model import Graph
from graph.sqlite_store import SqliteStore
from nlp.annotation import Annotation, Entity, Happened, Link, Span, Statement, Target

ACCUSED, DENIED, APOLOGY = "s-00000000000a", "s-00000000000b", "s-00000000000c"
SPEAKER = {"entity": "person:宋岚", "kind": "person", "nameZh": "宋岚"}


def statement(identifier, kind, **more):
    span = Span(start=0, end=4, quote="words")
    return Statement(
        id=identifier,
        kind=kind,
        speaker="person:ren-vale",
        speaker_from="words",
        speaker_span=span,
        co_speakers=("org:larkwood-labs",),
        targets=(Target(entity="org:polestar", role="accused"),),
        happened=Happened(period="2024-03-04", basis="relative", span=span),
        spans=(span,),
        cue="said",
        confidence=0.4,
        kind_confidence=0.3,
        **more,
    )


@pytest.fixture
def annotation():
    return Annotation(
        document="u-1",
        digest="d",
        vocabulary="v",
        version="4",
        entities=(Entity(id="org:polestar", kind="organization", name_en="Polestar"),),
        statements=(statement(ACCUSED, "accusation"), statement(DENIED, "denial"), statement(APOLOGY, "apology")),
        links=(
            Link(source=DENIED, target=ACCUSED, type="disputes", cue="denied", confidence=0.7),
            Link(source=APOLOGY, target=ACCUSED, type="responds_to", cue="sorry", confidence=0.6),
        ),
    )


@pytest.fixture
def table():
    connection = sqlite3.connect(":memory:", isolation_level=None)
    connection.row_factory = sqlite3.Row
    yield JudgementTable(connection)
    connection.close()


def rows(*judgements):
    return [replace(judgement, sequence=number) for number, judgement in enumerate(judgements, 1)]


def undo(number):
    return Judgement(verdict="undo", subject=str(number))


def fix(identifier=DENIED, **value):
    return Judgement(verdict="correct", subject=identifier, value=value)


def pair(verdict, one, other, **value):
    return Judgement(verdict=verdict, subject=one, object=other, value=value)


def ends(annotation):
    return [(link.source, link.target, link.type) for link in annotation.links]


def corrected(annotation, *judgements):
    return Corrections.of(rows(*judgements)).correct(annotation)


def test_rows_are_kept_as_they_were_given_and_an_undo_is_a_further_row(table):
    first = table.add(
        replace(fix(kind="apology", words=["说了"]), by="Ina", reason="看错了"), at="2024-05-01T08:00:00+00:00"
    )
    second = table.add(undo(first.sequence))
    assert [first.sequence, second.sequence] == [1, 2] and second.at > first.at
    assert table.all() == [first, second]
    assert (first.by, first.reason, first.value) == ("Ina", "看错了", {"kind": "apology", "words": ["说了"]})
    assert in_force(table.all()) == []


def test_undoing_an_undo_brings_a_judgement_back():
    told = rows(fix(kind="apology"), undo(1), undo(2))
    assert [row.sequence for row in in_force(told)] == [1]
    assert standings(told)[2].undone == 3


def test_the_later_of_two_that_contradict_each_other_counts_until_it_is_undone():
    told = rows(pair("same", "org:a", "org:b"), pair("different", "org:b", "org:a"))
    assert [row.verdict for row in in_force(told)] == ["different"] and standings(told)[1].overruled == 2
    assert [row.verdict for row in in_force([*told, replace(undo(2), sequence=3)])] == ["same"]
    assert [row.sequence for row in contradicted(pair("same", "org:a", "org:b"), told)] == [2]


def test_claims_contradict_each_other_by_any_statement_of_theirs():
    told = rows(
        pair("same", ACCUSED, DENIED, statements=[[ACCUSED, "s-1"], [DENIED, "s-2"]]), pair("different", "s-2", "s-1")
    )
    assert [row.verdict for row in in_force(told)] == ["different"]


def test_a_field_counts_as_it_was_corrected_last(annotation):
    told = rows(fix(kind="apology", date="2024-05"), fix(kind="admission"))
    (_, made, _) = Corrections.of(told).correct(annotation).statements
    assert (made.kind, made.happened.period) == ("admission", "2024-05")
    assert [row.sequence for row in in_force(told)] == [1, 2]
    assert contradicted(fix(kind="denial"), told) == [told[1]] and contradicted(fix(kind="admission"), told) == []
    assert standings([*told, replace(fix(date=None), sequence=3)])[1].overruled == 2


def test_what_is_in_force_is_not_to_be_said_again():
    told = rows(fix(kind="apology", date=None), fix(kind="admission"), Judgement(verdict="reject", subject=ACCUSED))
    assert already_said(fix(kind="apology"), told) is None
    assert already_said(fix(kind="admission", date=None), told).sequence == 2
    assert already_said(Judgement(verdict="reject", subject=ACCUSED), told).sequence == 3
    assert already_said(fix(speaker=None), told) is None and already_said(fix(date="2024"), told) is None
    assert already_said(pair("same", "org:b", "org:a"), rows(pair("same", "org:a", "org:b"))).sequence == 1


def test_without_a_judgement_on_it_an_annotation_stays_the_same(annotation):
    for corrections in (Corrections.of([]), Corrections.of(rows(fix("s-ffffffffffff", kind="denial")))):
        assert not corrections.touches(annotation) and corrections.correct(annotation) is annotation


def test_a_rejected_statement_goes_with_its_links(annotation):
    made = corrected(annotation, Judgement(verdict="reject", subject=ACCUSED))
    assert [each.id for each in made.statements] == [DENIED, APOLOGY] and made.links == ()
    assert corrected(annotation, Judgement(verdict="reject", subject=ACCUSED), undo(1)) is annotation


def test_a_corrected_statement_says_what_the_reader_said(annotation):
    target = {"entity": "model:北辰-7b", "kind": "model", "nameZh": "北辰-7B", "role": "origin"}
    made = corrected(annotation, fix(kind="explanation", speaker=SPEAKER, date="2024-02", targets=[target]))
    before, after, other = made.statements
    assert (before, other) == (annotation.statements[0], annotation.statements[2])
    assert (after.kind, after.speaker, after.speaker_from, after.speaker_span) == (
        "explanation",
        "person:宋岚",
        "words",
        None,
    )
    assert after.co_speakers == () and after.happened == Happened(period="2024-02", basis="stated", span=None)
    assert after.targets == (Target(entity="model:北辰-7b", role="origin"),)
    assert (after.confidence, after.kind_confidence, after.spans) == (1.0, 1.0, annotation.statements[1].spans)
    assert [(each.id, each.name_zh) for each in made.entities] == [
        ("model:北辰-7b", "北辰-7B"),
        ("org:polestar", None),
        ("person:宋岚", "宋岚"),
    ]


def test_nobody_and_no_date_can_be_said(annotation):
    (_, made, _) = corrected(annotation, fix(speaker=None, date=None)).statements
    assert (made.speaker, made.speaker_from, made.co_speakers, made.happened) == (None, "nowhere", (), None)
    assert made.kind == "denial" and made.targets == annotation.statements[1].targets


def test_links_are_taken_out_and_put_in(annotation):
    made = corrected(annotation, pair("not-answers", DENIED, ACCUSED), pair("answers", APOLOGY, DENIED))
    assert ends(made) == [(APOLOGY, ACCUSED, "responds_to"), (APOLOGY, DENIED, "responds_to")]
    assert made.links[1].confidence == 1.0
    again = corrected(annotation, pair("answers", APOLOGY, ACCUSED))
    assert ends(again) == ends(annotation)
    back = corrected(annotation, pair("not-answers", DENIED, ACCUSED), pair("answers", DENIED, ACCUSED))
    assert ends(back) == ends(annotation)


def test_links_between_documents_are_for_the_builder():
    corrections = Corrections.of(
        rows(
            pair("answers", DENIED, ACCUSED, documents=["u-1", "u-2"]),
            pair("answers", APOLOGY, ACCUSED, documents=["u-1", "u-1"]),
            pair("not-answers", "s-1", "s-2", statements=[["s-1", "s-3"], ["s-2"]]),
            pair("answers", "s-1", "s-4", documents=["u-1", "u-2"]),
            Judgement(verdict="reject", subject="s-4"),
        )
    )
    assert corrections.links_across() == [(DENIED, ACCUSED, "responds_to")]
    assert corrections.unlinked() == {("s-1", "s-2"), ("s-3", "s-2")}
    assert corrections.documents == {"u-1", "u-2"}


def test_pairs_of_claims_and_of_entities_are_told_apart():
    told = rows(
        pair("same", "org:a", "org:b"),
        pair("different", "person:宋岚", "person:song-lan"),
        pair("same", ACCUSED, DENIED, statements=[[ACCUSED, "s-1"], [DENIED]]),
        pair("different", APOLOGY, DENIED),
    )
    corrections = Corrections.of(told)
    assert corrections.same_entities == {frozenset(("org:a", "org:b"))}
    assert corrections.different_entities == {frozenset(("person:宋岚", "person:song-lan"))}
    assert corrections.same_claims == {frozenset((ACCUSED, DENIED)), frozenset(("s-1", DENIED))}
    assert corrections.different_claims == {frozenset((APOLOGY, DENIED))}


def test_the_digest_changes_with_what_is_in_force_and_with_nothing_else():
    told = rows(fix(kind="apology", words=["one"]), pair("same", "org:a", "org:b"))
    digest = Corrections.of(told).digest
    assert digest == Corrections.of(reversed(told)).digest != Corrections.of([]).digest
    other_words = [replace(told[0], value={"kind": "apology", "words": ["two"]}, at="2025"), told[1]]
    assert Corrections.of(other_words).digest == digest
    undone = [*told, replace(undo(2), sequence=3)]
    assert Corrections.of(undone).digest == Corrections.of(told[:1]).digest != digest
    assert Corrections.of([replace(told[0], value={"kind": "denial"}), told[1]]).digest != digest


JOINED = {"person:zhang-ruoxi": "person:ruoxi-zhang", "person:张若溪": "person:ruoxi-zhang"}


@pytest.mark.parametrize(
    ("same", "different", "expected"),
    [
        ([], [], JOINED),
        ([], [("person:张若溪", "person:ruoxi-zhang")], {"person:zhang-ruoxi": "person:ruoxi-zhang"}),
        (
            [("person:张若溪", "person:zhang-ruoxi")],
            [("person:张若溪", "person:ruoxi-zhang")],
            {"person:张若溪": "person:zhang-ruoxi"},
        ),
        (
            [("person:ruoxi-zhang", "person:r")],
            [],
            {**dict.fromkeys(JOINED, "person:r"), "person:ruoxi-zhang": "person:r"},
        ),
        ([("org:北辰", "org:polestar")], [], {**JOINED, "org:北辰": "org:polestar"}),
        (
            [("org:a", "org:b"), ("org:b", "org:c"), ("org:c", "org:a")],
            [],
            {**JOINED, "org:b": "org:a", "org:c": "org:a"},
        ),
        ([("org:a", "org:b"), ("org:b", "org:c")], [("org:a", "org:c")], {**JOINED, "org:b": "org:a"}),
        ([("org:a", "org:a")], [("org:b", "org:b")], JOINED),
    ],
)
def test_ids_are_joined_and_parted_as_judged_in_any_order(same, different, expected):
    for ones in itertools.permutations(same):
        for others in itertools.permutations(different):
            turned = [frozenset(each) for each in ones], [frozenset(reversed(each)) for each in others]
            assert judged_ids(JOINED, set(), *turned) == expected
            assert judged_ids(dict(reversed(JOINED.items())), set(), *turned) == expected


def test_what_is_listed_stands_for_its_group_and_the_map_is_flat():
    made = judged_ids(JOINED, {"person:张若溪"}, [{"person:ruoxi-zhang", "person:a"}], [])
    assert made == dict.fromkeys(("person:a", "person:ruoxi-zhang", "person:zhang-ruoxi"), "person:张若溪")
    assert not set(made) & set(made.values())


def test_judgements_in_force_are_nodes_that_a_store_takes(tmp_path):
    graph = Graph()
    told = rows(
        replace(fix(kind="denial", words=["quoted"]), by="Ina", reason="r", at="2024-05-01"),
        pair("same", "org:a", "org:b", names=["A", "B"]),
        undo(2),
    )
    for identifier, properties in judgement_nodes(told).items():
        graph.add_node("Judgement", identifier, **properties)
    (node,) = graph.nodes.values()
    assert (node.label, node.id, node.properties["sequence"]) == ("Judgement", "judgement:1", 1)
    assert (node.properties["value"], node.properties["by"], node.properties["reason"]) == (
        '{"kind":"denial"}',
        "Ina",
        "r",
    )
    store = SqliteStore(tmp_path / "a.db")
    assert store.apply(graph)["added"] == 1
    store.close()


def test_words_of_forgotten_documents_are_taken_out_of_the_rows(table):
    table.add(replace(fix(kind="apology", words=["marker"], documents=["u-1"]), reason="it says marker"))
    table.add(fix(APOLOGY, kind="apology", words=["marker"], documents=["u-2"]))
    table.add(fix("s-1", speaker={**SPEAKER, "nameEn": "Moss_Kettle"}, documents=["u-3"]))
    table.add(pair("same", "person:forum.example/moss_kettle", "person:b", names=["Moss_Kettle", "B"]))
    table.add(fix("s-2", kind="denial", words=["stays"], documents=["u-3"]))
    assert table.forget(gone=["u-1"], changed=["u-2"], handle="moss_kettle") == 4
    first, second, third, last = table.all()
    assert (first.value, first.reason, first.subject) == ({"documents": ["u-1"]}, None, DENIED)
    assert second.value == {"kind": "apology", "documents": ["u-2"]} and third.value == {"documents": ["u-3"]}
    assert last.sequence == 5 and last.value["words"] == ["stays"]
