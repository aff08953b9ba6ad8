"""Search: the claims and titles that hold some words, the best first, each with the passage and where it stands in it.

Words and limits flow in, rows flow out to the command line. The store's index of words gives statements and documents
that may fit, at most so many in a defined order; graph.search_rank weighs them, the same on every store; of a claim's
retellings the best passage stands for it, of near copies of a document one.

Where more fits than is weighed, the stores differ: SQLite weighs the first by a hash of their ids, a fair sample, and
Neo4j those that Lucene scores best. `Found.is_partial` tells of it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypedDict

from graph.errors import StoreError
from graph.search_index import number_of
from graph.search_question import Group, Question, expression_of, loosen, understand
from graph.search_rank import Passage, weigh
from graph.search_rows import Hit, SearchRow, complete
from graph.store import Row, Store

MOST_WEIGHED = 1_000  # passages of a kind; of one of several words when any will do, a share
MOST_HITS = 4_000  # that limits are tried on
MOST_WITHIN = 2_000  # statements of a speaker or of some days that are read themselves
USUAL = {"statement": 40, "document": 20}  # words
KINDS = tuple(USUAL)


class Limits(TypedDict, total=False):
    """What narrows a search: days (ISO 8601), a kind or group, a speaker's id, a language."""

    since: str | None
    until: str | None
    kind: str | None
    by: str | None
    language: str | None


@dataclass(kw_only=True, slots=True)
class Found:
    """What a search found: the rows, how many there are in all, and what has to be told of them.

    `names` are the names that were added, by what was asked; `any_of` is what was asked for when nothing had all of it;
    `is_partial` says that more fits than was weighed.
    """

    rows: list[SearchRow] = field(default_factory=list)
    total: int = 0
    names: dict[str, tuple[str, ...]] = field(default_factory=dict)
    any_of: tuple[str, ...] = ()
    is_partial: bool = False


def search(
    store: Store,
    words: str,
    limits: Limits | None = None,
    *,
    kinds: Sequence[str] = KINDS,
    names: str | None = None,
    limit: int | None = None,
) -> Found:
    """Return the claims whose statements, and the documents whose titles, hold all words; else those that hold any.

    `kinds` are statement and document; of documents neither kind nor speaker is known, so that with limits on these
    only statements are searched. `names` is the language in which speakers are named.

    Raises:
        StoreError: for a store that has no index of words.
    """
    chosen = limits or {}
    question = understand(store, words)
    found = Found(names={group.asked: group.names for group in question.groups if group.names})
    if not question.groups:
        return found
    hits = gather(store, question, chosen, kinds=kinds, found=found)
    if not hits and len((question := loosen(question)).groups) > 1:
        found.any_of = tuple(group.asked for group in question.groups)
        hits = gather(store, question, chosen, kinds=kinds, found=found)
    found.total = len(hits)
    found.rows = complete(store, hits[:limit], question, names=names)
    return found


def gather(store: Store, question: Question, limits: Limits, *, kinds: Sequence[str], found: Found) -> list[Hit]:
    """Return what fits a question, the best first; ties are settled by the newest day, then by the id."""
    every = not found.any_of
    hits: list[Hit] = []
    if "statement" in kinds:
        rows = candidates(store, "statement", question, limits, found=found)
        hits += best_of(rows, "statement", question, every=every)
    if "document" in kinds and not limits.get("kind") and not limits.get("by"):
        rows = candidates(store, "document", question, limits, found=found)
        hits += best_of(rows, "document", question, every=every)
    hits.sort(key=lambda hit: hit["id"])
    hits.sort(key=lambda hit: hit["date"], reverse=True)
    hits.sort(key=lambda hit: hit["score"], reverse=True)
    return hits


def candidates(store: Store, kind: str, question: Question, limits: Limits, *, found: Found) -> list[Row]:
    """Return statements or documents that may fit: with all groups, or so many with each."""
    alternatives: list[tuple[Group, ...]] = (
        [(group,) for group in question.groups] if found.any_of else [question.groups]
    )
    most = MOST_WEIGHED // len(alternatives)
    is_limited = any(limits.values())
    looked_at = MOST_HITS // len(alternatives) if is_limited else most
    rows: dict[tuple[str, str], Row] = {}
    for groups in alternatives:
        ids = hits_of(store, kind, expression_of(groups), limit=looked_at + 1)
        some = within(store, kind, ids[:looked_at], limits, most=most)
        is_enough = len(some) >= most
        is_cut = len(ids) > (min(looked_at, MOST_WEIGHED) if is_enough else looked_at)
        narrowed = narrow(store, limits) if is_cut and not is_enough and kind == "statement" else None
        if narrowed is not None:
            some += within(store, kind, narrowed, limits, most=MOST_WITHIN)
            is_cut = len(narrowed) == MOST_WITHIN
        found.is_partial |= is_cut
        rows |= {(row["id"], row.get("claim", "")): row for row in some}
    return list(rows.values())


def hits_of(store: Store, kind: str, words: str, *, limit: int) -> list[str]:
    """Return the ids that an index gives for an expression, in the order of their numbers."""
    try:
        if kind == "statement":
            rows = store.query("search_statement_hits", words=words, limit=limit)
        else:
            rows = store.query("search_document_hits", words=words, limit=limit)
    except (sqlite3.OperationalError, StoreError) as error:
        if "no such table" in str(error) or "no such fulltext" in str(error):
            raise StoreError("this store has no index of words yet; `yuanliu load` makes it") from error
        raise
    return sorted((row["id"] for row in rows), key=number_of)


def within(store: Store, kind: str, ids: Sequence[str], limits: Limits, *, most: int) -> list[Row]:
    """Return the statements or documents of some ids that are within limits, until there are enough."""
    since, until, language = limits.get("since"), limits.get("until"), limits.get("language")
    rows: list[Row] = []
    for first in range(0, len(ids), MOST_WEIGHED):
        some = ids[first : first + MOST_WEIGHED]
        if kind == "statement":
            rows += store.query(
                "search_statements",
                ids=some,
                since=since,
                until=until,
                language=language,
                kind=limits.get("kind"),
                by=limits.get("by"),
            )
        else:
            rows += store.query("search_documents", ids=some, since=since, until=until, language=language)
        if len(rows) >= most:
            break
    return rows


def narrow(store: Store, limits: Limits) -> list[str] | None:
    """Return the statements that a speaker or a span of days leaves, the newest first; None where neither is a limit."""
    since, until, by = limits.get("since"), limits.get("until"), limits.get("by")
    if by:
        rows = store.query("search_said", by=by, since=since, until=until, limit=MOST_WITHIN)
    elif since or until:
        rows = store.query("search_dated", since=since, until=until, limit=MOST_WITHIN)
    else:
        return None
    return [row["id"] for row in rows]


def best_of(rows: Sequence[Row], kind: str, question: Question, *, every: bool) -> list[Hit]:
    """Return a hit for each claim or original document, with its best passage."""
    is_claim = kind == "statement"
    passages = [
        Passage(
            row["quote" if is_claim else "title"] or "",
            title=(row["title"] or "") if is_claim else "",
            sources=(row["sources"] or 1) if is_claim else 1,
            usual=USUAL[kind],
        )
        for row in rows
    ]
    best: dict[str, Hit] = {}
    for row, score in zip(rows, weigh(passages, question, every=every), strict=True):
        if score is None:
            continue
        together = row["claim"] if is_claim else row["origin"] or row["id"]
        held = best.get(together)
        if held is None or (-score, row["id"]) < (-held["score"], held["row"]["id"]):
            date = (row["sortDate"] if is_claim else row["published"]) or ""
            best[together] = Hit(kind=kind, id=together, score=score, date=date[:10], row=row)
    return list(best.values())
