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
{narrowed}
order by node_claim."sortDate" is null, node_claim."sortDate", coalesce(length(node_claim.date), 0) desc, node_claim.id
limit coalesce(:limit, -1)
