// What stands next to each entity, claim or dispute, with how sure that is; of each kind of edge the first few by id.
UNWIND $ids AS node
CALL (node) {
    MATCH (own:Entity {id: node})<-[edge:ABOUT]-(other:Claim)
    RETURN 'ABOUT' AS type, 'in' AS direction, other.id AS neighbour, max(coalesce(other.confidence, edge.confidence)) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})-[edge:ABOUT]->(other:Entity)
    RETURN 'ABOUT' AS type, 'out' AS direction, other.id AS neighbour, max(coalesce(own.confidence, edge.confidence)) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})<-[edge:ALLEGEDLY_DERIVED_FROM]-(other:Entity)
    RETURN 'ALLEGEDLY_DERIVED_FROM' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})-[edge:ALLEGEDLY_DERIVED_FROM]->(other:Entity)
    RETURN 'ALLEGEDLY_DERIVED_FROM' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})<-[edge:DEVELOPED_BY]-(other:Entity)
    RETURN 'DEVELOPED_BY' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})-[edge:DEVELOPED_BY]->(other:Entity)
    RETURN 'DEVELOPED_BY' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})<-[edge:DISPUTES]-(other:Claim)
    RETURN 'DISPUTES' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})-[edge:DISPUTES]->(other:Claim)
    RETURN 'DISPUTES' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})<-[edge:MADE]-(other:Entity)
    RETURN 'MADE' AS type, 'in' AS direction, other.id AS neighbour, max(coalesce(own.confidence, edge.confidence)) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})-[edge:MADE]->(other:Claim)
    RETURN 'MADE' AS type, 'out' AS direction, other.id AS neighbour, max(coalesce(other.confidence, edge.confidence)) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})<-[edge:MEMBER_OF]-(other:Entity)
    RETURN 'MEMBER_OF' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})-[edge:MEMBER_OF]->(other:Entity)
    RETURN 'MEMBER_OF' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Dispute {id: node})<-[edge:PART_OF]-(other:Claim)
    RETURN 'PART_OF' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})-[edge:PART_OF]->(other:Dispute)
    RETURN 'PART_OF' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})<-[edge:REPEATS]-(other:Claim)
    RETURN 'REPEATS' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})-[edge:REPEATS]->(other:Claim)
    RETURN 'REPEATS' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})<-[edge:RESPONDS_TO]-(other:Claim)
    RETURN 'RESPONDS_TO' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})-[edge:RESPONDS_TO]->(other:Claim)
    RETURN 'RESPONDS_TO' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})<-[edge:SUPPORTS]-(other:Claim)
    RETURN 'SUPPORTS' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Claim {id: node})-[edge:SUPPORTS]->(other:Claim)
    RETURN 'SUPPORTS' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})<-[edge:WORKS_FOR]-(other:Entity)
    RETURN 'WORKS_FOR' AS type, 'in' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
    UNION ALL
    MATCH (own:Entity {id: node})-[edge:WORKS_FOR]->(other:Entity)
    RETURN 'WORKS_FOR' AS type, 'out' AS direction, other.id AS neighbour, max(edge.confidence) AS confidence
    ORDER BY neighbour LIMIT $limit
}
RETURN node, type, direction, neighbour, confidence
ORDER BY node, type, direction, neighbour
