"""Small invented graphs, told in few words: claims with their statements, documents and disputes in, a Graph out."""

import json

from graph.model import Graph, Name
from nlp.annotation import GROUPS

OWLET, LARK, POLAR = "model:owlet-5b", "model:larkwing-6b", "model:polar-1b"
NEST, LARKWOOD, MARA = "org:nest-labs", "org:larkwood", "person:mara-quell"
NAMES = {
    OWLET: ("Owlet-5B", "鸮-5B"),
    LARK: ("Larkwing-6B", "云雀-6B"),
    POLAR: ("Polar-1B", None),
    NEST: ("Nest Labs", "巢实验室"),
    LARKWOOD: ("Larkwood", "云雀林"),
    MARA: ("Mara Quell", "马乐珂"),
}


class Made(Graph):
    """A graph that is told in few words."""

    def __init__(self):
        super().__init__()
        self.add_node("Source", "source:s", name="Gazette")
        for entity, (english, chinese) in NAMES.items():
            kind = {"model": "model", "org": "organization", "person": "person"}[entity.split(":")[0]]
            self.add_node("Entity", entity, kind=kind, name=english, nameEn=english, nameZh=chinese)
            self.names |= {Name(each.lower(), entity, each) for each in (english, chinese) if each}
        self.add_edge("DEVELOPED_BY", OWLET, NEST)
        self.add_edge("DEVELOPED_BY", LARK, LARKWOOD)

    def claim(self, number, kind, *told, by=None, about=(), dispute=None):
        """Add a claim of statements (document, words, and what else differs); the first one shows it."""
        rows = [
            {"document": d, "quote": q, "kind": kind, "day": None, "recorded": "2024-01-01", "language": "en"} | more
            for d, q, more in told
        ]
        claim = f"c-{number:04}"
        days = sorted(row["day"] for row in rows if row["day"])
        for place_, row in enumerate(rows):
            self.document(row["document"], row["recorded"], row.get("origin"))
            statement = f"s-{number:04}" if not place_ else f"s-{number:04}{place_}"
            self.add_node(
                "Statement",
                statement,
                **{name: row[name] for name in ("quote", "kind", "language", "recorded", "document")},
                url=f"https://gazette.example/{row['document']}",
                speaker=by,
                date=row["day"],
                dateBasis="stated" if row["day"] else None,
                confidence=row.get("confidence", 0.8),
                grounds=json.dumps({"targets": [[e, "about", "words", None] for e in row.get("about", about)]}),
            )
            self.add_edge("STATED_IN", statement, row["document"])
            self.add_edge("REPORTS", statement, claim)
        kinds = [row["kind"] for row in rows]
        most = max(kinds, key=kinds.count)
        self.add_node(
            "Claim",
            claim,
            **{name: rows[0][name] for name in ("quote", "language", "document")},
            **{"kind": most, "group": GROUPS[most], "speaker": by},
            **{"date": days[0] if days else None, "sortDate": days[0] if days else None},
            sources=len(rows),
            confidence=max(row.get("confidence", 0.8) for row in rows),
            recorded=min(row["recorded"] for row in rows),
        )
        if by:
            self.add_edge("MADE", by, claim)
        for entity in dict.fromkeys(e for row in rows for e in row.get("about", about)):
            self.add_edge("ABOUT", claim, entity, role="about", basis="words")
        if dispute:
            self.add_edge("PART_OF", claim, dispute)
        return claim

    def document(self, identifier, recorded, origin=None):
        self.add_node(
            "Document",
            identifier,
            title=f"Page {identifier}",
            published=f"2024-01-{len(identifier):02}",
            origin=origin or identifier,
            recorded=recorded,
        )
        self.add_edge("PUBLISHED_BY", identifier, "source:s")

    def dispute(self, accused, origin, **titles):
        identifier = f"dispute:{accused.split(':')[1]}--{origin.split(':')[1]}"
        slug = identifier.removeprefix("dispute:")
        self.add_node("Dispute", identifier, slug=slug, accused=accused, origin=origin, **titles)
        return identifier


EARLY, LATE = {"recorded": "2024-01-10T00:00:00+00:00"}, {"recorded": "2024-03-10T00:00:00+00:00"}
BETWEEN = "2024-02-01"


def only(rows):
    (row,) = rows
    return row


def ids(rows):
    return [row["claim"] for row in rows]
