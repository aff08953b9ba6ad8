-- The statements that report each claim, with their documents, in order of publication.
-- Cross joins keep SQLite to this order: from the few claims outwards.
select wanted.value as claim, node_statement.*, node_document.title, node_document.published, node_source.id as source,
    node_source.name as "sourceName", node_document.kind as "documentKind", node_document.origin
from json_each(:ids) wanted
cross join edge reports on reports.type = 'REPORTS' and reports."end" = wanted.value
cross join node_statement on node_statement.id = reports.start
cross join edge stated on stated.type = 'STATED_IN' and stated.start = node_statement.id
cross join node_document on node_document.id = stated."end"
cross join edge published on published.type = 'PUBLISHED_BY' and published.start = node_document.id
cross join node_source on node_source.id = published."end"
order by wanted.value, node_document.published is null, node_document.published, node_statement.id, node_document.id,
    node_source.id
