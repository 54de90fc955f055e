"""The vectors on disk: an SQLite file of its own that can be thrown away at any time.

A vector is kept by the text that it stands for and the model that made it. So a paragraph that
moves keeps its vector, a stop loses nothing that was computed, and models are never mixed.
"""

from __future__ import annotations

import contextlib
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from loguru import logger

VERSION = 1
_SCHEMA = """
CREATE TABLE vector (
    model TEXT NOT NULL, digest BLOB NOT NULL, dimension INTEGER NOT NULL, value BLOB NOT NULL,
    PRIMARY KEY (model, digest)
) WITHOUT ROWID;
CREATE TABLE note (
    path TEXT PRIMARY KEY, model TEXT NOT NULL, mtime_ns INTEGER NOT NULL, size INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE paragraph (
    path TEXT NOT NULL, place INTEGER NOT NULL, line INTEGER NOT NULL, digest BLOB NOT NULL,
    PRIMARY KEY (path, place)
) WITHOUT ROWID;
"""

_PARAGRAPHS = (
    "SELECT p.path, p.line, v.value FROM note n JOIN paragraph p ON p.path = n.path"
    " JOIN vector v ON v.model = n.model AND v.digest = p.digest"
    " WHERE n.model = ? AND v.dimension > 0"
)

Stamp = tuple[int, int]  # time of the last change in ns, size in bytes


#: What SQLite answers for a file that is damaged, or none of its own, or not one of ours.
_SPOILT = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_ERROR}


def spoilt(error: Exception) -> bool:
    """Whether this is about the content of the file, and not about a lock or a full disk."""
    if not isinstance(error, sqlite3.DatabaseError):
        return False
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF in _SPOILT


class Place(NamedTuple):
    """A paragraph of a note: where it begins, and its text's digest."""

    line: int
    digest: bytes


class Table:
    """One file of vectors, used from one thread."""

    def __init__(self, file: Path, model: str) -> None:
        self._file = file
        self._model = model
        self._database: sqlite3.Connection | None = None

    def open(self) -> None:
        """Take up what is there; a file that is spoilt or of another version is made anew.

        Raises OSError or sqlite3.Error where no file can be made at all.
        """
        try:
            self._connect()
        except sqlite3.DatabaseError as error:
            if not spoilt(error):  # locked or out of reach, it is as good as it was
                self.close()
                raise
            self.renew(error)

    def renew(self, reason: object) -> None:
        """Begin with an empty file: nothing is lost that cannot be made again."""
        logger.info("The vectors of the notes are made anew: {}", reason)
        self.close()
        for ending in ("", "-wal", "-shm"):
            Path(f"{self._file}{ending}").unlink(missing_ok=True)
        self._connect()

    def _connect(self) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._database = sqlite3.connect(self._file, isolation_level=None, check_same_thread=False)
        self._database.execute("PRAGMA journal_mode = WAL")
        self._database.execute("PRAGMA synchronous = NORMAL")
        (version,) = self._database.execute("PRAGMA user_version").fetchone()
        if not version:
            self._database.executescript(
                f"BEGIN; {_SCHEMA} PRAGMA user_version = {VERSION}; COMMIT"
            )
        elif version != VERSION:
            raise sqlite3.DatabaseError("they were written by another version")

    def close(self) -> None:
        """Let go of the file."""
        if self._database is not None:
            self._database.close()
            self._database = None

    @property
    def _db(self) -> sqlite3.Connection:
        assert self._database is not None, "open it first"
        return self._database

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        """All or nothing. One that fails is ended too, else none could ever begin again."""
        self._db.execute("BEGIN IMMEDIATE")
        try:
            yield self._db
            self._db.execute("COMMIT")
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")

    def notes(self) -> dict[str, Stamp]:
        """The version of each note whose paragraphs all have a vector of this model."""
        rows = self._db.execute(
            "SELECT path, mtime_ns, size FROM note WHERE model = ?", (self._model,)
        )
        return {path: (mtime_ns, size) for path, mtime_ns, size in rows}

    def missing(self, digests: Iterable[bytes]) -> list[bytes]:
        """Those that have no vector of this model yet, each once, in order."""
        known = "SELECT 1 FROM vector WHERE model = ? AND digest = ?"
        return [
            digest
            for digest in dict.fromkeys(digests)
            if not self._db.execute(known, (self._model, digest)).fetchone()
        ]

    def add(self, digests: Sequence[bytes], values: Sequence[bytes], dimension: int) -> None:
        """Keep vectors; an empty value stands for a text that the model cannot take."""
        with self._transaction() as db:
            db.executemany(
                "INSERT OR REPLACE INTO vector VALUES (?, ?, ?, ?)",
                [
                    (self._model, digest, dimension if value else 0, value)
                    for digest, value in zip(digests, values, strict=True)
                ],
            )

    def put(self, path: str, stamp: Stamp, places: Sequence[Place]) -> list[tuple[int, bytes]]:
        """Make these the paragraphs of a note; returns line and vector of each that has one."""
        with self._transaction() as db:
            db.execute("DELETE FROM paragraph WHERE path = ?", (path,))
            rows = [(path, at, place.line, place.digest) for at, place in enumerate(places)]
            db.executemany("INSERT INTO paragraph VALUES (?, ?, ?, ?)", rows)
            db.execute(
                "INSERT OR REPLACE INTO note VALUES (?, ?, ?, ?)", (path, self._model, *stamp)
            )
        return [(line, value) for _, line, value in self._rows("AND n.path = ?", (path,))]

    def remove(self, path: str) -> None:
        """Forget a note; its vectors go with :meth:`tidy`."""
        with self._transaction() as db:
            db.execute("DELETE FROM paragraph WHERE path = ?", (path,))
            db.execute("DELETE FROM note WHERE path = ?", (path,))

    def every(self) -> Iterable[tuple[str, int, bytes]]:
        """Path, line and vector of each paragraph of this model, by path."""
        return self._rows("", ())

    def _rows(self, where: str, values: tuple[str, ...]) -> Iterable[tuple[str, int, bytes]]:
        query = f"{_PARAGRAPHS} {where} ORDER BY p.path, p.place"
        found: Iterable[tuple[str, int, bytes]] = self._db.execute(query, (self._model, *values))
        return found

    def tidy(self) -> None:
        """Let go of vectors that no paragraph has, and of those of other models."""
        with self._transaction() as db:
            db.execute("DELETE FROM vector WHERE model <> ?", (self._model,))
            db.execute("DELETE FROM vector WHERE digest NOT IN (SELECT digest FROM paragraph)")

    def size(self) -> int:
        """Bytes on disk."""
        return self._file.stat().st_size
