"""Judgements: what readers decided about what was read, as rows that are only ever added.

A reader's decision flows in from cli.judge and is written into the archive's file, not into the graph, which is rebuilt.
The rows flow out to graph.corrections and to `yuanliu judge list`. A row names statements or entities by their ids, so that it
holds for every later graph and annotator; undoing is a further row. What counts is decided here: rows that were not undone
and that no later row contradicts.
"""

from __future__ import annotations

import json
import re
import sqlite3
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from itertools import product
from typing import Any, Literal, cast

Verdict = Literal["same", "different", "reject", "correct", "answers", "not-answers", "undo"]
OPPOSITES: dict[Verdict, Verdict] = {
    "same": "different",
    "different": "same",
    "answers": "not-answers",
    "not-answers": "answers",
}
FIELDS = ("kind", "speaker", "date", "targets")  # what a `correct` may change; null for nobody and for no date
TOLD = ("words", "documents", "names")  # what a value holds for readers, not for building

TABLE = """create table if not exists judgement (
    sequence integer primary key autoincrement, verdict text not null, subject text not null, object text,
    value text not null, "by" text not null, at text not null, reason text
)"""

Key = tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Judgement:
    """One decision: `subject` and `object` are ids of statements or of entities, of an undo the sequence it undoes.

    `value` holds the fields that a `correct` changes; of two claims, under `statements`, the statements of each; under
    `documents`, `words` and `names` what readers are shown. `sequence` and `at` (ISO 8601, UTC) are given when it is recorded.
    """

    verdict: Verdict
    subject: str
    object: str | None = None
    value: Mapping[str, Any] = field(default_factory=dict)
    by: str = "reader"
    reason: str | None = None
    sequence: int = 0
    at: str = ""

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs that a decision about two things is about: of two claims each statement with each, else the two."""
        ones, others = self.value.get("statements") or ([self.subject], [self.object or ""])
        return tuple(product(ones, others))

    @property
    def keys(self) -> frozenset[Key]:
        """What the row decides; a later row that decides the same otherwise overrules it."""
        if self.verdict in ("same", "different"):
            return frozenset(("one", *sorted(pair)) for pair in self.pairs)
        if self.verdict in ("answers", "not-answers"):
            return frozenset(("answers", *pair) for pair in self.pairs)
        if self.verdict == "correct":
            return frozenset((name, self.subject) for name in FIELDS if name in self.value)
        return frozenset([(self.verdict, self.subject)])

    @property
    def content(self) -> dict[str, Any]:
        """The part of the value that building depends on."""
        return {name: value for name, value in self.value.items() if name not in TOLD}


@dataclass(frozen=True, kw_only=True, slots=True)
class Standing:
    """Whether a row counts: the sequence of the row that undid it, or of the later one that says otherwise."""

    undone: int | None = None
    overruled: int | None = None

    @property
    def in_force(self) -> bool:
        """Whether the row counts."""
        return self.undone is None and self.overruled is None


class JudgementTable:
    """The judgements in an open archive's file, over its connection."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self.connection = connection
        connection.execute(TABLE)

    def add(self, judgement: Judgement, *, at: str | None = None) -> Judgement:
        """Record a judgement and return it with its sequence and time; an open transaction is joined."""
        moment = at or datetime.now(UTC).isoformat(timespec="seconds")
        cursor = self.connection.execute(
            'insert into judgement (verdict, subject, object, value, "by", at, reason) values (?, ?, ?, ?, ?, ?, ?)',
            (
                *(judgement.verdict, judgement.subject, judgement.object, encode(judgement.value)),
                *(judgement.by, moment, judgement.reason),
            ),
        )
        return replace(judgement, sequence=int(cursor.lastrowid or 0), at=moment)

    def all(self) -> list[Judgement]:
        """Return every row, in the order in which they were recorded."""
        rows = self.connection.execute(
            'select sequence, verdict, subject, object, value, "by", at, reason from judgement order by sequence'
        )
        return [
            Judgement(
                **cast(dict[str, Any], dict(zip(row.keys(), row, strict=True)) | {"value": json.loads(row["value"])})
            )
            for row in rows
        ]

    def forget(self, *, gone: Collection[str], changed: Collection[str], handle: str | None = None) -> int:
        """Take out the words of documents that are forgotten or changed, and what names a handle; return how many rows that were.

        This is the only thing that changes rows: of a judgement on a forgotten document its ids, reader and time stay, one on an
        entity of this handle goes. `handle` is folded; an open transaction is joined.
        """
        count = 0
        for row in self.all():
            documents = set(row.value.get("documents", ()))
            named = handle is not None and names_handle(row, handle)
            if named and row.verdict in ("same", "different") and not documents:
                self.connection.execute("delete from judgement where sequence = ?", (row.sequence,))
            elif named or documents & set(gone):
                self.replace_value(row, {"documents": row.value["documents"]} if documents else {}, reason=None)
            elif "words" in row.value and documents & set(changed):
                value = {name: value for name, value in row.value.items() if name != "words"}
                self.replace_value(row, value, reason=row.reason)
            else:
                continue
            count += 1
        return count

    def replace_value(self, row: Judgement, value: Mapping[str, Any], *, reason: str | None) -> None:
        """Write a value and a reason in the place of those of a row."""
        self.connection.execute(
            "update judgement set value = ?, reason = ? where sequence = ?", (encode(value), reason, row.sequence)
        )


def names_handle(row: Judgement, handle: str) -> bool:
    """Whether a row holds a folded handle, as a whole word where words have spaces between them.

    >>> row = Judgement(verdict="reject", subject="s-1", reason="Moss said so, 山中客说的")
    >>> [names_handle(row, handle) for handle in ("moss", "mo", "山中客")]
    [True, False, True]
    """
    told = [row.subject, row.object, row.reason, encode(row.value)]
    text = unicodedata.normalize("NFKC", "\n".join(each for each in told if each)).casefold()
    name = re.escape(handle)
    return re.search(rf"(?<![a-z0-9_-]){name}(?![a-z0-9_-])" if handle.isascii() else name, text) is not None


def standings(judgements: Iterable[Judgement]) -> dict[int, Standing]:
    """Return by sequence whether each row counts: the later of two that contradict each other does.

    >>> rows = [Judgement(sequence=1, verdict="same", subject="org:北辰", object="org:polestar"),
    ...         Judgement(sequence=2, verdict="different", subject="org:polestar", object="org:北辰")]
    >>> standings(rows)[1].overruled, standings(rows)[2].in_force
    (2, True)
    >>> undo = Judgement(sequence=3, verdict="undo", subject="2")
    >>> standings([*rows, undo])[1].in_force, standings([*rows, undo])[2].undone
    (True, 3)
    """
    found: dict[int, Standing] = {}
    undone: dict[int, int] = {}
    decided: dict[tuple[str, Key], int] = {}
    for row in sorted(judgements, key=lambda row: -row.sequence):
        if row.sequence in undone:
            found[row.sequence] = Standing(undone=undone[row.sequence])
            continue
        later = overruling(row, decided)
        found[row.sequence] = Standing(overruled=later)
        if row.verdict == "undo":
            undone[int(row.subject)] = row.sequence
        elif later is None:
            for key in row.keys:
                decided.setdefault((row.verdict, key), row.sequence)
    return found


def overruling(row: Judgement, decided: Mapping[tuple[str, Key], int]) -> int | None:
    """Return the later row that overrules one: the opposite of a pair of it, or every field that it corrects."""
    if row.verdict == "correct":
        later = [decided.get(("correct", key)) for key in row.keys]
        return min((each for each in later if each), default=None) if all(later) else None
    opposite = OPPOSITES.get(row.verdict)
    if opposite is None:
        return None
    return min((found for key in row.keys if (found := decided.get((opposite, key)))), default=None)


def in_force(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Return the rows that count, in their order; undoing ones are not among them.

    >>> rows = [Judgement(sequence=1, verdict="reject", subject="s-1"), Judgement(sequence=2, verdict="undo", subject="1")]
    >>> in_force(rows), [row.subject for row in in_force(rows[:1])]
    ([], ['s-1'])
    """
    rows = sorted(judgements, key=lambda row: row.sequence)
    standing = standings(rows)
    return [row for row in rows if row.verdict != "undo" and standing[row.sequence].in_force]


def already_said(new: Judgement, rows: Sequence[Judgement]) -> Judgement | None:
    """Return the row in force that says what a new one would say, None where none does.

    >>> rows = [Judgement(sequence=4, verdict="correct", subject="s-1", value={"kind": "denial"})]
    >>> already_said(Judgement(verdict="correct", subject="s-1", value={"kind": "denial"}), rows).sequence
    4
    >>> already_said(Judgement(verdict="correct", subject="s-1", value={"kind": "道歉"}), rows) is None
    True
    """
    held = in_force(rows)
    if new.verdict == "correct":
        counting = corrections_of(new.subject, held)
        names = [name for name in FIELDS if name in new.value]
        if all(name in counting and counting[name].value[name] == new.value[name] for name in names):
            return max((counting[name] for name in names), key=lambda row: row.sequence, default=None)
        return None
    return next((row for row in reversed(held) if row.verdict == new.verdict and new.keys <= row.keys), None)


def corrections_of(statement: str, held: Iterable[Judgement]) -> dict[str, Judgement]:
    """Return which of the rows in force corrects each field of a statement: the last one."""
    rows = [row for row in held if row.verdict == "correct" and row.subject == statement]
    return {name: row for row in rows for name in FIELDS if name in row.value}


def contradicted(new: Judgement, rows: Sequence[Judgement]) -> list[Judgement]:
    """Return the rows in force that a new one overrules, as a whole or in a field.

    >>> rows = [Judgement(sequence=1, verdict="different", subject="person:张若溪", object="person:ruoxi-zhang")]
    >>> new = Judgement(verdict="same", subject="person:ruoxi-zhang", object="person:张若溪")
    >>> [row.sequence for row in contradicted(new, rows)]
    [1]
    """
    held = in_force(rows)
    if new.verdict == "correct":
        counting = corrections_of(new.subject, held)
        found = {
            row.sequence: row
            for name, row in counting.items()
            if name in new.value and row.value[name] != new.value[name]
        }
        return [found[sequence] for sequence in sorted(found)]
    opposite = OPPOSITES.get(new.verdict)
    return [row for row in held if row.verdict == opposite and row.keys & new.keys]


def encode(value: Mapping[str, Any]) -> str:
    """Return canonical JSON."""
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
