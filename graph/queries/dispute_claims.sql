-- The claims of each dispute, in order of time.
select distinct wanted.value as dispute, node_claim.id, node_claim.kind, node_claim."group", node_claim.date, node_claim."sortDate",
    node_claim.confidence, node_claim.sources, node_claim.recorded, node_claim.speaker
from json_each(:ids) wanted
cross join edge part indexed by edge_by_end on part.type = 'PART_OF' and part."end" = wanted.value
cross join node_claim on node_claim.id = part.start
order by wanted.value, node_claim."sortDate" is null, node_claim."sortDate", node_claim.id
