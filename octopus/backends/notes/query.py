"""Read the derived tables. Every function is one look: a transaction that only reads."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime

from octopus.backends.notes.tables import storable
from octopus.core.graph import ConflictCopy, OutlineEntry, Reference, Stats, TagNode
from octopus.core.todo import Todo
from octopus.obsidian.conflict import conflict_of
from octopus.obsidian.graph import flat, same_target, tag_tree
from octopus.obsidian.path import NOTE
from octopus.obsidian.resolve import names_answered

_REFERENCE = (
    "SELECT source.path, kind, target, subpath, display, line, field, meant.path FROM links"
    " JOIN files AS source ON source.id = links.file"
    " LEFT JOIN files AS meant ON meant.id = links.resolved"
)
_ORPHANS = (
    "SELECT path FROM files WHERE note AND NOT EXISTS"
    " (SELECT 1 FROM links WHERE resolved = files.id AND file <> files.id)"
)
_DEADENDS = (
    "SELECT path FROM files WHERE note AND NOT EXISTS"
    " (SELECT 1 FROM links WHERE file = files.id AND resolved <> files.id)"
)


def todos(db: sqlite3.Connection, paths: Collection[str] | None = None) -> list[Todo]:
    """Every task line that the owner's settings take for one, by path and line."""
    only = "" if paths is None else "AND path IN (SELECT value FROM json_each(?))"
    given = () if paths is None else (json.dumps(list(paths)),)
    rows = db.execute(
        "SELECT path, line, status, open, text, description, due, scheduled, start, done, priority,"
        " repeat, remind_at, tags, heading FROM tasks JOIN files ON files.id = tasks.file"
        f" WHERE taken {only} ORDER BY path, line",
        given,
    )
    return [
        Todo(
            path=row[0],
            line=row[1],
            status=row[2],
            open=bool(row[3]),
            text=row[4],
            description=row[5],
            due=_day(row[6]),
            scheduled=_day(row[7]),
            start=_day(row[8]),
            done=_day(row[9]),
            priority=row[10],
            repeat=row[11],
            remind_at=datetime.fromisoformat(row[12]) if row[12] else None,
            tags=tuple(json.loads(row[13])),
            heading=row[14],
        )
        for row in rows
    ]


def _day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


def files(db: sqlite3.Connection) -> list[str]:
    """Every file of the vault, sorted."""
    return [path for (path,) in db.execute("SELECT path FROM files ORDER BY path")]


def unread(db: sqlite3.Connection) -> dict[str, str]:
    """The notes of which nothing but the name is known, and why."""
    return dict(db.execute("SELECT path, unread FROM files WHERE unread <> '' ORDER BY path"))


def find(db: sqlite3.Connection, path: str) -> str | None:
    """The path as the vault has it; ".md" may be left out."""
    for name in map(storable, (path, path + NOTE)):
        if db.execute("SELECT 1 FROM files WHERE path = ?", (name,)).fetchone():
            return name
    return None


def links(db: sqlite3.Connection, path: str) -> list[Reference]:
    """The links in a note, in their order; those to a place in the note itself left out."""
    rows = db.execute(f"{_REFERENCE} WHERE source.path = ? ORDER BY seq", (path,))
    return [Reference(*row) for row in rows]


def backlinks(db: sqlite3.Connection, path: str) -> list[Reference]:
    """The links of other notes to this file, by path."""
    where = "WHERE meant.path = ? AND links.file <> meant.id ORDER BY source.path, seq"
    return [Reference(*row) for row in db.execute(f"{_REFERENCE} {where}", (path,))]


def seeking(db: sqlite3.Connection, paths: Sequence[str]) -> list[str]:
    """The notes with a link by the name of one of these files, whatever it means."""
    names = sorted({storable(name) for path in paths for name in names_answered(path)})
    found: set[str] = set()
    for name in names:
        rows = db.execute(
            "SELECT DISTINCT path FROM links JOIN files ON id = file WHERE sought = ?", (name,)
        )
        found.update(path for (path,) in rows)
    return sorted(found)


def unresolved(db: sqlite3.Connection) -> Mapping[str, tuple[Reference, ...]]:
    """The links that no file answers, by what they call it, in the spelling found first."""
    found: dict[str, tuple[str, list[Reference]]] = {}
    for row in db.execute(f"{_REFERENCE} WHERE resolved IS NULL ORDER BY source.path, seq"):
        each = Reference(*row)
        same = same_target(each.target)
        found.setdefault(same, (each.target.strip(), []))[1].append(each)
    return {name: tuple(each) for _, (name, each) in sorted(found.items())}


def orphans(db: sqlite3.Connection) -> list[str]:
    """The notes that no other note links to."""
    return [path for (path,) in db.execute(f"{_ORPHANS} ORDER BY path")]


def deadends(db: sqlite3.Connection) -> list[str]:
    """The notes that link to no other file."""
    return [path for (path,) in db.execute(f"{_DEADENDS} ORDER BY path")]


def tags(db: sqlite3.Connection, without: Collection[str] = ()) -> tuple[TagNode, ...]:
    """The tags of all notes but those ``without`` as a tree, by name."""
    rows = db.execute("SELECT path, tags FROM notes JOIN files ON id = file WHERE tags <> '[]'")
    return tag_tree(json.loads(found) for path, found in rows if path not in without)


def private(db: sqlite3.Connection) -> frozenset[str]:
    """The files that the owner has called private, and those that were so to their end."""
    rows = db.execute("SELECT path FROM files WHERE private UNION SELECT path FROM departed")
    return frozenset(path for (path,) in rows)


def outline(db: sqlite3.Connection, path: str) -> list[OutlineEntry]:
    """The headings of a note, in their order."""
    rows = db.execute(
        "SELECT level, depth, text, headings.line FROM headings JOIN files ON id = file"
        " WHERE path = ? ORDER BY seq",
        (path,),
    )
    return [OutlineEntry(*row) for row in rows]


def stats(db: sqlite3.Connection) -> Stats:
    """The numbers of the vault."""

    def count(what: str) -> int:
        return int(db.execute(f"SELECT count(*) FROM {what}").fetchone()[0])

    return Stats(
        files=count("files"),
        notes=count("files WHERE note"),
        links=count("links"),
        unresolved=count("links WHERE resolved IS NULL"),
        orphans=count(f"({_ORPHANS})"),
        deadends=count(f"({_DEADENDS})"),
        tags=sum(1 for _ in flat(tags(db))),
        tasks=count("tasks"),
    )


def copies(db: sqlite3.Connection) -> list[ConflictCopy]:
    """The conflict copies that their names show for certain, by path."""
    rows = db.execute("SELECT path, original, tool FROM copies ORDER BY path")
    return [ConflictCopy(*row) for row in rows]


def suspects(db: sqlite3.Connection) -> list[ConflictCopy]:
    """Files beside another one whose name they have but for a number, as iCloud names copies."""
    known = set(files(db))
    found = ((path, conflict_of(path, known)) for path in sorted(known))
    return [ConflictCopy(path, copy.original, copy.tool, False) for path, copy in found if copy]
