-- The disputes that an entity stands in, as accused, as origin or as a speaker, with the newest activity first.
with stood (dispute, role) as (
    select id, 'accused' from node_dispute where accused = :id
    union
    select id, 'origin' from node_dispute where origin = :id
    union
    select part."end", json_extract(about.properties, '$.role')
    from edge about indexed by edge_by_end join edge part on part.type = 'PART_OF' and part.start = about.start
    where about.type = 'ABOUT' and about."end" = :id
        and json_extract(about.properties, '$.role') in ('accused', 'origin')
    union
    select part."end", 'speaker'
    from edge made join edge part on part.type = 'PART_OF' and part.start = made."end"
    where made.type = 'MADE' and made.start = :id
)
select stood.role, node_dispute.* from stood join node_dispute on node_dispute.id = stood.dispute
order by node_dispute."lastActivity" is null, node_dispute."lastActivity" desc, node_dispute.id, stood.role
