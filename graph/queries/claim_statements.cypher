// The statements that report each claim, with their documents, in order of publication.
UNWIND $ids AS claim
MATCH (:Claim {id: claim})<-[:REPORTS]-(statement:Statement)-[:STATED_IN]->(document:Document)-[:PUBLISHED_BY]->(source:Source)
RETURN claim, statement, document.title AS title, document.published AS published, source.id AS source,
    source.name AS sourceName, document.kind AS documentKind, document.origin AS origin
ORDER BY claim, published IS NULL, published, statement.id, document.id, source.id
