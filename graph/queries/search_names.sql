-- Every name of the entities that go by one of some folded names, whether it is the usual one, and how many go by it.
select wanted.value as asked, node_entity.id as entity, other.surface,
    case when other.surface = node_entity."nameEn" or other.surface = node_entity."nameZh" then 1 else 0 end as usual,
    (select count(*) from name shared where shared.folded = other.folded) as bearers
from json_each(:ids) wanted
cross join name asked on asked.folded = wanted.value
cross join node_entity on node_entity.id = asked.entity
cross join name other indexed by name_by_entity on other.entity = node_entity.id
order by wanted.value, node_entity.id, other.surface, other.folded
