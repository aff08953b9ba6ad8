// The derivations of each model: out, what it is said to derive from; in, what is said to derive from it.
UNWIND $ids AS entity
CALL (entity) {
    MATCH (:Entity {id: entity})<-[:OF]-(derivation:Derivation)
    RETURN DISTINCT 'out' AS direction, derivation
    UNION
    MATCH (:Entity {id: entity})<-[:FROM]-(derivation:Derivation)
    RETURN DISTINCT 'in' AS direction, derivation
}
RETURN entity, direction, derivation
ORDER BY entity, direction DESC, derivation.id
