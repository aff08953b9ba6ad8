-- What disputes are called, for finding one by its slug or title.
select id, slug, title, "titleEn", "titleZh", accused, origin from node_dispute order by id
