-- Statements by their ids, with the claims that they report, within limits of day, kind, speaker and language.
select node_statement.id, node_statement.quote, node_statement.url, node_statement.language, node_claim.id as claim,
    node_claim.kind, node_claim."group", node_claim.speaker, node_claim.date, node_claim."sortDate",
    node_claim."dateBasis", node_claim.dates, node_claim.sources, node_document.id as document, node_document.title,
    node_document.published, node_source.name as "sourceName"
from json_each(:ids) wanted
cross join edge reports on reports.type = 'REPORTS' and reports.start = wanted.value
cross join node_claim on node_claim.id = reports."end"
cross join node_statement on node_statement.id = reports.start
cross join edge stated on stated.type = 'STATED_IN' and stated.start = node_statement.id
cross join node_document on node_document.id = stated."end"
cross join edge published on published.type = 'PUBLISHED_BY' and published.start = node_document.id
cross join node_source on node_source.id = published."end"
where (:since is null or node_claim."sortDate" >= :since)
    and (:until is null or node_claim."sortDate" <= :until)
    and (:kind is null or node_claim.kind = :kind or node_claim."group" = :kind)
    and (:language is null or node_statement.language = :language)
    and (:by is null or exists (
        select 1 from edge where type = 'MADE' and start = :by and "end" = node_claim.id
    ))
order by node_statement.id, node_claim.id, node_document.id, node_source.id
