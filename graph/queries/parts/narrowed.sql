-- Only the claims that the reader of a timeline wants.
    and (:since is null or node_claim."sortDate" >= :since)
    and (:until is null or node_claim."sortDate" <= :until)
    and (:kind is null or node_claim.kind = :kind or node_claim."group" = :kind)
    and (:confidence is null or node_claim.confidence >= :confidence)
    and (:by is null or exists (
        select 1 from edge where type = 'MADE' and "end" = node_claim.id and start = :by
    ))
    and (:language is null or exists (
        select 1 from edge reports cross join node_statement on node_statement.id = reports.start
        where reports.type = 'REPORTS' and reports."end" = node_claim.id and node_statement.language = :language
    ))
    and (:as_of is null or node_claim.recorded <= :as_of and not exists (
        select 1 from edge reports cross join node_statement on node_statement.id = reports.start
        where reports.type = 'REPORTS' and reports."end" = node_claim.id and node_statement.recorded > :as_of
    ))
