"""Claims under what they answer: the tree of a timeline's rows, and the cards of claims with what leads to them and from them."""

import json

from hypothesis import given
from hypothesis import strategies as st

from graph.answers import place, tree_of
from graph.claim_card import claim_card
from graph.timeline import Reader, timeline
from tests.graph.told_graph import MARA, OWLET

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
