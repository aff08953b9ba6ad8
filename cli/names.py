"""Names: the command that finds people, companies and models, says why two names are one, and adds names.

A name flows in; cards of the graph, a decision of nlp.identity or an entry of a names file flow out.
"""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer

from cli.ask import check_choice
from cli.config import FILE, Config
from cli.entity_lines import entity_lines
from cli.errors import CliError, UsageFault
from cli.options import ConfigFile, NamesOnly, OutputFormat, StoreAddress
from cli.output import Format, say, write, write_rows
from cli.workspace import configure, open_store, read_vocabulary

KINDS = ("person", "organization", "model")
TABLES: dict[str, Literal["person", "organization", "family"]] = {
    "person": "person",
    "organization": "organization",
    "model": "family",
}
NAMES_FILE = "yuanliu-names.toml"
Kind = Annotated[
    str | None, typer.Option("--kind", metavar="KIND", help="person, organization or model, for --same-as and --add.")
]
Names = list[str]


def who(
    text: Annotated[str, typer.Argument(metavar="TEXT", help="A name or a part of one, in any spelling.")],
    same_as: Annotated[
        str | None, typer.Option("--same-as", metavar="NAME", help="Say whether this is another name of it, and why.")
    ] = None,
    add: Annotated[bool, typer.Option("--add", help="Write the name into your names file.")] = False,
    kind: Kind = None,
    alias: Annotated[
        Names | None, typer.Option(metavar="NAME", help="With --add, a further name, in either language.")
    ] = None,
    handle: Annotated[Names | None, typer.Option(metavar="NAME", help="With --add, an account name.")] = None,
    at: Annotated[
        Names | None, typer.Option(metavar="NAME", help="With --add, the employer, the parent company or the maker.")
    ] = None,
    form: OutputFormat = Format.table,
    names: NamesOnly = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Find people, companies and models by any name.

    Of one a card is shown, of several a list. With --same-as, tell whether two names are one and why; with --add, make a
    name known.

    Example: yuanliu who 贾扬清 --same-as "Yangqing Jia"
    """
    chosen = configure(config, store=store)
    check_choice("--lang", names, ("zh", "en"))
    if kind is not None and kind not in KINDS:
        raise UsageFault(f"--kind {kind!r} is not one of {', '.join(KINDS)}")
    if add and same_as is not None:
        raise UsageFault("--add and --same-as do not go together; run one after the other")
    if not add and (alias or handle or at):
        raise UsageFault("--alias, --handle and --at say more of a name that --add adds; write --add")
    if add:
        return add_name(chosen, text, kind=kind, more=(alias or [], handle or [], at or []))
    if same_as is not None:
        return write_decisions(chosen, (text, same_as), kinds=(kind,) if kind else KINDS, form=form)
    return write_cards(chosen, text, form=form, names=names)


def write_cards(config: Config, text: str, *, form: Format, names: str | None) -> None:
    """Write what the graph knows by a name: one card, or a list of several."""
    from graph.entity_card import find_cards  # noqa: PLC0415

    cards: list[dict[str, Any]]
    with open_store(config) as opened:
        cards = find_cards(opened, text, names=names)
    if form is Format.table and len(cards) == 1:
        return write("\n".join(entity_lines(cards[0])))
    return write_rows(
        cards,
        form=form,
        columns={
            "name": lambda card: card["name"],
            "kind": lambda card: card["kind"],
            "id": lambda card: card["id"],
            "documents": lambda card: str(card["documents"]),
            "said": lambda card: str(card["made"]),
            "about it": lambda card: str(card["about"]),
            "related": lambda card: ", ".join(other["name"] for other in card["related"][:6]),
            "also written": lambda card: ", ".join(card["names"][:12]),
        },
    )


def write_decisions(config: Config, names: tuple[str, str], *, kinds: tuple[str, ...], form: Format) -> None:
    """Write whether two names are one, for each kind that they may be of."""
    from nlp.annotation import EntityKind  # noqa: PLC0415
    from nlp.identity import Identity  # noqa: PLC0415

    if not all(name.strip() for name in names):
        raise UsageFault(f"a name is {min(names, key=len)!r}; write one with letters or characters")
    identity = Identity(read_vocabulary(config))
    rows = []
    for kind in kinds:
        decision = identity.decide(*names, cast(EntityKind, kind))
        rows.append(
            {
                "kind": kind,
                "same": decision.same,
                "why": decision.why,
                "confidence": decision.confidence,
                "reason": decision.reason,
            }
        )
    listed = [row for row in rows if row["reason"] in ("listed", "listed apart")]
    write_rows(
        listed or rows,
        form=form,
        columns={
            "as a": lambda row: row["kind"],
            "one": lambda row: "yes" if row["same"] else "no",
            "why": lambda row: row["why"],
        },
    )


def add_name(config: Config, name: str, *, kind: str | None, more: tuple[Names, Names, Names]) -> None:
    """Write a name into the user's names file, and the file's name into the configuration if it is not there."""
    from nlp.errors import VocabularyError  # noqa: PLC0415
    from nlp.gazetteer import Gazetteer  # noqa: PLC0415
    from nlp.names_file import add_entry, make_entry  # noqa: PLC0415

    if not name.strip():
        raise UsageFault(f"the name is {name!r}; write one with letters or characters")
    if kind is None:
        raise UsageFault(f"--add needs to know what {name!r} is: --kind person, organization or model")
    aliases, handles, at = more
    entry = make_entry(TABLES[kind], name, aliases=aliases, handles=handles, at=at)
    known = next(
        (form.entity for form in Gazetteer(read_vocabulary(config)).lookup(name) if form.entity.kind == kind), None
    )
    if known and not (aliases or handles or at):
        raise CliError(f"{name!r} is known already, as {known.id}; give what to add with --alias, --handle or --at")
    if known:
        usual = {"en": known.name_en} if known.name_en else {"zh": known.name_zh or name}
        entry = {"id": known.id.split(":", 1)[1], **usual, "aliases": aliases, "handles": handles, "at": at}
        entry = {key: value for key, value in entry.items() if value}
    path = config.base / (config.names[0] if config.names else NAMES_FILE)
    try:
        add_entry(path, TABLES[kind], entry)
    except VocabularyError as error:
        raise CliError(str(error)) from error
    say(f"wrote {kind} {entry['id']} to {path}")
    if not config.names:
        tell_configuration(config, path)


def tell_configuration(config: Config, path: Path) -> None:
    """Write the names file into yuanliu.toml, which is made if there is none."""
    file = config.file or config.base / FILE
    before = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(f'names = ["{path.name}"]\n' + before, encoding="utf-8")
    say(f'{file} now reads it: names = ["{path.name}"]')


COMMANDS = (who,)
