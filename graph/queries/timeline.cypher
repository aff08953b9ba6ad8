// The claims about or by a subject, its members or the models of its family, and those of the disputes it stands in.
CALL () {
    MATCH (member:Entity)-[:MEMBER_OF*0..]->(:Entity {id: $subject})
    RETURN collect(DISTINCT member) AS family, collect(DISTINCT member.id) AS ids
}
CALL (family) {
    UNWIND family AS member
    MATCH (member)-[:DEVELOPED_BY]->(maker:Entity)
    RETURN collect(DISTINCT maker.id) AS makers
}
CALL () {
    MATCH (model:Entity)-[:DEVELOPED_BY]->(:Entity {id: $subject})
    RETURN collect(DISTINCT model) AS made
}
CALL (ids, makers) {
    MATCH (dispute:Dispute)
    WHERE dispute.id = $subject OR dispute.accused IN ids
        OR (dispute.accused IN makers AND EXISTS {
            MATCH (dispute)<-[:PART_OF]-(:Claim)-[:ABOUT]->(target:Entity) WHERE target.id IN ids
        })
    RETURN collect(dispute) AS stood
}
CALL (family, made, stood) {
    UNWIND family + made AS target
    MATCH (claim:Claim)-[:ABOUT]->(target)
    RETURN claim
    UNION
    UNWIND family AS speaker
    MATCH (speaker)-[:MADE]->(claim:Claim)
    RETURN claim
    UNION
    UNWIND stood AS dispute
    MATCH (claim:Claim)-[:PART_OF]->(dispute)
    RETURN claim
}
WITH DISTINCT claim
WHERE ($since IS NULL OR claim.sortDate >= $since)
    AND ($until IS NULL OR claim.sortDate <= $until)
    AND ($as_of IS NULL OR claim.recorded <= $as_of)
    AND ($kind IS NULL OR claim.kind = $kind OR claim.group = $kind)
    AND ($confidence IS NULL OR claim.confidence >= $confidence)
    AND ($language IS NULL OR claim.language = $language)
    AND ($by IS NULL OR EXISTS { MATCH (:Entity {id: $by})-[:MADE]->(claim) })
RETURN claim
ORDER BY claim.sortDate IS NULL, claim.sortDate, coalesce(size(claim.date), 0) DESC, claim.id
LIMIT coalesce($limit, 9223372036854775807)
