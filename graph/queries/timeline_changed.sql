-- The claims about some entities, made by some, or part of some disputes, that had one statement by a day and others later.
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
where node_claim.recorded <= :as_of and exists (
    select 1 from edge reports cross join node_statement on node_statement.id = reports.start
    where reports.type = 'REPORTS' and reports."end" = node_claim.id and node_statement.recorded > :as_of
)
order by node_claim.id
