// The claims about some entities, made by some, or part of some disputes.
CALL () {
    UNWIND $about AS id
    MATCH (claim:Claim)-[:ABOUT]->(:Entity {id: id})
    RETURN claim
    UNION
    UNWIND $speakers AS id
    MATCH (:Entity {id: id})-[:MADE]->(claim:Claim)
    RETURN claim
    UNION
    UNWIND $disputes AS id
    MATCH (claim:Claim)-[:PART_OF]->(:Dispute {id: id})
    RETURN claim
}
