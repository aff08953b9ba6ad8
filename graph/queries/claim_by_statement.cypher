// The claims that hold a statement whose id begins so.
MATCH (statement:Statement)-[:REPORTS]->(claim:Claim)
WHERE statement.id STARTS WITH $prefix
RETURN DISTINCT claim
ORDER BY claim.id
LIMIT 20
