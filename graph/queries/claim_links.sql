-- The claims that each claim is linked with: out, what it answers; in, what answers it.
select wanted.value as claim, edge.type, 'out' as direction, edge."end" as id,
    json_extract(edge.properties, '$.cue') as cue, json_extract(edge.properties, '$.basis') as basis
from json_each(:ids) wanted
join edge on edge.type in ('RESPONDS_TO', 'SUPPORTS', 'DISPUTES', 'REPEATS') and edge.start = wanted.value
union all
select wanted.value, edge.type, 'in', edge.start, json_extract(edge.properties, '$.cue'),
    json_extract(edge.properties, '$.basis')
from json_each(:ids) wanted
cross join edge indexed by edge_by_end
    on edge.type in ('RESPONDS_TO', 'SUPPORTS', 'DISPUTES', 'REPEATS') and edge."end" = wanted.value
order by 1, 2, 3, 4, 5, 6
