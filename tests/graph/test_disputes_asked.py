"""Disputes as they are asked for: lists, cards and the ways to name one, now and as of a day; cards of entities."""

import runpy
from pathlib import Path

import pytest

from graph.dispute_card import dispute_card
from graph.dispute_list import list_disputes
from graph.dispute_search import find_dispute
from graph.entity_card import find_cards
from graph.errors import UnknownName
from graph.model import Graph
from graph.sqlite_store import SqliteStore
from graph.timeline import Reader

SMALL = runpy.run_path(str(Path(__file__).with_name("small_graph.py")))
BIRCH, ALDER = "birch-ai--alder-labs", "alder-labs--cedar-works"


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    opened = SqliteStore(tmp_path_factory.mktemp("disputes") / "yuanliu.db")
    opened.apply(SMALL["make_graph"]())
    yield opened
    opened.close()


def slugs(rows):
    return [row["slug"] for row in rows]


def test_a_list_has_the_newest_first_with_names_in_the_readers_language(store):
    rows = list_disputes(store, names="zh")
    assert slugs(rows) == [ALDER, BIRCH]
    assert rows[1] == {
        "slug": BIRCH,
        "title": "白桦智能 / 桤木实验室",
        "accused": {"id": "org:birch-ai", "name": "白桦智能"},
        "origin": {"id": "org:alder-labs", "name": "桤木实验室"},
        "status": "contested",
        "opened": "2024-03-04",
        "lastActivity": "2024-05-18",
        "claims": 4,
        "sources": 4,
    }
    assert list_disputes(store)[1]["title"] == "Birch AI / Alder Labs"
    assert slugs(list_disputes(store, limit=1)) == [ALDER]


@pytest.mark.parametrize(
    ("filters", "found"),
    [
        ({"status": "open"}, [ALDER]),
        ({"status": "admitted"}, []),
        ({"since": "2024-05-19"}, [ALDER]),
        ({"since": "2024-05-18"}, [ALDER, BIRCH]),
        ({"about": "org:cedar-works"}, [ALDER]),
        ({"about": "model:heron-7b"}, [BIRCH]),
        ({"about": "org:alder-labs"}, [ALDER, BIRCH]),
        ({"by": "person:ina-vale"}, [ALDER]),
        ({"by": "org:alder-labs"}, [BIRCH]),
    ],
)
def test_filters_narrow_a_list_now_and_as_of_a_day(store, filters, found):
    assert slugs(list_disputes(store, filters)) == found
    assert slugs(list_disputes(store, filters | {"as_of": "2030-01-01"})) == found


def test_a_list_as_of_a_day_rests_on_what_was_recorded_by_then_only(store):
    (row,) = list_disputes(store, {"as_of": "2024-04-15"})
    assert (row["slug"], row["status"], row["opened"], row["lastActivity"]) == (
        BIRCH,
        "denied",
        "2024-03-04",
        "2024-03-05",
    )
    assert (row["claims"], row["sources"]) == (3, 3)
    assert list_disputes(store, {"as_of": "2024-04-15", "status": "contested"}) == []
    assert list_disputes(store, {"as_of": "2024-03-31"}) == []
    assert list_disputes(store, {"as_of": "2030-01-01"}) == list_disputes(store)


def test_a_month_is_active_on_each_of_its_days(store, tmp_path):
    graph = Graph()
    graph.add_node("Dispute", "dispute:x", slug="x", title="X", accused="org:x", status="open", lastActivity="2024-03")
    other = SqliteStore(tmp_path / "x.db")
    other.apply(graph)
    assert [len(list_disputes(other, {"since": day})) for day in ("2024-02-28", "2024-03-31", "2024-04-01")] == [
        1,
        1,
        0,
    ]
    other.close()


@pytest.mark.parametrize(
    "text",
    [
        *(BIRCH, f"dispute:{BIRCH}", "birch", "BIRCH-AI--ALDER", "Birch AI / Alder Labs", "白桦智能 / 桤木实验室"),
        *("birch ai vs. alder labs", "Alder Labs and Birch AI", "白桦智能和桤木实验室", "Heron-7B 白鹭-3B", "Birch AI"),
        *("Alder Labs, Birch AI", "莫林 桤木实验室"),
    ],
)
def test_a_dispute_goes_by_slug_beginning_title_and_parties(store, text):
    assert find_dispute(store, text)["slug"] == BIRCH


@pytest.mark.parametrize(
    ("text", "near"),
    [("birhc-ai--alder-labs", [BIRCH]), ("Alder Labs / Mo", []), ("", []), ("桤木实验室", [ALDER, BIRCH])],
)
def test_an_unknown_dispute_names_near_ones(store, text, near):
    with pytest.raises(UnknownName) as unknown:
        find_dispute(store, text)
    assert set(near) <= set(unknown.value.near)
    assert near or "yuanliu disputes" in str(unknown.value) or unknown.value.near


def card_of(store, slug=BIRCH, **options):
    return dispute_card(store, find_dispute(store, slug), **options)


def ids(rows):
    return [row["claim"] for row in rows]


def test_a_card_says_how_a_dispute_stands_and_why(store):
    card = card_of(store)
    assert (card["status"], card["opened"], card["claims"], card["sources"]) == ("contested", "2024-03-04", 4, 4)
    assert ids(card["why"]) == ["c-02", "c-03"]
    assert card["firstCharge"]["claim"] == "c-01" and card["firstCharge"]["source"] == "The Gazette"
    assert (ids(card["answers"]), card["answersInAll"]) == (["c-02", "c-03"], 2)
    assert ids(card["newest"]) == ["c-03", "c-02", "c-01", "c-05"]
    assert ids(card_of(store, most=1)["newest"]) == ["c-03"]
    assert ids(card_of(store, ALDER)["why"]) == ["c-04"]


def test_a_card_names_parties_models_derivations_and_sources(store):
    card = card_of(store, reader=Reader(names="zh"))
    parties = {one["id"]: one for one in card["parties"]}
    assert parties["org:birch-ai"]["roles"] == ["accused", "speaker"]
    assert (parties["org:birch-ai"]["accused"], parties["org:birch-ai"]["answers"]) == (2, 1)
    assert parties["org:alder-labs"]["roles"] == ["origin", "speaker"] and parties["org:alder-labs"]["accuses"] == 1
    assert (parties["person:mo-lin"]["name"], parties["person:mo-lin"]["answers"]) == ("莫林", 1)
    assert [(one["name"], one["role"]) for one in card["models"]] == [("白鹭-3B", "origin"), ("苍鹭-7B", "accused")]
    (derivation,) = card["derivations"]
    assert (derivation["aspect"], derivation["status"], derivation["origin"]["name"]) == (
        "weights",
        "contested",
        "白鹭-3B",
    )
    assert {row["source"]: (row["claims"], row["copies"]) for row in card["sourcesBy"]} == {
        "The Weekly": (4, 0),
        "The Gazette": (2, 0),
        "The Copycat": (1, 1),
    }
    assert card["echo"]["claims"] == 2
    assert {(row["first"], row["follower"]): row["claims"] for row in card["echo"]["repeats"]} == {
        ("The Gazette", "The Weekly"): 2
    }
    assert card["echo"]["examples"][0]["copies"] in ([], ["d-copy"])


def test_a_card_as_of_a_day_knows_nothing_of_later(store):
    card = card_of(store, as_of="2024-04-15")
    assert (card["status"], ids(card["why"]), ids(card["answers"])) == ("denied", ["c-02"], ["c-02"])
    assert "c-03" not in str(card) and "d-late" not in str(card)
    assert card["derivations"][0]["status"] == "denied"
    assert card["answers"][0]["documents"] == ["d-answer"]
    assert card_of(store, as_of="2024-03-31") is None
    assert card_of(store, as_of="2030-01-01") == card_of(store)


def test_an_entity_card_says_what_somebody_is_said_and_stands_in(store):
    (card,) = find_cards(store, "莫林", names="zh")
    assert (card["id"], card["name"], card["kind"]) == ("person:mo-lin", "莫林", "person")
    assert card["posts"] == [{"id": "org:birch-ai", "name": "白桦智能", "role": "chief scientist"}]
    assert (card["claimsMade"], card["claimsReceived"]) == ({"answering": 1}, {})
    assert (card["firstActivity"], card["lastActivity"]) == ("2024-03-05", "2024-03-05")
    assert [(each["slug"], each["roles"], each["title"]) for each in card["disputes"]] == [
        (BIRCH, ["speaker"], "白桦智能 / 桤木实验室")
    ]
    (maker,) = find_cards(store, "org:alder-labs")
    assert [model["name"] for model in maker["models"]] == ["Egret-3B"]
    assert {each["slug"]: each["roles"] for each in maker["disputes"]} == {
        ALDER: ["accused"],
        BIRCH: ["origin", "speaker"],
    }
    (model,) = find_cards(store, "Egret-3B")
    assert {each["slug"]: each["roles"] for each in model["disputes"]} == {ALDER: ["accused"], BIRCH: ["origin"]}
    assert model["claimsReceived"] == {"accusing": 2, "answering": 1}


def test_several_cards_and_none(store):
    assert {card["id"] for card in find_cards(store, "heron")} == {"model:heron"}
    assert {card["id"] for card in find_cards(store, "her")} == {"model:heron", "model:heron-7b"}
    with pytest.raises(UnknownName, match="Heron"):
        find_cards(store, "Herom")
