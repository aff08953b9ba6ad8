"""Short forms and expressions stand for who was named before, of their own kind and sort, with a confidence; else for nobody."""

import pytest

from crawler.document import Document, Post
from nlp.annotation import GROUPS
from nlp.errors import VocabularyError
from nlp.references import read_references


@pytest.fixture(scope="module")
def references(annotator):
    def read(text, **header):
        document = Document.create(text, **({"published": "2024-03-10"} | header))
        found = annotator.read(document).references
        return {text[r.start : r.end]: (r.entity, r.confidence) for r in found}

    return read


@pytest.mark.parametrize(
    ("text", "words", "entity"),
    [
        ("零一万物发布了新模型。该公司表示，权重完全开放。", "该公司", "org:01-ai"),
        ("OpenAI sued nobody. The startup said it would wait.", "The startup", "org:openai"),
        ("DeepSeek met OpenAI in court. The Chinese lab denied everything.", "The Chinese lab", "org:deepseek"),
        ("DeepSeek met OpenAI in court. The American company denied everything.", "The American company", "org:openai"),
        ("路透社报道了此事。百度没有回应，该媒体称已核实。", "该媒体", "org:reuters"),
        ("斯坦福大学的学生道歉。该校表示将调查。", "该校", "org:stanford-university"),
        ("Sam Altman met Meta's lawyers. He said nothing.", "He", "person:sam-altman"),
        ("Yi-34B是零一万物的模型。该模型被指套用LLaMA。", "该模型", "model:yi-34b"),
    ],
)
def test_an_expression_stands_for_what_was_named(references, text, words, entity):
    assert references(text)[words][0] == entity


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Sam Altman arrived. The company said nothing.", "The company"),
        ("百度发布了模型。他没有回应。", "他"),
        ("The startup said it would wait. OpenAI did not.", "The startup"),
        ("斯坦福大学的学生道歉。该公司没有回应。", "该公司"),
        ("Meta sued OpenAI. The French startup watched.", "The French startup"),
        ("百度尤其重视其他模型。", "其"),
    ],
)
def test_it_never_crosses_kind_sort_region_or_order(references, text, words):
    assert words not in references(text)


def test_one_candidate_is_surer_than_two_and_near_than_far(references):
    alone = references("百度发布了模型。该公司表示开放。")["该公司"][1]
    rival = references("百度起诉了腾讯。该公司表示开放。")["该公司"][1]
    far = references("百度起诉了腾讯。天气很好。风很大。雨停了。该公司表示开放。")["该公司"][1]
    assert 1 > alone > rival > far > 0


def test_what_a_post_does_not_name_no_other_post_gives(annotate):
    posts = [
        {"author": "anna", "start": 0, "end": 10},
        {"author": "ben", "start": 10, "end": 24},
    ]
    text = "百度发布了新模型。\n该公司否认抄袭，真好笑。\n"
    made = [Post(author=p["author"], start=p["start"], end=p["end"], text=text[p["start"] : p["end"]]) for p in posts]
    annotation = annotate(text, made, kind="thread")
    assert [
        s.speaker for s in annotation.statements if GROUPS[s.kind] == "answering" and s.speaker == "org:baidu"
    ] == []


def test_a_speaker_by_reference_is_told_apart_and_less_sure(annotate):
    named = annotate("零一万物否认抄袭LLaMA。").statements[0]
    (meant,) = [
        s for s in annotate("零一万物发布了Yi-34B。该公司否认抄袭LLaMA。").statements if GROUPS[s.kind] == "answering"
    ]
    assert (named.speaker, named.speaker_from) == ("org:01-ai", "words")
    assert (meant.speaker, meant.speaker_from) == ("org:01-ai", "reference")
    assert meant.confidence < named.confidence


def test_a_target_by_reference_rests_on_the_context(annotate):
    text = "OpenAI released GPT-4. Mara Quell accused the startup of copying Larkwing-6B."
    (charge,) = [s for s in annotate(text).statements if s.kind == "accusation"]
    assert ("org:openai", "context") in {(target.entity, target.basis) for target in charge.targets}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"kind": "robot", "words": ["it"]}, "kind is 'robot'"),
        ({"kind": "person"}, "has no words"),
        ({"kind": "person", "words": ["he"], "weight": 2}, "unknown field 'weight'"),
    ],
)
def test_a_bad_entry_is_refused(row, said):
    with pytest.raises(VocabularyError, match=said):
        read_references({"reference": [row]})
