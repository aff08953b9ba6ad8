// The claims about some entities, made by some, or part of some disputes, in order of time.
// As of a day, only those that had all their statements by then; timeline_changed gives the others.
{chosen}
WITH DISTINCT claim
WHERE true
{narrowed}
RETURN claim
ORDER BY claim.sortDate IS NULL, claim.sortDate, coalesce(size(claim.date), 0) DESC, claim.id
LIMIT coalesce($limit, 9223372036854775807)
