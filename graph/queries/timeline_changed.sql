-- The claims about some entities, made by some, or part of some disputes, that had one statement by a day and others later.
{chosen}
select node_claim.* from chosen cross join node_claim on node_claim.id = chosen.id
where node_claim.recorded <= :as_of and exists (
    select 1 from edge reports cross join node_statement on node_statement.id = reports.start
    where reports.type = 'REPORTS' and reports."end" = node_claim.id and node_statement.recorded > :as_of
)
order by node_claim.id
