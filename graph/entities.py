"""Entities: one card for each person, organisation and model, with every name that it goes by; and the sources.

Counted facts of all documents (graph.documents) flow in, by entity; nodes, edges, names and parties flow into the ledger. What most documents
say is what stands on a card, of equals the first by code points, so that the order of the documents does not matter.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from graph.documents import Fact
from graph.ledger import Ledger, Properties
from graph.model import Edge, Name
from nlp.folding import fold
from nlp.variants import person_variants

SOURCE = "source:"


@dataclass(slots=True)
class EntityCard:
    """What all documents together tell of an entity: counted values by field."""

    id: str
    facts: defaultdict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def most(self, name: str) -> str | None:
        """Return the value that most documents give a field."""
        values = self.facts[name]
        return min(values, key=lambda value: (-values[value], value), default=None)

    @property
    def known(self) -> bool:
        """Whether any document has it."""
        return bool(self.facts["kind"])

    @property
    def kind(self) -> str:
        """Its kind."""
        return str(self.most("kind"))

    @property
    def name(self) -> str:
        """The usual name: English, else Chinese, else the most frequent form."""
        return self.most("name_en") or self.most("name_zh") or self.most("seen") or self.id.split(":", 1)[1]

    @property
    def names(self) -> set[str]:
        """Every name under which it can be asked for: usual, seen, taught, and what is regularly written instead."""
        en, zh = self.most("name_en"), self.most("name_zh")
        names = {name for name in (en, zh, self.name) if name} | {*self.facts["seen"], *self.facts["name"]}
        return names | person_variants(en=en, zh=zh) if self.kind == "person" else names

    def node(self) -> Properties:
        """Return the properties of its node."""
        return {
            "kind": self.kind,
            "nameEn": self.most("name_en"),
            "nameZh": self.most("name_zh"),
            "name": self.name,
            "family": self.most("family"),
        }


@dataclass(frozen=True, slots=True)
class Regarded:
    """The entities that are shown otherwise than before, those that belong to another party, and those that make other models."""

    renamed: set[str]
    repartied: set[str]
    makers: set[str]


class Entities:
    """The cards of a graph, kept as counted facts."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger

    def count(self, come: Counter[Fact], gone: Counter[Fact]) -> set[str]:
        """Count facts that came and went; return the entities and sources that they are about."""
        delta = Counter(come)
        delta.subtract(gone)
        changes = {fact: number for fact, number in delta.items() if number}
        self.ledger.connection.executemany(
            "insert into fact values (?, ?, ?, ?) on conflict do update set count = count + excluded.count",
            [(*fact, number) for fact, number in changes.items()],
        )
        gone_now = [fact for fact, number in changes.items() if number < 0]
        self.ledger.connection.executemany(
            "delete from fact where entity = ? and field = ? and value = ? and count <= 0", gone_now
        )
        return {fact[0] for fact in changes}

    def write(self, ids: Collection[str], titles: Mapping[str, str]) -> Regarded:
        """Write the nodes, edges and names of these entities and sources; return what that means for others."""
        cards = self.cards(ids)
        sources = {each: card for each, card in cards.items() if each.startswith(SOURCE)}
        self.ledger.put_nodes("Source", {each: source_node(card, titles) for each, card in sources.items()})
        entities = {each: card for each, card in cards.items() if each not in sources}
        old = self.known(entities)
        renamed = self.ledger.put_nodes(
            "Entity", {each: card.node() if card.known else None for each, card in entities.items()}
        )
        names = [name for card in entities.values() if card.known for name in names_of(card)]
        self.ledger.put_names(entities.keys(), names)
        come_or_gone = {each for each, card in entities.items() if card.known != (each in old)}
        entities |= self.cards(self.children(come_or_gone) - entities.keys())
        makers = self.write_edges(entities)
        return Regarded(renamed, self.write_parties(entities), makers)

    def cards(self, ids: Collection[str]) -> dict[str, EntityCard]:
        """Return cards by id, empty ones for what no document tells of."""
        cards = {identifier: EntityCard(identifier) for identifier in ids}
        query = "select entity, field, fact.value, count from (select value from json_each(?)) wanted join fact on entity = wanted.value"
        for entity, name, value, count in self.ledger.rows(query, sorted(ids)):
            cards[entity].facts[name][value] = count
        return cards

    def known(self, ids: Iterable[str]) -> set[str]:
        """Return those of which there is a node."""
        query = "select id from (select value from json_each(?)) wanted join node_entity on id = wanted.value"
        return self.ledger.firsts(query, sorted(ids))

    def children(self, ids: Collection[str]) -> set[str]:
        """Return the entities of which some document says that these are their family or company."""
        query = (
            "select entity from (select value from json_each(?)) wanted cross join fact "
            "on fact.value = wanted.value and field in ('family', 'developer')"
        )
        return self.ledger.firsts(query, sorted(ids))

    def write_edges(self, cards: Mapping[str, EntityCard]) -> set[str]:
        """Write what each entity belongs to, and whom it is made by or works for; return whose models changed."""
        parents = {p for card in cards.values() for p in (card.most("family"), card.most("developer")) if p}
        there = self.known(parents)
        edges: dict[str, list[Edge]] = {"MEMBER_OF": [], "DEVELOPED_BY": [], "WORKS_FOR": []}
        for each, card in cards.items():
            family, company = card.most("family"), card.most("developer")
            if not card.known:
                continue
            if family in there and family and family != each:
                edges["MEMBER_OF"].append(Edge("MEMBER_OF", each, family))
            if company in there and company and card.kind == "model":
                edges["DEVELOPED_BY"].append(Edge("DEVELOPED_BY", each, company))
            if company in there and company and card.kind == "person":
                role = {"role": card.most("role")} if card.most("role") else {}
                edges["WORKS_FOR"].append(Edge("WORKS_FOR", each, company, properties=role))
        changed = {kind: self.ledger.put_edges(kind, sorted(cards), some) for kind, some in edges.items()}
        return {company for _, company in changed["DEVELOPED_BY"]}

    def write_parties(self, cards: Mapping[str, EntityCard]) -> set[str]:
        """Write the party of each entity: a model's or a person's company, else itself; return those that changed."""
        query = "select entity, party from (select value from json_each(?)) wanted join entity_party on entity = wanted.value"
        old = dict(self.ledger.rows(query, sorted(cards)))
        new = {each: company for each, card in cards.items() if (company := card.most("developer"))}
        changed = {each for each in cards if old.get(each) != new.get(each)}
        connection = self.ledger.connection
        connection.executemany("delete from entity_party where entity = ?", [(each,) for each in sorted(changed)])
        rows = [(each, new[each]) for each in sorted(changed) if each in new]
        connection.executemany("insert into entity_party values (?, ?)", rows)
        return changed

    def parties(self, ids: Collection[str]) -> dict[str, str]:
        """Return the party of each entity."""
        query = "select entity, party from (select value from json_each(?)) wanted join entity_party on entity = wanted.value"
        return {identifier: identifier for identifier in ids} | dict(self.ledger.rows(query, sorted(ids)))


def source_node(card: EntityCard, titles: Mapping[str, str]) -> Properties | None:
    """Return the properties of a source's node; None for one without documents."""
    if not card.known:
        return None
    name = card.id.removeprefix(SOURCE)
    return {
        "name": titles.get(name, name),
        "domain": card.most("domain"),
        "language": card.most("language"),
        "kind": card.kind,
    }


def names_of(card: EntityCard) -> list[Name]:
    """Return the names of an entity, one for each way in which they are compared."""
    best: dict[str, str] = {}
    for surface in sorted(card.names):
        best.setdefault(fold(surface), surface)
    return [Name(folded, card.id, surface) for folded, surface in best.items()]
