-- Who makes each model, and for whom each person works.
select distinct wanted.value as entity, edge.type, edge."end" as party
from json_each(:ids) wanted
cross join edge on edge.type in ('DEVELOPED_BY', 'WORKS_FOR') and edge.start = wanted.value
order by 1, 2, 3
