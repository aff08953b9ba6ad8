-- Disputes with the newest activity first: of a status, active since a day, about an entity, with words of a speaker.
-- A month or a year counts as active since each of its days.
select node_dispute.* from node_dispute
where (:status is null or status = :status)
    and (:since is null or "lastActivity" >= :since or substr(:since, 1, length("lastActivity")) = "lastActivity")
    and (:about is null or accused = :about or origin = :about or id in (
        select part."end" from edge about indexed by edge_by_end
        join edge part on part.type = 'PART_OF' and part.start = about.start
        where about.type = 'ABOUT' and about."end" = :about
    ))
    and (:by is null or id in (
        select part."end" from edge made join edge part on part.type = 'PART_OF' and part.start = made."end"
        where made.type = 'MADE' and made.start = :by
    ))
order by "lastActivity" is null, "lastActivity" desc, id
limit coalesce(:limit, -1)
