"""Joining: the people and organisations of many documents, each under one id.

Annotations flow in; annotations renamed flow out to `yuanliu annotate` and graph.build. What one document teaches holds for all:
one that says 埃里克·哈特福德（Eric Hartford） has the Chinese name among that entity's names, so that another document's
埃里克·哈特福德 is the same man. What names alone tell is decided by nlp.identity, over the set of all documents (nlp.clusters).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from nlp.annotation import Annotation, Entity, Statement
from nlp.clusters import Named, cluster


def join_names(annotations: Iterable[Annotation]) -> list[Annotation]:
    """Return the annotations, in order, with the entities joined that are one."""
    ordered = list(annotations)
    joined = joined_ids(ordered)
    listed = {entity.id for annotation in ordered for entity in annotation.entities if entity.listed}
    return [rename(annotation, joined, listed) for annotation in ordered] if joined else ordered


def joined_ids(annotations: Iterable[Annotation]) -> dict[str, str]:
    """Map the id of each entity that is another's to that other's id."""
    return cluster(
        Named(id=entity.id, kind=entity.kind, names=names_of(entity), fixed=entity.listed)
        for annotation in annotations
        for entity in annotation.entities
        if entity.kind != "model"
    )


def names_of(entity: Entity) -> tuple[str, ...]:
    """Return the names of an entity, usual ones first."""
    return tuple(dict.fromkeys(name for name in (entity.name_zh, entity.name_en, *entity.names) if name))


def rename(annotation: Annotation, joined: Mapping[str, str], listed: set[str]) -> Annotation:
    """Return an annotation with its entities renamed."""
    if not any(entity.id in joined for entity in annotation.entities):
        return annotation
    named = [rename_parents(entity, joined) for entity in annotation.entities]
    entities = {entity.id: entity for entity in named if entity.id not in joined}
    for entity in named:
        if entity.id in joined:
            identifier = joined[entity.id]
            chosen = entities.get(identifier) or Entity(id=identifier, kind=entity.kind)
            if identifier not in listed:
                chosen = replace(chosen, name_zh=chosen.name_zh or entity.name_zh)
            names = tuple(dict.fromkeys((*chosen.names, *names_of(entity))))
            entities[identifier] = replace(chosen, names=names)
    return replace(
        annotation,
        entities=tuple(entities[identifier] for identifier in sorted(entities)),
        mentions=tuple(replace(m, entity=joined.get(m.entity, m.entity)) for m in annotation.mentions),
        statements=tuple(rename_statement(statement, joined) for statement in annotation.statements),
    )


def rename_parents(entity: Entity, joined: Mapping[str, str]) -> Entity:
    """Return an entity with its family and its company renamed."""
    family, developer = (joined.get(each, each) if each else None for each in (entity.family, entity.developer))
    return replace(entity, family=family, developer=developer)


def rename_statement(statement: Statement, joined: Mapping[str, str]) -> Statement:
    """Return a statement with its speakers and targets renamed."""
    return replace(
        statement,
        speaker=joined.get(statement.speaker, statement.speaker) if statement.speaker else None,
        co_speakers=tuple(joined.get(speaker, speaker) for speaker in statement.co_speakers),
        targets=tuple(replace(target, entity=joined.get(target.entity, target.entity)) for target in statement.targets),
    )
