-- All names, for suggesting near ones.
select distinct surface, folded from name order by folded, surface
