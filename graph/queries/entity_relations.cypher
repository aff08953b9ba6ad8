// What a model belongs to and who makes it; for whom a person works and as what; what an organisation makes; which models a family has.
CALL () {
    MATCH (:Entity {id: $id})-[relation:DEVELOPED_BY|MEMBER_OF|WORKS_FOR]->(other:Entity)
    RETURN relation, 'out' AS direction, other
    UNION ALL
    MATCH (:Entity {id: $id})<-[relation:DEVELOPED_BY|MEMBER_OF|WORKS_FOR]-(other:Entity)
    RETURN relation, 'in' AS direction, other
}
RETURN type(relation) AS type, direction, other.id AS id, other.kind AS kind, other.name AS name, other.nameEn AS nameEn,
    other.nameZh AS nameZh, relation.role AS role
ORDER BY type, direction, id, role IS NULL, role
