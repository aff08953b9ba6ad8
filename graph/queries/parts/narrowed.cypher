// Only the claims that the reader of a timeline wants.
    AND ($since IS NULL OR claim.sortDate >= $since)
    AND ($until IS NULL OR claim.sortDate <= $until)
    AND ($kind IS NULL OR claim.kind = $kind OR claim.group = $kind)
    AND ($confidence IS NULL OR claim.confidence >= $confidence)
    AND ($by IS NULL OR EXISTS { MATCH (:Entity {id: $by})-[:MADE]->(claim) })
    AND ($language IS NULL OR EXISTS {
        MATCH (claim)<-[:REPORTS]-(statement:Statement) WHERE statement.language = $language
    })
    AND ($as_of IS NULL OR claim.recorded <= $as_of AND NOT EXISTS {
        MATCH (claim)<-[:REPORTS]-(statement:Statement) WHERE statement.recorded > $as_of
    })
