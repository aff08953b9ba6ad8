-- How many claims of each group an entity made and received, with the first and the last day.
with told (type, claim) as (
    select type, "end" from edge where type = 'MADE' and start = :id
    union
    select type, start from edge indexed by edge_by_end where type = 'ABOUT' and "end" = :id
)
select told.type, node_claim."group", count(*) as claims, min(node_claim."sortDate") as first,
    max(node_claim."sortDate") as last
from told join node_claim on node_claim.id = told.claim
group by told.type, node_claim."group"
order by told.type, node_claim."group" is null, node_claim."group"
