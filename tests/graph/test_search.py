"""Searching: what is found by which words, in which order, once each; and an index that stays what it is to be."""

import random

import hypothesis.strategies as st
import pytest
from hypothesis import given

import graph.search
from graph import search_index
from graph.errors import StoreError
from graph.model import Graph, Name
from graph.search import search
from graph.search_index import index_text
from graph.sqlite_store import SqliteStore
from nlp.folding import fold
from nlp.search_words import Asked, count_phrase, find_phrases, phrase_of, read_question

PEOPLE = {
    "person:tamsin-oduya": ("Tamsin Oduya", "欧杜雅", "Oduya", "奥总"),
    "person:idris-pell": ("Idris Pell", None, "奥总"),
    "org:lumen": ("Lumen Labs", "流明实验室", "流明"),
}


class Told:
    """A graph to which statements are told one by one."""

    def __init__(self):
        self.graph = Graph()
        for entity, (name, chinese, *others) in PEOPLE.items():
            self.graph.add_node("Entity", entity, kind="person", name=name, nameEn=name, nameZh=chinese)
            for surface in filter(None, (name, chinese, *others)):
                self.graph.names.add(Name(fold(surface), entity, surface))

    def document(self, number, title, *, day="2024-05-01", language="zh", origin=None):
        source = f"source:{number}"
        self.graph.add_node("Source", source, name=f"Paper {number}")
        about = {"title": title, "language": language, "published": f"{day}T10:00:00+08:00"}
        self.graph.add_node("Document", f"u-{number}", url=f"http://p.example/{number}", origin=origin, **about)
        self.graph.add_edge("PUBLISHED_BY", f"u-{number}", source)

    def say(self, number, quote, *, claim=None, title="", **options):
        """Tell a statement in a document of its own; of a claim that is there already, one more time."""
        told = {"day": "2024-05-01", "kind": "accusation", "by": None, "language": "zh", "sources": 1} | options
        self.document(number, title, day=told["day"], language=told["language"])
        statement, claim = f"s-{number}", claim or f"c-{number}"
        url = f"http://p.example/{number}"
        self.graph.add_node("Statement", statement, quote=quote, url=url, language=told["language"])
        when = {"date": told["day"], "sortDate": told["day"], "dateBasis": "stated", "dates": "[]"}
        group = {"denial": "answering"}.get(told["kind"], "accusing")
        who = {"speaker": told["by"], "kind": told["kind"], "group": group}
        self.graph.add_node("Claim", claim, sources=told["sources"], language=told["language"], **when, **who)
        self.graph.add_edge("STATED_IN", statement, f"u-{number}")
        self.graph.add_edge("REPORTS", statement, claim)
        if told["by"]:
            self.graph.add_edge("MADE", told["by"], claim)


@pytest.fixture
def told():
    return Told()


@pytest.fixture
def store(tmp_path):
    store = SqliteStore(tmp_path / "yuanliu.db")
    yield store
    store.close()


@pytest.fixture
def find(store, told):
    """Write what was told, and search it: find("words", since=...)."""

    def ask(words, *, kinds=("statement",), limit=None, **limits):
        store.apply(told.graph)
        search_index.rebuild(store.connection)
        return search(store, words, limits, kinds=kinds, limit=limit)

    return ask


def claims(found):
    return [row["claim"] for row in found.rows]


def marked(row):
    return [row["quote"][start:end] for start, end in row["highlights"]]


@pytest.mark.parametrize("words", ["套壳", "套殼", "指套壳", "套壳ＧＰＴ", "gpt4", "GPT-4", "Gpt 4", "壳", "被 模型"])
def test_writing_makes_no_difference(told, find, words):
    told.say(1, "该模型被指套殼ＧＰＴ－４。")
    told.say(2, "The model is a wrapper.", language="en")
    assert claims(find(words)) == ["c-1"]


@pytest.mark.parametrize(
    ("words", "places"),
    [
        ("套壳", ["套\u200b殼"]),
        ("gpt4", ["GPT-4"]),
        ("型", ["型"]),
        ("模型被指", ["模型被指"]),
        ("指套 套壳", ["指套\u200b殼"]),
    ],
)
def test_the_words_are_marked_where_they_stand_in_the_quote(told, find, words, places):
    told.say(1, "😀该模型被指套\u200b殼 GPT-4。")
    (row,) = find(words).rows
    assert marked(row) == places


def test_a_row_says_who_when_where(told, find):
    told.say(1, "流明称没有套壳。", by="org:lumen", kind="denial", day="2024-05-02", title="流明回应", sources=3)
    (row,) = find("套壳").rows
    assert row["speaker"] == {"id": "org:lumen", "name": "Lumen Labs"}
    assert (row["date"], row["kind"], row["claim"], row["statement"]) == ("2024-05-02", "denial", "c-1", "s-1")
    assert (row["url"], row["source"], row["sources"]) == ("http://p.example/1", "Paper 1", 3)


def test_all_words_are_asked_for_and_any_where_nothing_has_all(told, find):
    told.say(1, "The weights were copied from Falcon.")
    told.say(2, "The weights are open.")
    told.say(3, "Falcon is open.")
    both = find("weights falcon")
    assert (claims(both), both.any_of) == (["c-1"], ())
    some = find("copied open zebra")
    assert some.any_of == ("copied", "open", "zebra") and set(claims(some)) == {"c-1", "c-2", "c-3"}
    assert claims(some)[0] == "c-1", "the rarer word weighs more"
    assert find("zebra").rows == [] and find("zebra quagga").rows == []


def test_a_rare_word_is_not_lost_beside_a_common_one(told, find, monkeypatch):
    monkeypatch.setattr(graph.search, "MOST_WEIGHED", 10)
    for number in range(60):
        told.say(number, "Everybody talks about the model.")
    told.say(99, "A zebra was seen.")
    assert claims(find("zebra model"))[0] == "c-99"


def test_a_phrase_in_quotation_marks_is_exact(told, find):
    told.say(1, "It is open source code.")
    told.say(2, "The source is open.")
    assert set(claims(find("open source"))) == {"c-1", "c-2"}
    assert claims(find("open source"))[0] == "c-1", "what stands together comes first"
    for quoted in ('"open source"', "“open source”", "「open source」"):
        assert claims(find(quoted)) == ["c-1"]


def test_a_name_finds_the_other_names_and_says_so(told, find):
    told.say(1, "欧杜雅否认套壳。")
    told.say(2, "Tamsin Oduya denied it.", language="en")
    told.say(3, "奥总来了。")
    for words in ("欧杜雅", "tamsin oduya", "Tamsin-Oduya"):
        assert set(claims(find(words))) == {"c-1", "c-2"}
    assert find("欧杜雅").names == {"欧杜雅": ("Tamsin Oduya",)}
    assert [marked(row) for row in find("欧杜雅").rows if row["claim"] == "c-2"] == [["Tamsin Oduya"]]
    written = find('"欧杜雅"')
    assert (claims(written), written.names) == (["c-1"], {})


def test_a_surname_and_a_name_that_others_share_are_not_added(told, find):
    told.say(1, "Oduya left.")
    told.say(2, "奥总来了。")
    told.say(3, "Tamsin Oduya came.")
    assert claims(find("Tamsin Oduya")) == ["c-3"]
    assert set(claims(find("Oduya"))) == {"c-1", "c-3"}


def test_a_name_within_a_run_of_chinese_parts_it(told, find):
    told.say(1, "套壳一事，Tamsin Oduya 没有回应。")
    told.say(2, "欧杜雅来了。")
    found = find("欧杜雅套壳")
    assert (claims(found), found.any_of) == (["c-1"], ())


def test_a_long_run_that_nothing_has_is_asked_by_its_pairs(told, find):
    told.say(1, "有人质疑它是套壳。")
    told.say(2, "这是开源模型。")
    found = find("被质疑套壳")
    assert claims(found) == ["c-1"] and found.any_of


def test_a_claim_is_shown_once_by_its_best_passage(told, find):
    told.say(1, "A wrapper, says somebody in a very long sentence about many other things that matter little here.")
    told.say(2, "It is a wrapper, a wrapper.", claim="c-1", sources=2)
    found = find("wrapper")
    (row,) = found.rows
    assert (row["claim"], row["statement"], row["sources"], found.total) == ("c-1", "s-2", 2, 1)


def test_the_order_is_by_score_then_the_newest_then_the_id(told, find):
    told.say(3, "The model is a wrapper.", day="2024-01-01")
    told.say(5, "The model is a wrapper.", day="2024-03-01")
    told.say(4, "The model is a wrapper.", day="2024-03-01")
    told.say(2, "The model is a wrapper.", day="2023-01-01", sources=4)
    told.say(1, "The model is a wrapper.", day="2023-01-01", title="Is it a wrapper?")
    found = find("wrapper")
    assert claims(found) == ["c-1", "c-2", "c-4", "c-5", "c-3"]
    assert [row["score"] for row in found.rows] == sorted((row["score"] for row in found.rows), reverse=True)
    assert claims(find("wrapper", limit=2)) == ["c-1", "c-2"] and find("wrapper", limit=2).total == 5


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        ({"since": "2024-05-02"}, {"c-2", "c-3"}),
        ({"until": "2024-05-02"}, {"c-1", "c-2"}),
        ({"since": "2024-05-02", "until": "2024-05-02"}, {"c-2"}),
        ({"kind": "denial"}, {"c-2"}),
        ({"kind": "accusing"}, {"c-1", "c-3"}),
        ({"by": "org:lumen"}, {"c-2", "c-3"}),
        ({"language": "en"}, {"c-3"}),
        ({"by": "person:idris-pell"}, set()),
    ],
)
def test_limits(told, find, limits, left):
    told.say(1, "模型 model", day="2024-05-01")
    told.say(2, "模型 model", day="2024-05-02", kind="denial", by="org:lumen")
    told.say(3, "模型 model", day="2024-05-03", language="en", by="org:lumen")
    assert set(claims(find("model", **limits))) == left


def test_documents_are_found_by_their_titles_and_near_copies_once(told, find):
    told.document(1, "流明实验室被指套殼")
    told.document(2, "流明实验室被指套殼", origin="u-1", day="2024-05-02")
    told.document(3, "Weather", language="en")
    found = find("套壳", kinds=("statement", "document"))
    assert [(row["found"], row["document"], row["claim"]) for row in found.rows] == [("document", "u-1", None)]
    assert marked(found.rows[0]) == ["套殼"] and found.rows[0]["date"] == "2024-05-01"
    assert find("套壳", kinds=("document",), since="2024-05-03").rows == []
    assert find("套壳", kinds=("document",), language="en").rows == []
    assert find("套壳", kinds=("statement", "document"), by="org:lumen").rows == []


class TestMoreThanIsWeighed:
    @pytest.fixture
    def crowd(self, told, monkeypatch):
        for name, most in (("MOST_WEIGHED", 10), ("MOST_HITS", 15), ("MOST_WITHIN", 10)):
            monkeypatch.setattr(graph.search, name, most)
        for number in range(100, 180):
            told.say(number, "The model is here.", day="2024-05-01")
        told.say(900, "The model is gone.", day="2024-06-01", by="org:lumen")
        return told

    def test_it_is_told_and_a_limit_finds_what_the_sample_lacks(self, crowd, find):
        found = find("model")
        assert (found.is_partial, found.total) == (True, 10) and "c-900" not in claims(found)
        for limits in ({"since": "2024-05-02"}, {"by": "org:lumen"}, {"since": "2024-05-02", "by": "org:lumen"}):
            within = find("model", **limits)
            assert (claims(within), within.is_partial) == (["c-900"], False)
        assert claims(find("model here", by="org:lumen", kind="accusation")) == ["c-900"]

    def test_within_limits_the_first_by_number_are_weighed(self, crowd, find, monkeypatch):
        monkeypatch.setattr(graph.search, "MOST_HITS", 200)
        found = find("model", language="zh")
        numbers = sorted((f"s-{number}" for number in (*range(100, 180), 900)), key=search_index.number_of)
        assert {row["statement"] for row in found.rows} == set(numbers[:10]) and found.is_partial
        monkeypatch.setattr(graph.search, "MOST_WEIGHED", 200)
        assert not find("model", language="zh").is_partial

    def test_the_sample_does_not_depend_on_how_the_index_was_filled(self, crowd, find, store):
        before = claims(find("model"))
        rows = store.connection.execute("select id, 'statement', quote from node_statement").fetchall()
        random.Random(1).shuffle(rows)
        search_index.update(store.connection, remove=[row[0] for row in rows])
        assert search(store, "model", kinds=("statement",)).rows == []
        for row in rows:
            search_index.update(store.connection, put=[tuple(row)])
        assert claims(search(store, "model", kinds=("statement",))) == before


def test_a_store_without_an_index_says_what_to_do(store):
    for table in (*search_index.TABLES.values(), "word_text"):
        store.connection.execute(f"drop table if exists {table}")
    with pytest.raises(StoreError, match="yuanliu load"):
        search(store, "model")


TEXT = st.text(alphabet="套壳殼模型的 ，。aB4é-\u200b", max_size=12)
CHANGES = st.lists(
    st.lists(st.tuples(st.sampled_from(["s-1", "s-2", "s-3"]), st.one_of(st.none(), TEXT)), max_size=4),
    max_size=5,
)  # transactions of texts that are put, None for what is removed


@given(changes=CHANGES)
def test_an_index_kept_up_to_date_is_the_one_made_anew(changes):
    kept, fresh = SqliteStore(":memory:"), SqliteStore(":memory:")
    held = {}
    for change in changes:
        last = dict(change)
        held = {key: text for key, text in (held | last).items() if text is not None}
        put = [(key, "statement", text) for key, text in last.items() if text is not None]
        search_index.create(kept.connection)
        search_index.update(kept.connection, put, [key for key, text in last.items() if text is None])
    search_index.create(kept.connection)
    search_index.create(fresh.connection)
    search_index.update(fresh.connection, [(key, "statement", text) for key, text in held.items()])
    for words in ("套壳", "模型", "壳*", "a", "b", '"4 的"', "é"):
        asked = {"words": words, "limit": 9}
        assert kept.query("search_statement_hits", **asked) == fresh.query("search_statement_hits", **asked)
    for store in (kept, fresh):
        store.connection.execute("insert into word_statement (word_statement) values ('integrity-check')")
        store.close()


def test_an_unknown_kind_is_refused(store):
    search_index.create(store.connection)
    with pytest.raises(KeyError):
        search_index.update(store.connection, [("s-1", "post", "text")])


@given(text=st.text(alphabet="套壳殼模型的々，。 \u200b", max_size=14), data=st.data())
def test_every_piece_of_a_chinese_text_is_found_in_it(text, data):
    start = data.draw(st.integers(0, len(text)))
    piece = text[start : data.draw(st.integers(start, len(text)))]
    phrase = phrase_of(piece)
    if phrase:
        assert count_phrase(f" {index_text(text)} ", phrase)
        assert find_phrases(text, [phrase])


@given(text=TEXT, piece=TEXT)
def test_what_is_counted_is_what_is_marked(text, piece):
    phrase = phrase_of(piece)
    if phrase:
        places = find_phrases(text, [phrase])
        assert bool(places) == bool(count_phrase(f" {index_text(text)} ", phrase))
        assert all(index_text(text[start:end]).startswith(phrase.words[0][0]) for start, end in places)


@pytest.mark.parametrize(
    ("question", "asked"),
    [
        ('a "b c', [Asked("a"), Asked("b c", True)]),
        ("「套壳」模型", [Asked("套壳", True), Asked("模型")]),
        ("“” ！ \u3000套壳\u3000模型", [Asked("套壳"), Asked("模型")]),
        ("AND OR NOT (x* y:z)", [Asked("AND"), Asked("OR"), Asked("NOT"), Asked("(x*"), Asked("y:z)")]),
    ],
)
def test_a_question_is_read(question, asked):
    assert read_question(question) == asked


@pytest.mark.parametrize(
    "words", ["AND", "NOT model", "model)", "mod*", "words:model", "a' or 1=1 --", "model\x00", "{model}"]
)
def test_what_a_question_holds_is_never_an_operator(told, find, words):
    told.say(1, "The model is here; not a word and 1 = 1, or words: model, mod.")
    assert {row["claim"] for row in find(words).rows} == {"c-1"}
