"""Judging: the commands by which a reader corrects what was read.

judge same, different, reject, correct, undo and list. Ids and names flow in, rows that are only ever added flow into the archive
through graph.judging, and the graph is brought up to date.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.errors import CliError, UsageFault
from cli.judge_desk import (
    Desk,
    checked_kind,
    checked_period,
    claims_judged,
    entity_named,
    judgement_on,
    judging,
    open_desk,
    pair_judged,
    target_named,
    tellings,
)
from cli.judge_words import columns, shown
from cli.options import ArchiveFile, ConfigFile, OutputFormat, StoreAddress
from cli.output import Format, say, write_rows
from cli.workspace import configure

if TYPE_CHECKING:
    from graph.judgements import Judgement

Identifier = Annotated[
    str, typer.Argument(metavar="ID", help="The id of a claim or of a statement, or the beginning of one.")
]
Thing = Annotated[str, typer.Argument(metavar="A", help="A name or an id of an entity, or the id of a claim.")]
Other = Annotated[str, typer.Argument(metavar="B", help="Another one of the kind.")]

group = typer.Typer(
    help="Correct what was read; nothing is overwritten, and everything can be undone.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@group.command()
@judging
def same(desk: Desk, one: Thing, other: Other) -> int:
    """Say that two names are one person, company or model, or that two claims are one.

    Example: yuanliu judge same "Ruoxi Zhang" 张若溪 --reason "her own page gives both"
    """
    return tell_recorded(desk, [pair_judged(desk, "same", one, other)])


@group.command()
@judging
def different(desk: Desk, one: Thing, other: Other) -> int:
    """Say that two names are not one person, company or model, or that two claims are not one.

    Example: yuanliu judge different c-7f3a c-19be
    """
    return tell_recorded(desk, [pair_judged(desk, "different", one, other)])


@group.command()
@judging
def reject(desk: Desk, identifier: Identifier) -> int:
    """Say that what was read as a statement is none; of a claim, each of its statements.

    Example: yuanliu judge reject c-7f3a --reason "a caption, not a statement"
    """
    told = tellings(desk, identifier)
    return tell_recorded(desk, [judgement_on(desk, "reject", row) for row in told.statements])


@group.command()
@judging
def correct(  # noqa: PLR0913  (a command has the options it has)
    desk: Desk,
    identifier: Identifier,
    *,
    kind: Annotated[str | None, typer.Option(metavar="KIND", help="What kind of statement it is.")] = None,
    speaker: Annotated[str | None, typer.Option(metavar="NAME", help="Who said it.")] = None,
    no_speaker: Annotated[bool, typer.Option("--no-speaker", help="Nobody is named as saying it.")] = False,
    date: Annotated[str | None, typer.Option(metavar="EDTF", help="When, such as 2023-11-06 or 2023-11.")] = None,
    no_date: Annotated[bool, typer.Option("--no-date", help="No date is given.")] = False,
    target: Annotated[
        list[str] | None,
        typer.Option(metavar="NAME:ROLE", help="Whom it is about, as accused, origin or about; replaces all targets."),
    ] = None,
    answers: Annotated[
        list[str] | None, typer.Option(metavar="ID", help="The claim or statement that it answers.")
    ] = None,
    not_answers: Annotated[
        list[str] | None, typer.Option("--not-answers", metavar="ID", help="One that it does not answer.")
    ] = None,
) -> int:
    """Correct the kind, speaker, date, targets or answers of a statement; of a claim, of each of its statements.

    Example: yuanliu judge correct s-7f3a09c41b22 --kind denial --speaker "Mara Quell"
    """
    for option, value, opposite in (("--speaker", speaker, no_speaker), ("--date", date, no_date)):
        if value is not None and opposite:
            raise UsageFault(f"{option} {value!r} and --no-{option[2:]} contradict each other; give one of them")
    changes: dict[str, Any] = {}
    if kind is not None:
        changes["kind"] = checked_kind(kind)
    if speaker is not None or no_speaker:
        changes["speaker"] = entity_named(desk, speaker).value if speaker is not None else None
    if date is not None or no_date:
        changes["date"] = checked_period(date) if date is not None else None
    if target:
        changes["targets"] = [target_named(desk, each) for each in target]
    if not (changes or answers or not_answers):
        raise UsageFault(
            "there is nothing to correct; give --kind, --speaker, --no-speaker, --date, --no-date, --target, "
            "--answers or --not-answers"
        )
    told = tellings(desk, identifier)
    new = [judgement_on(desk, "correct", row, **changes) for row in told.statements if changes]
    new += [claims_judged(desk, "answers", told, tellings(desk, each)) for each in answers or []]
    new += [claims_judged(desk, "not-answers", told, tellings(desk, each)) for each in not_answers or []]
    return tell_recorded(desk, new)


@group.command()
@judging
def undo(
    desk: Desk,
    numbers: Annotated[list[int], typer.Argument(metavar="N...", help="The numbers that `judge list` shows.")],
) -> int:
    """Take judgements back; undoing an undo brings the judgement back.

    Example: yuanliu judge undo 3
    """
    from graph.judgements import Judgement, standings  # noqa: PLC0415

    added = 0
    with desk.archive.transaction():
        rows = {row.sequence: row for row in desk.table.all()}
        for number in numbers:
            if number not in rows:
                known = f"from 1 to {max(rows)}" if rows else "none yet"
                raise CliError(f"there is no judgement {number}; the numbers are {known}; nothing was undone")
        for number in dict.fromkeys(numbers):
            undone = standings(desk.table.all())[number].undone
            if undone:
                say(f"judgement {number} was undone by {undone} already; nothing was added")
                continue
            row = desk.table.add(Judgement(verdict="undo", subject=str(number), by=desk.by, reason=desk.reason))
            say(f"judgement {row.sequence}: judgement {number} is undone: {rows[number].verdict} {shown(rows[number])}")
            added += 1
    return added


@group.command("list")
def list_judgements(
    *,
    every: Annotated[bool, typer.Option("--all", help="Also what was undone or overruled.")] = False,
    form: OutputFormat = Format.table,
    config: ConfigFile = None,
    archive: ArchiveFile = None,
    store: StoreAddress = None,
) -> None:
    """List the judgements: who judged what, when and why, and whether it counts.

    Dormant is what is about a statement or an entity that is not found any more; it counts again when that is.

    Example: yuanliu judge list --all -f json
    """
    from graph.judgements import standings  # noqa: PLC0415
    from graph.judging import is_found  # noqa: PLC0415

    with open_desk(configure(config, archive=archive, store=store)) as desk:
        judgements = desk.table.all()
        standing = standings(judgements)
        rows = [
            {
                "judgement": row.sequence,
                "verdict": row.verdict,
                "subject": row.subject,
                "object": row.object,
                "value": row.content,
                "about": shown(row),
                "words": list(row.value.get("words", ())),
                "by": row.by,
                "at": row.at,
                "reason": row.reason,
                "undone": standing[row.sequence].undone,
                "overruled": standing[row.sequence].overruled,
                "dormant": not is_found(desk.store, desk.archive.connection, row),
            }
            for row in judgements
            if every or (standing[row.sequence].in_force and row.verdict != "undo")
        ]
    if not rows:
        say("no judgement is in force; --all shows what was undone" if judgements else "nothing was judged yet")
    write_rows(rows, form=form, columns=columns())


def tell_recorded(desk: Desk, new: Sequence[Judgement]) -> int:
    """Record judgements and say what became of each; return how many were added."""
    from graph.judging import record  # noqa: PLC0415

    added = 0
    with desk.archive.transaction():
        for judgement in new:
            done = record(desk.table, judgement)
            row = done.judgement
            if not done.is_new:
                say(f"judgement {row.sequence} says so already, by {row.by} on {row.at[:10]}; nothing was added")
                continue
            added += 1
            say(f"judgement {row.sequence}: {row.verdict} {shown(row)}")
            for old in done.overruled:
                say(f"this overrules judgement {old.sequence}, {old.verdict}, by {old.by} on {old.at[:10]}")
    return added
