"""Timelines and claim cards as of a day: of what was recorded by then, and of nothing else."""

import json

import pytest

from graph.claim_card import claim_card
from graph.errors import UnknownName
from graph.timeline import timeline
from tests.graph.told_graph import BETWEEN, EARLY, LARK, LARKWOOD, LATE, NEST, OWLET, POLAR, ids, only


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
