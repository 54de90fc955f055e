"""Write the derived tables. Everything here runs within one transaction of the caller's."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, time

from octopus.backends.notes.reading import Reading
from octopus.backends.notes.tree import Stamp
from octopus.core.privacy import private
from octopus.core.todo import Todo
from octopus.obsidian.conflict import Copy
from octopus.obsidian.graph import outline
from octopus.obsidian.note import Note
from octopus.obsidian.path import is_note, key
from octopus.obsidian.resolve import Entry, name_of, name_sought, names_answered, resolve
from octopus.obsidian.settings import Tasks
from octopus.obsidian.task import is_task
from octopus.obsidian.todos import task_lines, todo

_TASKS = f"INSERT OR REPLACE INTO tasks VALUES ({', '.join('?' * 16)})"
_MANY = 500  # names asked for in one query


@dataclass(frozen=True, slots=True)
class Rules:
    """What notes are understood by."""

    tasks: Tasks
    alarm: time  # of alarms that have only a day
    private: tuple[str, ...] = ()  # folders and tags

    def key(self) -> str:
        """Tells these rules from others."""
        return repr(self)


class Tables:
    """The files of the vault, and what the notes among them say."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._db = connection
        self._unsettled: set[str] = set()  # names in links whose files came or went

    def known(self) -> dict[str, Stamp]:
        """Every file with the stamp of the version that was read."""
        rows = self._db.execute("SELECT path, mtime_ns, size, inode, ctime_ns FROM files")
        return {path: Stamp(*stamp) for path, *stamp in rows}

    def stamp(self, path: str) -> Stamp | None:
        """The stamp of one file; None where it is not known."""
        row = self._db.execute(
            "SELECT mtime_ns, size, inode, ctime_ns FROM files WHERE path = ?", (path,)
        ).fetchone()
        return Stamp(*row) if row else None

    def empty(self) -> bool:
        """Whether no file is known."""
        return self._db.execute("SELECT 1 FROM files LIMIT 1").fetchone() is None

    def come(self, paths: Iterable[str], rules: Rules) -> None:
        """Files are there now; what they say is told later."""
        rows = []
        for path in paths:
            hidden = private(path, None if is_note(path) else (), rules.private)  # until it is read
            rows.append((path, key(path), name_of(path), is_note(path), hidden))
            self._unsettled.update(names_answered(path))
        self._db.executemany(
            "INSERT OR IGNORE INTO files (path, same, name, note, private) VALUES (?, ?, ?, ?, ?)",
            rows,
        )
        self._db.executemany("DELETE FROM departed WHERE path = ?", ((row[0],) for row in rows))

    def go(self, paths: Sequence[str]) -> None:
        """Files are gone."""
        for path in paths:
            self._unsettled.update(names_answered(path))
        self._db.executemany(
            "INSERT OR IGNORE INTO departed SELECT path FROM files WHERE path = ? AND private",
            ((path,) for path in paths),
        )
        self._db.executemany("DELETE FROM files WHERE path = ?", ((path,) for path in paths))

    def digest(self, path: str) -> bytes:
        """Of what was read of a file last, b"" where it was not read."""
        row = self._db.execute("SELECT digest FROM files WHERE path = ?", (path,)).fetchone()
        return bytes(row[0]) if row else b""

    def say(self, path: str, reading: Reading, rules: Rules) -> bool:
        """A file says this now. Returns whether that is something new."""
        row = self._db.execute(
            "SELECT id, digest, unread FROM files WHERE path = ?", (path,)
        ).fetchone()
        file, digest, unread = row
        self._db.execute(
            "UPDATE files SET mtime_ns = ?, size = ?, inode = ?, ctime_ns = ?, digest = ?,"
            " unread = ? WHERE id = ?",
            (*reading.stamp, reading.digest, reading.unread, file),
        )
        if (digest, unread) == (reading.digest, reading.unread):
            return False
        for table in ("notes", "links", "headings", "tasks"):
            self._db.execute(f"DELETE FROM {table} WHERE file = ?", (file,))
        if reading.note is not None:
            self._fill(file, path, reading.note, reading.folded, rules)
        return True

    def _fill(self, file: int, path: str, note: Note, folded: str, rules: Rules) -> None:
        hidden = private(path, note.known_tags, rules.private)
        self._db.execute("UPDATE files SET private = ? WHERE id = ?", (hidden, file))
        unsure = note.known_tags is None
        values = (file, _listed(note.aliases), _listed(note.tags), folded, unsure)
        self._db.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?)", values)
        links = []
        for number, link in enumerate(note.links):
            if target := storable(link.target):
                shown = storable(link.subpath), storable(link.display), link.line
                where = link.field and storable(link.field), name_sought(target, path)
                meant = self._meant(target, path)
                links.append((file, number, link.kind, target, *shown, *where, meant))
        marks = ", ".join("?" * 10)
        self._db.executemany(f"INSERT INTO links VALUES ({marks})", links)
        self._db.executemany(
            "INSERT INTO headings VALUES (?, ?, ?, ?, ?, ?)",
            [
                (file, number, each.level, each.depth, each.text, each.line)
                for number, each in enumerate(outline(note.headings))
            ],
        )
        lines = [(file, path, *line) for line in task_lines(note)]
        self._db.executemany(_TASKS, _tasks(lines, rules))

    def copies(self, found: dict[str, Copy]) -> set[str]:
        """These conflict copies are there, and no others. Returns those that came or went."""
        before = {path for (path,) in self._db.execute("SELECT path FROM copies")}
        if before == found.keys():
            return set()
        self._db.execute("DELETE FROM copies")
        self._db.executemany(
            "INSERT INTO copies VALUES (?, ?, ?)",
            [(path, copy.original, copy.tool) for path, copy in found.items()],
        )
        return before ^ found.keys()

    def copy(self, path: str, copy: Copy | None) -> None:
        """One conflict copy is there, or is gone."""
        if copy is None:
            self._db.execute("DELETE FROM copies WHERE path = ?", (path,))
        else:
            values = (path, copy.original, copy.tool)
            self._db.execute("INSERT OR REPLACE INTO copies VALUES (?, ?, ?)", values)

    def settle(self) -> None:
        """Look up again the links that name files which came or went."""
        names, self._unsettled = sorted(self._unsettled), set()
        for at in range(0, len(names), _MANY):
            some = names[at : at + _MANY]
            marks = ", ".join("?" * len(some))
            rows = self._db.execute(
                "SELECT links.file, seq, target, resolved, path FROM links"
                f" JOIN files ON files.id = links.file WHERE sought IN ({marks})",
                some,
            ).fetchall()
            changed = [
                (meant, file, seq)
                for file, seq, target, resolved, path in rows
                if (meant := self._meant(target, path)) != resolved
            ]
            self._db.executemany(
                "UPDATE links SET resolved = ? WHERE (file, seq) = (?, ?)", changed
            )

    def rules(self, rules: Rules) -> list[str]:
        """Understand the notes by these rules. Returns the paths whose to-dos are others now."""
        row = self._db.execute("SELECT value FROM meta WHERE name = 'rules'").fetchone()
        if row and row[0] == rules.key():
            return []
        before = self._db.execute("SELECT * FROM tasks").fetchall()
        lines = self._db.execute(
            "SELECT file, path, line, status, text, heading FROM tasks"
            " JOIN files ON files.id = tasks.file"
        ).fetchall()
        after = list(_tasks(lines, rules))
        changed = set(after) - set(before)
        self._db.executemany(_TASKS, changed)
        self._hide(rules)
        self.remember("rules", rules.key())
        files = {row[0] for row in changed}
        return [path for file, path, *_ in lines if file in files]

    def _hide(self, rules: Rules) -> None:
        """Find out anew which files are private."""
        rows = self._db.execute(
            "SELECT id, path, CASE WHEN note AND unsure IS NOT 0 THEN NULL"
            " ELSE ifnull(tags, '[]') END FROM files LEFT JOIN notes ON file = id"
        )
        hidden = [
            (private(path, json.loads(tags) if tags else None, rules.private), file)
            for file, path, tags in rows.fetchall()
        ]
        self._db.executemany("UPDATE files SET private = ? WHERE id = ?", hidden)

    def remember(self, name: str, value: str) -> None:
        """Keep something that is asked for without the files."""
        self._db.execute("INSERT OR REPLACE INTO meta VALUES (?, ?)", (name, value))

    def _meant(self, target: str, source: str) -> int | None:
        """The file that a link means."""
        path = resolve(self._entries, target, source)
        if path is None:
            return None
        row = self._db.execute("SELECT id FROM files WHERE path = ?", (path,)).fetchone()
        return int(row[0]) if row else None

    def _entries(self, name: str) -> list[Entry]:
        rows = self._db.execute("SELECT path, same FROM files WHERE name = ?", (name,))
        return [Entry(*row) for row in rows]


def storable(text: str) -> str:
    """``text`` as a table can hold it: YAML can spell halves of characters, which no file can."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def _tasks(lines: Iterable[Sequence[object]], rules: Rules) -> Iterator[tuple[object, ...]]:
    for file, path, line, status, text, heading in lines:
        each = todo(
            str(path), int(str(line)), str(status), str(text), str(heading),
            settings=rules.tasks, alarm=rules.alarm,
        )  # fmt: skip
        yield (
            *(file, each.line, each.status, each.text, each.heading),
            *(int(is_task(each.text, rules.tasks)), int(each.open), each.description),
            *(_day(each.due), _day(each.scheduled), _day(each.start), _day(each.done)),
            *(each.priority, each.repeat, _remind(each), _listed(each.tags)),
        )


def _remind(each: Todo) -> str | None:
    return each.remind_at.isoformat() if each.remind_at else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _listed(values: Sequence[str]) -> str:
    return json.dumps(list(values))
