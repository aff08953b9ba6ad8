// The disputes that a claim is part of.
MATCH (:Claim {id: $id})-[:PART_OF]->(dispute:Dispute)
RETURN dispute
ORDER BY dispute.id
