// The disputes that an entity stands in, as accused, as origin or as a speaker, with the newest activity first.
CALL () {
    MATCH (dispute:Dispute {accused: $id})
    RETURN dispute, 'accused' AS role
    UNION
    MATCH (dispute:Dispute {origin: $id})
    RETURN dispute, 'origin' AS role
    UNION
    MATCH (:Entity {id: $id})<-[about:ABOUT]-(:Claim)-[:PART_OF]->(dispute:Dispute)
    WHERE about.role IN ['accused', 'origin']
    RETURN dispute, about.role AS role
    UNION
    MATCH (:Entity {id: $id})-[:MADE]->(:Claim)-[:PART_OF]->(dispute:Dispute)
    RETURN dispute, 'speaker' AS role
}
RETURN role, dispute
ORDER BY dispute.lastActivity IS NULL, dispute.lastActivity DESC, dispute.id, role
