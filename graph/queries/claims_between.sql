-- The claims that have both of two entities as speaker or target, the surest first.
select node_claim.id, node_claim.confidence
from (
    select "end" as claim from edge where type = 'MADE' and start = :id
    union
    select start from edge indexed by edge_by_end where type = 'ABOUT' and "end" = :id
) near
join node_claim on node_claim.id = near.claim
where exists (select 1 from edge where type = 'MADE' and start = :other and "end" = near.claim)
    or exists (select 1 from edge where type = 'ABOUT' and start = near.claim and "end" = :other)
order by coalesce(node_claim.confidence, 0) desc, node_claim.id
limit :limit
