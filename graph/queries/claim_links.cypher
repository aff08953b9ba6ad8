// The claims that a claim is linked with: out, what it answers; in, what answers it.
CALL () {
    MATCH (:Claim {id: $id})-[relation:RESPONDS_TO|SUPPORTS|DISPUTES|REPEATS]->(other:Claim)
    RETURN type(relation) AS type, 'out' AS direction, other.id AS id, relation.cue AS cue
    UNION ALL
    MATCH (:Claim {id: $id})<-[relation:RESPONDS_TO|SUPPORTS|DISPUTES|REPEATS]-(other:Claim)
    RETURN type(relation) AS type, 'in' AS direction, other.id AS id, relation.cue AS cue
}
RETURN type, direction, id, cue
ORDER BY type, direction, id, cue IS NOT NULL, cue
