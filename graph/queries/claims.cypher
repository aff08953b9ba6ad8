// Claims by their ids.
UNWIND $ids AS id
MATCH (claim:Claim {id: id})
RETURN claim
ORDER BY claim.id
