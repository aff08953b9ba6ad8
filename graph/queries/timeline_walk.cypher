// The same rows as timeline from a stretch of days, found by walking them in order: for subjects of very many claims.
MATCH (claim:Claim)
WHERE claim.sortDate >= coalesce($since, '') AND claim.sortDate < $before
    AND (EXISTS { MATCH (claim)-[:ABOUT]->(entity:Entity) WHERE entity.id IN $about }
        OR EXISTS { MATCH (claim)<-[:MADE]-(entity:Entity) WHERE entity.id IN $speakers }
        OR EXISTS { MATCH (claim)-[:PART_OF]->(dispute:Dispute) WHERE dispute.id IN $disputes })
{narrowed}
RETURN claim
ORDER BY claim.sortDate, coalesce(size(claim.date), 0) DESC, claim.id
LIMIT coalesce($limit, 9223372036854775807)
