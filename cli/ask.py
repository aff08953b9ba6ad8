"""Asking: the commands that read the graph.

timeline, claim and stats. Names, ids and filters flow in, rows flow out through cli.output.
"""

from __future__ import annotations

from operator import itemgetter
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import UsageFault
from cli.events import show_events, timeline_columns
from cli.mermaid import mermaid_text
from cli.options import (
    ArchiveFile,
    AsOf,
    ConfigFile,
    KindOrGroup,
    NamesLanguage,
    OutputFormat,
    ReaderLanguage,
    SaidBy,
    Since,
    StoreAddress,
    TimelineFormat,
    ToldIn,
    Until,
)
from cli.output import Format, say, write, write_json, write_line, write_rows
from cli.tree import claim_lines, show_tree
from cli.workspace import configure, open_archive, open_store

if TYPE_CHECKING:
    from graph.timeline import Filters, TimelineRow


def timeline(
    subject: Annotated[
        str, typer.Argument(metavar="SUBJECT", help="A model, company or person by any name, or a dispute.")
    ],
    other: Annotated[
        str | None, typer.Argument(metavar="OTHER", help="A second one: only what concerns both.", show_default=False)
    ] = None,
    since: Since = None,
    until: Until = None,
    as_of: AsOf = None,
    kind: KindOrGroup = None,
    by: SaidBy = None,
    told_in: ToldIn = None,
    min_confidence: Annotated[
        float | None,
        typer.Option(metavar="SHARE", min=0.0, max=1.0, help="Only what is at least so sure, such as 0.8."),
    ] = None,
    number: Annotated[int | None, typer.Option("-n", metavar="N", min=1, help="At most so many rows.")] = None,
    tree: Annotated[bool, typer.Option("--tree", help="Put answers under what they answer.")] = False,
    form: Annotated[
        TimelineFormat,
        typer.Option("--format", "-f", metavar="FORMAT", help="table, json, jsonl, csv, markdown or mermaid."),
    ] = TimelineFormat.table,
    lang: ReaderLanguage = None,
    names: NamesLanguage = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Show what was said and done about a subject, in order.

    A dispute goes by its slug, such as 01-ai--meta, by the beginning of one, or by its title.

    Example: yuanliu timeline Yi-34B --since 2023-11-01
    """
    from graph.subjects import find_subject, find_topic  # noqa: PLC0415
    from graph.timeline import Reader  # noqa: PLC0415
    from graph.timeline import timeline as ask_timeline  # noqa: PLC0415

    for name, language in (("--lang", lang), ("--in", told_in), ("--names", names)):
        check_choice(name, language, ("zh", "en"))
    if tree and form is TimelineFormat.mermaid:
        raise UsageFault("--tree and -f mermaid do not go together: a Mermaid timeline has no branches; leave one out")
    filters: Filters = {"since": day("--since", since), "until": day("--until", until), "as_of": day("--as-of", as_of)}
    filters |= {"kind": check_kind(kind), "confidence": min_confidence, "language": told_in}
    reader = Reader(names or lang, lang or told_in)
    with open_store(configure(config, store=store)) as opened:
        found = [find_topic(opened, each) for each in (subject, other) if each is not None]
        if by:
            filters["by"] = find_subject(opened, by)["id"]
        rows = ask_timeline(opened, [each.id for each in found], filters, reader=reader, limit=number)
    called = " and ".join(each.called(reader.names) for each in found)
    if not rows:
        say(f"nothing is told of {called} within these limits")
    if form is TimelineFormat.mermaid:
        return write(mermaid_text(rows, title=called))
    return write_timeline(rows, form=Format(form.value), tree=tree)


def write_timeline(rows: list[TimelineRow], *, form: Format, tree: bool) -> None:
    """Write the rows of a timeline in order of time or as a tree."""
    from graph.answers import tree_of  # noqa: PLC0415

    if not tree:
        return show_events(rows) if form is Format.table else write_rows(rows, form=form, columns=timeline_columns())
    placed, places = tree_of(rows)
    if form is Format.table:
        return show_tree(placed, places)
    return write_rows(placed, form=form, columns=timeline_columns(tree=True))


def claim(
    identifier: Annotated[
        str, typer.Argument(metavar="ID", help="A claim's id or the beginning of one, as timeline shows it.")
    ],
    why: Annotated[bool, typer.Option("--why", help="Show what each reading rests on.")] = False,
    as_of: AsOf = None,
    form: OutputFormat = Format.table,
    lang: ReaderLanguage = None,
    names: NamesLanguage = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Show one claim, its words, its sources, what it answers and every answer.

    Example: yuanliu claim c-7f3a
    """
    from graph.claim_card import claim_card  # noqa: PLC0415
    from graph.timeline import Reader  # noqa: PLC0415

    for name, language in (("--lang", lang), ("--names", names)):
        check_choice(name, language, ("zh", "en"))
    until = day("--as-of", as_of)
    with open_store(configure(config, store=store)) as opened:
        card = claim_card(opened, identifier, reader=Reader(names or lang, lang), as_of=until)
    if form in (Format.json, Format.jsonl):
        return write_json(card) if form is Format.json else write_line(card)
    if form is not Format.table:
        raise UsageFault(f"--format {form.value} is not known here; use table or json")
    return write("\n".join(claim_lines(card, why=why)))


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
    else:
        say(
            f"there is no archive {chosen.archive_path}, so its documents, revisions and posts are 0; --archive names one"
        )
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
