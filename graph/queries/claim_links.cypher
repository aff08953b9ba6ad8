// The claims that each claim is linked with: out, what it answers; in, what answers it.
UNWIND $ids AS claim
CALL (claim) {
    MATCH (:Claim {id: claim})-[relation:RESPONDS_TO|SUPPORTS|DISPUTES|REPEATS]->(other:Claim)
    RETURN relation, 'out' AS direction, other
    UNION ALL
    MATCH (:Claim {id: claim})<-[relation:RESPONDS_TO|SUPPORTS|DISPUTES|REPEATS]-(other:Claim)
    RETURN relation, 'in' AS direction, other
}
RETURN claim, type(relation) AS type, direction, other.id AS id, relation.cue AS cue,
    relation.basis AS basis
ORDER BY claim, type, direction, id, cue IS NOT NULL, cue, basis IS NOT NULL, basis
