"""The desk: what a judging command works with, the options that all of them take, and how judgements are made of what a reader typed.

Ids, names and options flow in, checked; judgements that are not recorded yet flow out to cli.judge.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from inspect import Parameter, Signature, signature
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.collect import tell_load
from cli.config import Config
from cli.errors import UsageFault
from cli.history import existing_archive
from cli.options import ArchiveFile, ConfigFile, StoreAddress
from cli.workspace import configure, open_store, read_vocabulary

if TYPE_CHECKING:
    from crawler.archive import Archive
    from graph.judgements import Judgement, JudgementTable, Verdict
    from graph.judging import Known, Told
    from graph.store import Store

ROLES = ("accused", "origin", "about")
KINDS_IN_IDS = ("person", "org", "model")
By = Annotated[str, typer.Option("--by", metavar="NAME", help="Who judges.")]
Reason = Annotated[str | None, typer.Option("--reason", metavar="TEXT", help="Why.")]
NoLoad = Annotated[bool, typer.Option("--no-load", help="Leave the graph as it is until the next `yuanliu load`.")]


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What a judging command works with."""

    config: Config
    archive: Archive
    store: Store
    table: JudgementTable
    by: str
    reason: str | None


@contextmanager
def open_desk(config: Config, *, by: str = "reader", reason: str | None = None) -> Iterator[Desk]:
    """Open the archive with its judgements, and the store."""
    from graph.judgements import JudgementTable  # noqa: PLC0415

    if not by.strip():
        raise UsageFault(f"--by is {by!r}; write a name, or leave it out")
    with existing_archive(config) as archive, open_store(config) as store:
        yield Desk(
            config=config,
            archive=archive,
            store=store,
            table=JudgementTable(archive.connection),
            by=by.strip(),
            reason=(reason or "").strip() or None,
        )


def judging(command: Callable[..., int]) -> Callable[..., None]:
    """Make a command of what is done at a desk: it takes the options of all judging commands too, and loads what was recorded.

    `command` gets the open desk and its own arguments, and returns how many judgements it added.
    """

    def judge(
        *,
        by: By = "reader",
        reason: Reason = None,
        no_load: NoLoad = False,
        config: ConfigFile = None,
        archive: ArchiveFile = None,
        store: StoreAddress = None,
        **own: object,
    ) -> None:
        chosen = configure(config, archive=archive, store=store)
        with open_desk(chosen, by=by, reason=reason) as desk:
            added = command(desk, **own)
        if added and not no_load:
            tell_load(chosen)

    _, *first = signature(command, eval_str=True).parameters.values()
    *then, _ = signature(judge, eval_str=True).parameters.values()
    keywords = [each.replace(kind=Parameter.KEYWORD_ONLY) for each in (*first, *then)]
    judge.__signature__ = Signature(keywords)  # type: ignore[attr-defined]  # what typer reads
    judge.__name__, judge.__doc__ = command.__name__, command.__doc__
    return judge


def tellings(desk: Desk, identifier: str) -> Told:
    """Return the statements that an id means."""
    from graph.judging import find_told  # noqa: PLC0415

    return find_told(desk.store, identifier, desk.table.all())


def entity_named(desk: Desk, name: str) -> Known:
    """Return the entity of a name: from the graph, else from the vocabulary."""
    from graph.errors import UnknownName  # noqa: PLC0415
    from graph.judging import Known, find_known  # noqa: PLC0415

    try:
        return find_known(desk.store, name)
    except UnknownName:
        from nlp.gazetteer import Gazetteer  # noqa: PLC0415

        forms = list(Gazetteer(read_vocabulary(desk.config)).lookup(name))
        if not forms:
            raise
        entity = forms[0].entity
        usual = entity.name_en or entity.name_zh or name
        return Known(id=entity.id, kind=entity.kind, name=usual, name_en=entity.name_en, name_zh=entity.name_zh)


def target_named(desk: Desk, text: str) -> dict[str, Any]:
    """Return a target given as NAME:ROLE; without a role it is just what the statement is about."""
    name, _, role = text.rpartition(":")
    if role in ROLES and name:
        return {**entity_named(desk, name).value, "role": role}
    if name and name not in KINDS_IN_IDS:
        raise UsageFault(f"--target {text!r}: {role!r} is not one of {', '.join(ROLES)}; write NAME:accused")
    return {**entity_named(desk, text).value, "role": "about"}


def checked_kind(kind: str) -> str:
    """Return a kind of statement that there is."""
    from nlp.annotation import GROUPS  # noqa: PLC0415

    if kind not in GROUPS:
        raise UsageFault(f"--kind {kind!r} is not one of {', '.join(GROUPS)}")
    return kind


def checked_period(text: str) -> str:
    """Return a period of EDTF in its shortest form."""
    from nlp.edtf import Period  # noqa: PLC0415

    try:
        return Period.parse(text).edtf
    except ValueError as error:
        raise UsageFault(
            f"--date {text!r} is no day, month, year or interval of them; write one such as 2023-11-06, 2023-11 or "
            "2023-11-06/2023-11-12"
        ) from error


def judgement_on(desk: Desk, verdict: Verdict, row: Mapping[str, Any], **value: object) -> Judgement:
    """Make a judgement on one statement."""
    from graph.judgements import Judgement  # noqa: PLC0415

    told = {"words": [row["quote"]], "documents": [row["document"]]}
    return Judgement(verdict=verdict, subject=row["id"], value=value | told, by=desk.by, reason=desk.reason)


def pair_judged(desk: Desk, verdict: Verdict, one: str, other: str) -> Judgement:
    """Make a judgement on two claims, or on two entities."""
    from graph.judgements import Judgement  # noqa: PLC0415
    from graph.judging import find_two, is_claim_id  # noqa: PLC0415

    are_claims = [is_claim_id(each) for each in (one, other)]
    if all(are_claims):
        return claims_judged(desk, verdict, tellings(desk, one), tellings(desk, other))
    if any(are_claims):
        raise UsageFault(f"{one!r} and {other!r} are a claim and a name; give two names, or the ids of two claims")
    first, second = find_two(desk.store, desk.archive.connection, (one, other), desk.table.all())
    value = {"names": [first.name, second.name], "kind": first.kind}
    return Judgement(verdict=verdict, subject=first.id, object=second.id, value=value, by=desk.by, reason=desk.reason)


def claims_judged(desk: Desk, verdict: Verdict, one: Told, other: Told) -> Judgement:
    """Make a judgement on two claims or statements; it names the statements of both."""
    from graph.judgements import Judgement  # noqa: PLC0415

    ids = [[row["id"] for row in told.statements] for told in (one, other)]
    if set(ids[0]) & set(ids[1]):
        raise UsageFault(
            f"{one.id} and {other.id} are one; give the ids of two, as `yuanliu claim ID -f json` shows them"
        )
    value = {
        "statements": ids,
        "words": [told.first["quote"] for told in (one, other)],
        "documents": [told.first["document"] for told in (one, other)],
    }
    ends = (one.first["id"], other.first["id"])
    return Judgement(verdict=verdict, subject=ends[0], object=ends[1], value=value, by=desk.by, reason=desk.reason)
