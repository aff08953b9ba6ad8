-- How often some entities are spoken about or speak, counted up to a limit.
select count(*) as number from (
    select 1 from json_each(:about) wanted
    cross join edge indexed by edge_by_end on edge.type = 'ABOUT' and edge."end" = wanted.value
    union all
    select 1 from json_each(:speakers) wanted cross join edge on edge.type = 'MADE' and edge.start = wanted.value
    limit coalesce(:limit, -1)
)
