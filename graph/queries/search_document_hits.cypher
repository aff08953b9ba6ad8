// The documents whose titles fit an expression of words, the first ones by the index's own score.
CALL db.index.fulltext.queryNodes('yuanliu_document_words', $words, {limit: $limit}) YIELD node
RETURN node.id AS id
ORDER BY id
