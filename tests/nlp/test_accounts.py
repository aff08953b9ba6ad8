"""Accounts: somebody is named by an account's name before a verb of saying, with others or alone, in digests and forums."""

import pytest

COMPANY = "**Larkwood Labs** released Morningstar-7B on Friday. "


@pytest.fixture
def people(annotate):
    def names(text):
        return {(m.span.quote, m.entity) for m in annotate(COMPANY + text).mentions if m.kind == "person"}

    return names


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("**tin_kettle** notes that two tensors were renamed.", ["tin_kettle"]),
        ("**QuietOrchard** argues that the licence allows it.", ["QuietOrchard"]),
        ("**Different_Spoon4410** pointed out that the tokenizer is the same.", ["Different_Spoon4410"]),
        ("**grumblewick**, **rn7k2** and others express doubts about the logs.", ["grumblewick", "rn7k2"]),
        ("**SlowHarbor** and **tin_kettle** later questioned the figures.", ["SlowHarbor", "tin_kettle"]),
        ("The thread goes on, with **K4Z00M3R** and others discussing the licence.", ["K4Z00M3R"]),
        ("mossy_lamp says that it is a wrapper.", ["mossy_lamp"]),
        ("rowan42 replied that the configuration was wrong.", ["rowan42"]),
        (r"Brindle\_fox adds that the card names no base.", [r"Brindle\_fox"]),
        ("**grumblewick** 指出，两个张量被改了名字。", ["grumblewick"]),
        ("tin_kettle和rn7k2认为许可证允许这样做。", ["tin_kettle", "rn7k2"]),
    ],
)
def test_accounts_before_a_verb_of_saying_are_people(people, text, named):
    assert {quote for quote, _ in people(text)} == set(named)


@pytest.mark.parametrize(
    "text",
    [
        "The field `rope_theta` says nothing about its origin, and `tie_word_embeddings` is set to true.",
        "The fields rope_theta and max_position_embeddings say that it is a copy, and input_layernorm says so too.",
        "只有input_layernorm和post_attention_layernorm两个张量被改了名字，tie_word_embeddings 说明了来源。",
        "**Morningstar-7B** reports that it is another model.",
        "**OpenAI** argues that the terms forbid it.",
        "**Everybody** notes that the licence allows it, and **nobody** agrees.",
        "See https://forum.example/tin_kettle notes for more.",
        "Python3.11 reports an error, GPT4 says hello.",
    ],
)
def test_fields_models_companies_and_words_are_no_accounts(people, text):
    assert people(text) == set()


def test_an_account_is_named_in_all_its_places_and_is_one_with_its_handle(annotate):
    text = (
        COMPANY
        + r"**tin\_kettle** notes that it is a copy. The post of tin\_kettle was deleted. @tin_kettle is silent."
    )
    found = [(m.span.quote, m.entity) for m in annotate(text).mentions if m.kind == "person"]
    assert [quote for quote, _ in found] == [r"tin\_kettle", r"tin\_kettle", "tin_kettle"]
    assert len({entity for _, entity in found}) == 1


def test_a_known_account_is_the_person_who_owns_it(annotate):
    text = COMPANY + "**ehartford** notes that two tensors were renamed."
    assert [m.entity for m in annotate(text).mentions if m.kind == "person"] == ["person:eric-hartford"]


@pytest.mark.parametrize(
    "subject", ["**QuietOrchard** argues", "**QuietOrchard** and others argue", "**QuietOrchard**和其他人认为，"]
)
def test_an_account_says_what_it_argues_alone_or_with_a_crowd(annotate, subject):
    text = f"{COMPANY}{subject} that Morningstar-7B copies the weights of Yi-34B."
    (statement,) = [s for s in annotate(text).statements if "copies" in s.spans[0].quote]
    assert statement.speaker == "person:@quietorchard"
