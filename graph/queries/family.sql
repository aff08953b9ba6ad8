-- A model with the members of its family, and theirs.
with recursive family (id) as (
    select :id
    union
    select edge.start from family cross join edge indexed by edge_by_end on edge.type = 'MEMBER_OF' and edge."end" = family.id
)
select node_entity.* from family join node_entity on node_entity.id = family.id order by node_entity.id
