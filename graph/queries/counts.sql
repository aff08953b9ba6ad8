-- How much the graph holds.
select
    (select count(*) from node_entity) as entities,
    (select count(*) from node_statement) as statements,
    (select count(*) from node_claim) as claims,
    (select count(*) from edge where type in ('RESPONDS_TO', 'SUPPORTS', 'DISPUTES', 'REPEATS')) as links,
    (select count(*) from node_dispute) as disputes
