"""Trees: answers indented under what they answer, in a terminal.

Places of graph.answers with the rows of a timeline, or a claim's card, flow in; lines flow out to cli.output. An answer to
several claims is shown under the first of them and only named under the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from cli.events import Lead, event_lines, show_lines, wrap
from cli.output import clean, clean_all, console

if TYPE_CHECKING:
    from rich.text import Text

    from graph.answers import Place

DEEPEST = 8  # branches that are drawn; what is deeper stands at the last one, with its depth before it


def branches(depths: Sequence[int]) -> list[Lead]:
    """Return what stands before each node of a tree, of which the depths are given in the order of its lines.

    >>> [lead.first for lead in branches([0, 1, 2, 1, 0])]
    ['', '├ ', '│ └ ', '└ ', '']
    """
    last = [False] * len(depths)
    open_at: set[int] = set()
    leads: list[Lead] = []
    for number in reversed(range(len(depths))):  # from below it is known whether a sibling follows
        depth = depths[number]
        last[number] = depth not in open_at
        open_at = {other for other in open_at if other < depth} | {depth}
        stems = ["│ " if other in open_at else "  " for other in range(1, depth)]
        stems, deep = stems[: DEEPEST - 1], f"({depth}) " if depth > DEEPEST else ""
        tip = ("└ " if last[number] else "├ ", "  " if last[number] else "│ ") if depth else ("", "")
        leads.append(Lead("".join(stems) + tip[0] + deep, "".join(stems) + tip[1]))
    return leads[::-1]


def show_tree(rows: Sequence[Mapping[str, Any]], places: Sequence[Place]) -> None:
    """Write the rows of a timeline as a tree; `places` says where each stands, those that stand above already too."""
    by_id = {row["claim"]: row for row in rows}

    def make(width: int) -> Iterator[Text]:
        from rich.text import Text  # noqa: PLC0415

        for each, lead in zip(places, branches([each.depth for each in places]), strict=True):
            if each.again:
                yield Text(f"{lead.first}see above {each.claim}", style="dim")
            else:
                yield from event_lines(by_id[each.claim], width, lead)

    show_lines(make)


def claim_lines(card: Mapping[str, Any], *, why: bool) -> list[str]:
    """Return the lines that show a claim: its words as each true source tells them, with near copies under it, and its trees."""
    card = clean_all(card)
    about = ", ".join(
        f"{t['name']} ({t['role']}{', by context' if t['basis'] == 'context' else ''})" for t in card["targets"]
    )
    lines = [f"{card['claim']}  {card['kind']} by {speaker(card)}, {card['date'] or 'undated'}"]
    lines += [f"about    {about}"] if about else []
    lines += [f"dispute  {title}" for title in card["disputes"]]
    told = {each["id"]: each for each in card["statements"]}
    for source in card["trueSources"]:
        lines += ["", *statement_lines(told[source["statement"]], "  ", why=why)]
        for copy in source["copies"]:
            lines += statement_lines(told[copy["statement"]], "    ", why=why)
    for name, heading in (("answersTo", "answers or refers to"), ("answers", "answered or taken up by")):
        lines += ["", heading, *linked_lines(card[name], why=why)] if card[name] else []
    return [*lines, "\nthere are more answers than are shown here"] if card["cut"] else lines


def statement_lines(told: Mapping[str, Any], indent: str, *, why: bool) -> list[str]:
    """Return the lines of one telling."""
    when = f"{told['date'] or 'undated'} ({told['dateBasis'] or 'no date'})"
    lines = [
        f"“{told['quote']}”",
        f"{told['source']}, {told['published'] or 'undated'}: {told['title']}  {told['url'] or ''}",
        f"dated {when}" + (f", near copy of {told['copyOf']}" if told["copyOf"] else ""),
        *(why_lines(told) if why else []),
    ]
    return [f"{indent}{line}".rstrip() for line in lines]


def linked_lines(claims: Sequence[Mapping[str, Any]], *, why: bool) -> list[str]:
    """Return the lines of a tree of linked claims, wrapped beside its branches."""
    flat = list(flatten(claims))
    width = console().width
    lines: list[str] = []
    for (_, each), lead in zip(flat, branches([depth for depth, _ in flat]), strict=True):
        cue = f" [{each['cue']}]" if why and each["cue"] else ""
        link = f"{each['type'].lower().replace('_', ' ')}{cue} {each['claim']}"
        told = "see above" if each.get("again") else f"{each['date'] or 'undated'} {speaker(each)}, {each['kind']}:"
        quote = "" if each.get("again") else f" “{each['quote']}” {clean(each['source'])}"
        first, *rest = wrap(f"{link} {told}{quote}", max(40, width - len(lead.first)))
        lines += [lead.first + first, *(f"{lead.rest}  {line}" for line in rest)]
    return lines


def flatten(claims: Sequence[Mapping[str, Any]], depth: int = 1) -> Iterator[tuple[int, Mapping[str, Any]]]:
    """Yield nested claims with their depths."""
    for each in claims:
        yield depth, each
        yield from flatten(each.get("claims", []), depth + 1)


def speaker(claim: Mapping[str, Any]) -> str:
    """Return who makes a claim."""
    return str(claim["speaker"]["name"]) if claim["speaker"] else "nobody named"


def why_lines(told: Mapping[str, Any]) -> list[str]:
    """Return the lines that say what the reading of one telling rests on."""
    grounds = told["grounds"]
    sure = f", likelihood {grounds['kind']}" if grounds.get("kind") is not None else ""
    places = ", ".join(f"{span['part']} {span['start']}:{span['end']}" for span in told["spans"])
    lines = [
        f"statement, confidence {told['confidence']}: {places} of {told['document']} revision {(told['digest'] or '')[:12]}",
        f"kind {told['kind']} by {told['cue']!r}{sure}",
        f"speaker from {told['speakerFrom']}{at(grounds.get('speaker'))}",
        f"date {told['dateBasis'] or 'unknown'}{at(grounds.get('date'))}",
    ]
    targets = grounds.get("targets", [])
    return lines + [f"target {entity}, {role}, from {basis}{at(words)}" for entity, role, basis, words in targets]


def at(words: list[Any] | None) -> str:
    """Return words with their place, nothing where there are none."""
    return f": {words[0]!r} at {words[1]}:{words[2]}" if words else ""
