-- Entities that go by a folded name.
select distinct node_entity.* from name join node_entity on node_entity.id = name.entity
where name.folded = :folded
order by coalesce(node_entity.kind, ''), node_entity.id
