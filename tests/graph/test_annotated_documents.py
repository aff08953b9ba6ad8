"""The properties of the graph hold over real annotated documents too, where a folder of them is at hand.

YUANLIU_GOLD names folders, with colons between them, that hold docs.jsonl.
"""

import json
import os
import random
from pathlib import Path

import pytest

from crawler.records import document_from_record
from graph.timeline import timeline
from nlp.pipeline import Annotator
from nlp.vocabulary import load_vocabulary

FOLDERS = [Path(each) for each in os.environ.get("YUANLIU_GOLD", "").split(":") if each]
pytestmark = pytest.mark.skipif(not FOLDERS, reason="YUANLIU_GOLD names no folder of annotated documents")


@pytest.fixture(scope="module")
def documents():
    lines = [line for folder in FOLDERS for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines()]
    return [document_from_record(json.loads(line), where="docs.jsonl", header={}) for line in lines]


@pytest.fixture(scope="module")
def annotator():
    return Annotator(load_vocabulary())


def test_order_and_batches_leave_no_trace_and_a_second_load_changes_nothing(library, documents):
    hashes = set()
    for seed, size in enumerate((len(documents), 7)):
        one = library()
        order = random.Random(seed).sample(documents, len(documents))
        for start in range(0, len(order), size):
            one.add(order[start : start + size])
            one.load()
        assert one.changes() == (0, 0, 0)
        hashes.add(one.store.content_hash())
    assert len(hashes) == 1


def test_as_of_a_day_is_what_the_documents_of_that_day_give(library, documents):
    late, early = library(), library()
    for number, document in enumerate(documents):
        day = "2024-01-01" if number % 2 else "2025-01-01"
        late.add([document], recorded=f"{day}T00:00:00+00:00")
        if number % 2:
            early.add([document], recorded=f"{day}T00:00:00+00:00")
    late.load()
    early.load()
    for subject in ("model:yi", "org:openai", "org:deepseek"):
        then = timeline(late.store, subject, {"as_of": "2024-06-01"})
        quotes = {row["quote"] for row in timeline(early.store, subject)}
        assert {row["quote"] for row in then} <= quotes
