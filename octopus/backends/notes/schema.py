"""The file that holds the derived tables: made, opened, thrown away."""

from __future__ import annotations

import contextlib
import sqlite3
from pathlib import Path

from octopus import __version__

#: To be raised with every change of the tables or of what is read out of a note.
VERSION = 2

IN_MEMORY = ":memory:"

_TABLES = """
CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;

-- Every visible file; the stamp is that of the version which was read, 0 before the first reading.
CREATE TABLE files (
    id       INTEGER PRIMARY KEY,
    path     TEXT    NOT NULL UNIQUE,
    same     TEXT    NOT NULL,
    name     TEXT    NOT NULL,
    note     INTEGER NOT NULL,
    private  INTEGER NOT NULL,
    mtime_ns INTEGER NOT NULL DEFAULT 0,
    size     INTEGER NOT NULL DEFAULT 0,
    inode    INTEGER NOT NULL DEFAULT 0,
    ctime_ns INTEGER NOT NULL DEFAULT 0,
    digest   BLOB    NOT NULL DEFAULT x'',
    unread   TEXT    NOT NULL DEFAULT ''
);
CREATE INDEX files_name ON files (name);
CREATE INDEX files_private ON files (path) WHERE private;

CREATE TABLE notes (
    file     INTEGER PRIMARY KEY REFERENCES files (id) ON DELETE CASCADE,
    aliases  TEXT    NOT NULL,
    tags     TEXT    NOT NULL,
    folded   TEXT    NOT NULL,
    unsure   INTEGER NOT NULL
);

CREATE TABLE links (
    file     INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    seq      INTEGER NOT NULL,
    kind     TEXT    NOT NULL,
    target   TEXT    NOT NULL,
    subpath  TEXT    NOT NULL,
    display  TEXT    NOT NULL,
    line     INTEGER,
    field    TEXT,
    sought   TEXT    NOT NULL,
    resolved INTEGER,
    PRIMARY KEY (file, seq)
) WITHOUT ROWID;
CREATE INDEX links_sought ON links (sought);
CREATE INDEX links_resolved ON links (resolved);

CREATE TABLE headings (
    file     INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    seq      INTEGER NOT NULL,
    level    INTEGER NOT NULL,
    depth    INTEGER NOT NULL,
    text     TEXT    NOT NULL,
    line     INTEGER NOT NULL,
    PRIMARY KEY (file, seq)
) WITHOUT ROWID;

-- Every task line; from "taken" on what the settings of the Tasks plugin make of it.
CREATE TABLE tasks (
    file        INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
    line        INTEGER NOT NULL,
    status      TEXT    NOT NULL,
    text        TEXT    NOT NULL,
    heading     TEXT    NOT NULL,
    taken       INTEGER NOT NULL,
    open        INTEGER NOT NULL,
    description TEXT    NOT NULL,
    due         TEXT,
    scheduled   TEXT,
    start       TEXT,
    done        TEXT,
    priority    TEXT,
    repeat      TEXT,
    remind_at   TEXT,
    tags        TEXT    NOT NULL,
    PRIMARY KEY (file, line)
) WITHOUT ROWID;

-- Private files that are not there any more: their names are still nobody's business.
CREATE TABLE departed (path TEXT PRIMARY KEY) WITHOUT ROWID;

-- Copies that sync tools left; they are no notes.
CREATE TABLE copies (
    path     TEXT PRIMARY KEY,
    original TEXT NOT NULL,
    tool     TEXT NOT NULL
) WITHOUT ROWID;
"""


class Unusable(Exception):
    """The file is damaged, of another version or of another vault: it is made anew."""


def create(path: Path | str, vault: str) -> sqlite3.Connection:
    """A new file with empty tables; what was there is thrown away."""
    discard(path)
    if path != IN_MEMORY:
        Path(path).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    connection = _connect(path)
    connection.executescript(f"BEGIN; {_TABLES} PRAGMA user_version = {VERSION}; COMMIT;")
    connection.executemany(
        "INSERT INTO meta VALUES (?, ?)", [("vault", vault), ("made_by", __version__)]
    )
    return connection


def open_existing(path: Path | str, vault: str, *, read_only: bool = False) -> sqlite3.Connection:
    """The file as it is. Raises Unusable."""
    if not Path(path).is_file():
        raise Unusable("there is none yet")
    try:
        connection = _connect(path, read_only=read_only)
    except sqlite3.Error as error:
        raise Unusable(str(error)) from error
    try:
        _check(connection, vault)
    except (sqlite3.Error, Unusable) as error:
        connection.close()
        raise Unusable(str(error)) from error
    return connection


def _check(connection: sqlite3.Connection, vault: str) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version != VERSION:
        raise Unusable(f"it has version {version}, not {VERSION}")
    meta = dict(connection.execute("SELECT name, value FROM meta"))
    if meta.get("made_by") != __version__:
        raise Unusable(f"Octopus {meta.get('made_by')} made it")
    if meta.get("vault") != vault:
        raise Unusable("it is of another vault")
    known = {name for (name,) in connection.execute("SELECT name FROM sqlite_master")}
    if not {"files", "notes", "links", "headings", "tasks", "copies", "departed"} <= known:
        raise Unusable("tables are missing")


def discard(path: Path | str) -> None:
    """Remove the file and what SQLite keeps beside it."""
    if path == IN_MEMORY:
        return
    for ending in ("", "-wal", "-shm", "-journal"):
        with contextlib.suppress(FileNotFoundError):
            Path(f"{path}{ending}").unlink()


def _connect(path: Path | str, *, read_only: bool = False) -> sqlite3.Connection:
    if path == IN_MEMORY:
        where = path
    else:
        uri = Path(path).absolute().as_uri()
        where = f"{uri}?mode=ro" if read_only else uri
    connection = sqlite3.connect(
        where, uri=path != IN_MEMORY, isolation_level=None, check_same_thread=False
    )
    pragmas = ["busy_timeout = 5000", "foreign_keys = ON", "temp_store = MEMORY"]
    if not read_only:
        # Derived data: a kill leaves it whole, and what a power cut damages is made anew.
        pragmas += ["journal_mode = WAL", "synchronous = OFF", "journal_size_limit = 8388608"]
    try:
        for pragma in pragmas:
            connection.execute(f"PRAGMA {pragma}").fetchall()
    except sqlite3.Error:
        connection.close()
        raise
    return connection
