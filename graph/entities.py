"""Entities: one card for each person, organisation and model, with every name that it goes by.

The entities of all annotations flow in; cards flow out to graph.build, and from them nodes, edges and the table of
names that the readers of the graph look subjects up in.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from graph.evidence import Reading
from graph.model import Graph, Name
from nlp.annotation import EntityKind
from nlp.folding import fold
from nlp.variants import person_variants


@dataclass(slots=True)
class EntityCard:
    """What all documents together tell of an entity; `seen` counts the forms it was found under."""

    id: str
    kind: EntityKind
    name_en: str | None = None
    name_zh: str | None = None
    family: str | None = None
    developer: str | None = None
    roles: Counter[str] = field(default_factory=Counter)
    seen: Counter[str] = field(default_factory=Counter)
    learnt: set[str] = field(default_factory=set)

    @property
    def role(self) -> str | None:
        """The words most often used for a person's post."""
        return min(self.roles, key=lambda role: (-self.roles[role], role), default=None)

    @property
    def name(self) -> str:
        """The usual name: English, else Chinese, else the most frequent form."""
        if self.name_en or self.name_zh:
            return str(self.name_en or self.name_zh)
        return min(self.seen, key=lambda form: (-self.seen[form], form), default=self.id.split(":", 1)[1])


def collect_entities(readings: Iterable[Reading]) -> dict[str, EntityCard]:
    """Join the entities of all annotations by id."""
    cards: dict[str, EntityCard] = {}
    forms: dict[str, Counter[str]] = defaultdict(Counter)
    for reading in readings:
        for entity in reading.annotation.entities:
            card = cards.setdefault(entity.id, EntityCard(entity.id, entity.kind))
            card.name_en = card.name_en or entity.name_en
            card.name_zh = card.name_zh or entity.name_zh
            card.family = card.family or entity.family
            card.developer = card.developer or entity.developer
            card.learnt |= set(entity.names)
            if entity.role:
                card.roles[entity.role] += 1
        for mention in reading.annotation.mentions:
            forms[mention.entity][mention.span.quote] += 1
    for identifier, counter in forms.items():
        cards[identifier].seen = counter
    return cards


def add_entities(graph: Graph, cards: dict[str, EntityCard]) -> None:
    """Add the nodes, families, makers and names of entities."""
    for identifier, card in cards.items():
        graph.add_node(
            "Entity",
            identifier,
            kind=card.kind,
            nameEn=card.name_en,
            nameZh=card.name_zh,
            name=card.name,
            family=card.family,
        )
        if card.family and card.family in cards and card.family != identifier:
            graph.add_edge("MEMBER_OF", identifier, card.family)
        if card.developer and card.developer in cards and card.kind == "model":
            graph.add_edge("DEVELOPED_BY", identifier, card.developer)
        if card.developer and card.developer in cards and card.kind == "person":
            graph.add_edge("WORKS_FOR", identifier, card.developer, role=card.role)
    best: dict[tuple[str, str], str] = {}
    for identifier, card in cards.items():
        for surface in sorted(names_of(card)):
            best.setdefault((fold(surface), identifier), surface)
    graph.names = {Name(folded, entity, surface) for (folded, entity), surface in best.items()}


def names_of(card: EntityCard) -> set[str]:
    """Return every name under which an entity can be asked for: usual, seen, and what is regularly written instead."""
    names = {name for name in (card.name_en, card.name_zh, card.name) if name} | set(card.seen) | card.learnt
    if card.kind == "person":
        names |= person_variants(en=card.name_en, zh=card.name_zh)
    return names
