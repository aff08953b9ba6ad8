-- The statements that report each claim, with their documents, in order of publication.
select wanted.value as claim, node_statement.*, node_document.title, node_document.published, node_source.id as source,
    node_source.name as "sourceName", node_document.kind as "documentKind", node_document.origin
from json_each(:ids) wanted
join edge reports on reports.type = 'REPORTS' and reports."end" = wanted.value
join node_statement on node_statement.id = reports.start
join edge stated on stated.type = 'STATED_IN' and stated.start = node_statement.id
join node_document on node_document.id = stated."end"
join edge published on published.type = 'PUBLISHED_BY' and published.start = node_document.id
join node_source on node_source.id = published."end"
order by wanted.value, node_document.published is null, node_document.published, node_statement.id, node_document.id,
    node_source.id
