-- The claims about some entities, made by some, or part of some disputes, in order of time.
-- As of a day, only those that had all their statements by then; timeline_changed gives the others.
-- A cross join keeps SQLite to this order: from the few subjects outwards.
{chosen}
select node_claim.* from chosen cross join node_claim on node_claim.id = chosen.id
where true
{narrowed}
order by node_claim."sortDate" is null, node_claim."sortDate", coalesce(length(node_claim.date), 0) desc, node_claim.id
limit coalesce(:limit, -1)
