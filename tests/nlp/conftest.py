"""One annotator for all tests of nlp, since building it takes longer than using it, and a small one that a language model works for."""

from pathlib import Path

import pytest

from crawler.document import Document
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary
from tests.nlp.llm_server import Model, make_document, make_extractor

NAMES = Path(__file__).parent.with_name("graph") / "retellings" / "names.toml"


@pytest.fixture(scope="session")
def annotator():
    return Annotator(load_vocabulary())


@pytest.fixture(scope="session")
def annotate(annotator):
    def annotate_text(text, posts=(), **header):
        document = Document.create(text, posts, **({"published": "2023-11-17"} | header))
        return annotator.annotate(document)

    return annotate_text


@pytest.fixture(scope="session")
def read(annotate):
    """Return the statements of a text as (kind, speaker, date) rows; a date by publication only is left out."""

    def rows(text, **header):
        return [
            (
                statement.kind,
                statement.speaker,
                statement.happened.period if statement.happened and statement.happened.basis != "published" else None,
            )
            for statement in annotate(text, **header).statements
        ]

    return rows


@pytest.fixture(scope="session")
def small_vocabulary():
    """The names of the retellings alone."""
    return load_vocabulary([NAMES], built_in=False)


@pytest.fixture(scope="module")
def small_annotator(small_vocabulary):
    """An annotator that knows the names of the retellings alone."""
    return Annotator(small_vocabulary)


@pytest.fixture
def ground(small_annotator, tmp_path_factory):
    """Annotate a text with a model that answers as told; return the annotation and the tally."""

    def run(text, *answers, posts=(), **header):
        document = make_document(text, posts, **({"published": "2024-03-07"} | header))
        with Model(*answers) as model:
            extractor = make_extractor(model, tmp_path_factory.mktemp("llm"))
            try:
                small_annotator.extractor = extractor
                annotation = small_annotator.annotate(document)
            finally:
                small_annotator.extractor = None
                extractor.close()
        annotation.check(document)
        return annotation, extractor.tally

    return run
