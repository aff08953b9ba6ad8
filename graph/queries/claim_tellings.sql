-- Who told each claim and when, in order of publication, as recorded by a time: the statements without their grounds.
select wanted.value as claim, node_statement.id, node_statement.kind, node_statement.quote, node_statement.language,
    node_statement.speaker, node_statement.date, node_statement."dateBasis", node_statement.confidence,
    node_statement.recorded, node_document.id as document, node_document.published, node_document.origin,
    node_source.id as source, node_source.name as "sourceName"
from json_each(:ids) wanted
cross join edge reports indexed by edge_by_end on reports.type = 'REPORTS' and reports."end" = wanted.value
cross join node_statement on node_statement.id = reports.start
cross join edge stated on stated.type = 'STATED_IN' and stated.start = node_statement.id
cross join node_document on node_document.id = stated."end"
cross join edge published on published.type = 'PUBLISHED_BY' and published.start = node_document.id
cross join node_source on node_source.id = published."end"
where :as_of is null or node_statement.recorded <= :as_of
order by wanted.value, node_document.published is null, node_document.published, node_statement.id, node_document.id,
    node_source.id
