// Who made each claim and whom it is about.
UNWIND $ids AS claim
CALL (claim) {
    MATCH (entity:Entity)-[relation:MADE]->(:Claim {id: claim})
    RETURN entity, relation, null AS role, null AS basis
    UNION ALL
    MATCH (:Claim {id: claim})-[relation:ABOUT]->(entity:Entity)
    RETURN entity, relation, relation.role AS role, relation.basis AS basis
}
RETURN claim, type(relation) AS type, entity.id AS id, entity.kind AS kind, entity.name AS name, entity.nameEn AS nameEn,
    entity.nameZh AS nameZh, role, basis, relation.key AS key
ORDER BY claim, type DESC, id, key
