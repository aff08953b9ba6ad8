-- The claims about some entities, made by some, or part of some disputes, in order of time.
-- As of a day, only those that had all their statements by then; timeline_changed gives the others.
-- A cross join keeps SQLite to this order: from the few subjects outwards.
with chosen (id) as (
    select edge.start from json_each(:about) wanted
    cross join edge indexed by edge_by_end on edge.type = 'ABOUT' and edge."end" = wanted.value
    union
    select edge."end" from json_each(:speakers) wanted
    cross join edge on edge.type = 'MADE' and edge.start = wanted.value
    union
    select edge.start from json_each(:disputes) wanted
    cross join edge indexed by edge_by_end on edge.type = 'PART_OF' and edge."end" = wanted.value
)
select node_claim.* from chosen cross join node_claim on node_claim.id = chosen.id
where true
    and (:since is null or node_claim."sortDate" >= :since)
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
order by node_claim."sortDate" is null, node_claim."sortDate", coalesce(length(node_claim.date), 0) desc, node_claim.id
limit coalesce(:limit, -1)
