-- The disputes that each claim is part of.
select wanted.value as claim, node_dispute.*
from json_each(:ids) wanted
join edge on edge.type = 'PART_OF' and edge.start = wanted.value
join node_dispute on node_dispute.id = edge."end"
order by wanted.value, node_dispute.id
