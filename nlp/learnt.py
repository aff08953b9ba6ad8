"""Learnt names: what one document teaches of a name holds for all documents read together.

Annotations flow in; a map of entity ids, and annotations renamed by it, flow out to `yuanliu annotate` and graph.build. A
document that says 埃里克·哈特福德（Eric Hartford） has the Chinese name among that entity's names; an entity that another
document knows only by this name is the same one, unless two entities claim the name.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from nlp.annotation import Annotation, Entity, Statement
from nlp.folding import fold


def join_learnt_names(annotations: Iterable[Annotation]) -> list[Annotation]:
    """Return the annotations, in order, with entities joined that a learnt name shows to be one."""
    ordered = list(annotations)
    joined = learnt_names(ordered)
    return [rename(annotation, joined) for annotation in ordered] if joined else ordered


def learnt_names(annotations: Iterable[Annotation]) -> dict[str, str]:
    """Map the id of each entity known only by a learnt name to the entity that the name belongs to."""
    owners: dict[tuple[str, str], set[str]] = defaultdict(set)
    unlisted: dict[tuple[str, str], str] = {}
    for annotation in annotations:
        for entity in annotation.entities:
            for name in entity.names:
                owners[entity.kind, fold(name)].add(entity.id)
            only = entity.name_zh or entity.name_en
            if only and not (entity.name_zh and entity.name_en):
                unlisted[entity.kind, fold(only)] = entity.id
    return {
        unlisted[key]: next(iter(ids))
        for key, ids in sorted(owners.items())
        if key in unlisted and len(ids) == 1 and unlisted[key] not in ids
    }


def rename(annotation: Annotation, joined: Mapping[str, str]) -> Annotation:
    """Return an annotation with its entities renamed."""
    if not any(entity.id in joined for entity in annotation.entities):
        return annotation
    entities: dict[str, Entity] = {}
    for entity in annotation.entities:
        identifier = joined.get(entity.id, entity.id)
        if identifier == entity.id:
            entities[identifier] = entity
        else:
            entities.setdefault(identifier, Entity(id=identifier, kind=entity.kind))
    return replace(
        annotation,
        entities=tuple(entities.values()),
        mentions=tuple(replace(m, entity=joined.get(m.entity, m.entity)) for m in annotation.mentions),
        statements=tuple(rename_statement(statement, joined) for statement in annotation.statements),
    )


def rename_statement(statement: Statement, joined: Mapping[str, str]) -> Statement:
    """Return a statement with its speakers and targets renamed."""
    return replace(
        statement,
        speaker=joined.get(statement.speaker, statement.speaker) if statement.speaker else None,
        co_speakers=tuple(joined.get(speaker, speaker) for speaker in statement.co_speakers),
        targets=tuple(replace(target, entity=joined.get(target.entity, target.entity)) for target in statement.targets),
    )
