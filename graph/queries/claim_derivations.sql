-- The derivations that rest on each claim.
select distinct wanted.value as claim, node_derivation.*
from json_each(:ids) wanted
cross join edge rests indexed by edge_by_end on rests.type = 'RESTS_ON' and rests."end" = wanted.value
cross join node_derivation on node_derivation.id = rests.start
order by wanted.value, node_derivation.id
