// What a subject covers: itself and its members (family), what it makes (made), and disputes.
// Disputes that it is or stands in are stood; those of which it or its maker is a party at all are party.
CALL () {
    MATCH (member:Entity)-[:MEMBER_OF*0..]->(:Entity {id: $subject})
    RETURN collect(DISTINCT member) AS family, collect(DISTINCT member.id) AS ids
}
CALL (family) {
    UNWIND family AS member
    MATCH (member)-[:DEVELOPED_BY]->(maker:Entity)
    RETURN collect(DISTINCT maker.id) AS makers
}
CALL (ids, makers) {
    UNWIND ids AS id
    RETURN 'family' AS part, id
    UNION
    MATCH (model:Entity)-[:DEVELOPED_BY]->(:Entity {id: $subject})
    RETURN 'made' AS part, model.id AS id
    UNION
    MATCH (dispute:Dispute)
    WHERE dispute.id = $subject OR dispute.accused IN ids
        OR (dispute.accused IN makers AND EXISTS {
            MATCH (dispute)<-[:PART_OF]-(:Claim)-[:ABOUT]->(target:Entity) WHERE target.id IN ids
        })
    RETURN 'stood' AS part, dispute.id AS id
    UNION
    MATCH (dispute:Dispute)
    WHERE dispute.id = $subject OR dispute.accused IN ids + makers OR dispute.origin IN ids + makers
    RETURN 'party' AS part, dispute.id AS id
}
RETURN part, id
ORDER BY part, id
