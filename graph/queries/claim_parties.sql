-- Who made each claim and whom it is about.
select wanted.value as claim, edge.type, node_entity.id, node_entity.kind, node_entity.name, node_entity."nameEn",
    node_entity."nameZh", null as role, null as basis, edge.key
from json_each(:ids) wanted
join edge on edge.type = 'MADE' and edge."end" = wanted.value
join node_entity on node_entity.id = edge.start
union all
select wanted.value, edge.type, node_entity.id, node_entity.kind, node_entity.name, node_entity."nameEn",
    node_entity."nameZh", json_extract(edge.properties, '$.role'), json_extract(edge.properties, '$.basis'), edge.key
from json_each(:ids) wanted
join edge on edge.type = 'ABOUT' and edge.start = wanted.value
join node_entity on node_entity.id = edge."end"
order by 1, 2 desc, 3, 10
