-- The claims that hold a statement whose id begins so.
select distinct node_claim.* from edge join node_claim on node_claim.id = edge."end"
where edge.type = 'REPORTS' and edge.start between :prefix and :prefix || 'g'
order by node_claim.id
limit 20
