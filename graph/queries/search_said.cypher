// The statements that report what a speaker said within days, those of the newest claims first.
MATCH (:Entity {id: $by})-[:MADE]->(claim:Claim)<-[:REPORTS]-(statement:Statement)
WHERE ($since IS NULL OR claim.sortDate >= $since)
    AND ($until IS NULL OR claim.sortDate <= $until)
RETURN statement.id AS id
ORDER BY coalesce(claim.sortDate, '') DESC, claim.id, statement.id
LIMIT $limit
