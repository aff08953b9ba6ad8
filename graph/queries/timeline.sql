-- The claims about or by a subject, its members or the models of its family, and those of the disputes it stands in.
with recursive family (id) as (
    select :subject
    union
    select edge.start from edge join family on edge."end" = family.id where edge.type = 'MEMBER_OF'
),
maker (id) as (
    select edge."end" from edge join family on edge.start = family.id where edge.type = 'DEVELOPED_BY'
),
made (id) as (
    select edge.start from edge where edge.type = 'DEVELOPED_BY' and edge."end" = :subject
),
stood (id) as (
    select node_dispute.id from node_dispute
    where accused = :subject or id = :subject or accused in (select id from family)
        or accused in (select id from maker) and exists (
            select 1 from edge part join edge about on about.type = 'ABOUT' and about.start = part.start
            where part.type = 'PART_OF' and part."end" = node_dispute.id
                and about."end" in (select id from family)
        )
),
chosen (id) as (
    select start from edge where type = 'ABOUT' and "end" in (select id from family union select id from made)
    union
    select "end" from edge where type = 'MADE' and start in (select id from family)
    union
    select start from edge where type = 'PART_OF' and "end" in (select id from stood)
)
select node_claim.* from chosen join node_claim on node_claim.id = chosen.id
where (:since is null or node_claim."sortDate" >= :since)
    and (:until is null or node_claim."sortDate" <= :until)
    and (:as_of is null or node_claim.recorded <= :as_of)
    and (:kind is null or node_claim.kind = :kind or node_claim."group" = :kind)
    and (:confidence is null or node_claim.confidence >= :confidence)
    and (:language is null or node_claim.language = :language)
    and (:by is null or exists (
        select 1 from edge where type = 'MADE' and "end" = node_claim.id and start = :by
    ))
order by node_claim."sortDate" is null, node_claim."sortDate", coalesce(length(node_claim.date), 0) desc, node_claim.id
limit coalesce(:limit, -1)
