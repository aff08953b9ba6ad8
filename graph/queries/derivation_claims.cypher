// The claims that each derivation rests on, in order of time.
UNWIND $ids AS derivation
MATCH (:Derivation {id: derivation})-[:RESTS_ON]->(claim:Claim)
WITH DISTINCT derivation, claim
ORDER BY derivation, claim.sortDate IS NULL, claim.sortDate, claim.id
RETURN derivation, claim.id AS id, claim.kind AS kind, claim.group AS group, claim.date AS date,
    claim.sortDate AS sortDate, claim.confidence AS confidence, claim.sources AS sources, claim.recorded AS recorded,
    claim.speaker AS speaker
