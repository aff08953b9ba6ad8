"""Building the graph of a growing corpus: what 100 more documents cost at each size, and how fast it answers.

Documents are made by tests.graph.corpora with Zipf popularity, a hundred a day, ten statements in each. YUANLIU_BENCH_DOCUMENTS sets the
largest size; 100,000 documents are 1,000,000 statements.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from graph.build import Batch, Builder
from graph.dispute_card import dispute_card
from graph.dispute_list import list_disputes
from graph.dispute_search import find_dispute
from graph.entity_card import find_cards
from graph.search import search
from graph.sqlite_store import SqliteStore
from graph.timeline import timeline
from tests.graph.corpora import Corpus

SIZES = (500, 1_000, 3_000, 10_000, 30_000, 60_000, 100_000)
A_DAY = 100
AT_ONCE = 200
QUESTIONS = 40
WORDS = ("抄袭 权重", "tensor weights", "w17", "道歉", "renamed layers")


def corpus_of(documents: int) -> Corpus:
    """Return a corpus of so many documents, a hundred a day; of two sizes the smaller begins the larger."""
    days = max(1, documents // A_DAY)
    return Corpus(models=2_000, days=days, extra_words=20_000, statements=10, zipf=True, documents=documents)


def load(store: SqliteStore, corpus: Corpus, first: int, last: int) -> float:
    """Build documents in and return the seconds that it took, those for making them apart."""
    seconds = 0.0
    for start in range(first, last, AT_ONCE):
        readings = {r.id: r for r in map(corpus.reading, range(start, min(last, start + AT_ONCE)))}
        begun = time.perf_counter()
        with store.transaction():
            stamps = dict.fromkeys(readings, "1")
            Builder(store).update(Batch(readings, stamps, lambda each: corpus.reading(int(each[1:]))))
        seconds += time.perf_counter() - begun
    return seconds


def p95(seconds: list[float]) -> float:
    """Return the 95th percentile, in milliseconds."""
    return 1000 * sorted(seconds)[int(0.95 * (len(seconds) - 1))]


def timed(question: Callable[[], object]) -> float:
    """Return the seconds that a question takes."""
    begun = time.perf_counter()
    question()
    return time.perf_counter() - begun


def growth() -> str:
    """The graph as it grows: building, 100 more documents, first pages of timelines, searches, cards."""
    most = int(os.environ.get("YUANLIU_BENCH_DOCUMENTS", "1000"))
    with tempfile.TemporaryDirectory() as folder:
        return "\n".join(lines(most, Path(folder) / "graph.db"))


def lines(most: int, path: Path) -> Iterator[str]:
    """Let one store grow; yield a line at each size, measured before and while 100 more documents come in."""
    corpus = corpus_of(most)
    store = SqliteStore(path)
    documents = 0
    whole = 0.0
    for size in (size for size in SIZES if size <= most):
        whole += load(store, corpus, documents, size - A_DAY)
        more = load(store, corpus, size - A_DAY, size)
        whole, documents = whole + more, size
        statements = store.query("counts")[0]["statements"]
        yield (
            f"{size:,} documents, {statements:,} statements ({path.stat().st_size / 1e6:,.0f} MB): built in {whole:.0f} s, "
            f"the last 100 in {more:.1f} s; {asked(store)}"
        )
    store.close()


def asked(store: SqliteStore) -> str:
    """Return how fast a store answers."""
    page = partial(timeline, store, limit=50)
    models = [f"model:m{number}" for number in range(0, 2_000, 2_000 // QUESTIONS)]
    models = [each for each in models if store.query("entity", id=each)]
    busiest = p95([timed(partial(page, "model:m0")) for _ in range(QUESTIONS)])
    by_popularity = p95([timed(partial(page, each)) for each in models])
    found = p95([timed(partial(search, store, each)) for each in WORDS * 4])
    who = p95([timed(partial(find_cards, store, each)) for each in models])
    hub = timed(partial(find_cards, store, "model:m0"))
    largest = max(list_disputes(store), key=lambda row: row["claims"])
    card = timed(lambda: dispute_card(store, find_dispute(store, largest["slug"])))
    return (
        f"first page, p95: busiest model {busiest:.0f} ms, any {by_popularity:.0f} ms; search, p95: {found:.0f} ms; "
        f"who, p95: {who:.0f} ms, of the busiest {1000 * hub:.0f} ms; the largest dispute, {largest['claims']:,} claims: {1000 * card:.0f} ms"
    )
