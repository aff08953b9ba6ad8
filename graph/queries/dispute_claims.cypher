// The claims of each dispute, in order of time.
UNWIND $ids AS dispute
MATCH (:Dispute {id: dispute})<-[:PART_OF]-(claim:Claim)
WITH DISTINCT dispute, claim
ORDER BY dispute, claim.sortDate IS NULL, claim.sortDate, claim.id
RETURN dispute, claim.id AS id, claim.kind AS kind, claim.group AS group, claim.date AS date, claim.sortDate AS sortDate,
    claim.confidence AS confidence, claim.sources AS sources, claim.recorded AS recorded, claim.speaker AS speaker
