// Who made a claim and whom it is about.
CALL () {
    MATCH (entity:Entity)-[relation:MADE]->(:Claim {id: $id})
    RETURN entity, relation
    UNION ALL
    MATCH (:Claim {id: $id})-[relation:ABOUT]->(entity:Entity)
    RETURN entity, relation
}
RETURN type(relation) AS type, entity.id AS id, entity.kind AS kind, entity.name AS name, entity.nameEn AS nameEn,
    entity.nameZh AS nameZh, relation.role AS role, relation.basis AS basis
ORDER BY type DESC, id, role IS NULL, role, relation.key
