-- Claims by their ids.
select node_claim.* from json_each(:ids) wanted join node_claim on node_claim.id = wanted.value order by node_claim.id
