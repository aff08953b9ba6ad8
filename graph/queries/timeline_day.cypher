// The day of the claim that so many dated ones precede, from a day on.
MATCH (claim:Claim)
WHERE claim.sortDate >= coalesce($since, '')
RETURN claim.sortDate AS day
ORDER BY day
SKIP $skip
LIMIT 1
