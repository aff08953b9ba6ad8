-- Documents by their ids, within limits of the day of publication and language.
select node_document.id, node_document.title, node_document.url, node_document.language, node_document.published,
    node_document.origin, node_source.name as "sourceName"
from json_each(:ids) wanted
cross join node_document on node_document.id = wanted.value
cross join edge published on published.type = 'PUBLISHED_BY' and published.start = node_document.id
cross join node_source on node_source.id = published."end"
where (:since is null or substr(node_document.published, 1, 10) >= :since)
    and (:until is null or substr(node_document.published, 1, 10) <= :until)
    and (:language is null or node_document.language = :language)
order by node_document.id, node_source.id
