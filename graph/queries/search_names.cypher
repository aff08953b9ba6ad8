// Every name of the entities that go by one of some folded names, whether it is the usual one, and how many go by it.
UNWIND $ids AS wanted
MATCH (:Name {folded: wanted})-[:NAMES]->(entity:Entity)
MATCH (other:Name)-[:NAMES]->(entity)
RETURN wanted AS asked, entity.id AS entity, other.surface AS surface,
    CASE WHEN other.surface = entity.nameEn OR other.surface = entity.nameZh THEN 1 ELSE 0 END AS usual,
    COUNT { MATCH (shared:Name {folded: other.folded}) } AS bearers
ORDER BY asked, entity, surface, other.folded
