// The claims that have both of two entities as speaker or target, the surest first.
MATCH (:Entity {id: $id})-[:MADE|ABOUT]-(claim:Claim)
WITH DISTINCT claim
MATCH (other:Entity {id: $other})
WHERE EXISTS { MATCH (other)-[:MADE|ABOUT]-(claim) }
RETURN claim.id AS id, claim.confidence AS confidence
ORDER BY coalesce(confidence, 0) DESC, id
LIMIT $limit
