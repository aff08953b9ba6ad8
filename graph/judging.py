"""Judging: from what a reader typed to judgements, by what the graph, earlier judgements and the annotations know.

Ids and names flow in with an open store and an open archive's connection; statements and entities flow out to cli.judge, which makes
`Judgement`s of them, and `record` writes these down. Two names that the graph holds as one entity are looked for in the
annotations, where they may still be two.
"""

from __future__ import annotations

import json
import re
import sqlite3
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from graph.claim_card import find_claim
from graph.corrections import is_statement
from graph.errors import GraphError, UnknownName
from graph.judgements import Judgement, JudgementTable, already_said, contradicted, in_force
from graph.store import Row, Store
from graph.subjects import find_subject
from nlp.folding import fold

CLAIM_ID = re.compile(r"[cs]-[0-9a-f]{1,12}", re.I)


class CannotJudge(GraphError):
    """Raised for a judgement that makes no sense: of one thing with itself, of two kinds, of what is rejected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """The statements that an id means, the one that stands for them first; `id` is what was asked for, in full."""

    id: str
    statements: tuple[Row, ...]

    @property
    def first(self) -> Row:
        """The statement that stands for them all."""
        return self.statements[0]


@dataclass(frozen=True, kw_only=True, slots=True)
class Known:
    """An entity as a judgement names it."""

    id: str
    kind: str
    name: str
    name_en: str | None = None
    name_zh: str | None = None

    @property
    def value(self) -> dict[str, Any]:
        """The JSON form, without what is missing."""
        given = {"entity": self.id, "kind": self.kind, "nameEn": self.name_en, "nameZh": self.name_zh}
        return {name: value for name, value in given.items() if value is not None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Recorded:
    """What became of a judgement: the row that says it, whether it said so before, and the rows that it overrules."""

    judgement: Judgement
    is_new: bool
    overruled: tuple[Judgement, ...] = ()


def is_claim_id(text: str) -> bool:
    """Whether a text is the id of a claim or a statement, or the beginning of one, not a name.

    >>> is_claim_id("c-7f3a"), is_claim_id("s-0123456789ab"), is_claim_id("零一万物")
    (True, True, False)
    """
    return bool(CLAIM_ID.fullmatch(text.strip()))


def find_told(store: Store, identifier: str, judgements: Iterable[Judgement] = ()) -> Told:
    """Return the statements of a claim, or the one statement, that an id or its beginning means.

    Raises:
        UnknownName: when there is none or there are several.
        CannotJudge: when it is gone because a judgement rejects it.
    """
    wanted = identifier.strip().lower()
    try:
        claim = find_claim(store, wanted)
    except UnknownName:
        body = wanted[2:] if wanted[:2] in ("c-", "s-") else wanted
        for row in in_force(judgements):
            if row.verdict == "reject" and body and row.subject.startswith(f"s-{body}"):
                raise CannotJudge(
                    f"{row.subject} is rejected by judgement {row.sequence}; `yuanliu judge undo {row.sequence}` takes that back"
                ) from None
        raise
    rows = sorted(store.query("claim_statements", ids=[claim["id"]]), key=lambda row: row["id"])
    if not wanted.startswith("s-"):
        return Told(id=claim["id"], statements=tuple(rows))
    rows = [row for row in rows if row["id"].startswith(wanted)]
    if len(rows) != 1:
        raise UnknownName(identifier, [row["id"] for row in rows[:5]])
    return Told(id=rows[0]["id"], statements=tuple(rows))


def find_known(store: Store, name: str) -> Known:
    """Return the entity of a name or an id as the graph knows it.

    Raises:
        UnknownName: when nothing goes by the name.
    """
    row = find_subject(store, name)
    return Known(id=row["id"], kind=row["kind"], name=row["name"], name_en=row.get("nameEn"), name_zh=row.get("nameZh"))


def find_two(
    store: Store, connection: sqlite3.Connection, names: Sequence[str], judgements: Iterable[Judgement]
) -> tuple[Known, Known]:
    """Return the two entities that two names or ids mean, also where the graph holds them as one.

    Raises:
        UnknownName: for a name that nothing goes by.
        CannotJudge: when both mean one entity wherever one looks, or entities of two kinds.
    """
    found = [known_or_none(store, name) for name in names]
    if any(each is None for each in found) or len({each.id for each in found if each}) == 1:
        apart = two_in_judgements(names, judgements) or two_in_annotations(connection, names)
        found = list(apart) if apart else found
    missing = [name for name, each in zip(names, found, strict=True) if each is None]
    if missing:
        find_subject(store, missing[0])  # raises, with near names
    one, other = (each for each in found if each)
    if one.id == other.id:
        raise CannotJudge(
            f"{names[0]!r} and {names[1]!r} are both {one.id} in every page; "
            "what a names file or a page gives as names of one is changed there (`yuanliu who NAME --add`)"
        )
    if one.kind != other.kind:
        raise CannotJudge(
            f"{names[0]!r} is of kind {one.kind} and {names[1]!r} of kind {other.kind}; only two of a kind can be one"
        )
    return one, other


def known_or_none(store: Store, name: str) -> Known | None:
    """Return the entity of a name, None where nothing goes by it."""
    try:
        return find_known(store, name)
    except UnknownName:
        return None


def two_in_judgements(names: Sequence[str], judgements: Iterable[Judgement]) -> tuple[Known, Known] | None:
    """Return the entities that an earlier judgement named so: where it joined them, the graph knows one only."""
    wanted = [fold(name.strip()) for name in names]
    for row in reversed(list(judgements)):
        told = row.value.get("names", ())
        if is_statement(row.subject) or len(told) != 2:
            continue
        ends = [
            Known(id=identifier, kind=row.value.get("kind", ""), name=name)
            for identifier, name in zip((row.subject, row.object or ""), told, strict=True)
        ]
        for one, other in (ends, ends[::-1]):
            if all(want in (fold(end.id), fold(end.name)) for want, end in zip(wanted, (one, other), strict=True)):
                return one, other
    return None


def two_in_annotations(connection: sqlite3.Connection, names: Sequence[str]) -> tuple[Known, Known] | None:
    """Return two entities of these names or ids that the pages of the archive hold apart, None where there are none.

    Reads the annotations one by one, only those that hold one of the names.
    """
    wanted = [fold(name.strip()) for name in names]
    found: list[dict[str, Known]] = [{}, {}]
    for content in stored_annotations(connection):
        folded = fold(content)
        if not any(want in folded for want in wanted):
            continue
        forms = forms_of(json.loads(content))
        for place, want in enumerate(wanted):
            found[place] |= {known.id: known for known, names_ in forms if want in names_}
        ones, others = (sorted(found[place].keys() - found[1 - place].keys()) for place in (0, 1))
        if ones and others:
            return found[0][ones[0]], found[1][others[0]]
    return None


def stored_annotations(connection: sqlite3.Connection, document: str | None = None) -> Iterator[str]:
    """Yield the annotations of current revisions as JSON, of all documents or of one."""
    if connection.execute("select 1 from sqlite_master where name = 'annotation'").fetchone() is None:
        return
    query = "select content from document join annotation on document = id and digest = current"
    query += " where id = :document" if document is not None else ""
    for row in connection.execute(query, {"document": document}):
        yield zlib.decompress(row[0]).decode("utf-8", "surrogatepass")


def forms_of(record: dict[str, Any]) -> list[tuple[Known, set[str]]]:
    """Return the entities of an annotation with their folded names and ids."""
    seen: dict[str, set[str]] = {}
    for mention in record["mentions"]:
        seen.setdefault(mention["entity"], set()).add(fold(mention["span"]["quote"]))
    result = []
    for entity in record["entities"]:
        names = [name for name in (entity["name_en"], entity["name_zh"], *entity["names"]) if name]
        known = Known(id=entity["id"], kind=entity["kind"], name=names[0] if names else entity["id"])
        result.append((known, {fold(entity["id"]), *map(fold, names)} | seen.get(entity["id"], set())))
    return result


def record(table: JudgementTable, judgement: Judgement) -> Recorded:
    """Record a judgement, unless the rows in force say it already; name those that it overrules."""
    rows = table.all()
    if before := already_said(judgement, rows):
        return Recorded(judgement=before, is_new=False)
    overruled = tuple(contradicted(judgement, rows))
    return Recorded(judgement=table.add(judgement), is_new=True, overruled=overruled)


def is_found(store: Store, connection: sqlite3.Connection, judgement: Judgement) -> bool:
    """Whether what a judgement is about is still found; what it rejects is looked for in the annotations."""
    if judgement.verdict == "undo":
        return True
    ends = [end for end in (judgement.subject, judgement.object) if end]
    if is_statement(judgement.subject):
        documents = judgement.value.get("documents", ())
        return all(is_told(store, connection, end, documents) for end in ends)
    names = judgement.value.get("names", ("", ""))
    return all(
        store.query("entity", id=end) or (name and store.query("entities_by_name", folded=fold(name)))
        for end, name in zip(ends, names, strict=False)
    )


def is_told(store: Store, connection: sqlite3.Connection, statement: str, documents: Iterable[str]) -> bool:
    """Whether a statement is in the graph, or in the annotation of one of these documents."""
    if store.query("claim_by_statement", prefix=statement):
        return True
    mark = f'"id": "{statement}"'
    return any(mark in content for document in documents for content in stored_annotations(connection, document))
