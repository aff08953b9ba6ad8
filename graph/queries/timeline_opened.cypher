// Those of some disputes in which an accusing claim was recorded by a time.
UNWIND $ids AS id
MATCH (dispute:Dispute {id: id})
WHERE EXISTS { MATCH (dispute)<-[:PART_OF]-(claim:Claim) WHERE claim.group = 'accusing' AND claim.recorded <= $as_of }
RETURN DISTINCT id
ORDER BY id
