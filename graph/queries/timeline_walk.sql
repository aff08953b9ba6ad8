-- The same rows as timeline from a stretch of days, found by walking them in order: for subjects of very many claims.
-- The pluses keep SQLite from starting at the subject.
select node_claim.* from node_claim
where node_claim."sortDate" >= coalesce(:since, '') and node_claim."sortDate" < :before
    and (
        exists (
            select 1 from edge where type = 'ABOUT' and start = node_claim.id
                and +"end" in (select value from json_each(:about))
        )
        or exists (
            select 1 from edge indexed by edge_by_end where type = 'MADE' and "end" = node_claim.id
                and +start in (select value from json_each(:speakers))
        )
        or exists (
            select 1 from edge where type = 'PART_OF' and start = node_claim.id
                and +"end" in (select value from json_each(:disputes))
        )
    )
{narrowed}
order by node_claim."sortDate", coalesce(length(node_claim.date), 0) desc, node_claim.id
limit coalesce(:limit, -1)
