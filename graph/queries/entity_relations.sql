-- What a model belongs to and who makes it; for whom a person works and as what; what an organisation makes; which models a family has.
select * from (
    select edge.type, 'out' as direction, node_entity.id, node_entity.kind, node_entity.name, node_entity."nameEn",
        node_entity."nameZh", json_extract(edge.properties, '$.role') as role
    from edge join node_entity on node_entity.id = edge."end"
    where edge.start = :id and edge.type in ('DEVELOPED_BY', 'MEMBER_OF', 'WORKS_FOR')
    union all
    select edge.type, 'in', node_entity.id, node_entity.kind, node_entity.name, node_entity."nameEn",
        node_entity."nameZh", json_extract(edge.properties, '$.role')
    from edge join node_entity on node_entity.id = edge.start
    where edge."end" = :id and edge.type in ('DEVELOPED_BY', 'MEMBER_OF', 'WORKS_FOR')
)
order by type, direction, id, role is null, role
