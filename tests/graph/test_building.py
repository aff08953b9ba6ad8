"""What statements tell together: which of them are one claim, what is derived from what, how it stands."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawler.archive import Revision
from crawler.document import Document
from graph.build import build
from graph.evidence import Reading
from graph.ledger import Ledger
from graph.sqlite_store import SqliteStore
from graph.standing import Member, Side, put_members, sides_of
from nlp.annotation import Annotation, Entity, Happened, Span, Statement, Target

PARTIES = {"org:nest": ("owlet", "heron"), "org:larkwood": ("lark", "finch")}


def reading(number: int, *told: Statement) -> Reading:
    text = "\n".join(each.quote for each in told)
    document = Document.create(
        text,
        id=f"d{number}",
        url=f"https://site{number}.example/",
        source=f"site{number}.example",
        language="en",
        published=f"2024-03-{number:02}",
    )
    entities = [Entity(id=party, kind="organization", name_en=party) for party in (*PARTIES, "org:watch")]
    entities += [
        Entity(id=f"model:{model}", kind="model", name_en=model, developer=party)
        for party, models in PARTIES.items()
        for model in models
    ]
    annotation = Annotation(
        document=document.id,
        digest=document.digest,
        vocabulary="",
        version="1",
        entities=tuple(entities),
        mentions=(),
        statements=told,
        links=(),
        sketch=(),
    )
    return Reading(Revision(document=document, sequence=1, recorded="2024-04-01", raw=None), annotation)


def said(number: int, words: str, *, kind="accusation", by="org:watch", day=None, **roles: str) -> Statement:
    """Return a statement; `roles` are targets by name: owlet="accused"."""
    targets = [
        Target(entity=f"{'org' if each in ('nest', 'larkwood') else 'model'}:{each}", role=role)
        for each, role in roles.items()
    ]
    return Statement(
        id=f"s-{number:04}",
        kind=kind,
        speaker=by,
        speaker_from="words" if by else "nowhere",
        targets=tuple(targets),
        happened=Happened(period=day, basis="stated") if day else None,
        spans=(Span(start=0, end=len(words), quote=words),),
        cue="",
        confidence=0.9,
    )


def claims_of(graph) -> list[set[str]]:
    told: dict[str, set[str]] = {}
    for edge in graph.edges.values():
        if edge.type == "REPORTS":
            told.setdefault(edge.end, set()).add(edge.start)
    return sorted(told.values(), key=min)


def test_a_derivation_needs_both_models_in_one_statement():
    """Two statements of one claim name two pairs: nobody said that the model of one comes from the origin of the other."""
    words = "the tensor names and the tokenizer were copied"
    graph = build(
        [
            reading(1, said(1, words, day="2024-03-01", owlet="accused", lark="origin")),
            reading(2, said(2, words, day="2024-03-01", heron="accused", finch="origin")),
        ]
    )
    assert claims_of(graph) == [{"s-0001", "s-0002"}]
    pairs = {(e.start, e.end) for e in graph.edges.values() if e.type == "ALLEGEDLY_DERIVED_FROM"}
    assert pairs == {("model:owlet", "model:lark"), ("model:heron", "model:finch")}


@pytest.mark.parametrize(("about", "claims"), [({}, 2), ({"owlet": "accused"}, 1)])
def test_words_that_name_nobody_gather_little(about, claims):
    """The one word in common is enough where both are about the same, and not where one does not say whom it is about."""
    first = said(1, "weights copied license tokenizer", day="2024-03-01", **about)
    second = said(2, "the copied layers of owlet shown", day="2024-03-01", owlet="accused")
    assert len(claims_of(build([reading(1, first), reading(2, second)]))) == claims


def test_of_several_days_and_kinds_a_dispute_and_a_derivation_say_the_first_and_the_last():
    graph = build(
        [
            reading(1, said(1, "owlet is lark renamed", day="2024-02-03", owlet="accused", lark="origin")),
            reading(2, said(2, "every layer of owlet equals lark", day="2024-02-20", owlet="accused", lark="origin")),
            reading(
                3,
                said(
                    3,
                    "we deny that owlet came from lark",
                    kind="denial",
                    by="org:nest",
                    day="2024-02-25",
                    owlet="accused",
                    lark="origin",
                ),
            ),
        ]
    )
    (dispute,) = [node.properties for (label, _), node in graph.nodes.items() if label == "Dispute"]
    assert (dispute["opened"], dispute["lastActivity"], dispute["status"]) == ("2024-02-03", "2024-02-25", "denied")
    (derivation,) = [node.properties for (label, _), node in graph.nodes.items() if label == "Derivation"]
    assert (derivation["opened"], derivation["lastActivity"], derivation["status"]) == (
        *("2024-02-03", "2024-02-25"),
        "denied",
    )


@given(st.integers(0, 10_000))
def test_how_things_stand_is_what_looking_at_every_claim_gives(seed):
    chance = random.Random(seed)
    store = SqliteStore(":memory:")
    ledger = Ledger(store.connection)
    store.connection.execute("begin")
    resting: dict[str, dict[str, str]] = {}
    nodes: dict[str, tuple[str, str | None]] = {}
    for _ in range(chance.randint(1, 6)):
        some = {f"c-{chance.randrange(12)}" for _ in range(chance.randint(1, 6))}
        for claim in some:
            nodes[claim] = (
                chance.choice(("denial", "remedy", "other")),
                chance.choice((None, "2024", "2024-03-01", "2024-03-02")),
            )
        ledger.put_nodes("Claim", {claim: {"kind": nodes[claim][0], "date": nodes[claim][1]} for claim in some})
        for claim in some:
            owners = chance.sample(("x:1", "x:2", "x:3"), chance.randint(0, 3))
            resting[claim] = {owner: chance.choice(("charge", "answer")) for owner in owners}
        members = [Member(owner, claim, role) for claim in some for owner, role in resting[claim].items()]
        put_members(ledger, "x:", some, members)
    expected: dict[str, list[Side]] = {}
    for owner in ("x:1", "x:2", "x:3"):
        sides: dict[tuple[str, str], list[str | None]] = {}
        for claim, own in resting.items():
            if owner in own:
                sides.setdefault((own[owner], nodes[claim][0]), []).append(nodes[claim][1])
        for (role, kind), days in sorted(sides.items()):
            known = sorted(day for day in days if day)
            side = Side(role, kind, known[0] if known else None, known[-1] if known else None)
            expected.setdefault(owner, []).append(side)
    assert sides_of(ledger, ["x:1", "x:2", "x:3", "x:4"]) == expected
    store.close()


def test_copies_of_what_nobody_in_particular_says_are_one_claim():
    words = "users found that every tensor of owlet has the shape of lark"
    one = said(1, words, kind="accusation", by=None, day="2024-03-01", owlet="accused")
    other = said(2, f"yesterday {words}", kind="question", by=None, day="2024-03-01", owlet="accused")
    apart = said(3, "the license of owlet was looked at by users", by=None, day="2024-03-01", owlet="accused")
    graph = build([reading(1, one), reading(2, other), reading(3, apart)])
    assert claims_of(graph) == [{"s-0001", "s-0002"}, {"s-0003"}]


def test_a_party_that_says_what_another_said_before_repeats_it():
    words = "every tensor of owlet has the shape of lark"
    first = said(1, words, by="org:watch", day="2024-03-01", owlet="accused", lark="origin")
    again = said(2, words, by="org:larkwood", day="2024-03-03", owlet="accused", lark="origin")
    other = said(3, words, kind="question", by="org:nest", day="2024-03-03", owlet="accused", lark="origin")
    graph = build([reading(1, first), reading(2, again), reading(3, other)])
    repeats = {(edge.start, edge.end) for edge in graph.edges.values() if edge.type == "REPEATS"}
    assert repeats == {("c-0002", "c-0001")}


def test_what_nobody_knows_the_time_of_is_one_claim_only_where_it_is_copied():
    def undated(number, words):
        made = reading(number, said(number, words, owlet="accused"))
        document = replace(made.revision.document, published=None)
        return replace(made, revision=replace(made.revision, document=document))

    words = "tensor shapes tokenizer config license logs vocabulary checkpoints"
    graph = build(
        [undated(1, words + " seed"), undated(2, words + " seed"), undated(3, words[:-12] + " prices rose late")]
    )
    assert claims_of(graph) == [{"s-0001", "s-0002"}, {"s-0003"}]
