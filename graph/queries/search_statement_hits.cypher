// The statements whose quotes fit an expression of words, the first ones by the index's own score.
CALL db.index.fulltext.queryNodes('yuanliu_statement_words', $words, {limit: $limit}) YIELD node
RETURN node.id AS id
ORDER BY id
