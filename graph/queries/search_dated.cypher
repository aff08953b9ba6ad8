// The statements that report what was said within days, those of the newest claims first.
MATCH (claim:Claim)
WHERE claim.sortDate >= coalesce($since, '') AND claim.sortDate <= coalesce($until, '9999')
WITH claim
ORDER BY claim.sortDate DESC, claim.id
LIMIT $limit
MATCH (claim)<-[:REPORTS]-(statement:Statement)
WITH claim, statement
ORDER BY claim.sortDate DESC, claim.id, statement.id
LIMIT $limit
RETURN statement.id AS id
