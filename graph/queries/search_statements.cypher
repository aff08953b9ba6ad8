// Statements by their ids, with the claims that they report, within limits of day, kind, speaker and language.
UNWIND $ids AS wanted
MATCH (statement:Statement {id: wanted})-[:REPORTS]->(claim:Claim)
WHERE ($since IS NULL OR claim.sortDate >= $since)
    AND ($until IS NULL OR claim.sortDate <= $until)
    AND ($kind IS NULL OR claim.kind = $kind OR claim.group = $kind)
    AND ($language IS NULL OR statement.language = $language)
    AND ($by IS NULL OR EXISTS { MATCH (:Entity {id: $by})-[:MADE]->(claim) })
MATCH (statement)-[:STATED_IN]->(document:Document)-[:PUBLISHED_BY]->(source:Source)
RETURN statement.id AS id, statement.quote AS quote, statement.url AS url, statement.language AS language,
    claim.id AS claim, claim.kind AS kind, claim.group AS group, claim.speaker AS speaker, claim.date AS date,
    claim.sortDate AS sortDate, claim.dateBasis AS dateBasis, claim.dates AS dates, claim.sources AS sources,
    document.id AS document, document.title AS title, document.published AS published, source.name AS sourceName
ORDER BY statement.id, claim.id, document.id, source.id
