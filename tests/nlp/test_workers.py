"""Documents annotated in several processes are annotated as in one, and a fault in one of them is told."""

from functools import partial

import pytest

from crawler.document import Document
from nlp.errors import VocabularyError
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary
from nlp.workers import CHUNK, annotate_in_processes


def documents(count):
    for number in range(count):
        yield Document.create(f"第{number}次，贾扬清指称Yi-34B抄袭LLaMA。零一万物否认抄袭。", published="2023-11-17")


def test_two_processes_annotate_as_one_does_and_in_order():
    annotator = Annotator(load_vocabulary())
    count = 2 * CHUNK + 3
    found = list(annotate_in_processes(documents(count), vocabulary=load_vocabulary, jobs=2))
    assert found == [annotator.annotate(document) for document in documents(count)]


def test_nothing_gives_nothing():
    assert list(annotate_in_processes(iter(()), vocabulary=load_vocabulary, jobs=2)) == []


def test_a_fault_in_a_process_reaches_the_caller(tmp_path):
    with pytest.raises((VocabularyError, RuntimeError)):
        list(annotate_in_processes(documents(1), vocabulary=partial(load_vocabulary, [tmp_path / "none.toml"]), jobs=2))
