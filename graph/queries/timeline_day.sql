-- The day of the claim that so many dated ones precede, from a day on.
select "sortDate" as day from node_claim where "sortDate" >= coalesce(:since, '') order by "sortDate" limit 1 offset :skip
