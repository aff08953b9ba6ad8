// The claims about some entities, made by some, or part of some disputes, that had one statement by a day and others later.
{chosen}
WITH DISTINCT claim
WHERE claim.recorded <= $as_of AND EXISTS {
    MATCH (claim)<-[:REPORTS]-(statement:Statement) WHERE statement.recorded > $as_of
}
RETURN claim
ORDER BY claim.id
