-- What stands next to each entity, claim or dispute, with how sure that is; of each kind of edge the first few by id.
-- The bound on the far end of an edge is a place in the index, so that of a hub no more is read.
select wanted.value as node, kind.value as type, 'out' as direction, edge."end" as neighbour,
    max(coalesce(node_claim.confidence, json_extract(edge.properties, '$.confidence'))) as confidence
from json_each(:ids) wanted
cross join json_each('["ABOUT","ALLEGEDLY_DERIVED_FROM","DEVELOPED_BY","DISPUTES","MADE","MEMBER_OF","PART_OF","REPEATS","RESPONDS_TO","SUPPORTS","WORKS_FOR"]') kind
cross join edge on edge.type = kind.value and edge.start = wanted.value and edge."end" <= coalesce(
    (select distinct far."end" from edge far where far.type = kind.value and far.start = wanted.value
        order by far."end" limit 1 offset :limit - 1),
    char(1114111)
)
left join node_claim on kind.value in ('MADE', 'ABOUT')
    and node_claim.id = case kind.value when 'MADE' then edge."end" else edge.start end
group by 1, 2, 4
union all
select wanted.value, kind.value, 'in', edge.start,
    max(coalesce(node_claim.confidence, json_extract(edge.properties, '$.confidence')))
from json_each(:ids) wanted
cross join json_each('["ABOUT","ALLEGEDLY_DERIVED_FROM","DEVELOPED_BY","DISPUTES","MADE","MEMBER_OF","PART_OF","REPEATS","RESPONDS_TO","SUPPORTS","WORKS_FOR"]') kind
cross join edge indexed by edge_by_end on edge.type = kind.value and edge."end" = wanted.value and edge.start <= coalesce(
    (select distinct far.start from edge far indexed by edge_by_end where far.type = kind.value and far."end" = wanted.value
        order by far.start limit 1 offset :limit - 1),
    char(1114111)
)
left join node_claim on kind.value in ('MADE', 'ABOUT')
    and node_claim.id = case kind.value when 'MADE' then edge."end" else edge.start end
group by 1, 2, 4
order by 1, 2, 3, 4
