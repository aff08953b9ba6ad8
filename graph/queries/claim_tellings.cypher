// Who told each claim and when, in order of publication, as recorded by a time: the statements without their grounds.
UNWIND $ids AS claim
MATCH (:Claim {id: claim})<-[:REPORTS]-(statement:Statement)-[:STATED_IN]->(document:Document)-[:PUBLISHED_BY]->(source:Source)
WHERE $as_of IS NULL OR statement.recorded <= $as_of
RETURN claim, statement.id AS id, statement.kind AS kind, statement.quote AS quote, statement.language AS language,
    statement.speaker AS speaker, statement.date AS date, statement.dateBasis AS dateBasis,
    statement.confidence AS confidence, statement.recorded AS recorded, document.id AS document,
    document.published AS published, document.origin AS origin, source.id AS source, source.name AS sourceName
ORDER BY claim, published IS NULL, published, id, document, source
