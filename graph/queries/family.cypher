// A model with the members of its family, and theirs.
MATCH (member:Entity)-[:MEMBER_OF*0..]->(:Entity {id: $id})
RETURN DISTINCT member
ORDER BY member.id
