-- How many claims each dispute has and how many true sources tell them, as recorded by a time.
select wanted.value as dispute, count(distinct reports."end") as claims, count(distinct node_document.origin) as sources
from json_each(:ids) wanted
cross join edge part indexed by edge_by_end on part.type = 'PART_OF' and part."end" = wanted.value
cross join edge reports indexed by edge_by_end on reports.type = 'REPORTS' and reports."end" = part.start
cross join node_statement on node_statement.id = reports.start
    and (:as_of is null or node_statement.recorded <= :as_of)
left join edge stated on stated.type = 'STATED_IN' and stated.start = node_statement.id
left join node_document on node_document.id = stated."end"
group by wanted.value
order by wanted.value
