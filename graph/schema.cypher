// What the graph needs in Neo4j: one constraint a label, indexes for lookups, full text for words in both languages.
// Every statement can be run again without effect.
CREATE CONSTRAINT yuanliu_source_id IF NOT EXISTS FOR (n:Source) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_document_id IF NOT EXISTS FOR (n:Document) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_post_id IF NOT EXISTS FOR (n:Post) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_entity_id IF NOT EXISTS FOR (n:Entity) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_statement_id IF NOT EXISTS FOR (n:Statement) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_claim_id IF NOT EXISTS FOR (n:Claim) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_dispute_id IF NOT EXISTS FOR (n:Dispute) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_derivation_id IF NOT EXISTS FOR (n:Derivation) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_judgement_id IF NOT EXISTS FOR (n:Judgement) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_name_id IF NOT EXISTS FOR (n:Name) REQUIRE n.id IS UNIQUE;
CREATE CONSTRAINT yuanliu_load_id IF NOT EXISTS FOR (n:YuanliuLoad) REQUIRE n.id IS UNIQUE;
CREATE INDEX yuanliu_name_folded IF NOT EXISTS FOR (n:Name) ON (n.folded);
CREATE INDEX yuanliu_claim_date IF NOT EXISTS FOR (n:Claim) ON (n.sortDate);
CREATE INDEX yuanliu_dispute_accused IF NOT EXISTS FOR (n:Dispute) ON (n.accused);
CREATE FULLTEXT INDEX yuanliu_words IF NOT EXISTS FOR (n:Statement|Document) ON EACH [n.quote, n.title]
    OPTIONS {indexConfig: {`fulltext.analyzer`: 'cjk'}};
// What `yuanliu search` asks: words that graph.search_index has cut. The index above is for people in Neo4j's own tools.
CREATE FULLTEXT INDEX yuanliu_statement_words IF NOT EXISTS FOR (n:Statement) ON EACH [n.words]
    OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
CREATE FULLTEXT INDEX yuanliu_document_words IF NOT EXISTS FOR (n:Document) ON EACH [n.words]
    OPTIONS {indexConfig: {`fulltext.analyzer`: 'whitespace'}};
