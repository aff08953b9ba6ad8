"""Standing: how disputes and derivations stand by their claims, found without looking at each of them.

The claims of a dispute or a derivation are kept in a table of the builder, ordered by their part in it, their kind and their day, so that the
largest one costs as much as the smallest. Claims that changed flow in; the kinds and days of what disputes and derivations rest on
flow out to graph.disputes and graph.derivations.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import NamedTuple

from graph.ledger import Ledger, encode, listed

SIDES = """
with recursive side (owner, name) as (
    select value, (select min(side) from standing where owner = value) from json_each(?)
    union all
    select owner, (select min(standing.side) from standing where standing.owner = side.owner and standing.side > name)
    from side where name is not null
)
select owner, name,
    (select date from standing where standing.owner = side.owner and side = name and date is not null order by date limit 1),
    (select date from standing where standing.owner = side.owner and side = name and date is not null order by date desc limit 1)
from side where name is not null
"""


class Member(NamedTuple):
    """A claim that a dispute or a derivation rests on, and as what."""

    owner: str
    claim: str
    role: str


class Side(NamedTuple):
    """The claims of one role and kind that something rests on: the first and the last day of them, if they have any."""

    role: str
    kind: str
    first: str | None
    last: str | None


def put_members(ledger: Ledger, prefix: str, claims: Collection[str], members: Iterable[Member]) -> None:
    """Make these what rests on the claims, of all whose ids begin with a prefix; the nodes of claims must be written."""
    ledger.connection.execute(
        "delete from standing where claim in (select value from json_each(?)) and owner glob ?",
        (encode(listed(claims)), prefix + "*"),
    )
    ledger.connection.executemany(
        "insert into standing select ?, id, ? || ' ' || kind, date from node_claim where id = ?",
        ((member.owner, member.role, member.claim) for member in members),
    )


def sides_of(ledger: Ledger, owners: Collection[str]) -> dict[str, list[Side]]:
    """Return what each owner rests on, by role and kind; one that rests on nothing is left out."""
    found: dict[str, list[Side]] = {}
    for owner, side, first, last in ledger.rows(SIDES, owners):
        role, kind = side.split(" ")
        found.setdefault(owner, []).append(Side(role, kind, first, last))
    return found


def first_day(sides: Iterable[Side]) -> str | None:
    """Return the first day of all."""
    return min((side.first for side in sides if side.first), default=None)


def last_day(sides: Iterable[Side]) -> str | None:
    """Return the last day of all."""
    return max((side.last for side in sides if side.last), default=None)
