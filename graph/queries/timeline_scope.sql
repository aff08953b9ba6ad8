-- What a subject covers: itself and its members (family), what it makes (made), and disputes.
-- Disputes that it is or stands in are stood; those of which it or its maker is a party at all are party.
with recursive family (id) as (
    select id from node_entity where id = :subject
    union
    select edge.start from edge join family on edge."end" = family.id where edge.type = 'MEMBER_OF'
),
maker (id) as (
    select edge."end" from edge join family on edge.start = family.id where edge.type = 'DEVELOPED_BY'
)
select 'family' as part, id from family
union
select 'made', edge.start from edge where edge.type = 'DEVELOPED_BY' and edge."end" = :subject
union
select 'stood', node_dispute.id from node_dispute
where id = :subject or accused in (select id from family)
    or accused in (select id from maker) and exists (
        select 1 from edge part cross join edge about on about.type = 'ABOUT' and about.start = part.start
        where part.type = 'PART_OF' and part."end" = node_dispute.id and about."end" in (select id from family)
    )
union
select 'party', node_dispute.id from node_dispute
where id = :subject
    or accused in (select id from family union select id from maker)
    or origin in (select id from family union select id from maker)
order by 1, 2
