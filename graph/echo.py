"""Echo: which sources repeat which, of the claims that several true sources tell.

Rows of the named query claim_tellings flow in; who told a claim first, who followed after how many days, and who often
follows whom flow out to graph.dispute_card. A near copy of a page is no source of its own and is listed apart. Nothing here
asks a store, and equal rows give equal results in whatever order they come.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime, time
from statistics import median
from typing import TypedDict

from crawler.document import local_day, parse_time
from graph.store import Row


class Follower(TypedDict):
    """A source that told a claim after the first one did: its page and the days between."""

    source: str
    document: str
    lag: int


class Echo(TypedDict):
    """A claim that several true sources tell: who was first, who followed, which copies and undated pages tell it too."""

    claim: str
    first: str
    document: str
    day: str
    followers: list[Follower]
    copies: list[str]
    undated: list[str]


class Repeats(TypedDict):
    """How often one source followed another: the number of claims and the median of the days between."""

    first: str
    follower: str
    claims: int
    lag: float


def echoes(told: Iterable[Row]) -> list[Echo]:
    """Return the claims that at least two true sources with a day tell, those with the most followers first.

    Pages are ordered by the moment of publication; one of which only the day is known stands at the end of that day.
    A lag counts calendar days in UTC.

    >>> one = {"claim": "c-1", "document": "a", "origin": "a", "sourceName": "甲报", "published": "2024-03-04"}
    >>> other = one | {"document": "b", "origin": "b", "sourceName": "Weekly", "published": "2024-03-07"}
    >>> [(found["first"], found["followers"][0]["source"], found["followers"][0]["lag"]) for found in echoes([other, one])]
    [('甲报', 'Weekly', 3)]
    """
    by_claim: dict[str, dict[str, Row]] = defaultdict(dict)
    for row in told:
        by_claim[row["claim"]][row["document"]] = row
    found = [echo for claim, rows in by_claim.items() if (echo := echo_of(claim, rows))]
    return sorted(found, key=lambda echo: (-len(echo["followers"]), echo["day"], echo["claim"]))


def echo_of(claim: str, rows: Mapping[str, Row]) -> Echo | None:
    """Return the echo of one claim's pages by id, None where fewer than two true sources can be put in order."""
    own: dict[str, Row] = {}
    copies = []
    for document, row in sorted(rows.items()):
        if row["origin"] == document or row["origin"] not in rows:
            own.setdefault(row["origin"], row)  # of copies whose model does not tell the claim one stands for it
        if row["origin"] != document and own.get(row["origin"]) is not row:
            copies.append(document)
    moments = {row["document"]: moment for row in own.values() if (moment := moment_of(row["published"]))}
    order = sorted(moments, key=lambda document: (moments[document], document))
    if len(order) < 2:
        return None
    first, *rest = order
    begun = moments[first]
    return Echo(
        claim=claim,
        first=rows[first]["sourceName"],
        document=first,
        day=str(local_day(rows[first]["published"])),
        followers=[
            Follower(
                source=rows[document]["sourceName"],
                document=document,
                lag=(moments[document].date() - begun.date()).days,
            )
            for document in rest
        ],
        copies=copies,
        undated=sorted(row["document"] for row in own.values() if row["document"] not in moments),
    )


def moment_of(published: str | None) -> datetime | None:
    """Return a time of publication in UTC; a day without a time ends before the next one.

    >>> str(moment_of("2024-03-05T00:30:00+08:00")), str(moment_of("2024-03-05")), moment_of(None)
    ('2024-03-04 16:30:00+00:00', '2024-03-05 23:59:59+00:00', None)
    """
    found = parse_time(published) if published else None
    if found is None:
        return None
    if not isinstance(found, datetime):
        return datetime.combine(found, time(23, 59, 59), UTC)
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def repeats(found: Sequence[Echo]) -> list[Repeats]:
    """Return which source followed which, the most frequent pair first; a source that repeats itself is left out.

    >>> echo = {"claim": "c-1", "first": "甲报", "followers": [{"source": "Weekly", "document": "b", "lag": 3}]}
    >>> repeats([echo])
    [{'first': '甲报', 'follower': 'Weekly', 'claims': 1, 'lag': 3}]
    """
    lags: dict[tuple[str, str], dict[str, int]] = defaultdict(dict)
    for echo in found:
        for follower in echo["followers"]:
            if follower["source"] != echo["first"]:
                own = lags[echo["first"], follower["source"]]
                own[echo["claim"]] = min(own.get(echo["claim"], follower["lag"]), follower["lag"])
    rows = [
        Repeats(first=first, follower=follower, claims=len(own), lag=median(own.values()))
        for (first, follower), own in lags.items()
    ]
    return sorted(rows, key=lambda row: (-row["claims"], row["first"], row["follower"]))
