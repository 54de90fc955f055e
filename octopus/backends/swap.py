"""For giving a note a new text while others write it too: what was swapped out is looked at.

Comparing and then renaming leaves a moment in between, in which the owner's editor may save: the
rename would throw that away. So the two files change names at one stroke, and then it is seen
what really was replaced. If it is not what we have read, the names change back.

Programs that write in place have the file open, whatever it is called. A lease tells of them and
keeps them waiting for the moment of the swap; and for some seconds the replaced file is kept
open, unnamed, to see whether somebody who had opened it before wrote into it after all.

What no program can prevent: somebody who reads in the few microseconds between a swap and its
reversal sees our text without the change that they are about to see.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterator
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from itertools import count
from pathlib import PurePosixPath

from octopus.backends.files import (
    TEMPORARY,
    BeingWritten,
    content_hash,
    identity,
    identity_of,
    link,
    read_all,
    whole,
)
from octopus.backends.kernel import exchange, lease
from octopus.core.crash import crash_point
from octopus.errors import Conflict

#: The file waiting for its turn says what it replaces: after a crash it is then known whose it is.
_NAME = re.compile(
    re.escape(TEMPORARY)
    + r"(?P<name>[0-9a-f]{8})-(?P<old>[0-9a-f]{16})-(?P<new>[0-9a-f]{16})-[0-9a-f]{8}\.tmp"
)

#: Seconds for which a replaced file is kept open: in-place saves take milliseconds.
WATCHED_FOR = 10.0
#: Replaced files kept open at most.
WATCHED = 64


@dataclass(frozen=True, slots=True)
class Version:
    """A file as it was read: open, so that nobody can put another one in its place unseen."""

    descriptor: int
    found: os.stat_result
    data: bytes


def temporary_name(name: str, old: bytes, new: bytes) -> str:
    """The name of a file that is about to replace ``name``."""
    known = (_short(name.encode())[:8], _short(old), _short(new), secrets.token_hex(4))
    return f"{TEMPORARY}{'-'.join(known)}.tmp"


def replace(folder: int, temporary: str, name: str, old: Version) -> None:
    """Give ``temporary`` the name of ``old``; ``temporary`` is then the old file.

    Raises Conflict when the name stands for anything else by now, or somebody writes into the
    file; it is then as they left it.
    """
    ours = identity(folder, temporary)
    try:
        with lease(old.descriptor) as held:
            if not _is(folder, name, old):
                raise Conflict(f"{name} was changed meanwhile.")
            if not exchange(folder, temporary, name):
                os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
                return
            crash_point("vault.swapped")
            if _is(folder, temporary, old) and not held.wanted:
                return
            _change_back(folder, temporary, name, ours)
            raise Conflict(f"{name} was changed meanwhile.")
    except BlockingIOError as error:
        raise Conflict(f"{name} is being written by another program.") from error
    except FileNotFoundError as error:
        raise Conflict(f"{name} is not there any more.") from error


def _is(folder: int, name: str, old: Version) -> bool:
    """Whether the name stands for this version. Times alone can be too coarse to tell."""
    here = identity(folder, name)
    return (
        here is not None
        and here[:2] == (old.found.st_ino, old.found.st_dev)
        and read_all(old.descriptor) == old.data
    )


def _change_back(folder: int, temporary: str, name: str, ours: tuple[int, ...] | None) -> None:
    """The name gets back what we took from it. What came after us meanwhile is kept beside it."""
    try:
        exchange(folder, temporary, name)
    except FileNotFoundError:  # ours was taken away at once; that was about the name, too
        try:
            link(folder, temporary, folder, name)
        except Conflict:
            keep_beside(folder, temporary, name)
        return
    now = identity(folder, temporary)
    # The times of content (not of the inode, which a rename changes) tell whether it is as we
    # made it a moment ago.
    if now is not None and ours is not None and now[:4] != ours[:4]:
        keep_beside(folder, temporary, name)


def keep_beside(folder: int, temporary: str, name: str) -> str:
    """Give a text of the owner's that has lost its name that of a conflict copy."""
    for copy in beside(name):
        with contextlib.suppress(Conflict):
            link(folder, temporary, folder, copy)
            return copy
    raise AssertionError("the numbers never end")


def beside(name: str) -> Iterator[str]:
    """Names for a conflict copy in Syncthing's form, which other programs know."""
    path = PurePosixPath(name)
    moment = time.strftime("%Y%m%d-%H%M%S")
    for number in count(1):
        stem = path.stem[:60] + (f" {number}" if number > 1 else "")
        yield f"{stem}.sync-conflict-{moment}-OCTOPUS{path.suffix}"


def clear(folder: int, temporary: str, files: list[str]) -> str | None:
    """Remove what a killed process left of a swap; returns the path it kept, None for none.

    It is our own text that waited for its name, or the old one. If it is neither, the process
    died with the owner's newest text swapped out: that gets its name back.
    """
    known = _NAME.fullmatch(temporary)
    if known is None or (content_hash(folder, temporary) or "")[:16] in known.group("old", "new"):
        os.unlink(temporary, dir_fd=folder)
        return None
    name = next((each for each in files if _short(each.encode())[:8] == known["name"]), None)
    if name is None or (content_hash(folder, name) or "")[:16] != known["new"]:
        kept = keep_beside(folder, temporary, name or "Rescued.md")
    elif exchange(folder, temporary, name):
        kept = name
    else:
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        return name
    with contextlib.suppress(FileNotFoundError):
        os.unlink(temporary, dir_fd=folder)
    return kept


def _short(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Replaced:
    """A file that has lost its name to ours."""

    path: str
    version: Version
    known: tuple[int, ...]
    until: float


class Watched:
    """The files replaced in the last seconds, held open."""

    def __init__(self) -> None:
        self._files: list[Replaced] = []

    def add(self, path: str, old: Version) -> None:
        """Watch a file that was replaced at ``path``."""
        while len(self._files) >= WATCHED:
            self.forget(self._files[0])
        version = replace_fields(old, descriptor=os.dup(old.descriptor))
        known = _content_times(old.descriptor)
        self._files.append(Replaced(path, version, known, time.monotonic() + WATCHED_FOR))

    def written(self) -> Iterator[tuple[Replaced, bytes]]:
        """Those that somebody wrote into after all, with what is in them now."""
        for each in tuple(self._files):
            if _content_times(each.version.descriptor) != each.known:
                try:
                    yield each, whole(each.version.descriptor, each.path)
                except BeingWritten:
                    continue  # still at it
            elif time.monotonic() > each.until:
                self.forget(each)

    def forget(self, each: Replaced) -> None:
        """Let go of one."""
        self._files.remove(each)
        os.close(each.version.descriptor)

    def close(self) -> None:
        """Let go of all of them."""
        for each in tuple(self._files):
            self.forget(each)


def _content_times(descriptor: int) -> tuple[int, ...]:
    """As ``identity_of``, without the time of the inode, which losing its name changes."""
    return (identity_of(os.fstat(descriptor)) or ())[:4]
