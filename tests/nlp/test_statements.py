"""Who said what kind of thing, about whom and when: one behaviour a case, in both languages."""

import pytest

from crawler.document import join_posts
from nlp.clauses import Clause, split_clauses
from nlp.reading import Sentence
from nlp.statement_spans import close

JIA, HARTFORD, LIN = "person:yangqing-jia", "person:eric-hartford", "person:richard-lin"
ZERO_ONE, LEE = "org:01-ai", "person:kai-fu-lee"

CASES = [
    # an explicit speaker and the kind of what is said
    ("贾扬清指称，某公司的新模型是抄袭的LLaMA。", ("accusation", JIA, None)),
    ("Yangqing Jia said that the new model copied LLaMA.", ("accusation", JIA, None)),
    ("零一万物否认抄袭LLaMA。", ("denial", ZERO_ONE, None)),
    ("01.AI denied that Yi-34B was a copy of Llama.", ("denial", ZERO_ONE, None)),
    ("李开复承认模型沿用了LLaMA的架构。", ("admission", LEE, None)),
    ("Kai-Fu Lee admitted that the model uses the Llama architecture.", ("admission", LEE, None)),
    ("零一万物就此事公开道歉。", ("apology", ZERO_ONE, None)),
    ("01.AI apologised for the confusion about Yi-34B.", ("apology", ZERO_ONE, None)),
    ("零一万物表示，将更新代码并重新提交模型。", ("remedy", ZERO_ONE, None)),
    ("01.AI renamed the tensors of Yi-34B and now credits Llama.", ("remedy", ZERO_ONE, None)),
    ("零一万物发布开源模型Yi-34B。", ("announcement", ZERO_ONE, None)),
    ("01.AI released the open model Yi-34B.", ("announcement", ZERO_ONE, None)),
    # the speaker is the head of its phrase
    ("零一万物开源总监 Richard Lin 指出命名问题是团队的疏忽。", ("explanation", LIN, None)),
    (
        "Richard Lin, director of open source at 01.AI, explained that a script had renamed the tensors.",
        ("explanation", LIN, None),
    ),
    ("阿里前科学家贾扬清称，这款模型套壳LLaMA。", ("accusation", JIA, None)),
    # nobody in particular
    ("有网友质疑Yi-34B套壳LLaMA。", ("question", None, None)),
    ("Several users accused 01.AI of copying Llama.", ("accusation", None, None)),
    ("零一万物被指抄袭LLaMA。", ("accusation", None, None)),
    ("Yi-34B is accused of being a copy of Llama.", ("accusation", None, None)),
    # after a quotation
    ("“A script renamed the tensors by mistake before the release,” said Richard Lin.", ("explanation", LIN, None)),
    # dates before the verb date the saying
    ("11月14日，贾扬清称Yi-34B抄袭LLaMA。", ("accusation", JIA, "2023-11-14")),
    ("On November 14, Yangqing Jia said that Yi-34B copied LLaMA.", ("accusation", JIA, "2023-11-14")),
    ("Yangqing Jia said on Tuesday that Yi-34B copied LLaMA.", ("accusation", JIA, "2023-11-14")),
    # a date in what is said does not
    ("贾扬清称，11月6日发布的Yi-34B抄袭了LLaMA。", ("accusation", JIA, None)),
]


@pytest.mark.parametrize(("text", "expected"), CASES, ids=[text[:24] for text, _ in CASES])
def test_a_sentence_gives_its_statement(read, text, expected):
    assert expected in read(text)


@pytest.mark.parametrize(
    "text",
    [
        "零一万物成立于2023年，总部在北京。",
        "Yi-34B has 34 billion parameters and a context window of 200K tokens.",
        "今天天气很好，我们去了公园。",
        "LLaMA 有 70 亿到 650 亿参数四种规格。",
    ],
)
def test_plain_facts_are_no_statements(read, text):
    assert read(text) == []


def test_a_relative_date_counts_from_the_event_told_before(annotate):
    text = "11月6日，零一万物发布了Yi-34B。一周后，贾扬清指称该模型抄袭LLaMA。"
    release, charge = annotate(text, published="2023-12-20").statements
    assert (release.happened.period, release.happened.basis) == ("2023-11-06", "stated")
    assert (charge.happened.period, charge.happened.basis) == ("2023-11-13", "relative")


def test_no_evidence_holds_a_caption_that_stands_between_its_words(annotate):
    caption = "图：发布会现场"
    text = "\n".join(
        [
            "ehartford公开表示，零一万物的模型抄袭了LLaMA。",
            caption,
            "15日，零一万物承认，模型确实沿用了LLaMA的结构，",
            caption,
            "也承认没有写明LLaMA的名字。",
            caption,
        ]
    )
    annotation = annotate(text)
    charge, *answers = annotation.statements
    assert (charge.kind, charge.speaker) == ("accusation", HARTFORD)
    assert {(each.kind, each.speaker, each.happened.period) for each in answers} == {
        ("admission", ZERO_ONE, "2023-11-15")
    }
    assert not any(caption in span.quote for each in annotation.statements for span in each.spans)
    assert "responds_to" in {link.type for link in annotation.links if link.target == charge.id}


def test_a_span_has_a_piece_on_each_side_of_what_stands_between(annotate):
    text = "甲方承认沿用结构，\n图\n也没有写明来源。"
    clauses = [Clause(start=0, end=9, sentence=0), Clause(start=12, end=20, sentence=1)]
    (span,) = close(text, [(clause, {"B-admission": 0.8, "none": 0.2}) for clause in clauses])
    assert [text[a:b] for a, b in span.pieces] == ["甲方承认沿用结构，", "也没有写明来源。"]


def test_what_is_asked_for_is_not_done(read):
    assert read("贾扬清要求零一万物道歉。") == [("question", JIA, None)]


def test_an_answer_that_did_not_come_is_other(annotate):
    text = "贾扬清指称Yi-34B抄袭LLaMA。零一万物并未回应。"
    assert [statement.kind for statement in annotate(text).statements][1:] in ([], ["other"])


def test_the_author_of_a_post_speaks_and_its_header_dates_it(annotate):
    parts = [
        {"author": "qingyu_77", "published": "2023-11-14T10:00+08:00", "text": "Yi-34B就是套壳LLaMA，造假。"},
        {"author": "nightowl", "published": "2023-11-15T01:00+08:00", "reply_to": 0, "text": "这不算抄袭，很正常。"},
    ]
    text, posts = join_posts(parts)
    annotation = annotate(text, posts, kind="thread", url="https://forum.example/t/1")
    charge, defence = annotation.statements
    assert (charge.speaker, charge.speaker_from) == ("person:forum.example/qingyu_77", "post")
    assert (charge.happened.period, charge.happened.basis) == ("2023-11-14", "stated")
    assert defence.happened.period == "2023-11-15"
    assert [(link.source, link.target) for link in annotation.links] == [(defence.id, charge.id)]


def test_what_stands_for_a_character_ends_no_clause():
    text = r"Users said that &quot;Yi-34B&quot; is nothing but a copy of Llama&\#x27;s code; the company denied it at once."
    clauses = split_clauses(text, [Sentence(start=0, end=len(text), post=0)])
    assert [text[each.start : each.end] for each in clauses] == [
        text[: text.index(" the")],
        text[text.index("the c") :],
    ]


class TestTargets:
    def roles(self, annotation):
        return {target.entity: target.role for target in annotation.statements[-1].targets}

    def test_the_accused_stands_before_the_copying_verb_and_the_origin_after(self, annotate):
        assert self.roles(annotate("贾扬清称Yi-34B抄袭了LLaMA。")) == {
            "model:yi-34b": "accused",
            "model:llama": "origin",
        }
        assert self.roles(annotate("Yangqing Jia said that Yi-34B copied LLaMA.")) == {
            "model:yi-34b": "accused",
            "model:llama": "origin",
        }

    def test_the_passive_turns_the_sides(self, annotate):
        assert self.roles(annotate("贾扬清称LLaMA被Yi-34B抄袭。")) == {
            "model:llama": "origin",
            "model:yi-34b": "accused",
        }

    @pytest.mark.parametrize(
        "charge",
        [
            "TechCrunch reported that internal documents show use of the Llama API.",
            "TechCrunch reported that a team secretly uses Llama, which its terms forbid.",
            "据TechCrunch报道，有团队秘密使用LLaMA的接口，违反了服务条款。",
            "据TechCrunch报道，内部文件显示有人违规调用了LLaMA。",
        ],
    )
    def test_what_is_used_is_an_origin_and_nobody_accused(self, annotate, charge):
        assert self.roles(annotate(charge)).get("model:llama") == "origin"

    def test_what_the_words_leave_out_comes_from_the_context_and_says_so(self, annotate):
        annotation = annotate("零一万物发布了Yi-34B。随后贾扬清指称，某国产大模型抄袭了LLaMA。")
        targets = {target.entity: (target.role, target.basis) for target in annotation.statements[-1].targets}
        assert targets == {"model:llama": ("origin", "words"), "model:yi-34b": ("accused", "context")}

    def test_the_company_of_the_speaker_is_no_target(self, annotate):
        assert "org:alibaba" not in self.roles(annotate("阿里前科学家贾扬清称，Yi-34B套壳LLaMA。"))
