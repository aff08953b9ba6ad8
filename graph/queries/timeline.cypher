// The claims about some entities, made by some, or part of some disputes, in order of time.
// As of a day, only those that had all their statements by then; timeline_changed gives the others.
CALL () {
    UNWIND $about AS id
    MATCH (claim:Claim)-[:ABOUT]->(:Entity {id: id})
    RETURN claim
    UNION
    UNWIND $speakers AS id
    MATCH (:Entity {id: id})-[:MADE]->(claim:Claim)
    RETURN claim
    UNION
    UNWIND $disputes AS id
    MATCH (claim:Claim)-[:PART_OF]->(:Dispute {id: id})
    RETURN claim
}
WITH DISTINCT claim
WHERE true
    AND ($since IS NULL OR claim.sortDate >= $since)
    AND ($until IS NULL OR claim.sortDate <= $until)
    AND ($kind IS NULL OR claim.kind = $kind OR claim.group = $kind)
    AND ($confidence IS NULL OR claim.confidence >= $confidence)
    AND ($by IS NULL OR EXISTS { MATCH (:Entity {id: $by})-[:MADE]->(claim) })
    AND ($language IS NULL OR EXISTS {
        MATCH (claim)<-[:REPORTS]-(statement:Statement) WHERE statement.language = $language
    })
    AND ($as_of IS NULL OR claim.recorded <= $as_of AND NOT EXISTS {
        MATCH (claim)<-[:REPORTS]-(statement:Statement) WHERE statement.recorded > $as_of
    })
RETURN claim
ORDER BY claim.sortDate IS NULL, claim.sortDate, coalesce(size(claim.date), 0) DESC, claim.id
LIMIT coalesce($limit, 9223372036854775807)
