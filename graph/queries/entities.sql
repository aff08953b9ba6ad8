-- Entities by their ids.
select node_entity.* from json_each(:ids) wanted join node_entity on node_entity.id = wanted.value order by node_entity.id
