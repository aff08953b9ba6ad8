"""One annotator for all tests of nlp: building it takes longer than using it."""

import pytest

from crawler.document import Document
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary


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
