"""Known names in every spelling, unknown ones by what stands around them, and nothing inside other words."""

import pytest


def found(annotation):
    return {(mention.span.quote, mention.entity) for mention in annotation.mentions}


@pytest.mark.parametrize(
    "spelling", ["李开复", "李開復", "Kai-Fu Lee", "Kai Fu Lee", "Lee Kai-Fu", "Kaifu Lee", "Li Kaifu", "Kai‑Fu Lee"]
)
def test_one_person_in_every_spelling(annotate, spelling):
    assert (spelling, "person:kai-fu-lee") in found(annotate(f"{spelling} 谈到了新模型。"))


@pytest.mark.parametrize("spelling", ["LLaMA", "LlaMA", "LLaMa", "LlaMa", "Llama", "ＬＬａＭＡ"])
def test_one_model_in_every_spelling(annotate, spelling):
    assert (spelling, "model:llama") in found(annotate(f"它用的是{spelling}架构。"))


def test_versions_and_sizes_are_models_of_their_own(annotate):
    names = dict(found(annotate("Llama 2、Llama 3、Baichuan-7B和Baichuan2-7B都是开源模型。")))
    assert len(set(names.values())) == len(names) == 4


@pytest.mark.parametrize(
    "text", ["Metadata is not a company.", "The openairways project", "See https://example.org/openai/Yi-34B now."]
)
def test_no_known_name_within_a_word_or_a_url(annotate, text):
    assert [mention for mention in annotate(text).mentions if mention.by != "tagger"] == []


def test_a_short_form_counts_only_beside_the_full_name(annotate):
    assert ("零一", "org:01-ai") in found(annotate("零一万物发布了模型，零一的团队很高兴。"))
    assert not any(surface == "零一" for surface, _ in found(annotate("编号是零一二三。")))


def test_a_role_gives_away_an_unknown_person(annotate):
    text = "某公司开源总监 Tamsin Oduya 指出，命名是疏忽。随后Oduya又补充了一点。"
    names = found(annotate(text))
    assert {("Tamsin Oduya", "person:tamsin-oduya"), ("Oduya", "person:tamsin-oduya")} <= names


def test_brackets_teach_the_name_in_the_other_language(annotate):
    names = found(annotate("开发者埃里克·哈特福德（Eric Hartford）发起了讨论。"))
    assert ("埃里克·哈特福德", "person:eric-hartford") in names


def test_a_lower_case_word_is_no_company_in_english_but_may_be_in_chinese(annotate):
    assert not found(annotate("This is a meta question."))
    assert ("meta", "org:meta") in found(annotate("这是meta开发的模型。"))


@pytest.mark.parametrize(
    ("text", "surface"),
    [
        ("Reporting by **The Verge**.", "The Verge"),
        ("as the New York Times wrote", "New York Times"),
        ("[OpenAI](https://example.org/deepmind) 与谷歌", "OpenAI"),
        ("ＯｐｅｎＡＩ宣布", "ＯｐｅｎＡＩ"),
    ],
)
def test_marks_and_articles_are_no_part_of_a_name(annotate, text, surface):
    assert surface in {name for name, _ in found(annotate(text))}


def test_a_shorter_name_is_found_within_one_that_was_refused(annotate):
    assert ("DeepMind", "org:google-deepmind") in found(annotate("The Google DeepMinds and DeepMind itself."))


def test_organisations_of_several_words_are_not_ordinary_words(annotate):
    assert not found(annotate("it was on the verge of failure, said the economist in charge"))
    assert ("sam altman", "person:sam-altman") in found(annotate("then sam altman replied"))


def test_a_chinese_name_is_not_where_two_words_meet(annotate):
    names = {name for name, _ in found(annotate("本周明确了规则，上周源码已经公开。"))}
    assert names == set()
    assert ("周明", "person:ming-zhou") in found(annotate("周明表示，本周明确规则。"))
