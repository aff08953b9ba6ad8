// Entities of which some name holds a folded text, the shortest names first.
MATCH (name:Name)-[:NAMES]->(entity:Entity)
WHERE name.folded CONTAINS $folded
WITH entity, min(size(name.folded)) AS distance
RETURN entity, distance
ORDER BY distance, entity.id
LIMIT $limit
