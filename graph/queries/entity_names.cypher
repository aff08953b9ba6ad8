// Every name of an entity.
MATCH (name:Name)-[:NAMES]->(:Entity {id: $id})
RETURN name.surface AS surface
ORDER BY size(surface), surface
