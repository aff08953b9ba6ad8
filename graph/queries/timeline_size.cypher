// How often some entities are spoken about or speak, counted up to a limit.
CALL () {
    CALL () {
        UNWIND $about AS id
        MATCH (:Claim)-[edge:ABOUT]->(:Entity {id: id})
        RETURN edge
        UNION ALL
        UNWIND $speakers AS id
        MATCH (:Entity {id: id})-[edge:MADE]->(:Claim)
        RETURN edge
    }
    RETURN edge
    LIMIT coalesce($limit, 9223372036854775807)
}
RETURN count(edge) AS number
