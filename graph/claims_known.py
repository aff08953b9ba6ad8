"""Claims as known on a day: many claims at once, each as the statements recorded by then make it.

Rows of the named queries dispute_claims and derivation_claims flow in; the same rows flow out, without those that nothing
had told by then. Which claims belong together is what the graph says today; graph.known_by decides what a claim was.
"""

from __future__ import annotations

from collections.abc import Sequence

from graph.batches import in_batches
from graph.known_by import by_claim, known_claim
from graph.store import Row, Store

BATCH = 1_000  # claims asked about at once


def as_known(store: Store, claims: Sequence[Row], as_of: str | None) -> list[Row]:
    """Return claims as the statements recorded by a time tell them, in order of time; as they are where none is given."""
    if as_of is None:
        return list(claims)
    early = sorted({claim["id"] for claim in claims if claim["recorded"] is not None and claim["recorded"] <= as_of})
    known: dict[str, Row] = {}
    own = {claim["id"]: claim for claim in claims}
    for some in in_batches(early, BATCH):
        told = by_claim(store.query("claim_tellings", ids=some, as_of=as_of))
        known |= {identifier: known_claim(own[identifier], rows) for identifier, rows in told.items()}
    changed = ("kind", "group", "date", "sortDate", "confidence", "sources", "recorded", "speaker")
    then = [claim | {name: known[claim["id"]][name] for name in changed} for claim in claims if claim["id"] in known]
    return sorted(then, key=lambda claim: (claim["sortDate"] is None, claim["sortDate"] or "", claim["id"]))
