"""An annotation is a pure function whose spans are exact, on any text."""

import hypothesis.strategies as st
from hypothesis import HealthCheck, given, settings

from crawler.document import Document
from nlp.annotation import Annotation

PIECES = st.sampled_from(
    [
        *(
            "贾扬清",
            "零一万物",
            "Yi-34B",
            "LLaMA",
            "指称",
            "抄袭",
            "，",
            "。",
            "“",
            "”",
            "：",
            "\n",
            "\n\n",
            " ",
            "回应",
            "被指",
        ),
        *(
            "said",
            "that",
            "denied",
            "copied",
            "On November 14",
            "一周后",
            "11月",
            "https://a.example/x",
            "@handle",
            "「",
            "\u200b",
        ),
        *("\u202e", "😀", "Kai-Fu Lee", ",", ".", "(", ")", "```", "](", "<b>", "该公司", "他", "？", "he", "CEO"),
    ]
)
TEXTS = st.one_of(st.text(min_size=1), st.lists(PIECES, min_size=1, max_size=60).map("".join))


@settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture]
)
@given(text=TEXTS.filter(str.strip))
def test_any_text_is_annotated_with_exact_spans(annotator, text):
    document = Document.create(text, published="2023-11-17")
    annotation = annotator.annotate(document)
    annotation.check(document)
    ids = {statement.id for statement in annotation.statements}
    assert len(ids) == len(annotation.statements)
    assert all(link.source in ids and link.target in ids for link in annotation.links)
    assert {m.entity for m in annotation.mentions} <= {entity.id for entity in annotation.entities}


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=TEXTS.filter(str.strip))
def test_the_same_document_gives_the_same_annotation(annotator, text):
    document = Document.create(text)
    assert annotator.annotate(document) == annotator.annotate(document)


def test_an_annotation_survives_being_stored(annotate):
    annotation = annotate("11月6日，零一万物发布了Yi-34B。一周后，贾扬清指称该模型抄袭LLaMA。")
    assert Annotation.from_record(annotation.to_record()) == annotation


def test_the_tokens_of_the_pipeline_give_the_text_back(annotator):
    text = "  零一万物 released Yi-34B\n\n 😀 a  b_c"
    assert annotator.pipeline.make_doc(text).text == text


def test_a_long_text_without_sentence_marks_is_read(annotate):
    assert annotate("模型" * 100_000).statements == ()
