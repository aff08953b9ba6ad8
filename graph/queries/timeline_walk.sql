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
    and (:until is null or node_claim."sortDate" <= :until)
    and (:kind is null or node_claim.kind = :kind or node_claim."group" = :kind)
    and (:confidence is null or node_claim.confidence >= :confidence)
    and (:by is null or exists (
        select 1 from edge where type = 'MADE' and "end" = node_claim.id and start = :by
    ))
    and (:language is null or exists (
        select 1 from edge reports cross join node_statement on node_statement.id = reports.start
        where reports.type = 'REPORTS' and reports."end" = node_claim.id and node_statement.language = :language
    ))
    and (:as_of is null or node_claim.recorded <= :as_of and not exists (
        select 1 from edge reports cross join node_statement on node_statement.id = reports.start
        where reports.type = 'REPORTS' and reports."end" = node_claim.id and node_statement.recorded > :as_of
    ))
order by node_claim."sortDate", coalesce(length(node_claim.date), 0) desc, node_claim.id
limit coalesce(:limit, -1)
