-- The statements that report what was said within days, those of the newest claims first.
select reports.start as id
from (
    select id, "sortDate" from node_claim
    where "sortDate" >= coalesce(:since, '') and "sortDate" <= coalesce(:until, '9999')
    order by "sortDate" desc, id
    limit :limit
) claim
cross join edge reports indexed by edge_by_end on reports.type = 'REPORTS' and reports."end" = claim.id
order by claim."sortDate" desc, claim.id, reports.start
limit :limit
