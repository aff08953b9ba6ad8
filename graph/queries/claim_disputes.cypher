// The disputes that each claim is part of.
UNWIND $ids AS claim
MATCH (:Claim {id: claim})-[:PART_OF]->(dispute:Dispute)
RETURN claim, dispute
ORDER BY claim, dispute.id
