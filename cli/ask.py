"""Asking: the commands that read the graph.

timeline, claim and stats. Names, ids and filters flow in, rows flow out through cli.output.
"""

from __future__ import annotations

from collections.abc import Mapping
from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import UsageFault
from cli.events import show_events, timeline_columns
from cli.options import ArchiveFile, ConfigFile, NamesLanguage, OutputFormat, StoreAddress
from cli.output import Format, clean_all, say, write, write_json, write_rows
from cli.workspace import configure, open_archive, open_store

if TYPE_CHECKING:
    from graph.timeline import Filters


def timeline(
    subject: Annotated[str, typer.Argument(metavar="SUBJECT", help="A model, company or person, by any name.")],
    since: Annotated[str | None, typer.Option(metavar="DATE", help="Only what happened on this day or later.")] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DATE", help="Only what happened on this day or earlier.")
    ] = None,
    as_of: Annotated[str | None, typer.Option(metavar="DATE", help="Only what was in the archive by this day.")] = None,
    kind: Annotated[
        str | None, typer.Option(metavar="KIND", help="A kind or group, such as denial or answering.")
    ] = None,
    by: Annotated[str | None, typer.Option(metavar="NAME", help="Only what this person or company said.")] = None,
    lang: Annotated[str | None, typer.Option(metavar="LANG", help="Only sources in zh or en.")] = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(metavar="SHARE", min=0.0, max=1.0, help="Only what is at least so sure, such as 0.8."),
    ] = None,
    number: Annotated[int | None, typer.Option("-n", metavar="N", min=1, help="At most so many rows.")] = None,
    form: OutputFormat = Format.table,
    names: NamesLanguage = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Show what was said and done about a subject, in order.

    Example: yuanliu timeline Yi-34B --since 2023-11-01
    """
    from graph.subjects import display_name, find_subject  # noqa: PLC0415
    from graph.timeline import timeline as ask_timeline  # noqa: PLC0415

    for name, language in (("--lang", lang), ("--names", names)):
        check_choice(name, language, ("zh", "en"))
    filters: Filters = {"since": day("--since", since), "as_of": day("--as-of", as_of), "language": lang}
    filters["until"] = day("--until", until)
    filters["kind"] = check_kind(kind)
    filters["confidence"] = min_confidence
    with open_store(configure(config, store=store)) as opened:
        found = find_subject(opened, subject)
        if by:
            filters["by"] = find_subject(opened, by)["id"]
        rows = ask_timeline(opened, found["id"], filters, names=names, limit=number)
    if not rows:
        say(f"nothing is told of {display_name(found, names)} within these limits")
    if form is Format.table:
        show_events(rows)
    else:
        write_rows(rows, form=form, columns=timeline_columns())


def claim(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A claim's id or the beginning of one, as timeline shows it.")
    ],
    why: Annotated[bool, typer.Option("--why", help="Show what each reading rests on.")] = False,
    form: OutputFormat = Format.table,
    names: NamesLanguage = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Show one claim, its words, sources and every answer.

    Example: yuanliu claim c-7f3a
    """
    from graph.claim_card import claim_card  # noqa: PLC0415

    check_choice("--names", names, ("zh", "en"))
    with open_store(configure(config, store=store)) as opened:
        card = claim_card(opened, identifier, names=names)
    if form in (Format.json, Format.jsonl):
        return write_json(card)
    if form is not Format.table:
        raise UsageFault(f"--format {form.value} is not known here; use table or json")
    return write("\n".join(claim_lines(card, why=why)))


def claim_lines(card: Mapping[str, Any], *, why: bool) -> list[str]:
    """Return the lines that show a claim."""
    card = clean_all(card)
    speaker = card["speaker"]["name"] if card["speaker"] else "nobody named"
    about = ", ".join(
        f"{t['name']} ({t['role']}{', by context' if t['basis'] == 'context' else ''})" for t in card["targets"]
    )
    lines = [f"{card['claim']}  {card['kind']} by {speaker}, {card['date'] or 'undated'}"]
    lines += [f"about    {about}"] if about else []
    lines += [f"dispute  {title}" for title in card["disputes"]]
    for told in card["statements"]:
        when = f"{told['date'] or 'undated'} ({told['dateBasis'] or 'no date'})"
        lines.append(f"\n  “{told['quote']}”")
        lines.append(f"  {told['source']}, {told['published'] or 'undated'}: {told['title']}  {told['url'] or ''}")
        lines.append(f"  dated {when}" + (f", near copy of {told['copyOf']}" if told["copyOf"] else ""))
        if why:
            lines += [f"  {line}" for line in why_lines(told)]
    for direction, heading in (("out", "answers or refers to"), ("in", "answered or taken up by")):
        links = [link for link in card["links"] if link["direction"] == direction]
        lines += [f"\n{heading}"] if links else []
        for link in links:
            who = link["speaker"]["name"] if link["speaker"] else "nobody named"
            cue = f" [{link['cue']}]" if why else ""
            lines.append(
                f"  {link['type'].lower()}{cue} {link['claim']} {link['date'] or ''} {who}, {link['kind']}: {link['quote']}"
            )
    return lines


def why_lines(told: Mapping[str, Any]) -> list[str]:
    """Return the lines that say what the reading of one telling rests on."""
    grounds = told["grounds"]
    sure = f", likelihood {grounds['kind']}" if grounds.get("kind") is not None else ""
    places = ", ".join(f"{span['part']} {span['start']}:{span['end']}" for span in told["spans"])
    lines = [
        f"statement, confidence {told['confidence']}: {places} of {told['document']} revision {told['digest'][:12]}",
        f"kind {told['kind']} by {told['cue']!r}{sure}",
        f"speaker from {told['speakerFrom']}{at(grounds.get('speaker'))}",
        f"date {told['dateBasis'] or 'unknown'}{at(grounds.get('date'))}",
    ]
    targets = grounds.get("targets", [])
    return lines + [f"target {entity}, {role}, from {basis}{at(words)}" for entity, role, basis, words in targets]


def at(words: list[Any] | None) -> str:
    """Return words with their place, nothing where there are none."""
    return f": {words[0]!r} at {words[1]}:{words[2]}" if words else ""


def stats(
    form: OutputFormat = Format.table,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
    store: StoreAddress = None,
) -> None:
    """Count what the archive and the graph hold.

    The hash is equal for equal graphs.

    Example: yuanliu stats -f json
    """
    from cli import __version__  # noqa: PLC0415

    chosen = configure(config, archive=archive, store=store)
    with open_store(chosen) as opened:
        counts: dict[str, Any] = dict(opened.query("counts")[0])
        digest = opened.content_hash()
    documents = {"documents": 0, "revisions": 0, "posts": 0}
    if chosen.archive_path.is_file():
        with open_archive(chosen) as held:
            documents = held.counts()
    row = {**documents, **counts, "hash": digest, "version": __version__}
    if form is Format.json:
        return write_json(row)
    pairs = [{"what": name, "value": str(value)} for name, value in row.items()]
    return write_rows(pairs, form=form, columns={key: itemgetter(key) for key in ("what", "value")})


def check_choice(option: str, value: str | None, choices: tuple[str, ...]) -> None:
    """Raise UsageFault for a value that is not among the choices."""
    if value is not None and value not in choices:
        raise UsageFault(f"{option} {value!r} is not one of {', '.join(choices)}")


def check_kind(kind: str | None) -> str | None:
    """Return a kind or group of statements that exists."""
    from nlp.annotation import GROUPS  # noqa: PLC0415

    check_choice("--kind", kind, tuple(dict.fromkeys((*GROUPS, *GROUPS.values()))))
    return kind


def day(option: str, value: str | None) -> str | None:
    """Return a day in ISO 8601; today and yesterday are understood."""
    from datetime import date, timedelta  # noqa: PLC0415

    words = {"today": date.today(), "yesterday": date.today() - timedelta(days=1)}
    if value in words:
        return words[value].isoformat()
    try:
        return date.fromisoformat(value).isoformat() if value else None
    except ValueError as error:
        raise UsageFault(f"{option} {value!r} is not a day such as 2023-11-06, today or yesterday") from error


COMMANDS = (timeline, claim, stats)
