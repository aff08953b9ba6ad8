// Disputes with the newest activity first: of a status, active since a day, about an entity, with words of a speaker.
// A month or a year counts as active since each of its days.
MATCH (dispute:Dispute)
WHERE ($status IS NULL OR dispute.status = $status)
    AND ($since IS NULL OR dispute.lastActivity >= $since OR $since STARTS WITH dispute.lastActivity)
    AND ($about IS NULL OR dispute.accused = $about OR dispute.origin = $about OR EXISTS {
        MATCH (:Entity {id: $about})<-[:ABOUT]-(:Claim)-[:PART_OF]->(dispute)
    })
    AND ($by IS NULL OR EXISTS { MATCH (:Entity {id: $by})-[:MADE]->(:Claim)-[:PART_OF]->(dispute) })
RETURN dispute
ORDER BY dispute.lastActivity IS NULL, dispute.lastActivity DESC, dispute.id
LIMIT coalesce($limit, 9223372036854775807)
