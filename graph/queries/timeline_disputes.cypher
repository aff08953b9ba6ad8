// What disputes are called, for finding one by its slug or title.
MATCH (dispute:Dispute)
RETURN dispute.id AS id, dispute.slug AS slug, dispute.title AS title, dispute.titleEn AS titleEn, dispute.titleZh AS titleZh,
    dispute.accused AS accused, dispute.origin AS origin
ORDER BY id
