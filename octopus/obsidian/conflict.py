"""For recognising the copies that sync tools leave when two devices changed one file."""

from __future__ import annotations

import re
from collections.abc import Container
from typing import NamedTuple

_EXTENSION = r"(?P<extension>\.[A-Za-z0-9]{1,10})?"
_NAMES = (
    # Syncthing, "syncing": name.sync-conflict-20261120-093000-ABCDEFG.md
    ("Syncthing", r"(?P<name>.*?)\.sync-conflict-[0-9]{8}-[0-9]{6}(?:-[A-Z0-9]{7})?" + _EXTENSION),
    # Obsidian Sync: name (Conflicted copy Laptop 202611200930).md
    ("Obsidian Sync", r"(?P<name>.+) \(Conflicted copy .+ [0-9]{12}\)" + _EXTENSION),
    # Nextcloud: name (conflicted copy 2026-11-20 093000).md
    (
        "Nextcloud",
        r"(?P<name>.+?) \(conflicted copy [0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{6}\)" + _EXTENSION,
    ),
    # Dropbox: name (Ann's conflicted copy 2026-11-20).md, with " (1)" when there are several
    (
        "Dropbox",
        r"(?P<name>.+?) \((?:[^()]*[Cc]onflicted copy(?: [0-9]{4}-[0-9]{2}-[0-9]{2})?)"
        r"(?: ?\([0-9]+\)| [0-9]+)?\)" + _EXTENSION,
    ),
)
_PATTERNS = tuple((tool, re.compile(pattern)) for tool, pattern in _NAMES)
_NUMBERED = re.compile(r"(?P<name>.+) (?P<number>[2-9]|[1-9][0-9])" + _EXTENSION)


class Copy(NamedTuple):
    """A conflict copy: of which file, and who made it."""

    original: str  # its path; it need not exist any more
    tool: str


def conflict_of(path: str, files: Container[str] = ()) -> Copy | None:
    """The file that ``path`` is a conflict copy of, None for a file in its own right.

    iCloud calls its copies "Note 2.md", as many people call their own notes. Such a name counts
    only where ``files`` has "Note.md" and its caller compares the texts before it says so: the tool
    is then "iCloud?".
    """
    head, slash, name = path.rpartition("/")
    for tool, pattern in _PATTERNS:
        if match := pattern.fullmatch(name):
            original = match.group("name") + (match.group("extension") or "")
            return Copy(head + slash + original, tool)
    if match := _NUMBERED.fullmatch(name):
        original = head + slash + match.group("name") + (match.group("extension") or "")
        if original in files:
            return Copy(original, "iCloud?")
    return None


def copy_of(path: str) -> Copy | None:
    """As :func:`conflict_of`, by what a name shows for certain; cheap enough for every path."""
    return conflict_of(path) if "conflict" in path.casefold() else None
