// How many claims each dispute has and how many true sources tell them, as recorded by a time.
UNWIND $ids AS id
MATCH (:Dispute {id: id})<-[:PART_OF]-(claim:Claim)
MATCH (claim)<-[:REPORTS]-(statement:Statement)
WHERE $as_of IS NULL OR statement.recorded <= $as_of
OPTIONAL MATCH (statement)-[:STATED_IN]->(document:Document)
RETURN id AS dispute, count(DISTINCT claim) AS claims, count(DISTINCT document.origin) AS sources
ORDER BY dispute
