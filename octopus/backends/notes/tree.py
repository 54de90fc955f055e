"""Look at the files of the vault: which there are, and whether one has changed.

Symbolic links are not followed (Obsidian help: "Symbolic links").
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from octopus.obsidian.conflict import Copy, copy_of
from octopus.obsidian.ignore import in_vault


class Stamp(NamedTuple):
    """What tells one version of a file from another without reading it."""

    mtime_ns: int
    size: int
    inode: int
    ctime_ns: int


#: Of a file that was not read yet, or so soon after a change that its stamp may not tell.
NEVER = Stamp(0, 0, 0, 0)


@dataclass(slots=True)
class Tree:
    """What one walk found."""

    files: dict[str, Stamp] = field(default_factory=dict)
    copies: dict[str, Copy] = field(default_factory=dict)
    unreadable: set[str] = field(default_factory=set)  # folders, with their "/"
    present: bool = True  # False: the vault's folder itself cannot be listed

    @property
    def empty(self) -> bool:
        """True where nothing of a vault can be seen: perhaps its disk is not mounted."""
        return not self.present or not (self.files or self.copies)


def stamp_of(info: os.stat_result) -> Stamp:
    """The stamp of a file that was looked at."""
    return Stamp(info.st_mtime_ns, info.st_size, info.st_ino, info.st_ctime_ns)


def belongs(path: str) -> bool:
    """Whether a file of this path is part of the vault, and its name is text."""
    return "" not in path.split("/") and in_vault(path) and _is_text(path)


def look(root: Path, path: str) -> Stamp | None:
    """The stamp of one regular file; None where there is none."""
    try:
        info = os.stat(f"{root}/{path}", follow_symlinks=False)  # noqa: PTH116 - one call, no Path
    except (OSError, ValueError):
        return None
    return stamp_of(info) if stat.S_ISREG(info.st_mode) else None


def walk(root: Path) -> Tree:
    """Every file of the vault with its stamp."""
    found = Tree()
    pending = [""]
    while pending:
        prefix = pending.pop()
        try:
            with os.scandir(f"{root}/{prefix}") as entries:
                for path, info in _listed(entries, prefix, pending):
                    if copy := copy_of(path):
                        found.copies[path] = copy
                    else:
                        found.files[path] = stamp_of(info)
        except OSError:
            found.unreadable.add(prefix)
            found.present = found.present and bool(prefix)
    return found


def _listed(
    entries: Iterator[os.DirEntry[str]], prefix: str, pending: list[str]
) -> Iterator[tuple[str, os.stat_result]]:
    """The files of one folder; its folders are added to those that are pending."""
    for entry in entries:
        if entry.name.startswith(".") or not _is_text(entry.name):
            continue
        if entry.is_dir(follow_symlinks=False):
            pending.append(f"{prefix}{entry.name}/")
        elif entry.is_file(follow_symlinks=False) and in_vault(entry.name):
            try:
                yield prefix + entry.name, entry.stat(follow_symlinks=False)
            except FileNotFoundError:
                continue  # it went away meanwhile


def _is_text(name: str) -> bool:
    """False for names with bytes that are no UTF-8: no table could hold them."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True
