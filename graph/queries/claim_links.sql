-- The claims that a claim is linked with: out, what it answers; in, what answers it.
select edge.type, 'out' as direction, edge."end" as id, json_extract(edge.properties, '$.cue') as cue
from edge where edge.start = :id and edge.type in ('RESPONDS_TO', 'SUPPORTS', 'DISPUTES', 'REPEATS')
union all
select edge.type, 'in', edge.start, json_extract(edge.properties, '$.cue')
from edge where edge."end" = :id and edge.type in ('RESPONDS_TO', 'SUPPORTS', 'DISPUTES', 'REPEATS')
order by 1, 2, 3, 4
