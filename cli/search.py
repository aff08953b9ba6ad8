"""Searching: the command that finds claims and titles by their words.

Words and limits flow in, rows of graph.search flow out through cli.output: on a terminal with the words marked, in JSON
with their offsets. What was added to the question, or left out of the answer, is told on standard error.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.ask import check_choice, check_kind, day
from cli.errors import UsageFault
from cli.events import COLOURS, LEAST, MARGIN, cut, date_cell, show_lines, source_cell, speaker_cell
from cli.options import ConfigFile, KindOrGroup, NamesOnly, OutputFormat, SaidBy, Since, StoreAddress, ToldIn, Until
from cli.output import Format, clean, say, write_rows
from cli.workspace import configure, open_store

if TYPE_CHECKING:
    from rich.text import Text

    from graph.search import Found, Limits

PLACES = {"statements": "statement", "documents": "document"}
MOST_WORDS = 64
SHOWN_NAMES = 8
EDGE = "\ue000"  # a character that no text uses, while a quote with marked words is cleaned


def search(  # noqa: PLR0913, PLR0917  (a command has the options it has)
    words: Annotated[
        list[str],
        typer.Argument(metavar="WORDS", help="Words or names, all of which are to be there; a phrase in “quotes”."),
    ],
    since: Since = None,
    until: Until = None,
    kind: KindOrGroup = None,
    by: SaidBy = None,
    told_in: ToldIn = None,
    only: Annotated[
        str | None, typer.Option(metavar="WHAT", help="Only statements, or only documents by their titles.")
    ] = None,
    number: Annotated[int, typer.Option("-n", metavar="N", min=1, help="At most so many rows.")] = 20,
    form: OutputFormat = Format.table,
    names: NamesOnly = None,
    config: ConfigFile = None,
    store: StoreAddress = None,
) -> None:
    """Find statements and titles by their words, in Chinese and English, the best first.

    Simplified and traditional characters are alike, and a name finds the other names of who or what it means; in
    quotation marks everything is searched as it is written.

    Example: yuanliu search 套壳 LLaMA --in zh
    """
    from graph.search import search as ask_search  # noqa: PLC0415
    from graph.subjects import find_subject  # noqa: PLC0415

    for name, language in (("--in", told_in), ("--lang", names)):
        check_choice(name, language, ("zh", "en"))
    check_choice("--only", only, tuple(PLACES))
    if only == "documents" and (kind or by):
        raise UsageFault("--kind and --by are known of statements only; leave them out, or --only documents")
    question = " ".join(words)
    check_words(question)
    limits: Limits = {"since": day("--since", since), "until": day("--until", until), "language": told_in}
    limits["kind"] = check_kind(kind)
    with open_store(configure(config, store=store)) as opened:
        if by:
            limits["by"] = find_subject(opened, by)["id"]
        kinds = (PLACES[only],) if only else tuple(PLACES.values())
        found = ask_search(opened, question, limits, kinds=kinds, names=names, limit=number)
    tell(found, is_limited=any(limits.values()))
    if form is Format.table:
        show_lines(lambda width: (line for row in found.rows for line in found_lines(row, width)))
    else:
        write_rows(found.rows, form=form, columns=search_columns())


def check_words(question: str) -> None:
    """Refuse a question without words, and one of very many."""
    from graph.search_question import count_words  # noqa: PLC0415

    number = count_words(question)
    if not number:
        raise UsageFault(f"WORDS is {question!r}; write at least one word with letters, digits or characters")
    if number > MOST_WORDS:
        raise UsageFault(f"WORDS has {number} words, a pair of characters counted as one; write at most {MOST_WORDS}")


def tell(found: Found, *, is_limited: bool) -> None:
    """Say what was added to the question, and what of the answer is not shown."""
    for asked, added in found.names.items():
        more = f" and {len(added) - SHOWN_NAMES} more names" if len(added) > SHOWN_NAMES else ""
        say(f"{asked} is searched as {', '.join(added[:SHOWN_NAMES])}{more} too; quotation marks search it as written")
    limits = " within these limits" if is_limited else ""
    if not found.rows:
        say(f"nothing has these words{limits}")
    elif found.any_of:
        say(f"nothing has all of these words{limits}; these have some of {', '.join(found.any_of)}")
    if found.is_partial:
        say("more has these words than is ranked at once; what is shown comes from a part of it: add words or limits")
    if len(found.rows) < found.total:
        say(f"{len(found.rows)} of {found.total} are shown; -n {found.total} shows all")


def search_columns() -> Mapping[str, Callable[[Any], object]]:
    """Return what CSV and Markdown show of each row."""
    return {
        "date": date_cell,
        "who": lambda row: speaker_cell(row) if row["claim"] else "",
        "what": lambda row: row["kind"] or row["found"],
        "claim": lambda row: row["claim"],
        "words": lambda row: row["quote"],
        "source": lambda row: f"{source_cell(row)} {row['url'] or row['document']}",
    }


def found_lines(row: Mapping[str, Any], width: int) -> list[Text]:
    """Return one row as lines of so many cells, with the words that were asked for marked."""
    from rich.style import Style  # noqa: PLC0415
    from rich.text import Text  # noqa: PLC0415

    room = max(LEAST, width - MARGIN)
    head = Text(f"{clean(date_cell(row))}  ".ljust(MARGIN), style="bold")
    if row["claim"]:
        head.append(clean(speaker_cell(row)), style="bold").append(" · ")
        head.append(row["kind"], style=COLOURS.get(row["group"], ""))
    else:
        head.append("title of a document")
    quote, spans = mark(row["quote"], row["highlights"])
    told = Text(f"“{quote}”")
    for start, end in spans:
        told.stylize("bold yellow", start + 1, end + 1)
    url = clean(row["url"] or row["document"])
    link = Style(dim=True, link=url if url.startswith(("http://", "https://")) else None)
    place = clean(source_cell(row)) + (f"  {row['claim']}" if row["claim"] else "")
    lines = [*cut(told, room), *cut(Text(place, style="dim"), room), Text(url, style=link)]
    return [head, *(Text(" " * MARGIN).append_text(line) for line in lines)]


def mark(quote: str, highlights: Sequence[Sequence[int]]) -> tuple[str, list[tuple[int, int]]]:
    """Return a quote as a terminal may show it, and where its marked words stand in that.

    >>> mark("零一万物\\n denied 套壳。", [(0, 4), (13, 15)]), mark("a\\u200b wrapper", [(3, 10)])
    (('零一万物 denied 套壳。', [(0, 4), (12, 14)]), ('a wrapper', [(2, 9)]))
    """
    pieces, end = [], 0
    for start, stop in highlights:
        pieces += [plain(quote[end:start]), EDGE, plain(quote[start:stop]), EDGE]
        end = stop
    parts = clean("".join([*pieces, plain(quote[end:])])).split(EDGE)
    ends = list(accumulate(map(len, parts)))
    return "".join(parts), list(zip(ends[::2], ends[1::2], strict=False))


def plain(text: str) -> str:
    """Return a text without the character that marks the edges of words here."""
    return text.replace(EDGE, "")


COMMANDS = (search,)
