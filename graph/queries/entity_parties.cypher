// Who makes each model, and for whom each person works.
UNWIND $ids AS entity
MATCH (:Entity {id: entity})-[relation:DEVELOPED_BY|WORKS_FOR]->(other:Entity)
RETURN DISTINCT entity, type(relation) AS type, other.id AS party
ORDER BY entity, type, party
