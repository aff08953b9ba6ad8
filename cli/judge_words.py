"""How judgements are told: what each is about in words, and whether it counts.

Judgements and rows of `judge list` flow in, words and the columns of tables flow out to cli.judge. Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from graph.judgements import Judgement


def columns() -> Mapping[str, Callable[[Any], object]]:
    """Return what tables show of each judgement."""
    shown_as: dict[str, Callable[[Any], object]] = {name: itemgetter(name) for name in ("judgement", "verdict")}
    shown_as |= {"by": itemgetter("by"), "at": lambda row: row["at"][:16], "state": state_of}
    return shown_as | {"reason": itemgetter("reason"), "about": itemgetter("about")}


def state_of(row: Mapping[str, Any]) -> str:
    """Return in words whether a judgement counts."""
    if row["undone"]:
        return f"undone by {row['undone']}"
    if row["overruled"]:
        return f"overruled by {row['overruled']}"
    return "dormant" if row["dormant"] else "in force"


def shown(row: Judgement) -> str:
    """Return in words what a judgement is about."""
    words, names = row.value.get("words", ()), row.value.get("names", ())
    if row.verdict == "undo":
        return f"judgement {row.subject}"
    ends = [end for end in (row.subject, row.object) if end]
    told = [f"{end} “{text[:60]}{'…' * (len(text) > 60)}”" for end, text in zip(ends, words, strict=False) if text]
    told = told or ([f"{name} ({end})" for end, name in zip(ends, names, strict=False)] or ends)
    change = "; ".join(f"{name}: {in_words(value)}" for name, value in row.content.items() if name != "statements")
    return (" → " if row.verdict in ("answers", "not-answers") else " and ").join(told) + (
        f" – {change}" if change and row.verdict == "correct" else ""
    )


def in_words(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a field of a correction in words."""
    if isinstance(value, list):
        return ", ".join(f"{in_words(each)} ({each['role']})" for each in value)
    if isinstance(value, Mapping):
        return str(value.get("nameEn") or value.get("nameZh") or value["entity"])
    return "none" if value is None else str(value)
