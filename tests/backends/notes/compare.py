"""What the tables must hold: the graph and the to-dos of the files as they are now."""

from __future__ import annotations

import sqlite3
from datetime import time
from pathlib import Path
from typing import Any

from octopus.backends.notes import query
from octopus.obsidian.conflict import conflict_of
from octopus.obsidian.graph import Graph, outline
from octopus.obsidian.ignore import in_vault
from octopus.obsidian.path import is_note
from octopus.obsidian.scan import scan
from octopus.obsidian.settings import Tasks
from octopus.obsidian.text import read
from octopus.obsidian.todos import todos


def paths(root: Path) -> list[str]:
    """The files that count, sorted."""
    found = (path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file())
    return sorted(
        path
        for path in found
        if in_vault(path) and ("conflict" not in path.casefold() or conflict_of(path) is None)
    )


def from_files(root: Path, settings: Tasks | None = None) -> dict[str, Any]:
    """Everything that can be asked, from the files themselves."""
    files = paths(root)
    notes = {path: scan(read((root / path).read_bytes())) for path in files if is_note(path)}
    graph = Graph(files)
    for path, note in notes.items():
        graph.add(path, note)
    unresolved = {
        name: tuple(edge.plain() for edge in edges) for name, edges in graph.unresolved().items()
    }
    return {
        "files": files,
        "links": {path: [edge.plain() for edge in graph.links(path)] for path in files},
        "backlinks": {path: [edge.plain() for edge in graph.backlinks(path)] for path in files},
        "unresolved": unresolved,
        "orphans": list(graph.orphans()),
        "deadends": list(graph.deadends()),
        "tags": graph.tags(),
        "stats": graph.stats(),
        "outline": {path: list(outline(notes[path].headings)) for path in notes},
        "todos": [
            todo
            for path in sorted(notes)
            for todo in todos(path, notes[path], settings or Tasks(), time(9))
        ],
    }


def from_tables(db: sqlite3.Connection) -> dict[str, Any]:
    """The same from the tables."""
    files = query.files(db)
    return {
        "files": files,
        "links": {path: query.links(db, path) for path in files},
        "backlinks": {path: query.backlinks(db, path) for path in files},
        "unresolved": query.unresolved(db),
        "orphans": query.orphans(db),
        "deadends": query.deadends(db),
        "tags": query.tags(db),
        "stats": query.stats(db),
        "outline": {path: query.outline(db, path) for path in files if is_note(path)},
        "todos": query.todos(db),
    }
