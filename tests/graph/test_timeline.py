"""Timelines, trees of answers and claim cards over small invented graphs: what is shown, what was known by a day, in which order."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

import graph.timeline
from graph.answers import place, tree_of
from graph.claim_card import claim_card
from graph.errors import UnknownName
from graph.model import Graph, Name
from graph.sqlite_store import SqliteStore
from graph.subjects import find_topic
from graph.timeline import Reader, order_of, timeline
from nlp.annotation import GROUPS

OWLET, LARK, POLAR = "model:owlet-5b", "model:larkwing-6b", "model:polar-1b"
NEST, LARKWOOD, MARA = "org:nest-labs", "org:larkwood", "person:mara-quell"
NAMES = {
    OWLET: ("Owlet-5B", "鸮-5B"),
    LARK: ("Larkwing-6B", "云雀-6B"),
    POLAR: ("Polar-1B", None),
    NEST: ("Nest Labs", "巢实验室"),
    LARKWOOD: ("Larkwood", "云雀林"),
    MARA: ("Mara Quell", "马乐珂"),
}


class Made(Graph):
    """A graph that is told in few words."""

    def __init__(self):
        super().__init__()
        self.add_node("Source", "source:s", name="Gazette")
        for entity, (english, chinese) in NAMES.items():
            kind = {"model": "model", "org": "organization", "person": "person"}[entity.split(":")[0]]
            self.add_node("Entity", entity, kind=kind, name=english, nameEn=english, nameZh=chinese)
            self.names |= {Name(each.lower(), entity, each) for each in (english, chinese) if each}
        self.add_edge("DEVELOPED_BY", OWLET, NEST)
        self.add_edge("DEVELOPED_BY", LARK, LARKWOOD)

    def claim(self, number, kind, *told, by=None, about=(), dispute=None):
        """Add a claim of statements (document, words, and what else differs); the first one shows it."""
        rows = [
            {"document": d, "quote": q, "kind": kind, "day": None, "recorded": "2024-01-01", "language": "en"} | more
            for d, q, more in told
        ]
        claim = f"c-{number:04}"
        days = sorted(row["day"] for row in rows if row["day"])
        for place_, row in enumerate(rows):
            self.document(row["document"], row["recorded"], row.get("origin"))
            statement = f"s-{number:04}" if not place_ else f"s-{number:04}{place_}"
            self.add_node(
                "Statement",
                statement,
                **{name: row[name] for name in ("quote", "kind", "language", "recorded", "document")},
                url=f"https://gazette.example/{row['document']}",
                speaker=by,
                date=row["day"],
                dateBasis="stated" if row["day"] else None,
                confidence=row.get("confidence", 0.8),
                grounds=json.dumps({"targets": [[e, "about", "words", None] for e in row.get("about", about)]}),
            )
            self.add_edge("STATED_IN", statement, row["document"])
            self.add_edge("REPORTS", statement, claim)
        kinds = [row["kind"] for row in rows]
        most = max(kinds, key=kinds.count)
        self.add_node(
            "Claim",
            claim,
            **{name: rows[0][name] for name in ("quote", "language", "document")},
            **{"kind": most, "group": GROUPS[most], "speaker": by},
            **{"date": days[0] if days else None, "sortDate": days[0] if days else None},
            sources=len(rows),
            confidence=max(row.get("confidence", 0.8) for row in rows),
            recorded=min(row["recorded"] for row in rows),
        )
        if by:
            self.add_edge("MADE", by, claim)
        for entity in dict.fromkeys(e for row in rows for e in row.get("about", about)):
            self.add_edge("ABOUT", claim, entity, role="about", basis="words")
        if dispute:
            self.add_edge("PART_OF", claim, dispute)
        return claim

    def document(self, identifier, recorded, origin=None):
        self.add_node(
            "Document",
            identifier,
            title=f"Page {identifier}",
            published=f"2024-01-{len(identifier):02}",
            origin=origin or identifier,
            recorded=recorded,
        )
        self.add_edge("PUBLISHED_BY", identifier, "source:s")

    def dispute(self, accused, origin, **titles):
        identifier = f"dispute:{accused.split(':')[1]}--{origin.split(':')[1]}"
        slug = identifier.removeprefix("dispute:")
        self.add_node("Dispute", identifier, slug=slug, accused=accused, origin=origin, **titles)
        return identifier


@pytest.fixture
def made():
    return Made()


@pytest.fixture
def stored(tmp_path):
    """Put graphs into stores."""
    opened = []

    def put(graph_):
        opened.append(SqliteStore(tmp_path / f"{len(opened)}.db"))
        opened[-1].apply(graph_)
        return opened[-1]

    yield put
    for each in opened:
        each.close()


EARLY, LATE = {"recorded": "2024-01-10T00:00:00+00:00"}, {"recorded": "2024-03-10T00:00:00+00:00"}
BETWEEN = "2024-02-01"


def only(rows):
    (row,) = rows
    return row


def ids(rows):
    return [row["claim"] for row in rows]


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


class TestAsOf:
    def test_kind_words_day_and_confidence_are_those_of_the_statements_recorded_by_then(self, made, stored):
        late = {"kind": "denial", "day": "2024-01-01"} | LATE
        made.claim(
            *(1, "denial"),
            *(("a", "first words", late), ("bb", "later words", late | {"confidence": 0.95})),
            ("ccc", "early words", {"kind": "explanation", "day": "2024-01-05", "confidence": 0.6} | EARLY),
            about=[OWLET],
        )
        store = stored(made)
        now, then = only(timeline(store, OWLET)), only(timeline(store, OWLET, {"as_of": BETWEEN}))
        names = ("kind", "quote", "date", "sources", "documents", "confidence")
        assert [now[name] for name in names] == ["denial", "first words", "2024-01-01", 3, ["a", "bb", "ccc"], 0.95]
        assert [then[name] for name in names] == ["explanation", "early words", "2024-01-05", 1, ["ccc"], 0.6]
        assert [told["date"] for told in then["dates"]] == ["2024-01-05"]
        card = claim_card(store, "c-0001", as_of=BETWEEN)
        assert [card[name] for name in ("kind", "date", "sources")] == ["explanation", "2024-01-05", 1]
        assert [told["quote"] for told in card["statements"]] == ["early words"]

        def found(**filters):
            return ids(timeline(store, OWLET, {"as_of": BETWEEN} | filters))

        assert found(kind="denial") == found(until="2024-01-04") == found(confidence=0.7) == []
        assert found(kind="explanation") == found(since="2024-01-05") == found(language="en") == ["c-0001"]

    def test_the_order_is_that_of_the_days_known_then_and_the_limit_counts_after_it(self, made, stored):
        made.claim(1, "other", ("a", "x", {"day": "2024-01-03"} | EARLY), about=[OWLET])
        told = (("b", "x", {"day": "2024-01-01"} | LATE), ("c", "x", {"day": "2024-01-05"} | EARLY))
        made.claim(2, "other", *told, about=[OWLET])
        made.claim(3, "other", ("d", "x", {"day": "2024-01-07"} | EARLY), about=[OWLET])
        store = stored(made)
        assert ids(timeline(store, OWLET)) == ["c-0002", "c-0001", "c-0003"]
        assert ids(timeline(store, OWLET, {"as_of": BETWEEN})) == ["c-0001", "c-0002", "c-0003"]
        assert ids(timeline(store, OWLET, {"as_of": BETWEEN}, limit=1)) == ["c-0001"]

    def test_targets_and_subjects_that_only_a_later_statement_names_are_not_known(self, made, stored):
        told = (("a", "x", EARLY | {"about": [OWLET]}), ("b", "x", LATE | {"about": [LARK]}))
        made.claim(1, "other", *told)
        store = stored(made)
        assert ids(timeline(store, LARK)) == ["c-0001"] and timeline(store, LARK, {"as_of": BETWEEN}) == []
        row = only(timeline(store, OWLET, {"as_of": BETWEEN}))
        assert [target["id"] for target in row["targets"]] == [OWLET]
        assert timeline(store, [OWLET, LARK], {"as_of": BETWEEN}) == []

    def test_answers_and_links_that_were_made_later_are_not_listed(self, made, stored):
        charge = made.claim(1, "accusation", ("a", "x", EARLY), ("z", "x", LATE), about=[OWLET])
        known = made.claim(2, "denial", ("a", "y", EARLY), about=[OWLET])
        later = made.claim(3, "denial", ("b", "y", LATE), about=[OWLET])
        linked_later = made.claim(4, "denial", ("c", "y", EARLY), ("z", "y", LATE), about=[OWLET])
        across = made.claim(5, "denial", ("d", "y", EARLY), about=[OWLET])
        across_later = made.claim(6, "denial", ("e", "y", LATE), about=[OWLET])
        for answer in (known, later, linked_later):
            made.add_edge("RESPONDS_TO", answer, charge)
        for answer in (across, across_later):
            made.add_edge("RESPONDS_TO", answer, charge, basis="across")
        store = stored(made)
        now, then = (timeline(store, OWLET, {"as_of": day})[0] for day in (None, BETWEEN))
        assert now["answers"] == [known, later, linked_later, across, across_later]
        assert then["answers"] == [known, across]
        card = claim_card(store, charge, as_of=BETWEEN)
        assert [each["claim"] for each in card["answers"]] == [known, across] == [e["claim"] for e in card["links"]]

    def test_a_dispute_is_known_from_its_first_accusation_on(self, made, stored):
        dispute = made.dispute(NEST, LARKWOOD, title="Nest Labs / Larkwood")
        made.claim(1, "denial", ("a", "x", EARLY), by=NEST, about=[OWLET], dispute=dispute)
        made.claim(2, "accusation", ("b", "x", LATE), about=[OWLET], dispute=dispute)
        made.claim(3, "other", ("c", "x", EARLY), about=[POLAR], dispute=dispute)
        store = stored(made)
        assert {row["dispute"] for row in timeline(store, NEST)} == {"nest-labs--larkwood"}
        assert only(timeline(store, NEST, {"as_of": BETWEEN}))["dispute"] is None
        assert timeline(store, dispute, {"as_of": BETWEEN}) == []
        assert claim_card(store, "c-0001", as_of=BETWEEN)["disputes"] == []
        assert claim_card(store, "c-0001")["disputes"] == ["Nest Labs / Larkwood"]

    def test_a_claim_of_which_nothing_was_recorded_is_refused_with_its_day(self, made, stored):
        made.claim(1, "other", ("a", "x", LATE), about=[OWLET])
        with pytest.raises(UnknownName, match=r"'c-0001'.*2024-03-10"):
            claim_card(stored(made), "c-0001", as_of=BETWEEN)

    def test_after_the_last_recording_everything_is_as_it_is_now(self, loaded):
        subjects = [row["id"] for row in loaded.store.connection.execute("select id from node_entity")]
        for subject in subjects:
            assert timeline(loaded.store, subject, {"as_of": "2999-01-01"}) == timeline(loaded.store, subject)

    def test_as_of_a_day_is_what_a_library_of_the_documents_of_that_day_says(self, library, retellings):
        whole, part = library(), library()
        documents = sorted(retellings, key=lambda each: (each.published or "", each.id))
        for number, document in enumerate(documents):
            whole.add([document], recorded=f"2030-01-{number + 1:02}T00:00:00+00:00")
        whole.load()
        names = ("kind", "quote", "date", "documents", "sources", "speaker", "confidence", "language")
        for number in (3, 6, 9):
            part.add(documents[:number], recorded="2030-01-01")
            part.load()
            known = timeline(part.store, "model:morningstar-7b")
            shown = timeline(whole.store, "model:morningstar-7b", {"as_of": f"2030-01-{number:02}"})
            one, other = (sorted(json.dumps([row[n] for n in names]) for row in rows) for rows in (shown, known))
            assert one == other != []


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


CLAIMS = st.lists(st.sampled_from("甲乙丙丁abcdef"), unique=True, max_size=8)


class TestTrees:
    @given(
        CLAIMS.flatmap(
            lambda c: st.tuples(
                st.just(c),
                st.dictionaries(st.sampled_from(c or ["z"]), st.lists(st.sampled_from([*c, "gone"])), max_size=8),
            )
        )
    )
    def test_every_claim_is_shown_once_under_something_that_it_answers(self, asked):
        claims, answers = asked
        places = place(claims, answers)
        shown = [each for each in places if not each.again]
        assert sorted(each.claim for each in shown) == sorted(claims)
        depths = {each.claim: each.depth for each in shown}
        seen = set()
        for each in places:
            assert each.again == (each.claim in seen), "named again only below the place where it is shown"
            seen.add(each.claim)
            assert (each.under is None) == (each.depth == 0)
            if each.under is not None:
                assert each.claim in answers[each.under] and depths[each.under] == each.depth - 1
        below = {answer for claim, found in answers.items() for answer in found if claim in claims and answer != claim}
        assert {each.claim for each in shown if each.depth == 0} >= set(claims) - below

    def test_the_rows_of_a_timeline_stand_under_what_they_answer(self, made, stored):
        for number, (kind, day) in enumerate(
            [("accusation", "2024-01-02"), ("denial", None), ("denial", "2024-01-01"), ("other", "2024-01-03")]
        ):
            made.claim(number, kind, (f"d{number}", "x", {"day": day}), about=[OWLET])
        for answer, asked in ((1, 0), (2, 0), (3, 2), (3, 0)):
            made.add_edge("RESPONDS_TO", f"c-{answer:04}", f"c-{asked:04}")
        store = stored(made)
        rows, places = tree_of(timeline(store, OWLET))
        assert [(row["claim"][-1], row["depth"], row["under"]) for row in rows] == [
            ("0", 0, None),
            ("2", 1, "c-0000"),
            ("3", 2, "c-0002"),
            ("1", 1, "c-0000"),
        ]
        assert [each.claim[-1] for each in places if each.again] == ["3"]
        alone = tree_of(timeline(store, OWLET, {"kind": "denial"}))[0]
        assert [(row["claim"][-1], row["depth"]) for row in alone] == [("2", 0), ("1", 0)]

    def test_ten_thousand_answers_in_a_chain_are_placed(self):
        chain = [f"c{number}" for number in range(10_000)]
        assert place(chain, dict(zip(chain, ([each] for each in chain[1:]), strict=False)))[-1].depth == 9_999


class TestCards:
    def test_what_it_answers_stands_above_and_what_answers_it_below_to_any_depth(self, made, stored):
        for number in range(5):
            made.claim(number, "denial", (f"d{number}", f"words {number}", {}), by=MARA, about=[OWLET])
        for answer in range(1, 5):
            made.add_edge("RESPONDS_TO", f"c-{answer:04}", f"c-{answer - 1:04}", cue="answered")
        made.add_edge("DISPUTES", "c-0000", "c-0004")  # closes a ring
        card = claim_card(stored(made), "c-0002", reader=Reader("zh"))
        below = card["answers"][0]
        names = ("type", "cue", "claim", "kind", "quote")
        assert [below[n] for n in names] == ["RESPONDS_TO", "answered", "c-0003", "denial", "words 3"]
        assert below["speaker"]["name"] == "马乐珂"

        def line(claims):
            return [claims[0]["claim"][-1], *line(claims[0].get("claims", []))] if claims else []

        assert line(card["answers"]) == ["3", "4", "0", "1", "2"] and line(card["answersTo"]) == [
            "1",
            "0",
            "4",
            "3",
            "2",
        ]
        last = card["answers"][0]["claims"][0]["claims"][0]["claims"][0]["claims"]
        assert last == [{"type": "RESPONDS_TO", "cue": "answered", "claim": "c-0002", "again": True}]
        assert card["cut"] is False

    def test_a_tree_without_end_is_cut_and_says_so(self, made, stored):
        for number in range(700):
            made.claim(number, "denial", ("d", "x", {}), about=[OWLET])
        for number in range(1, 700):
            made.add_edge("RESPONDS_TO", f"c-{number:04}", f"c-{number // 600 * (number - 1):04}")
        card = claim_card(stored(made), "c-0000")
        assert card["cut"] is True and 400 < len(card["answers"]) <= 500
        json.dumps(card)

    def test_near_copies_stand_under_their_true_source(self, made, stored):
        copy, orphan = {"origin": "a"}, {"origin": "elsewhere"}
        told = [("a", "x", {}), ("bb", "x", copy), ("cc", "x", {}), ("dd", "x", orphan), ("ee", "x", orphan)]
        made.claim(1, "denial", *told, about=[OWLET])
        sources = claim_card(stored(made), "c-0001")["trueSources"]
        assert [(each["document"], [one["document"] for one in each["copies"]]) for each in sources] == [
            ("a", ["bb"]),
            ("cc", []),
            ("dd", ["ee"]),
        ]
