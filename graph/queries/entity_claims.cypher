// How many claims of each group an entity made and received, with the first and the last day.
CALL () {
    MATCH (:Entity {id: $id})-[relation:MADE]->(claim:Claim)
    RETURN type(relation) AS type, claim
    UNION ALL
    MATCH (:Entity {id: $id})<-[relation:ABOUT]-(claim:Claim)
    RETURN type(relation) AS type, claim
}
RETURN type, claim.group AS group, count(DISTINCT claim) AS claims, min(claim.sortDate) AS first, max(claim.sortDate) AS last
ORDER BY type, group IS NULL, group
