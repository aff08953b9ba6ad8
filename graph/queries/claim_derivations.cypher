// The derivations that rest on each claim.
UNWIND $ids AS claim
MATCH (:Claim {id: claim})<-[:RESTS_ON]-(derivation:Derivation)
WITH DISTINCT claim, derivation
RETURN claim, derivation
ORDER BY claim, derivation.id
