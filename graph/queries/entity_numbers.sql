-- How often an entity is mentioned, speaks and is spoken about.
select
    (select count(*) from edge where type = 'MENTIONS' and "end" = :id) as documents,
    (select count(*) from edge where type = 'MADE' and start = :id) as made,
    (select count(*) from edge where type = 'ABOUT' and "end" = :id) as about
