-- The disputes that a claim is part of.
select node_dispute.* from edge join node_dispute on node_dispute.id = edge."end"
where edge.type = 'PART_OF' and edge.start = :id
order by node_dispute.id
