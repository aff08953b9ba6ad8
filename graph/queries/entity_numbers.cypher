// How often an entity is mentioned, speaks and is spoken about.
RETURN
    COUNT { MATCH (:Document)-[:MENTIONS]->(:Entity {id: $id}) } AS documents,
    COUNT { MATCH (:Entity {id: $id})-[:MADE]->(:Claim) } AS made,
    COUNT { MATCH (:Claim)-[:ABOUT]->(:Entity {id: $id}) } AS about
