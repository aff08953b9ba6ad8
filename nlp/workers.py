"""Workers: documents annotated in several processes at once, in order.

Documents flow in, their annotations flow out to the same caller, as from one Annotator: an annotation is a function of its document. Each
process reads the vocabulary for itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice
from multiprocessing import get_context

from crawler.document import Document
from nlp.annotation import Annotation
from nlp.pipeline import Annotator
from nlp.vocabulary import Vocabulary

CHUNK = 16  # documents handed over at a time
AHEAD = 64  # chunks that are read before the first of them is done: what bounds memory

annotators: list[Annotator] = []  # of a worker process: its one


def annotate_in_processes(
    documents: Iterable[Document], *, vocabulary: Callable[[], Vocabulary], jobs: int
) -> Iterator[Annotation]:
    """Yield the annotations of documents, in order; `vocabulary` is called once in each of `jobs` processes."""
    waiting = iter(documents)
    with ProcessPoolExecutor(
        jobs, mp_context=get_context("spawn"), initializer=start, initargs=(vocabulary,)
    ) as executor:
        pending = [executor.submit(annotate_chunk, chunk) for chunk in islice(chunks(waiting), AHEAD)]
        while pending:
            yield from pending.pop(0).result()
            pending += [executor.submit(annotate_chunk, chunk) for chunk in islice(chunks(waiting), 1)]


def chunks(documents: Iterator[Document]) -> Iterator[list[Document]]:
    """Yield documents in lists of up to CHUNK."""
    while chunk := list(islice(documents, CHUNK)):
        yield chunk


def start(vocabulary: Callable[[], Vocabulary]) -> None:
    """Make the annotator of a worker process."""
    annotators[:] = [Annotator(vocabulary())]


def annotate_chunk(documents: list[Document]) -> list[Annotation]:
    """Annotate some documents in a worker process."""
    return [annotators[0].annotate(document) for document in documents]
