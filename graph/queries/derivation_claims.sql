-- The claims that each derivation rests on, in order of time.
select distinct wanted.value as derivation, node_claim.id, node_claim.kind, node_claim."group", node_claim.date,
    node_claim."sortDate", node_claim.confidence, node_claim.sources, node_claim.recorded, node_claim.speaker
from json_each(:ids) wanted
cross join edge rests on rests.type = 'RESTS_ON' and rests.start = wanted.value
cross join node_claim on node_claim.id = rests."end"
order by wanted.value, node_claim."sortDate" is null, node_claim."sortDate", node_claim.id
