"""Claim rows: a few claims in full, as a timeline shows them.

Claims of graph.claims_known flow in; rows with words, pages and parties flow out to graph.dispute_card and graph.paths.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.batches import in_batches
from graph.claims_known import BATCH
from graph.store import Row, Store
from graph.subjects import EntityRef
from graph.timeline import ANYBODY, Reader, TimelineRow, reference, rows_of


def rows_in_full(
    store: Store, claims: Sequence[Row], *, reader: Reader = ANYBODY, as_of: str | None = None
) -> list[TimelineRow]:
    """Return claims with their first words and page, in the order given, each once; `as_of` is a time of recording."""
    known = {claim["id"]: claim for claim in claims}
    whole = {row["id"]: row for row in store.query("claims", ids=sorted(known))}
    full = [whole[one] | {key: claim[key] for key in ("kind", "group")} for one, claim in known.items() if one in whole]
    return rows_of(store, full, as_of=as_of, reader=reader)


def speakers_of(store: Store, claims: Sequence[Row], names: str | None) -> dict[str, EntityRef]:
    """Return the first speaker of each claim that has one."""
    first = {claim["id"]: claim["speaker"] for claim in claims if claim["speaker"]}
    found: dict[str, EntityRef] = {}
    for some in in_batches(sorted(first), BATCH):
        for party in store.query("claim_parties", ids=some):
            if party["type"] == "MADE" and party["id"] == first[party["claim"]]:
                found[party["claim"]] = reference(party, names)
    return found
