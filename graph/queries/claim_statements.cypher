// The statements that report a claim, with their documents, in order of publication.
MATCH (:Claim {id: $id})<-[:REPORTS]-(statement:Statement)-[:STATED_IN]->(document:Document)-[:PUBLISHED_BY]->(source:Source)
RETURN statement, document.title AS title, document.published AS published, source.id AS source,
    source.name AS sourceName, document.kind AS documentKind, document.origin AS origin
ORDER BY published IS NULL, published, statement.id, document.id, source.id
