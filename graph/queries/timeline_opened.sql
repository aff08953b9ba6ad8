-- Those of some disputes in which an accusing claim was recorded by a time.
select distinct wanted.value as id from json_each(:ids) wanted
where exists (
    select 1 from edge indexed by edge_by_end cross join node_claim on node_claim.id = edge.start
    where edge.type = 'PART_OF' and edge."end" = wanted.value
        and node_claim."group" = 'accusing' and node_claim.recorded <= :as_of
)
order by 1
