"""What a language model quotes is held to the text: what does not stand there is thrown away, and counted by its cause."""

import pytest

from nlp.pipeline import VERSION
from tests.nlp.llm_server import Answer, completion, reply, statement
from tests.nlp.llm_texts import (
    CHARGE,
    DENIAL,
    DOUBT,
    EN,
    LARKWING,
    LARKWOOD,
    MORNINGSTAR,
    POLESTAR,
    QUELL,
    ZH,
    targets,
    thrown,
    told,
)


def test_a_good_reply_in_english(ground):
    answer = reply(
        statement(
            CHARGE,
            speaker="Larkwood Labs",
            date="March 4, 2024",
            targets=[("Morningstar-7B", "accused"), ("Larkwing-6B", "origin"), ("Polestar Intelligence", "accused")],
        ),
        statement(DENIAL, n=2, kind="denial", speaker="Mara Quell", date="The next day", targets=["Morningstar-7B"]),
        statement(DOUBT, n=3, kind="question"),
        links=[(2, 1, "disputes"), (3, 2, "responds_to")],
    )
    annotation, tally = ground(EN, answer)
    charge, denial, doubt = annotation.statements
    assert told(annotation) == [
        ("accusation", LARKWOOD, "words", CHARGE),
        ("denial", QUELL, "words", DENIAL),
        ("question", None, "nowhere", DOUBT),
    ]
    assert targets(charge) == [
        (MORNINGSTAR, "accused", "words"),
        (LARKWING, "origin", "words"),
        (POLESTAR, "accused", "words"),
    ]
    assert targets(denial) == [(MORNINGSTAR, "about", "context")]
    assert [(each.happened.period, each.happened.basis) for each in annotation.statements] == [
        ("2024-03-04", "stated"),
        ("2024-03-05", "relative"),
        ("2024-03-07", "published"),
    ]
    assert charge.happened.span.quote == "March 4, 2024"
    assert [(link.source, link.target, link.type) for link in annotation.links] == [
        (denial.id, charge.id, "disputes"),
        (doubt.id, denial.id, "responds_to"),
    ]
    assert {each.cue for each in (*annotation.statements, *annotation.links)} == {"llm:small"}
    assert {each.confidence for each in (*annotation.statements, *annotation.links)} == {0.6}
    assert (tally.kept, tally.links, thrown(tally)) == (3, 2, {})
    assert annotation.version.startswith(f"{VERSION}+llm.")


def test_a_good_reply_in_chinese(ground):
    charge, denial, trained = (ZH[: ZH.index("次日")], "马乐珂否认抄袭", "该公司表示，权重是从零开始训练的。")
    answer = reply(
        statement(
            charge, speaker="云雀实验室", date="2024年3月4日", targets=[("晨星-7B", "accused"), ("云翼-6B", "origin")]
        ),
        statement(denial, n=2, kind="denial", speaker="马乐珂", date="次日"),
        statement(trained, n=3, kind="explanation", speaker="该公司"),
        links=[(2, 1, "responds_to")],
    )
    annotation, tally = ground(ZH, answer)
    assert told(annotation) == [
        ("accusation", LARKWOOD, "words", charge),
        ("denial", QUELL, "words", denial),
        ("explanation", LARKWOOD, "reference", trained),
    ]
    assert targets(annotation.statements[0]) == [(MORNINGSTAR, "accused", "words"), (LARKWING, "origin", "words")]
    assert [each.happened.period for each in annotation.statements] == ["2024-03-04", "2024-03-05", "2024-03-07"]
    assert len(annotation.links) == 1 and thrown(tally) == {}


@pytest.mark.parametrize(
    "quote",
    [
        "Larkwood Labs admitted everything.",
        DENIAL.replace(",", ""),
        DENIAL.replace("it.", "it!"),
        DENIAL.upper(),
        DENIAL + " " + DOUBT,
        "On March 4, 2024，Larkwood Labs",
        "...",
        "",
        None,
        7,
        [DENIAL],
    ],
)
def test_a_quote_that_does_not_stand_in_the_text_is_thrown_away(ground, quote):
    annotation, tally = ground(EN, reply(statement(quote), statement(DENIAL, n=2, kind="denial")))
    assert [each.quote for each in annotation.statements] == [DENIAL]
    assert thrown(tally) == {"quoted what does not stand in the text": 1}


def test_chinese_quotes_with_other_punctuation_are_thrown_away(ground):
    answer = reply(
        statement("次日,马乐珂否认抄袭。"), statement("该公司表示：权重是从零开始训练的。"), statement("馬樂珂否認抄襲")
    )
    annotation, tally = ground(ZH, answer)
    assert (annotation.statements, thrown(tally)) == ((), {"quoted what does not stand in the text": 3})


def test_offsets_that_the_model_states_count_for_nothing(ground):
    row = statement(DENIAL, kind="denial") | {"start": 3, "end": 5, "confidence": 1.0, "id": "s-1", "cue": "me"}
    (found,) = ground(EN, reply(row))[0].statements
    assert (found.spans[0].start, found.confidence, found.cue) == (EN.index(DENIAL), 0.6, "llm:small")


def test_a_quote_that_stands_several_times_is_the_next_one_after_the_previous(ground):
    text = "“No,” said Mara Quell. Larkwood Labs asked again. “No,” said Mara Quell. “No,” said Mara Quell. Larkwood Labs left."
    no, asked = "“No,” said Mara Quell.", "Larkwood Labs asked again."
    answer = reply(
        statement(asked, kind="question", speaker="Larkwood Labs"),
        statement(no, n=2, kind="denial", speaker="Mara Quell"),
        statement(no, n=3, kind="denial", speaker="Mara Quell"),
        statement(no, n=4, kind="denial", speaker="Mara Quell"),
    )
    found = [(each.kind, each.spans[0].start) for each in ground(text, answer)[0].statements]
    places = [i for i in range(len(text)) if text.startswith(no, i)]
    assert found == [
        ("denial", places[0]),
        ("question", text.index(asked)),
        ("denial", places[1]),
        ("denial", places[2]),
    ]


def test_a_reply_with_a_million_statements_is_cut(ground):
    row = '{"n":1,"kind":"other","evidence":"it"},'
    content = '{"statements": [' + row * 150_000 + '{}], "links": []}'
    annotation, tally = ground(EN, Answer(completion(content)))
    assert len(annotation.statements) <= 2
    assert tally.thrown["beyond the most of a piece"] == 150_001 - 300


def test_of_a_reply_no_more_is_kept_than_a_piece_can_hold(ground):
    words = [f"w{number}x." for number in range(400)]
    annotation, tally = ground(" ".join(words), reply(*(statement(word, n=n) for n, word in enumerate(words))))
    assert [each.quote for each in annotation.statements] == words[:300]
    assert thrown(tally) == {"beyond the most of a piece": 100}
