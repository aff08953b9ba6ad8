-- The derivations of each model: out, what it is said to derive from; in, what is said to derive from it.
select wanted.value as entity, 'out' as direction, node_derivation.*
from json_each(:ids) wanted
cross join edge link indexed by edge_by_end on link.type = 'OF' and link."end" = wanted.value
cross join node_derivation on node_derivation.id = link.start
union
select wanted.value, 'in', node_derivation.*
from json_each(:ids) wanted
cross join edge link indexed by edge_by_end on link.type = 'FROM' and link."end" = wanted.value
cross join node_derivation on node_derivation.id = link.start
order by 1, 2 desc, 3
