// One claim.
MATCH (claim:Claim {id: $id})
RETURN claim
