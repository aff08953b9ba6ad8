-- The claims that concern two subjects: about or by one, and about, by or in a dispute with the other.
-- Of two disputes, the claims of both. Narrowed and ordered as in timeline.
with one_direct (id) as (
    select edge.start from json_each(:about) wanted
    cross join edge indexed by edge_by_end on edge.type = 'ABOUT' and edge."end" = wanted.value
    union
    select edge."end" from json_each(:speakers) wanted
    cross join edge on edge.type = 'MADE' and edge.start = wanted.value
),
one_within (id) as (
    select edge.start from json_each(:disputes) wanted
    cross join edge indexed by edge_by_end on edge.type = 'PART_OF' and edge."end" = wanted.value
),
two_direct (id) as (
    select edge.start from json_each(:with_about) wanted
    cross join edge indexed by edge_by_end on edge.type = 'ABOUT' and edge."end" = wanted.value
    union
    select edge."end" from json_each(:with_speakers) wanted
    cross join edge on edge.type = 'MADE' and edge.start = wanted.value
),
two_within (id) as (
    select edge.start from json_each(:with_disputes) wanted
    cross join edge indexed by edge_by_end on edge.type = 'PART_OF' and edge."end" = wanted.value
),
chosen (id) as (
    select id from one_direct where id in (select id from two_direct) or id in (select id from two_within)
    union
    select id from one_within
    where id in (select id from two_direct)
        or json_array_length(:about) + json_array_length(:with_about) = 0 and id in (select id from two_within)
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
