-- Who made a claim and whom it is about.
select edge.type, node_entity.id, node_entity.kind, node_entity.name, node_entity."nameEn", node_entity."nameZh",
    json_extract(edge.properties, '$.role') as role, json_extract(edge.properties, '$.basis') as basis
from edge join node_entity on node_entity.id = case edge.type when 'MADE' then edge.start else edge."end" end
where (edge.type = 'MADE' and edge."end" = :id) or (edge.type = 'ABOUT' and edge.start = :id)
order by edge.type desc, node_entity.id, role is null, role, edge.key
