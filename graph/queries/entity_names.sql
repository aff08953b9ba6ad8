-- Every name of an entity.
select surface from name where entity = :id order by length(surface), surface
