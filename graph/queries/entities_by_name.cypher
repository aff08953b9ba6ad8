// Entities that go by a folded name.
MATCH (:Name {folded: $folded})-[:NAMES]->(entity:Entity)
RETURN DISTINCT entity
ORDER BY coalesce(entity.kind, ''), entity.id
