"""Resolving: the ids that names stand for, without a text around them.

A list of surfaces with their types flows in, an entity for each flows out to `yuanliu resolve`: a listed one where the
vocabulary has the name, else one that all spellings of the name in the list share (nlp.clusters; models by their parts).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from nlp.annotation import Entity, EntityKind
from nlp.clusters import Named, cluster
from nlp.company_names import core_readings
from nlp.gazetteer import Form
from nlp.identity import Identity, is_generated, same_model
from nlp.model_names import ModelName
from nlp.names import NameFinder, slug
from nlp.people import person_entity
from nlp.vocabulary import Vocabulary

KINDS: dict[str, EntityKind] = {"PERSON": "person", "ORG": "organization", "MODEL": "model"}
Asked = tuple[str, EntityKind]


class Resolver:
    """Resolve names with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.finder = NameFinder(vocabulary)
        self.identity = Identity(vocabulary, gazetteer=self.finder.gazetteer, grammar=self.finder.grammar)

    def resolve(self, surface: str, kind: EntityKind) -> Entity:
        """Return the entity of one name of a known type."""
        return self.resolve_all([(surface, kind)])[0]

    def resolve_all(self, asked: Sequence[Asked]) -> list[Entity]:
        """Return the entity of each name, in order; which ones are one depends on the set of names, not on its order."""
        found = {(surface, kind): self.alone(surface, kind) for surface, kind in asked if kind != "model"}
        joined = cluster(
            Named(id=entity.id, kind=entity.kind, names=names_of(entity, surface, fixed=fixed), fixed=fixed)
            for (surface, _), (entity, fixed) in found.items()
        )
        entities = {entity.id: entity for entity, _ in found.values()}
        chosen: dict[Asked, Entity] = {
            key: entities[joined.get(entity.id, entity.id)] for key, (entity, _) in found.items()
        }
        chosen |= self.resolve_models({surface for surface, kind in asked if kind == "model"})
        return [chosen[key] for key in asked]

    def alone(self, surface: str, kind: EntityKind) -> tuple[Entity, bool]:
        """Return the entity of a name of a person or an organisation, and whether the vocabulary lists it under this name."""
        listed = self.identity.listed(surface, kind)
        if len(listed) == 1 or (listed and not is_generated(*listed.values())):
            form: Form = min(listed.values(), key=lambda form: (is_generated(form), form.entity.id))
            return form.entity, True
        if kind == "person":
            return person_entity(surface.strip()), False
        return Entity(id=f"org:{slug(surface)}", kind=kind, name_en=surface.strip()), False

    def resolve_models(self, surfaces: Iterable[str]) -> dict[Asked, Entity]:
        """Return the entities of model names; an unlisted family has one id in characters and in pinyin."""
        read = {surface: self.identity.read_model(surface) for surface in sorted(surfaces)}
        latin: dict[str, ModelName] = {
            name.root: name for name in read.values() if not name.family and name.root.isascii()
        }
        entities: dict[Asked, Entity] = {}
        for surface, name in read.items():
            twins = (
                [latin[form] for form in sorted(core_readings(name.root)) if form in latin]
                if not name.root.isascii()
                else []
            )
            same = [
                other for other in read.values() if twins and not other.family and same_model(name, other) == "pinyin"
            ]
            entity = self.finder.model_entity(min(same, key=lambda other: other.surface) if same else name)
            entities[surface, "model"] = replace(entity, name_en=entity.name_en or surface.strip())
        return entities


def names_of(entity: Entity, surface: str, *, fixed: bool) -> tuple[str, ...]:
    """Return the names by which an entity is compared: of a listed one its usual names, Chinese first."""
    usual = (entity.name_zh, entity.name_en) if fixed else ()
    return tuple(dict.fromkeys(name for name in (*usual, surface.strip()) if name))
