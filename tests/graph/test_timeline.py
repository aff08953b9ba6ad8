"""Timelines over small invented graphs: the words that are shown, the subjects that are meant, and the order."""

import random

import pytest

import graph.timeline
from graph.errors import UnknownName
from graph.subjects import find_topic
from graph.timeline import Reader, order_of, timeline
from tests.graph.told_graph import BETWEEN, LARK, LARKWOOD, MARA, NEST, OWLET, POLAR, ids


class TestWords:
    def test_a_claim_told_in_two_languages_is_quoted_in_the_readers(self, made, stored):
        english, chinese = ("a", "Nest Labs denied it.", {}), ("bb", "巢实验室否认。", {"language": "zh"})
        made.claim(1, "denial", english, chinese, by=NEST, about=[OWLET])
        made.claim(2, "denial", ("ccc", "Nobody said so.", {}), about=[OWLET])
        store = stored(made)
        rows = timeline(store, OWLET, reader=Reader("zh", "zh"))
        assert [(r["quote"], r["document"], r["url"], r["language"]) for r in rows] == [
            ("巢实验室否认。", "bb", "https://gazette.example/bb", "zh"),
            ("Nobody said so.", "ccc", "https://gazette.example/ccc", "en"),
        ]
        assert (rows[0]["speaker"]["name"], rows[0]["targets"][0]["name"]) == ("巢实验室", "鸮-5B")
        assert rows[0]["documents"] == ["a", "bb"]
        assert timeline(store, OWLET)[0]["quote"] == "Nest Labs denied it."
        assert ids(timeline(store, OWLET, {"language": "zh"})) == ["c-0001"]
        assert ids(timeline(store, OWLET, {"language": "en"})) == ["c-0001", "c-0002"]

    def test_order_is_by_day_then_precision_and_undated_last(self, made, stored):
        days = [None, "2024-01-02", "2024-01-01", "2024-01-01"]
        for number, day in enumerate(days):
            made.claim(number, "other", (f"d{number}", "words", {"day": day}), about=[OWLET])
        assert ids(timeline(stored(made), OWLET)) == ["c-0002", "c-0003", "c-0001", "c-0000"]


class TestSubjects:
    @pytest.fixture
    def store(self, made, stored):
        charge = made.dispute(NEST, LARKWOOD, title="Nest Labs / Larkwood", titleZh="巢实验室 / 云雀林")
        made.dispute(NEST, MARA, title="Nest Labs / Mara Quell")
        made.claim(1, "accusation", ("a", "x", {}), by=LARKWOOD, about=[OWLET, LARK], dispute=charge)
        made.claim(2, "denial", ("b", "x", {}), by=NEST, dispute=charge)
        made.claim(3, "other", ("c", "x", {}), about=[OWLET, MARA])
        made.claim(4, "other", ("d", "x", {}), by=MARA, about=[LARK])
        made.claim(5, "other", ("e", "x", {}), by=MARA, dispute=charge)
        return stored(made)

    @pytest.mark.parametrize(
        "name",
        (
            *("nest-labs--larkwood", "dispute:nest-labs--larkwood", "nest-labs--l", "dispute:NEST-LABS--LARK"),
            *("Nest Labs / Larkwood", "巢实验室/云雀林", "巢实验室--Larkwood"),
        ),
    )
    def test_a_dispute_goes_by_slug_beginning_title_and_names_of_its_parties(self, store, name):
        assert find_topic(store, name).id == "dispute:nest-labs--larkwood"

    def test_a_dispute_is_named_in_the_readers_language(self, store):
        topic = find_topic(store, "nest-labs--larkwood")
        assert (topic.called("zh"), topic.called("en")) == ("巢实验室 / 云雀林", "Nest Labs / Larkwood")

    def test_an_entity_is_meant_before_the_beginning_of_a_slug(self, store):
        assert find_topic(store, "nest labs").id == NEST

    @pytest.mark.parametrize(
        ("name", "near"),
        [
            ("nest-labs--", ["nest-labs--larkwood", "nest-labs--mara-quell"]),
            ("nest-labz--larkwod", ["nest-labs--larkwood"]),
            ("Larkwod", ["Larkwood"]),
            ("dispute:", []),
        ],
    )
    def test_an_unknown_one_suggests_near_names_and_slugs(self, store, name, near):
        with pytest.raises(UnknownName) as unknown:
            find_topic(store, name)
        assert unknown.value.near[: len(near)] == near and bool(near) == bool(unknown.value.near)

    def test_the_claims_that_concern_two_subjects(self, store):
        assert ids(timeline(store, [OWLET, LARK])) == ["c-0001"]
        assert ids(timeline(store, [NEST, LARK])) == ["c-0001", "c-0002"], "by one, in a dispute with the other's maker"
        assert ids(timeline(store, [MARA, OWLET])) == ["c-0003", "c-0005"] == ids(timeline(store, [OWLET, MARA]))
        assert ids(timeline(store, [MARA, "dispute:nest-labs--larkwood"])) == ["c-0005"]
        assert ids(timeline(store, [MARA, POLAR])) == []
        assert ids(timeline(store, [MARA, MARA])) == ids(timeline(store, MARA)) == ["c-0003", "c-0004", "c-0005"]
        assert ids(timeline(store, [NEST, LARK], limit=1)) == ["c-0001"]

    def test_two_disputes_have_their_shared_claims_in_common(self, made, stored):
        one, other = made.dispute(NEST, LARKWOOD), made.dispute(NEST, MARA)
        both = made.claim(1, "accusation", ("a", "x", {}), dispute=one)
        made.add_edge("PART_OF", both, other)
        made.claim(2, "accusation", ("b", "x", {}), dispute=one)
        assert ids(timeline(stored(made), [one, other])) == [both]


class TestManyClaims:
    """A subject of very many claims is walked day by day; the rows are those of sorting them all."""

    @pytest.mark.parametrize("seed", range(3))
    def test_walking_gives_the_rows_of_gathering(self, made, stored, monkeypatch, seed):
        chance = random.Random(seed)
        dispute = made.dispute(NEST, LARKWOOD)
        for number in range(150):
            day = chance.choice([None, *(f"2024-01-{day:02}" for day in range(1, 20)), "2024-02"])
            about = chance.choices([OWLET, LARK, POLAR], k=chance.randrange(3))
            by, kind = chance.choice([None, NEST, MARA]), chance.choice(["denial", "accusation"])
            told = (f"d{number}", "x", {"day": day, "recorded": chance.choice(["2024-01-01", "2024-03-01"])})
            made.claim(number, kind, told, by=by, about=about, dispute=chance.choice([None, dispute]))
            made.nodes["Claim", f"c-{number:04}"].properties["sortDate"] = f"{day}-01"[:10] if day else None
        store = stored(made)
        asked = [
            (subject, filters, limit)
            for subject in (OWLET, NEST, MARA)
            for filters in ({}, {"since": "2024-01-05"}, {"kind": "denial"}, {"until": "2024-01-03"}, {"by": NEST})
            for limit in (1, 5, 40)
        ] + [(NEST, {"as_of": BETWEEN}, 5)]
        gathered = [timeline(store, subject, filters, limit=limit) for subject, filters, limit in asked]
        monkeypatch.setattr(graph.timeline, "MANY", 0)
        walked = []
        monkeypatch.setattr(graph.timeline, "STRIDE", 60)
        query = store.query
        monkeypatch.setattr(store, "query", lambda name, **more: walked.append(name) or query(name, **more))
        assert [timeline(store, subject, filters, limit=limit) for subject, filters, limit in asked] == gathered
        assert 0 < walked.count("timeline") < walked.count("timeline_walk"), "some walks are enough, some are not"

    def test_the_order_of_rows_is_the_order_that_the_queries_give(self, loaded):
        claims = loaded.store.query(
            "claims", ids=[row[0] for row in loaded.store.connection.execute("select id from node_claim")]
        )
        by_id = {claim["id"]: order_of(claim) for claim in claims}
        keys = [by_id[claim] for claim in ids(timeline(loaded.store, "model:morningstar-7b"))]
        assert keys == sorted(keys) and len(keys) > 3
