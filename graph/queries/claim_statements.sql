-- The statements that report a claim, with their documents, in order of publication.
select node_statement.*, node_document.title, node_document.published, node_document.source,
    node_source.name as "sourceName", node_document.kind as "documentKind", node_document.origin
from edge
join node_statement on node_statement.id = edge.start
join node_document on node_document.id = node_statement.document
join node_source on node_source.id = node_document.source
where edge.type = 'REPORTS' and edge."end" = :id
order by node_document.published is null, node_document.published, node_statement.id
