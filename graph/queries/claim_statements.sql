-- The statements that report a claim, with their documents, in order of publication.
select node_statement.*, node_document.title, node_document.published, node_source.id as source,
    node_source.name as "sourceName", node_document.kind as "documentKind", node_document.origin
from edge reports
join node_statement on node_statement.id = reports.start
join edge stated on stated.type = 'STATED_IN' and stated.start = node_statement.id
join node_document on node_document.id = stated."end"
join edge published on published.type = 'PUBLISHED_BY' and published.start = node_document.id
join node_source on node_source.id = published."end"
where reports.type = 'REPORTS' and reports."end" = :id
order by node_document.published is null, node_document.published, node_statement.id, node_document.id, node_source.id
