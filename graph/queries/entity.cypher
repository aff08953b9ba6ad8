// One entity.
MATCH (entity:Entity {id: $id})
RETURN entity
