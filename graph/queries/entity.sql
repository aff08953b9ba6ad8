-- One entity.
select * from node_entity where id = :id
