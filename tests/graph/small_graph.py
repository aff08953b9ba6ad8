"""A small invented graph, made by hand: two disputes, derivations with a cycle, statements recorded on different days.

Birch AI's Heron-7B is said to derive from Alder Labs' Egret-3B, which is said to derive from Cedar Works' Stork; Stork and
Wren are each said to derive from the other. Everything is invented.
"""

import json

from graph.model import Graph, Name
from nlp.annotation import GROUPS
from nlp.folding import fold

ENTITIES = {
    "org:alder-labs": ("organization", "Alder Labs", "桤木实验室"),
    "org:birch-ai": ("organization", "Birch AI", "白桦智能"),
    "org:cedar-works": ("organization", "Cedar Works", "雪松工坊"),
    "person:mo-lin": ("person", "Mo Lin", "莫林"),
    "person:ina-vale": ("person", "Ina Vale", None),
    "person:lone-wolf": ("person", "Lone Wolf", None),
    "model:heron": ("model", "Heron", "苍鹭"),
    "model:heron-7b": ("model", "Heron-7B", "苍鹭-7B"),
    "model:egret-3b": ("model", "Egret-3B", "白鹭-3B"),
    "model:stork": ("model", "Stork", None),
    "model:wren": ("model", 'Wren "2"', None),
}
EARLY, LATE = "2024-04-01T08:00:00+00:00", "2024-06-01T08:00:00+00:00"
DOCUMENTS = {  # id: source, published, recorded, origin
    "d-gazette": ("gazette", "2024-03-04T09:00:00+00:00", EARLY, "d-gazette"),
    "d-weekly": ("weekly", "2024-03-07", EARLY, "d-weekly"),
    "d-copy": ("copycat", "2024-03-08", EARLY, "d-gazette"),
    "d-answer": ("gazette", "2024-03-06T09:00:00+00:00", EARLY, "d-answer"),
    "d-late": ("weekly", "2024-05-20", LATE, "d-late"),
}
CLAIMS = {  # id: kind, date, speaker, targets, documents
    "c-01": (
        "accusation",
        "2024-03-04",
        "org:alder-labs",
        {"model:heron-7b": "accused", "model:egret-3b": "origin"},
        ["d-gazette", "d-weekly", "d-copy"],
    ),
    "c-02": ("denial", "2024-03-05", "person:mo-lin", {"model:heron-7b": "about"}, ["d-answer", "d-late"]),
    "c-03": ("admission", "2024-05-18", "org:birch-ai", {"model:egret-3b": "origin"}, ["d-late"]),
    "c-04": (
        "accusation",
        "2024-05-19",
        "person:ina-vale",
        {"model:egret-3b": "accused", "model:stork": "origin"},
        ["d-late"],
    ),
    "c-05": ("question", None, None, {"org:birch-ai": "accused"}, ["d-weekly"]),
}
DISPUTES = {
    "dispute:birch-ai--alder-labs": (
        "org:birch-ai",
        "org:alder-labs",
        "contested",
        "2024-03-04",
        "2024-05-18",
        ["c-01", "c-02", "c-03", "c-05"],
    ),
    "dispute:alder-labs--cedar-works": (
        "org:alder-labs",
        "org:cedar-works",
        "open",
        "2024-05-19",
        "2024-05-19",
        ["c-04"],
    ),
}
DERIVATIONS = [  # model, origin, aspect, status, claims
    ("model:heron-7b", "model:egret-3b", "weights", "contested", ["c-01", "c-02", "c-03"]),
    ("model:egret-3b", "model:stork", "architecture", "alleged", ["c-04"]),
    ("model:stork", "model:wren", "unspecified", "alleged", ["c-04"]),
    ("model:wren", "model:stork", "unspecified", "alleged", ["c-04"]),
]
RELATIONS = [
    ("DEVELOPED_BY", "model:heron", "org:birch-ai", None),
    ("DEVELOPED_BY", "model:heron-7b", "org:birch-ai", None),
    ("DEVELOPED_BY", "model:egret-3b", "org:alder-labs", None),
    ("DEVELOPED_BY", "model:stork", "org:cedar-works", None),
    ("MEMBER_OF", "model:heron-7b", "model:heron", None),
    ("WORKS_FOR", "person:mo-lin", "org:birch-ai", "chief scientist"),
]


def make_graph():
    """Return the graph."""
    graph = Graph()
    for identifier, (kind, english, chinese) in ENTITIES.items():
        graph.add_node("Entity", identifier, kind=kind, name=english, nameEn=english, nameZh=chinese)
        graph.names |= {Name(fold(name), identifier, name) for name in (english, chinese) if name}
    for kind, start, end, role in RELATIONS:
        graph.add_edge(kind, start, end, **({"role": role} if role else {}))
    for identifier, (source, published, recorded, origin) in DOCUMENTS.items():
        graph.add_node("Source", f"source:{source}", name=f"The {source.title()}", kind="outlet")
        page = {"url": f"https://{source}.example/{identifier}", "title": f"About {identifier}", "kind": "article"}
        graph.add_node("Document", identifier, **page, published=published, recorded=recorded, origin=origin)
        graph.add_edge("PUBLISHED_BY", identifier, f"source:{source}")
    graph.add_edge("MENTIONS", "d-gazette", "person:mo-lin", count=1)
    graph.add_edge("MENTIONS", "d-gazette", "org:birch-ai", count=2)
    for identifier, facts in CLAIMS.items():
        add_claim(graph, identifier, *facts)
    graph.add_edge("RESPONDS_TO", "c-02", "c-01", confidence=0.9, cue="denied", basis="across")
    for identifier, (accused, origin, status, opened, last, members) in DISPUTES.items():
        titles = [" / ".join(ENTITIES[party][form] for party in (accused, origin)) for form in (1, 2)]
        parties = {"accused": accused, "origin": origin, "slug": identifier.split(":")[1]}
        state = {"status": status, "opened": opened, "lastActivity": last}
        graph.add_node("Dispute", identifier, title=titles[0], titleEn=titles[0], titleZh=titles[1], **parties, **state)
        for member in members:
            graph.add_edge("PART_OF", member, identifier)
    for derivation in DERIVATIONS:
        add_derivation(graph, *derivation)
    return graph


def add_claim(graph, identifier, kind, date, speaker, targets, documents):
    """Add a claim with a statement in each document."""
    shared = {"kind": kind, "group": GROUPS[kind], "language": "en", "confidence": 0.9, "speaker": speaker}
    recorded = [DOCUMENTS[document][2] for document in documents]
    basis = "stated" if date else None
    graph.add_node(
        "Claim",
        identifier,
        **shared,
        quote=f"Words of {identifier}.",
        document=documents[0],
        date=date,
        sortDate=date,
        datePrecision="day" if date else None,
        dateBasis=basis,
        dates="[]",
        sources=len({DOCUMENTS[document][3] for document in documents}),
        recorded=min(recorded),
    )
    if speaker:
        graph.add_edge("MADE", speaker, identifier)
    for target, role in targets.items():
        graph.add_edge("ABOUT", identifier, target, role=role, basis="words")
    grounds = json.dumps({"targets": [[target, role, "words", None] for target, role in targets.items()]})
    for number, document in enumerate(documents):
        statement = f"s-{identifier[2:]}{number}"
        graph.add_node(
            "Statement",
            statement,
            **shared,
            quote=f"Words of {identifier}.",
            url=f"https://{DOCUMENTS[document][0]}.example/{document}",
            date=date,
            dateBasis=basis,
            recorded=DOCUMENTS[document][2],
            document=document,
            spans="[]",
            grounds=grounds,
        )
        graph.add_edge("STATED_IN", statement, document)
        graph.add_edge("REPORTS", statement, identifier)


def add_derivation(graph, model, origin, aspect, status, claims):
    """Add a derivation with its claims."""
    identifier = f"derivation:{model.split(':')[1]}--{origin.split(':')[1]}--{aspect}"
    days = sorted(CLAIMS[claim][1] for claim in claims)
    own = {"model": model, "origin": origin, "aspect": aspect, "status": status}
    graph.add_node("Derivation", identifier, **own, opened=days[0], lastActivity=days[-1])
    graph.add_edge("OF", identifier, model)
    graph.add_edge("FROM", identifier, origin)
    for claim in claims:
        graph.add_edge("RESTS_ON", identifier, claim)
    graph.add_edge("ALLEGEDLY_DERIVED_FROM", model, origin, status=status, aspects=aspect)
