"""Dispute lines: the card of a dispute as people read it in a terminal.

A card of graph.dispute_card flows in; lines and events flow out to cli.output, in the order in which a reader asks: what
is it, how does it stand and why, who takes part, which models, who reports it, what is new.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from cli.entity_lines import counted
from cli.events import show_events
from cli.output import clean_all, write

MARGIN = 14
PARTIES = 10  # that are shown; -f json has all
WHY = {
    "open": "nobody who is accused has answered these charges",
    "answered": "it was answered, neither denied nor admitted",
    "denied": "it was denied",
    "contested": "it was denied, and it was admitted or something was put right",
    "admitted": "it was admitted, or somebody apologised",
    "remedied": "something was put right",
}


def show_card(card: Mapping[str, Any]) -> None:
    """Write the card of a dispute."""
    plain = clean_all(card)
    write("\n".join(head_lines(plain)))
    show_part(f"{plain['status']}: {WHY.get(plain['status'], '')}", card["why"])
    show_part("first charge", [card["firstCharge"]])
    more = plain["answersInAll"] - len(plain["answers"])
    show_part("answers" + (f", the last {len(plain['answers'])}; {more} before" if more > 0 else ""), card["answers"])
    write("\n".join(["", *who_lines(plain), *model_lines(plain), *source_lines(plain)]))
    show_part("newest", card["newest"])


def show_part(heading: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Write events under a heading, nothing where there are none."""
    if rows:
        write(f"\n{heading}")
        show_events(rows)


def head_lines(card: Mapping[str, Any]) -> list[str]:
    """Return the lines that say what a dispute is."""
    lines = [f"{card['title']}  {card['slug']}"]
    for label, party in (("accused", card["accused"]), ("alleged origin", card["origin"])):
        lines += [f"{label.ljust(MARGIN)} {party['name']}"] if party else []
    days = f"{card['opened'] or 'undated'} to {card['lastActivity'] or 'undated'}"
    told = f"{counted(card['claims'], 'claim')} by {counted(card['sources'], 'true source')}"
    return [*lines, f"{'status'.ljust(MARGIN)} {card['status']}", f"{'active'.ljust(MARGIN)} {days}, {told}"]


def who_lines(card: Mapping[str, Any]) -> list[str]:
    """Return the lines that show the parties, those with the most weight first."""
    lines = ["parties"]
    for one in card["parties"][:PARTIES]:
        acts = [f"{verb} {one[key]}" for key, verb in ACTS.items() if one[key]]
        lines.append(f"  {one['name']}: {', '.join(one['roles'])}" + (f"; {', '.join(acts)}" if acts else ""))
    more = len(card["parties"]) - PARTIES
    lines += [f"  and {more} more"] if more > 0 else []
    if len(card["groups"]) > 1:
        lines.append("groups that speak of one another")
        lines += [f"  {', '.join(one['name'] for one in group)}" for group in card["groups"]]
    return lines


ACTS = {"accuses": "charges made", "accused": "charges received", "answers": "answers given"}


def model_lines(card: Mapping[str, Any]) -> list[str]:
    """Return the lines that show the models and what they are said to derive from."""
    lines = ["models"] if card["models"] else []
    lines += [f"  {model['name']}: {model['role']} in {counted(model['claims'], 'claim')}" for model in card["models"]]
    for row in card["derivations"]:
        lines.append(
            f"  {row['model']['name']} is said to derive from {row['origin']['name']}: {row['aspect']}, {row['status']}"
        )
    return lines


def source_lines(card: Mapping[str, Any]) -> list[str]:
    """Return the lines that show who reports, and who repeats whom."""
    lines = ["sources"]
    for row in card["sourcesBy"]:
        copies = f", of near copies {counted(row['copies'], 'page')}" if row["copies"] else ""
        day = (row["first"] or "undated")[: len("2023-11-06")]
        lines.append(f"  {row['source']}: {counted(row['claims'], 'claim')}{copies}, first {day}")
    if card["echo"]["repeats"]:
        lines.append(f"echo, in {counted(card['echo']['claims'], 'claim')} told by several true sources")
    for row in card["echo"]["repeats"]:
        lines.append(f"  {row['follower']} after {row['first']}: {counted(row['claims'], 'claim')}, {late(row['lag'])}")
    return lines


def late(days: float) -> str:
    """Return a number of days in words.

    >>> late(0), late(1), late(2.5)
    ('the same day', '1 day later', '2.5 days later')
    """
    return f"{days:g} day{'' if days == 1 else 's'} later" if days else "the same day"
