-- The documents that name both of two entities, in order of publication; of a name in very many documents the first 500 by id.
select node_document.id, node_document.title, node_document.url, node_document.published, node_source.name as "sourceName"
from (
    select distinct start as document from edge indexed by edge_by_end
    where type = 'MENTIONS' and "end" = :id
    order by start
    limit 500
) near
cross join node_document on node_document.id = near.document
cross join edge published on published.type = 'PUBLISHED_BY' and published.start = near.document
cross join node_source on node_source.id = published."end"
where exists (select 1 from edge where type = 'MENTIONS' and start = near.document and "end" = :other)
group by node_document.id, node_source.id
order by node_document.published is null, node_document.published, node_document.id, node_source.id
limit :limit
