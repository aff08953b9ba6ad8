// The claims that concern two subjects: about or by one, and about, by or in a dispute with the other.
// Of two disputes, the claims of both. Narrowed and ordered as in timeline.
CALL () {
    UNWIND $about AS id
    MATCH (claim:Claim)-[:ABOUT]->(:Entity {id: id})
    RETURN claim, true AS direct
    UNION
    UNWIND $speakers AS id
    MATCH (:Entity {id: id})-[:MADE]->(claim:Claim)
    RETURN claim, true AS direct
    UNION
    UNWIND $disputes AS id
    MATCH (claim:Claim)-[:PART_OF]->(:Dispute {id: id})
    RETURN claim, size($about) + size($with_about) = 0 AS direct
}
WITH claim, max(toInteger(direct)) = 1 AS direct
WHERE (EXISTS { MATCH (claim)-[:ABOUT]->(entity:Entity) WHERE entity.id IN $with_about }
        OR EXISTS { MATCH (claim)<-[:MADE]-(entity:Entity) WHERE entity.id IN $with_speakers }
        OR (direct AND EXISTS { MATCH (claim)-[:PART_OF]->(dispute:Dispute) WHERE dispute.id IN $with_disputes }))
{narrowed}
RETURN claim
ORDER BY claim.sortDate IS NULL, claim.sortDate, coalesce(size(claim.date), 0) DESC, claim.id
LIMIT coalesce($limit, 9223372036854775807)
