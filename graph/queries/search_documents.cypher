// Documents by their ids, within limits of the day of publication and language.
UNWIND $ids AS wanted
MATCH (document:Document {id: wanted})-[:PUBLISHED_BY]->(source:Source)
WHERE ($since IS NULL OR left(document.published, 10) >= $since)
    AND ($until IS NULL OR left(document.published, 10) <= $until)
    AND ($language IS NULL OR document.language = $language)
RETURN document.id AS id, document.title AS title, document.url AS url, document.language AS language,
    document.published AS published, document.origin AS origin, source.name AS sourceName
ORDER BY document.id, source.id
