// How much the graph holds.
RETURN
    COUNT { MATCH (:Entity) } AS entities,
    COUNT { MATCH (:Statement) } AS statements,
    COUNT { MATCH (:Claim) } AS claims,
    COUNT { MATCH (:Claim)-[:RESPONDS_TO|SUPPORTS|DISPUTES|REPEATS]->(:Claim) } AS links,
    COUNT { MATCH (:Dispute) } AS disputes
