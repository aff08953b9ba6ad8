"""The tables of the archive's file, and how a file of an older version is brought up to date.

A path flows in, an open connection whose tables are those of this version flows out to crawler.archive.
"""

from __future__ import annotations

import sqlite3
from pathlib import Path

from crawler.errors import ArchiveError

VERSION = 3  # 2: what nothing refers to any more; 3: the times that listings give pages
PRAGMAS = (
    "journal_mode = wal",
    "synchronous = full",
    "busy_timeout = 30000",
    "foreign_keys = on",
    "secure_delete = on",  # what is removed is not to be found in the file any more
)

TABLES = """
create table if not exists archive_version (version integer not null);
create table if not exists source (
    name text primary key, title text not null, kind text not null, url text, language text
) without rowid;
create table if not exists document (
    id text primary key, current text not null, gone text
) without rowid;
create table if not exists revision (
    document text not null references document, digest text not null, sequence integer not null,
    url text, source text not null, kind text not null, language text not null, title text not null,
    published text, modified text, fetched text, recorded text not null, text text not null, posts text not null,
    raw text,
    primary key (document, digest)
) without rowid;
create table if not exists page (
    url text primary key, source text not null, state text not null default 'due', referrer text,
    etag text, last_modified text, fetched text, next_due text, failures integer not null default 0, error text,
    document text, published text, raw text, modified text, modified_when_fetched text, judge text
) without rowid;
create table if not exists loose (digest text primary key) without rowid;
create index if not exists page_by_state on page (source, state);
create index if not exists page_by_raw on page (raw) where raw is not null;
create index if not exists revision_by_raw on revision (raw) where raw is not null;
create index if not exists revision_by_url on revision (url) where url is not null;
"""

PAGE_TIMES = ("modified", "modified_when_fetched", "judge")  # columns of pages since version 3


def connect(path: Path) -> sqlite3.Connection:
    """Open a SQLite file in WAL mode, autocommit, with durable commits and a patient lock.

    Raises:
        ArchiveError: when the folder does not exist or the file is not a SQLite database.
    """
    try:
        connection = sqlite3.connect(path, isolation_level=None, timeout=30)
        connection.row_factory = sqlite3.Row
        for pragma in PRAGMAS:
            connection.execute(f"pragma {pragma}")
    except sqlite3.Error as error:
        raise ArchiveError(f"cannot open {path}: {error}; name another file with --archive") from error
    return connection


def make_tables(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables that are missing and stamp the file with the version; the caller holds the transaction.

    Making the tables, indexes and columns that are missing brings an older file up to date.

    Raises:
        ArchiveError: for a file that a newer yuanliu wrote.
    """
    check_version(connection, path)
    for statement in filter(str.strip, TABLES.split(";")):
        connection.execute(statement)
    columns = {row[1] for row in connection.execute("pragma table_info(page)")}
    for column in PAGE_TIMES:
        if column not in columns:
            connection.execute(f"alter table page add column {column} text")
    if connection.execute("update archive_version set version = ? where version < ?", (VERSION, VERSION)).rowcount:
        return
    if connection.execute("select version from archive_version").fetchone() is None:
        connection.execute("insert into archive_version values (?)", (VERSION,))


def check_version(connection: sqlite3.Connection, path: Path) -> None:
    """Refuse an archive of a newer yuanliu."""
    known = connection.execute("select 1 from sqlite_master where name = 'archive_version'").fetchone()
    row = connection.execute("select version from archive_version").fetchone() if known else None
    if row is not None and row[0] > VERSION:
        raise ArchiveError(
            f"{path} has archive version {row[0]}, this yuanliu reads up to {VERSION}; "
            "upgrade yuanliu (nothing was changed)"
        )
