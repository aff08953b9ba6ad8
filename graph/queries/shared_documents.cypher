// The documents that name both of two entities, in order of publication; of a name in very many documents the first 500 by id.
MATCH (:Entity {id: $id})<-[:MENTIONS]-(document:Document)
WITH DISTINCT document
ORDER BY document.id
LIMIT 500
MATCH (other:Entity {id: $other})
WHERE EXISTS { MATCH (document)-[:MENTIONS]->(other) }
MATCH (document)-[:PUBLISHED_BY]->(source:Source)
WITH DISTINCT document, source
ORDER BY document.published IS NULL, document.published, document.id, source.id
LIMIT $limit
RETURN document.id AS id, document.title AS title, document.url AS url, document.published AS published,
    source.name AS sourceName
