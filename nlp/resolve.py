"""Resolving: the id that a single name stands for, without a text around it.

A surface and its type flow in, an entity flows out: a known one where the vocabulary has it, else one that every
spelling of the name shares.
"""

from __future__ import annotations

import re

from nlp.annotation import Entity, EntityKind
from nlp.folding import fold
from nlp.names import NameFinder, slug
from nlp.people import person_entity
from nlp.vocabulary import Vocabulary

KINDS: dict[str, EntityKind] = {"PERSON": "person", "ORG": "organization", "MODEL": "model"}


class Resolver:
    """Resolve names with one vocabulary."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.finder = NameFinder(vocabulary)

    def resolve(self, surface: str, kind: EntityKind) -> Entity:
        """Return the entity of a name of a known type."""
        if kind == "model":
            return self.resolve_model(surface)
        known = [form.entity for form in self.finder.gazetteer.lookup(surface) if form.entity.kind == kind]
        if known:
            return known[0]
        if kind == "person":
            return person_entity(surface.strip())
        return Entity(id=f"org:{slug(surface)}", kind=kind, name_en=surface.strip())

    def resolve_model(self, surface: str) -> Entity:
        """Return the entity of a model name; one that no grammar reads keeps its letters and digits."""
        names = [name for name in self.finder.grammar.find(surface) if name.surface == surface.strip()]
        if names:
            return self.finder.model_entity(names[0])
        return Entity(
            id="model:" + "".join(re.findall(r"[\w.+]+", fold(surface))), kind="model", name_en=surface.strip()
        )
