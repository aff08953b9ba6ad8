// All names, for suggesting near ones.
MATCH (name:Name)
RETURN DISTINCT name.surface AS surface, name.folded AS folded
ORDER BY folded, surface
