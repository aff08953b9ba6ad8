"""When a statement was made: which of the dates told before it may date it."""

import pytest

DENIAL = " Richard Lin denied that Yi-34B copies Llama."
DENIED = "Richard Lin否认Yi-34B抄袭LLaMA。"


def day_of_denial(annotate, text):
    """The day of the denial in a text of 17 November 2023, or None where only the day of publication is known."""
    (found,) = {
        each.happened.period if each.happened.basis != "published" else None
        for each in annotate(text).statements
        if each.speaker == "person:richard-lin"
    }
    return found


@pytest.mark.parametrize(
    "text",
    [
        "On November 14, Larkwood Labs released a report." + DENIAL,
        "Richard Lin of 01.AI said on November 14 that the naming was an oversight." + DENIAL,
        "The report names its source (November 14)." + DENIAL,
        "11月14日，北辰智能发表说明。" + DENIED,
        "本周二（11月14日），北辰智能发表说明。" + DENIED,
    ],
)
def test_the_date_that_leads_a_sentence_goes_on_to_the_next(annotate, text):
    assert day_of_denial(annotate, text) == "2023-11-14"


@pytest.mark.parametrize(
    "text",
    [
        "Larkwood Labs asked a court to stop Yi-34B, and a first hearing is planned for December 12." + DENIAL,
        "On December 12, 2023, a court will hear Larkwood Labs." + DENIAL,
        "Larkwood Labs says that Yi-34B rests on a model that it had trained in March." + DENIAL,
        "In 2021, Larkwood Labs was founded." + DENIAL,
        "旧版接口将保留到12月底。" + DENIED,
        "报道称该模型建立在3月训练的旧模型之上。" + DENIED,
        "2021年，北辰智能成立。" + DENIED,
    ],
)
def test_what_is_to_come_and_what_only_the_words_tell_of_dates_nothing(annotate, text):
    assert day_of_denial(annotate, text) is None
