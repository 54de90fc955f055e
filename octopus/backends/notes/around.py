"""What is around a note: who mentions it without a link, and what is a few links away."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from octopus.backends.notes.reading import fold, text_of
from octopus.core.graph import Mention, Neighbour, Neighbourhood
from octopus.obsidian.graph import same_target
from octopus.obsidian.ignore import excluder
from octopus.obsidian.mention import may_mention, mention_pattern, mentions
from octopus.obsidian.note import Span
from octopus.obsidian.path import NOTE, stem
from octopus.obsidian.resolve import name_of
from octopus.obsidian.scan import scan, shadow

_LONGEST = 200  # characters of a line that are shown


def mentioning(db: sqlite3.Connection, root: Path, path: str, *, limit: int = 200) -> list[Mention]:
    """Where other notes have the name or an alias of the note at ``path`` in their text.

    Excluded notes are left out (Obsidian help: "Excluded files"). By path, then line.
    """
    row = db.execute(
        "SELECT aliases FROM notes JOIN files ON id = file WHERE path = ?", (path,)
    ).fetchone()
    names = [stem(path), *(json.loads(row[0]) if row else ())]
    pattern = mention_pattern(names)
    found: list[Mention] = []
    if pattern is None:
        return found
    for source in _candidates(db, path, names):
        text = text_of(root, source)
        if text is None:
            continue
        text = shadow(text)
        note = scan(text)
        text = _without(text, note.comments)
        for span in mentions(text, note, pattern):
            line = text.count("\n", 0, span.offset) + 1
            found.append(Mention(source, line, text[span.offset : span.end], _line(text, span)))
        if len(found) >= limit:
            return found[:limit]
    return found


def _candidates(db: sqlite3.Connection, path: str, names: Iterable[str]) -> list[str]:
    """The notes whose text has one of the names as words of its own; only these are read."""
    folded = {fold(name) for name in names} - {""}
    anywhere = " OR ".join("instr(folded, ?)" for _ in folded)
    rows = db.execute(
        f"SELECT path, folded FROM notes JOIN files ON id = file WHERE path <> ? AND ({anywhere})"
        " ORDER BY path",
        (path, *folded),
    )
    excluded = excluder(ignored(db))
    return [
        each
        for each, text in rows
        if any(may_mention(text, name) for name in folded) and not excluded(each)
    ]


def ignored(db: sqlite3.Connection) -> list[str]:
    """The owner's "Excluded files", as they were when the vault was looked at last."""
    row = db.execute("SELECT value FROM meta WHERE name = 'ignored'").fetchone()
    return list(json.loads(row[0])) if row else []


def _without(text: str, comments: Iterable[Span]) -> str:
    """``text`` with its comments blank: they are hidden from readers."""
    for span in comments:
        hidden = "".join("\n" if char == "\n" else " " for char in text[span.offset : span.end])
        text = text[: span.offset] + hidden + text[span.end :]
    return text


def _line(text: str, span: Span) -> str:
    """The line of a place, cut around it where it is long."""
    start = text.rfind("\n", 0, span.offset) + 1
    end = text.find("\n", span.end)
    end = len(text) if end < 0 else end
    first = max(start, span.offset - _LONGEST // 2)
    last = min(end, first + _LONGEST)
    shown = " ".join(text[first:last].split())
    return f"{'…' * (first > start)}{shown}{'…' * (last < end)}"


def neighbourhood(
    db: sqlite3.Connection,
    path: str,
    *,
    depth: int = 2,
    most: int = 200,
    without: Collection[str] = (),
) -> Neighbourhood:
    """The note, and what is up to ``depth`` links around it in either direction.

    Not more than ``most`` nodes: the nearest, and of these the ones with the most links. No way
    leads through the files ``without``.
    """
    nodes: dict[str, Neighbour] = {path: Neighbour(path, 0)}
    ring, left_out = [path], 0
    for distance in range(1, depth + 1):
        near: dict[str, Neighbour] = {}
        for each in ring:
            for key, node in _next_to(db, each, distance):
                if key not in nodes and key not in without:
                    near.setdefault(key, node)
        wanted = sorted(near, key=lambda key: (not near[key].exists, -_degree(db, key), key))
        room = max(0, most - len(nodes))
        left_out += len(wanted[room:])
        nodes |= {key: near[key] for key in sorted(wanted[:room])}
        ring = wanted[:room]
    places = {key: place for place, key in enumerate(nodes)}
    edges = {
        (places[source], places[target])
        for source in nodes
        for target in _targets(db, source)
        if target in places and target != source
    }
    return Neighbourhood(tuple(nodes.values()), tuple(sorted(edges)), left_out)


def _sharing(db: sqlite3.Connection, key: str, distance: int) -> Iterator[tuple[str, Neighbour]]:
    """The notes with a link to the same note not yet written."""
    name = name_of(key[1:])
    rows = db.execute(
        "SELECT DISTINCT path, target FROM links JOIN files ON files.id = links.file"
        " WHERE resolved IS NULL AND sought IN (?, ?)",
        (name, name + NOTE),
    ).fetchall()
    for path, target in rows:
        if _missing(target) == key:
            yield path, Neighbour(path, distance)


def _next_to(db: sqlite3.Connection, path: str, distance: int) -> Iterator[tuple[str, Neighbour]]:
    if path.startswith("\0"):
        yield from _sharing(db, path, distance)
        return
    rows = db.execute(
        "SELECT other.path FROM links JOIN files AS this ON this.id = links.file"
        " JOIN files AS other ON other.id = links.resolved WHERE this.path = ?"
        " UNION SELECT other.path FROM links JOIN files AS this ON this.id = links.resolved"
        " JOIN files AS other ON other.id = links.file WHERE this.path = ?",
        (path, path),
    ).fetchall()
    for (other,) in rows:
        yield other, Neighbour(other, distance)
    missing = db.execute(
        "SELECT target FROM links JOIN files ON files.id = links.file"
        " WHERE path = ? AND resolved IS NULL ORDER BY seq",
        (path,),
    ).fetchall()
    for (target,) in missing:
        yield _missing(target), Neighbour(target.strip(), distance, exists=False)


def _targets(db: sqlite3.Connection, path: str) -> set[str]:
    rows = db.execute(
        "SELECT meant.path, target FROM links JOIN files AS source ON source.id = links.file"
        " LEFT JOIN files AS meant ON meant.id = links.resolved WHERE source.path = ?",
        (path,),
    )
    return {meant if meant is not None else _missing(target) for meant, target in rows}


def _missing(target: str) -> str:
    """A key for a note not yet written that no path can be."""
    return f"\0{same_target(target)}"


def _degree(db: sqlite3.Connection, path: str) -> int:
    row = db.execute(
        "SELECT (SELECT count(*) FROM links WHERE file = files.id)"
        " + (SELECT count(*) FROM links WHERE resolved = files.id) FROM files WHERE path = ?",
        (path,),
    ).fetchone()
    return int(row[0]) if row else 0
