// Entities by their ids.
UNWIND $ids AS id
MATCH (entity:Entity {id: id})
RETURN entity
ORDER BY entity.id
