"""The index of words in SQLite: which statements and titles hold a word, kept with the graph in one transaction.

Quotes and titles flow in from the store that writes them; graph/queries/search_*.sql read the tables. A text is cut by
nlp.search_words and indexed by FTS5 as those words, with their places, so that phrases are exact. `index_text` gives the
same words to the Neo4j store, which keeps them as the property `words`.

word_text holds what is indexed, under a number that follows from the id alone: whoever reads the first thousand hits
in the order of the numbers gets the same thousand however and whenever the store was filled, and a fair sample of all.
word_statement and word_document are the indexes; they keep no texts of their own.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from hashlib import blake2b
from typing import TypeVar

from graph.batches import in_batches
from nlp.search_words import cut

T = TypeVar("T")

TABLES = {"statement": "word_statement", "document": "word_document"}
BATCH = 20_000  # FTS5 is quick with rows in the order of their numbers; so many are sorted at a time
SCHEMA = (
    "create table if not exists word_text "
    "(number integer primary key, id text not null, kind text not null, text text not null)",
    *(
        f"create virtual table if not exists {table} "
        "using fts5 (words, content = '', columnsize = 0, tokenize = 'ascii')"  # every space ends a word, nothing else
        for table in TABLES.values()
    ),
)


def create(connection: sqlite3.Connection) -> None:
    """Make the tables of the index where they are missing; inside a transaction if one is open."""
    for statement in SCHEMA:
        connection.execute(statement)


def update(
    connection: sqlite3.Connection, put: Iterable[tuple[str, str, str | None]] = (), remove: Iterable[str] = ()
) -> None:
    """Bring the index up to date, inside the transaction that writes the graph.

    `put` gives the id, the kind (statement or document) and the text of what is new or changed; `remove` the ids of
    what is gone. Ids that the index does not have may be removed, and what it has already may be put again.

    Raises:
        KeyError: for another kind.
    """
    for ids in in_batches(remove, BATCH):
        forget(connection, sorted({number_of(identifier) for identifier in ids}))
    for rows in in_batches(put, BATCH):
        latest = {number_of(identifier): (identifier, kind, text or "") for identifier, kind, text in rows}
        forget(connection, sorted(latest))
        words: dict[str, list[tuple[int, str]]] = {kind: [] for kind in TABLES}
        for number, (_, kind, text) in sorted(latest.items()):
            words[kind].append((number, index_text(text)))
        for kind, table in TABLES.items():
            put_words = f"insert into {table} (rowid, words) values (?, ?)"
            connection.executemany(put_words, words[kind])
        connection.executemany(
            "insert into word_text (number, id, kind, text) values (?, ?, ?, ?)",
            ((number, *row) for number, row in sorted(latest.items())),
        )


def forget(connection: sqlite3.Connection, numbers: Iterable[int]) -> None:
    """Take numbers, in ascending order, out of the index; FTS5 has to be told what it held of each."""
    known = connection.execute("select exists (select 1 from word_text)").fetchone()[0]
    for number in numbers if known else ():
        row = connection.execute("select kind, text from word_text where number = ?", (number,)).fetchone()
        if row:
            table = TABLES[row[0]]
            take_out = f"insert into {table} ({table}, rowid, words) values ('delete', ?, ?)"
            connection.execute(take_out, (number, index_text(row[1])))
            connection.execute("delete from word_text where number = ?", (number,))


def rebuild(connection: sqlite3.Connection) -> None:
    """Fill the index anew from the statements and documents of the store; for a store that was written without one."""
    for table in (*TABLES.values(), "word_text"):
        connection.execute(f"drop table if exists {table}")
    create(connection)
    texts = connection.execute(
        "select id, 'statement', quote from node_statement union all select id, 'document', title from node_document"
    )
    update(connection, (tuple(row) for row in texts))


def index_text(text: str | None) -> str:
    """Return the words under which a text is found, with spaces between them.

    >>> index_text("被指套壳LLaMA-2"), index_text("The model was copied.")
    ('被指 指套 套壳 壳 llama 2', 'the model was copied')
    """
    return " ".join(cut(text)) if text else ""


def number_of(identifier: str) -> int:
    """Return the number of an id: 63 bits of its hash; that any two of a million share one has a chance of 1 in 18 million.

    >>> number_of("s-0a1b") == number_of("s-0a1b") != number_of("文-0a1b"), number_of("s-0a1b") >= 0
    (True, True)
    """
    return int.from_bytes(blake2b(identifier.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big") >> 1
