-- Entities of which some name holds a folded text, the shortest names first.
select node_entity.*, min(length(name.folded)) as distance from name join node_entity on node_entity.id = name.entity
where instr(name.folded, :folded) > 0
group by node_entity.id
order by distance, node_entity.id
limit :limit
