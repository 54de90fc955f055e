"""Walk the vault: what belongs in the index, what is left out and why.

The walk is the truth about what the vault holds; watchers only hint where to look. Symbolic links
are not followed (Obsidian help: "Symbolic links"), so no loop and no way out of the vault exists.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from octopus.backends.whoosh import reason
from octopus.obsidian.conflict import conflict_of
from octopus.obsidian.ignore import in_vault

LARGEST_NOTE = 8 * 1024 * 1024  # bytes of text; more is a log or a dump, kept by its name only
NOTE_SUFFIXES = {".md"}
TEXT_SUFFIXES = {".md", ".canvas"}


class Stamp(NamedTuple):
    """What tells one version of a file from another without reading it.

    A restored file may have the time and the size of what it replaces; when its inode was changed
    cannot be set. ``ctime_ns`` is 0 where the file was so fresh that its stamp may not tell.
    """

    mtime_ns: int
    size: int
    ctime_ns: int = 0
    inode: int = 0


def stamp_of(info: os.stat_result) -> Stamp:
    """The stamp of a file that was looked at."""
    return Stamp(info.st_mtime_ns, info.st_size, info.st_ctime_ns, info.st_ino)


@dataclass(slots=True)
class Walk:
    """What one walk found."""

    files: dict[str, Stamp] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)  # folders that could not be listed
    present: bool = True  # False: the vault's folder itself is missing or cannot be listed


def belongs(path: str) -> bool:
    """True for a path within the vault, with no hidden part, that is not a temporary file."""
    return "" not in path.split("/") and in_vault(path)


def refusal(path: str) -> str:
    """Why a file that belongs to the vault is not searched, "" when it is."""
    if "conflict" in path.casefold() and conflict_of(path) is not None:
        return reason.CONFLICT
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return reason.ODD_NAME
    return ""


def is_note(path: str) -> bool:
    """True for a Markdown note."""
    return os.path.splitext(path)[1].lower() in NOTE_SUFFIXES  # noqa: PTH122 - hot path


def is_text(path: str) -> bool:
    """True for a file whose text is read, false for one that is known by its name."""
    return os.path.splitext(path)[1].lower() in TEXT_SUFFIXES  # noqa: PTH122 - hot path


def is_canvas(path: str) -> bool:
    """True for a canvas."""
    return path.lower().endswith(".canvas")


def is_base(path: str) -> bool:
    """True for a base: views of notes, which say nothing themselves."""
    return path.lower().endswith(".base")


def judge(root: Path | str, path: str) -> Stamp | str | None:
    """The stamp of a file below ``root``, or why it is never searched; None when none is there."""
    try:
        info = os.stat(f"{root}/{path}", follow_symlinks=False)  # noqa: PTH116 - one call, no Path
    except (OSError, ValueError):
        return None
    return None if stat.S_ISDIR(info.st_mode) else _judged(path, info)


def _judged(path: str, info: os.stat_result) -> Stamp | str:
    if stat.S_ISLNK(info.st_mode):
        return reason.LINK
    if not stat.S_ISREG(info.st_mode):
        return reason.NO_FILE.get(stat.S_IFMT(info.st_mode), reason.NO_KNOWN_FILE)
    return refusal(path) or stamp_of(info)


def look(root: Path | str, path: str) -> Stamp | None:
    """The stamp of one file below ``root``; None when there is no such regular file."""
    try:
        info = os.stat(f"{root}/{path}", follow_symlinks=False)  # noqa: PTH116 - one call, no Path
    except (OSError, ValueError):
        return None
    if not stat.S_ISREG(info.st_mode):
        return None
    return stamp_of(info)


def walk(root: Path) -> Walk:
    """List every file of the vault with its stamp."""
    found = Walk()
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(root / prefix if prefix else root) as entries:
                for entry in entries:
                    _visit(entry, prefix, found, pending)
        except OSError:
            found.unreadable.add(prefix)
            if prefix:
                found.skipped[prefix] = reason.FOLDER
            else:
                found.present = False
    return found


def _visit(entry: os.DirEntry[str], prefix: str, found: Walk, pending: list[str]) -> None:
    name = entry.name
    if name.startswith("."):
        return
    path = prefix + name
    try:
        if entry.is_dir(follow_symlinks=False):
            pending.append(path + "/")
            return
        if not in_vault(name):
            return
        judged = _judged(path, entry.stat(follow_symlinks=False))
    except OSError as error:
        found.unreadable.add(prefix)
        found.skipped[path] = reason.unreadable(error)
        return
    if isinstance(judged, str):
        found.skipped[path] = judged
    else:
        found.files[path] = judged
