-- The statements that report what a speaker said within days, those of the newest claims first.
select reports.start as id
from edge made
cross join node_claim on node_claim.id = made."end"
cross join edge reports indexed by edge_by_end on reports.type = 'REPORTS' and reports."end" = node_claim.id
where made.type = 'MADE' and made.start = :by
    and (:since is null or node_claim."sortDate" >= :since)
    and (:until is null or node_claim."sortDate" <= :until)
order by node_claim."sortDate" desc, node_claim.id, reports.start
limit :limit
