"""Keep the tables equal to the vault. Everything here runs in one thread."""

from __future__ import annotations

import json
import sqlite3
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import time as clock
from pathlib import Path

from loguru import logger

from octopus.backends.notes import schema
from octopus.backends.notes.hints import EVERYTHING
from octopus.backends.notes.reading import Reading, read_file
from octopus.backends.notes.tables import Rules, Tables
from octopus.backends.notes.tree import Stamp, Tree, belongs, look, walk
from octopus.backends.setting import setting_or_none
from octopus.core.crash import crash_point
from octopus.obsidian.conflict import copy_of
from octopus.obsidian.settings import FILES, read_settings

BATCH = 64  # files in one transaction

#: SQLite's words for a file that cannot be trusted any more.
_DAMAGED = {
    sqlite3.SQLITE_CORRUPT,
    sqlite3.SQLITE_NOTADB,
    sqlite3.SQLITE_ERROR,  # a table is missing
    sqlite3.SQLITE_IOERR,  # it was cut short
    sqlite3.SQLITE_READONLY,  # it was removed
}


class Stopped(Exception):
    """The work was given up because the tables are being closed."""


@dataclass(slots=True)
class Followed:
    """What came of looking at files."""

    changed: set[str] = field(default_factory=set)  # whose notes, or whose being there, changed
    again: set[str] = field(default_factory=set)  # to be looked at once more soon


class Keeper:
    """Reads the vault at ``root`` and writes the tables in ``file``.

    ``expected`` says whether the vault had notes in an earlier run: empty, it is not mounted then.
    """

    def __init__(
        self,
        root: Path,
        file: Path | str,
        *,
        config_dir: str = ".obsidian",
        alarm: clock = clock(9),
        private: tuple[str, ...] = (),
        expected: Callable[[], bool] = lambda: False,
    ) -> None:
        self._root = root
        self._file = file
        self._config = root / config_dir
        self._expected = expected
        self._db: sqlite3.Connection | None = None
        self._settings: tuple[Stamp | None, ...] | None = None
        self.rules = Rules(read_settings({}).tasks, alarm, private)
        self.missing = False  # the vault is not there, and nothing is known of it
        self.closing = threading.Event()

    def open(self) -> None:
        """Take up what is on disk, or begin anew."""
        try:
            self._db = schema.open_existing(self._file, str(self._root))
        except schema.Unusable as why:
            logger.info("What is known of the notes is read anew: {}", why)
            self.renew()

    def close(self) -> None:
        """Let go of the file."""
        if self._db is not None:
            self._db.close()
            self._db = None

    @property
    def connection(self) -> sqlite3.Connection:
        """For reading, where the tables are in memory only."""
        assert self._db is not None, "open it first"
        return self._db

    def follow(self, paths: Iterable[str]) -> Followed:
        """Look at the files that something happened to; at everything when one path is ""."""
        try:
            if self._db is None:
                self.open()
            return self._follow(set(paths))
        except sqlite3.DatabaseError as error:
            code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR)
            if code & 0xFF not in _DAMAGED:
                raise
            logger.warning("What is known of the notes is damaged ({}) and read anew", error)
            self.renew()
            return self._follow({EVERYTHING})

    def renew(self) -> None:
        """Begin with empty tables."""
        self.close()
        self._settings = None
        self._db = schema.create(self._file, str(self._root))

    def _follow(self, paths: set[str]) -> Followed:
        found = Followed()
        tables = Tables(self.connection)
        self._follow_settings(tables, found)
        if EVERYTHING in paths:
            self._reconcile(tables, found)
            return found
        there = {path: look(self._root, path) for path in paths if belongs(path)}
        copies = {path: copy for path in there if (copy := copy_of(path))}
        known = {path: stamp for path in there if (stamp := tables.stamp(path))}
        gone = [path for path in known if there[path] is None]
        if gone and not any(there.values()) and self._unmounted(tables, walk(self._root)):
            return found
        if copies:
            with self._transaction():
                for path, copy in copies.items():
                    tables.copy(path, copy if there[path] else None)
            found.changed.update(copies)
        current = {p: stamp for p, stamp in there.items() if stamp and p not in copies}
        self._apply(tables, current, known, gone, found)
        return found

    def _reconcile(self, tables: Tables, found: Followed) -> None:
        """Compare the vault with the tables and mend the difference."""
        began = time.monotonic()
        tree = walk(self._root)
        if self._unmounted(tables, tree):
            return
        known = tables.known()
        lost = tuple(tree.unreadable)  # what is in there is kept as it was
        gone = [
            path
            for path in known
            if path not in tree.files and not (lost and path.startswith(lost))
        ]
        with self._transaction():
            found.changed.update(tables.copies(tree.copies))
        self._apply(tables, tree.files, known, gone, found)
        if len(found.changed) > BATCH:
            took = time.monotonic() - began
            logger.info("{} files of the vault were read in {:.1f} s", len(found.changed), took)

    def _unmounted(self, tables: Tables, tree: Tree) -> bool:
        """True when the vault has vanished: then nothing is forgotten."""
        vanished = tree.empty and (not tree.present or self._expected() or not tables.empty())
        self.missing = vanished and tables.empty()
        if vanished:
            logger.warning("The vault is empty or not mounted; what is known of it stays")
        return vanished

    def _apply(
        self,
        tables: Tables,
        current: dict[str, Stamp],
        known: dict[str, Stamp],
        gone: Sequence[str],
        found: Followed,
    ) -> None:
        """First which files there are, so that links are looked up once; then what they say."""
        new = [path for path in current if path not in known]
        if new or gone:
            with self._transaction():
                tables.go(gone)
                tables.come(new, self.rules)
                tables.settle()
            found.changed.update(new, gone)
        differing = [path for path, stamp in current.items() if known.get(path) != stamp]
        for at in range(0, len(differing), BATCH):
            self._read(tables, {path: current[path] for path in differing[at : at + BATCH]}, found)

    def _read(self, tables: Tables, files: dict[str, Stamp], found: Followed) -> None:
        """Read some files, then write what they say at once."""
        readings: dict[str, Reading | None] = {}
        for path, stamp in files.items():
            if self.closing.is_set():
                raise Stopped
            readings[path] = read_file(self._root, path, tables.digest(path), stamp)
        with self._transaction():
            for path, reading in readings.items():
                if reading is not None and tables.say(path, reading, self.rules):
                    found.changed.add(path)
                if reading is None or reading.again:
                    found.again.add(path)
            crash_point("notes.commit")

    def _follow_settings(self, tables: Tables, found: Followed) -> None:
        """Understand the to-dos anew where the owner's settings for them are others now."""
        stamps = tuple(look(self._config, name) for name in FILES)
        if stamps == self._settings:
            return
        texts: dict[str, str | None] = {}
        for name, stamp in zip(FILES, stamps, strict=True):
            texts[name] = setting_or_none(self._config, *name.split("/")) if stamp else None
        settings = read_settings(texts)
        self.rules = replace(self.rules, tasks=settings.tasks)
        with self._transaction():
            tables.remember("ignored", json.dumps(settings.app.ignore_filters))
            found.changed.update(tables.rules(self.rules))
        self._settings = stamps

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        connection = self.connection
        connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise
