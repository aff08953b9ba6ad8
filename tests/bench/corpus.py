"""A graph of any size as a benchmark needs it: names, documents and claims with Zipf popularity, made of a seed."""

from __future__ import annotations

import random
from datetime import date, timedelta
from itertools import accumulate

from graph.model import Graph, Name

KINDS = ("accusation", "denial", "announcement", "other")
GROUPS = {"accusation": "accusing", "denial": "answering", "announcement": "announcing", "other": "other"}


def make_graph(statements: int, *, seed: int = 20231106) -> Graph:
    """Return a graph with so many statements, half as many claims, a tenth as many documents, a hundredth as many models."""
    chance = random.Random(seed)
    graph = Graph()
    models, documents, claims = max(10, statements // 100), max(1, statements // 10), max(1, statements // 2)
    weights = list(accumulate(1 / rank for rank in range(1, models + 1)))
    for number in range(models):
        name = f"Model{number}-7B"
        graph.add_node("Entity", f"model:m{number}", kind="model", name=name, nameEn=name)
        graph.names.add(Name(name.lower(), f"model:m{number}", name))
        graph.add_node("Entity", f"person:p{number}", kind="person", name=f"Person {number}")
    graph.add_node("Source", "source:s", name="Source", kind="outlet")
    for number in range(documents):
        day = date(2023, 1, 1) + timedelta(days=number % 1000)
        graph.add_node(
            "Document",
            f"u-{number}",
            title=f"报道 {number}",
            kind="article",
            published=day.isoformat(),
            origin=f"u-{number}",
        )
        graph.add_edge("PUBLISHED_BY", f"u-{number}", "source:s")
    for number in range(claims):
        kind = KINDS[number % len(KINDS)]
        day = (date(2023, 1, 1) + timedelta(days=chance.randrange(1000))).isoformat()
        graph.add_node(
            "Claim",
            f"c-{number:08x}",
            **{
                "kind": kind,
                "group": GROUPS[kind],
                "quote": f"第{number}条陈述 says so",
                "language": "zh",
                "confidence": 0.8,
            },
            **{
                "date": day,
                "sortDate": day,
                "document": f"u-{number % documents}",
                "recorded": "2026-01-01T00:00:00+00:00",
            },
        )
        for (target,) in (chance.choices(range(models), cum_weights=weights) for _ in range(2)):
            graph.add_edge("ABOUT", f"c-{number:08x}", f"model:m{target}", role="about", basis="words")
        graph.add_edge("MADE", f"person:p{chance.randrange(models)}", f"c-{number:08x}")
    for number in range(statements):
        claim = number % claims
        graph.add_node(
            "Statement",
            f"s-{number:08x}",
            **{
                "quote": f"第{claim}条陈述 says so",
                "kind": KINDS[claim % len(KINDS)],
                "group": "other",
                "confidence": 0.8,
            },
            **{
                "date": "2023-11-06",
                "dateBasis": "stated",
                "document": f"u-{number % documents}",
                "recorded": "2026-01-01",
            },
        )
        graph.add_edge("STATED_IN", f"s-{number:08x}", f"u-{number % documents}")
        graph.add_edge("REPORTS", f"s-{number:08x}", f"c-{claim:08x}")
    return graph
