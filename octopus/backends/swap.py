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
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from dataclasses import replace as replace_fields
from itertools import count
from pathlib import PurePosixPath
from threading import Lock

from octopus.backends.files import (
    SETTLED,
    TEMPORARY,
    BeingWritten,
    content_hash,
    create,
    identity,
    identity_of,
    link,
    opened,
    read_all,
    whole,
)
from octopus.backends.kernel import exchange, lease
from octopus.core.crash import crash_point
from octopus.core.effect import digest
from octopus.errors import Conflict, Refused

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
    return temporary_for(name, _short(old), _short(new))


def temporary_for(name: str, *hashes: str) -> str:
    """As :func:`temporary_name`, from the hex hashes of the texts."""
    known = (_short(name.encode())[:8], *(each[:16] for each in hashes), secrets.token_hex(4))
    return f"{TEMPORARY}{'-'.join(known)}.tmp"


def replace(
    folder: int, path: Sequence[str], data: bytes, expect: str | None, watched: Watched
) -> None:
    """Give the last of ``path`` in its ``folder`` new content; the folder is not synced.

    Raises Conflict when its content has not the hash ``expect`` or somebody writes into it,
    Refused when it is write-protected; it is then as they left it, and nothing of ours is there.
    """
    name, shown = path[-1], "/".join(path)
    try:
        with opened(folder, name) as (descriptor, found):
            old = Version(descriptor, found, whole(descriptor, shown, hasty=True))
            if digest(old.data) != expect:
                raise Conflict("{path} was changed meanwhile.", "error.changed", path=shown)
            if not found.st_mode & 0o222:
                raise Refused(
                    "{path} is write-protected, so I left it as it is.",
                    "error.protected",
                    path=shown,
                )
            temporary = temporary_name(name, old.data, data)
            try:
                create(folder, temporary, data, found)
                _swap(folder, temporary, name, old)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=folder)
            watched.add(shown, old)
            watched.ours = identity(folder, name)
    except FileNotFoundError as error:
        raise Conflict("{path} is not there any more.", "error.gone", path=shown) from error
    except BlockingIOError as error:
        raise Conflict(
            "{path} is being written by another program.", "error.written", path=shown
        ) from error


def _swap(folder: int, temporary: str, name: str, old: Version) -> None:
    """Let ``temporary`` and the file ``old`` change names, if that is what ``name`` stands for."""
    ours = identity(folder, temporary)
    with lease(old.descriptor) as held:
        if not _is(folder, name, old):
            raise Conflict("{path} was changed meanwhile.", "error.changed", path=name)
        if not exchange(folder, temporary, name):
            os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            return
        crash_point("vault.swapped")
        if not _is(folder, temporary, old) or held.wanted:
            _change_back(folder, temporary, name, ours)
            raise Conflict("{path} was changed meanwhile.", "error.changed", path=name)


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
    until: float

    def has_moved_on(self, *, thorough: bool) -> bool:
        """Whether somebody has written into it since it was read.

        Two saves within one tick of the file system's clock have the same time: a ``thorough``
        look reads the file.
        """
        descriptor, old = self.version.descriptor, self.version
        if _content_times(os.fstat(descriptor)) != _content_times(old.found):
            return True
        return thorough and read_all(descriptor) != old.data


class Watched:
    """The files replaced in the last seconds, held open."""

    def __init__(self) -> None:
        self._files: list[Replaced] = []
        self._lock = Lock()  # many files are written beside each other
        self.ours: tuple[int, ...] | None = None  # the file that we wrote last

    def add(self, path: str, old: Version) -> None:
        """Watch a file that was replaced at ``path``."""
        version = replace_fields(old, descriptor=os.dup(old.descriptor))
        with self._lock:
            self._files.append(Replaced(path, version, time.monotonic() + WATCHED_FOR))
            if len(self._files) > WATCHED:
                quiet = (each for each in self._files if not each.has_moved_on(thorough=True))
                self.forget(next(quiet, self._files[0]))

    def written(self, *, last: bool = False) -> Iterator[tuple[Replaced, bytes]]:
        """Those that somebody wrote into after all, with what is in them now. At the ``last`` look
        who is still at it gets the time that a save takes, and no more."""
        for each in tuple(self._files):
            if each not in self._files:
                continue  # let go of, while another one was brought back
            ended = last or time.monotonic() > each.until
            if each.has_moved_on(thorough=ended):
                found = os.fstat(each.version.descriptor)
                try:
                    data = whole(each.version.descriptor, each.path)
                except BeingWritten:
                    if not last:
                        continue  # still at it
                    time.sleep(SETTLED)
                    data = whole(each.version.descriptor, each.path, hasty=True)
                yield each, data
                self._go_on(each, replace_fields(each.version, found=found, data=data))
            elif ended:
                self.forget(each)

    def _go_on(self, each: Replaced, version: Version) -> None:
        """Watch on: a save that pauses for long looks like one that is over."""
        with self._lock:
            if each in self._files:
                self._files[self._files.index(each)] = replace_fields(each, version=version)

    def forget(self, each: Replaced) -> None:
        """Let go of one."""
        self._files.remove(each)
        os.close(each.version.descriptor)

    def close(self) -> None:
        """Let go of all of them."""
        for each in tuple(self._files):
            self.forget(each)


def _content_times(found: os.stat_result) -> tuple[int, ...]:
    """As ``identity_of``, without the time of the inode, which losing its name changes."""
    return (identity_of(found) or ())[:4]
