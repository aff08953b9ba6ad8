"""Benchmarks: each speed as a ratio to a named peer that does the same work in the same run.

    make bench            all of them
    python -m tests.bench names store

A figure is the median of several rounds; rounds of both sides alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROUNDS = 5
SENTENCES = (
    "11月6日，零一万物发布了Yi-34B和Yi-6B，李开复称这是全球最强的开源模型。一周后，贾扬清指称某国产大模型抄袭LLaMA。",
    "On November 14, Richard Lin of 01.AI said that the naming was an oversight; OpenAI and Meta did not comment on GPT-4 or Llama 2.",
    "面壁智能首席执行官李大海表示，Llama3-V与MiniCPM-Llama3-V 2.5的代码高度相似，斯坦福大学的团队随后道歉并删除了模型。",
    "Kai-Fu Lee wrote that the weights had been trained from scratch, while Nathan Lambert and Simon Willison discussed the licence.",
)


def median_seconds(*sides: Callable[[], object]) -> list[float]:
    """Return the median time of each side, rounds alternating."""
    times: list[list[float]] = [[] for _ in sides]
    for side in sides:
        side()
    for _ in range(ROUNDS):
        for index, side in enumerate(sides):
            start = time.perf_counter()
            side()
            times[index].append(time.perf_counter() - start)
    return [statistics.median(each) for each in times]


def names() -> str:
    """Known people and organisations: our gazetteer against spaCy's PhraseMatcher with the same patterns."""
    import spacy
    from spacy.matcher import PhraseMatcher

    from nlp.folding import fold
    from nlp.gazetteer import Gazetteer
    from nlp.vocabulary import load_vocabulary

    text = "\n".join(SENTENCES * 500)
    gazetteer = Gazetteer(load_vocabulary())
    pipeline = spacy.blank("xx")
    matcher = PhraseMatcher(pipeline.vocab, attr="LOWER")
    matcher.add("name", list(pipeline.tokenizer.pipe(gazetteer.forms)))
    ours, peer = median_seconds(
        lambda: list(gazetteer.find(text, fold(text))), lambda: matcher(pipeline.make_doc(text))
    )
    return f"{len(text) / ours / 1e6:.1f} M chars/s, {peer / ours:.1f} times PhraseMatcher with {len(gazetteer.forms):,} patterns"


def annotate() -> str:
    """The whole of annotate against spaCy's blank pipeline with a rule-based sentence splitter: what reading costs."""
    import spacy

    from crawler.document import Document
    from nlp.pipeline import Annotator
    from nlp.vocabulary import load_vocabulary

    text = "\n".join(f"{n}. {sentence}" for n, sentence in enumerate(SENTENCES * 50))
    annotator = Annotator(load_vocabulary())
    document = Document.create(text, published="2023-11-17")
    pipeline = spacy.blank("xx")
    pipeline.add_pipe("sentencizer")
    ours, peer = median_seconds(lambda: annotator.annotate(document), lambda: pipeline(text))
    return f"{len(text) / ours / 1e3:.0f}k chars/s, {peer / ours:.2f} times spaCy's blank pipeline with sentencizer"


def store() -> str:
    """Writing a graph into the SQLite store against sqlite3's executemany of the same rows, both durable."""
    from graph.model import Graph
    from graph.sqlite_store import SqliteStore

    graph = Graph()
    for number in range(20_000):
        graph.add_node("Claim", f"c-{number:06}", kind="other", group="other", quote=f"statement {number}", sources=1)
        graph.add_edge("ABOUT", f"c-{number:06}", f"model:m{number % 100}", role="about")

    def ours() -> None:
        with tempfile.TemporaryDirectory() as folder:
            opened = SqliteStore(Path(folder) / "a.db")
            opened.apply(graph)
            opened.close()

    def peer() -> None:
        with tempfile.TemporaryDirectory() as folder:
            connection = sqlite3.connect(Path(folder) / "a.db")
            connection.execute("pragma journal_mode = wal")
            connection.execute("create table node (id text primary key, quote text) without rowid")
            connection.execute("create table edge (type, start, stop, primary key (type, start, stop)) without rowid")
            with connection:
                connection.executemany(
                    "insert into node values (?, ?)", [(k[1], n.properties["quote"]) for k, n in graph.nodes.items()]
                )
                connection.executemany(
                    "insert into edge values (?, ?, ?)", [(e.type, e.start, e.end) for e in graph.edges.values()]
                )
            connection.close()

    mine, bare = median_seconds(ours, peer)
    rows = len(graph.nodes) + len(graph.edges)
    return f"{rows / mine / 1e3:.0f}k rows/s, {bare / mine:.2f} times bare sqlite3 with two narrow tables"


BENCHES = {bench.__name__: bench for bench in (names, annotate, store)}


def main() -> None:
    """Run the named benchmarks, all of them if none is named."""
    chosen = sys.argv[1:] or list(BENCHES)
    for name in chosen:
        if name not in BENCHES:
            sys.exit(f"there is no benchmark {name!r}; there are {', '.join(BENCHES)}")
        print(f"{name:10}{BENCHES[name]()}")


if __name__ == "__main__":
    main()
