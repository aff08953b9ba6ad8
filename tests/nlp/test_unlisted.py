"""Names that nobody listed: found by the words around them, everywhere in the document, with roles and short forms."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
import spacy

from crawler.document import Document
from nlp.errors import VocabularyError
from nlp.pipeline import Annotator
from nlp.tagger import built_in_tagger
from nlp.training.__main__ import labelled, measure, train
from nlp.training.passages import SLOT, generate, read_marked, read_passages
from nlp.vocabulary import load_vocabulary

HERE = Path(__file__).parent
MODEL = HERE.parents[1] / "nlp" / "data" / "names.crfsuite"


def found(annotation):
    return {(mention.span.quote, mention.entity) for mention in annotation.mentions}


@pytest.fixture(scope="module")
def unlisted():
    """An annotator that knows no names."""
    annotator = Annotator(load_vocabulary(built_in=False))
    return lambda text, **header: annotator.annotate(Document.create(text, **({"published": "2024-03-01"} | header)))


def test_the_tagger_reads_texts_written_apart_from_its_passages():
    figures = measure(MODEL, read_marked(HERE / "unlisted_names.txt"))
    assert {key: round(f1) for key, (_, _, f1) in figures.items() if f1 < 60} == {}
    assert figures["all", "all"][0] >= 70


def test_the_model_is_small():
    assert MODEL.stat().st_size < 15e6


def test_a_tagger_is_sure_of_what_it_finds_and_exact():
    text = "On Tuesday Quillmarsh Labs said that Tamsin Oduya had trained Corvane-13B-Chat."
    tagged = built_in_tagger().find(text)
    assert {text[each.start : each.end] for each in tagged} == {"Quillmarsh Labs", "Tamsin Oduya", "Corvane-13B-Chat"}
    assert all(0 < each.probability <= 1 for each in tagged)


@pytest.mark.parametrize(
    ("text", "surface", "kind"),
    [
        ("北川智能创始人范若溪表示，权重将开放。", "范若溪", "person"),
        ("记者从澄舟科技获悉，新模型下周发布。", "澄舟科技", "organization"),
        ("According to Tamsin Oduya, the lab was wrong.", "Tamsin Oduya", "person"),
        ("Lumenfold Labs raised $30 million, its chief executive said.", "Lumenfold Labs", "organization"),
        ("The startup Quillmarsh Labs said so on Tuesday.", "Quillmarsh Labs", "organization"),
        ("They fine-tuned Corvane-13B on the outputs.", "Corvane-13B", "model"),
        ("Thanks to u/mossy_kettle for the diff.", "mossy_kettle", "person"),
        ("Tweet from Tamsin Oduya (@t_oduya): weights are out", "Tamsin Oduya", "person"),
        ("Signed-off-by: Tamsin Oduya <t@example.org>", "Tamsin Oduya", "person"),
    ],
)
def test_a_name_is_found_by_what_stands_around_it(unlisted, text, surface, kind):
    kinds = {mention.span.quote: mention.kind for mention in unlisted(text).mentions}
    assert kinds.get(surface) == kind


@pytest.mark.parametrize(
    "text",
    [
        "Reinforcement Learning from Human Feedback is slow, and Mixture of Experts is not.",
        "美国政府正在考虑更大的限制，业内人士称形势严峻。",
        "Usage: set RoPE scaling in config.json before loading FP16 weights on an A100.",
        "我们使用了旋转位置编码（RoPE）和SwiGLU激活函数。",
    ],
)
def test_capitals_and_ordinary_words_are_no_names(unlisted, text):
    assert unlisted(text).mentions == ()


def test_a_sure_name_counts_everywhere_and_short_forms_with_it(unlisted):
    text = "Quillmarsh AI said on Monday it had raised $30 million.\n\nNobody at Quillmarsh would comment, and Quillmarsh AI went quiet."
    names = [(m.span.quote, m.entity) for m in unlisted(text).mentions]
    assert names.count(("Quillmarsh AI", "org:quillmarsh-ai")) == 2
    assert ("Quillmarsh", "org:quillmarsh-ai") in names


def test_the_stem_of_a_model_is_the_model(unlisted):
    names = found(unlisted("We tested Corvane-13B-Chat for a week. Corvane hallucinates less than we feared."))
    assert {("Corvane-13B-Chat", "model:corvane-13b-chat"), ("Corvane", "model:corvane")} <= names


def test_a_lettered_version_alone_is_the_model_that_is_meant(annotate):
    assert ("R1", "model:deepseek-r1") in found(annotate("深度求索的模型，包括其R1推理模型，引发关注。"))
    assert not any(surface == "R1" for surface, _ in found(annotate("路口R1今天封闭，请绕行。")))


def test_models_in_a_row_are_models(annotate):
    assert ("Gopher", "model:gopher") in found(annotate("架构一路从GPT-2 -> Gopher -> Llama 2走来。"))


def test_the_document_teaches_roles_and_employers(unlisted):
    annotation = unlisted("北川智能首席科学家范若溪表示，权重将开放。Tamsin Oduya, CEO of Lumenfold Labs, disagreed.")
    people = {entity.id: (entity.developer, entity.role) for entity in annotation.entities if entity.kind == "person"}
    assert people["person:范若溪"] == ("org:北川智能", "首席科学家")
    assert people["person:tamsin-oduya"] == ("org:lumenfold-labs", "CEO")


def test_a_former_post_is_no_employer(unlisted):
    annotation = unlisted("Lumenfold Labs was founded by Tamsin Oduya, former CEO of Paperlarch Systems, she said.")
    assert all(entity.developer != "org:paperlarch-systems" for entity in annotation.entities)


def test_training_is_reproducible(tmp_path):
    passages = read_passages()[::60]
    for name in ("one", "two"):
        texts = [marked for _, marked in generate(passages, rounds=2, seed=7)]
        train(tmp_path / name, texts, iterations=15, least=1)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "two").read_bytes()


def test_passages_are_filled_with_exact_marks_and_no_slot_is_left():
    for _, marked in generate(read_passages(), rounds=1, seed=3):
        assert not SLOT.search(marked.text)
        for start, end, label in marked.names:
            assert label in ("PER", "ORG", "MOD")
            assert marked.text[start:end] == marked.text[start:end].strip() != ""
        for features, labels in labelled(marked):
            assert len(features) == len(labels)


def test_no_name_of_the_vocabulary_is_trained_on():
    vocabulary = load_vocabulary()
    known = {name.lower() for family in vocabulary.families for name in family.names if len(name) > 4}
    known |= {entry.en.lower() for entry in vocabulary.organizations if entry.en and " " in entry.en}
    texts = "\n".join(line.lower() for _, line in read_passages())
    fillers = (HERE.parents[1] / "nlp" / "training" / "fillers.toml").read_text(encoding="utf-8")
    models = fillers.split("[models]")[1].split("[words]")[0].lower()
    stems = {entry.strip() for entry in models.replace("\n", "|").replace("\\", "").split("|")}
    assert sorted(stems & known) == []
    assert [name for name in ("openai", "deepseek", "anthropic", "零一万物", "llama 2", "qwen") if name in texts] == []


def make_pipeline(folder):
    """Save a real spaCy pipeline that knows one name."""
    pipeline = spacy.blank("en")
    pipeline.add_pipe("entity_ruler").add_patterns(
        [{"label": "PERSON", "pattern": "Zorblax Quill"}, {"label": "PRODUCT", "pattern": "teapot"}]
    )
    pipeline.to_disk(folder)


def test_a_spacy_pipeline_is_asked_where_a_user_wants_it(tmp_path):
    make_pipeline(tmp_path / "mine")
    (tmp_path / "yuanliu.toml").write_text('taggers = ["mine"]\n', encoding="utf-8")
    line = json.dumps(
        {"id": "a", "lang": "en", "kind": "article", "title": "", "text": "then Zorblax Quill met a teapot"}
    )
    program = Path(sys.executable).with_name("yuanliu")
    told = subprocess.run(
        [program, "annotate", "-"], cwd=tmp_path, input=line, capture_output=True, text=True, check=True
    )
    (row,) = map(json.loads, told.stdout.splitlines())
    assert [(e["surface"], e["type"]) for e in row["entities"]] == [("Zorblax Quill", "PERSON")]
    assert load_vocabulary(taggers=[str(tmp_path / "mine")]).digest != load_vocabulary().digest


def test_a_tagger_that_is_not_installed_is_named():
    with pytest.raises(VocabularyError, match="'xx_nothing_sm' is no installed spaCy pipeline"):
        load_vocabulary(taggers=["xx_nothing_sm"])
