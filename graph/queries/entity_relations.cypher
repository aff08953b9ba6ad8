// What a model belongs to and who makes it; for whom a person works; what an organisation makes; which models a family has.
CALL () {
    MATCH (:Entity {id: $id})-[relation:DEVELOPED_BY|MEMBER_OF|WORKS_FOR]->(other:Entity)
    RETURN type(relation) AS type, 'out' AS direction, other.id AS id, other.name AS name
    UNION ALL
    MATCH (:Entity {id: $id})<-[relation:DEVELOPED_BY|MEMBER_OF|WORKS_FOR]-(other:Entity)
    RETURN type(relation) AS type, 'in' AS direction, other.id AS id, other.name AS name
}
RETURN type, direction, id, name
ORDER BY type, direction, id
