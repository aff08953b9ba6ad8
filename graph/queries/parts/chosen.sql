-- The claims about some entities, made by some, or part of some disputes.
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
