-- One claim.
select * from node_claim where id = :id
