"""What the tables keep of one note."""

from __future__ import annotations

import hashlib
import os
import time
from dataclasses import dataclass
from pathlib import Path

from octopus.backends.files import opened, read_all
from octopus.backends.notes.tree import NEVER, Stamp, stamp_of
from octopus.errors import PathError
from octopus.obsidian.note import Note
from octopus.obsidian.path import is_note
from octopus.obsidian.scan import scan
from octopus.obsidian.text import read

LARGEST = 8 * 1024 * 1024  # bytes; more is a log or a dump, known by its name only
RACY_NS = 30_000_000  # a file changed less than this ago may change again unnoticed
ATTEMPTS = 3  # at a file that changes while it is read


@dataclass(frozen=True, slots=True)
class Reading:
    """One file as it was read. Attachments are not: what counts of them is that they are there."""

    stamp: Stamp  # NEVER where it has to be looked at again
    digest: bytes = b""
    note: Note | None = None
    folded: str = ""  # the text, for finding names in it
    unread: str = ""  # why the note is not known
    again: bool = False  # it may change in this very moment: look once more soon


def read_file(root: Path, path: str, known: bytes, stamp: Stamp) -> Reading | None:
    """The file as it is now; None where it is gone.

    ``known`` is the digest of what was read before: of the same bytes only the stamp is new.
    """
    if not is_note(path):
        return Reading(stamp)
    for _ in range(ATTEMPTS):
        try:
            data, stamp, settled = _bytes(f"{root}/{path}")
        except (FileNotFoundError, PathError):
            return None
        except OSError as error:
            return Reading(NEVER, unread=f"it cannot be read: {error.strerror}")
        if data is None:
            return Reading(stamp, unread="it is too large")
        if settled:
            return _reading(data, _trusted(stamp), known)
    return Reading(NEVER, unread="it is being written", again=True)


def _bytes(path: str) -> tuple[bytes | None, Stamp, bool]:
    """What is in the file, its stamp, and whether it was left alone meanwhile."""
    with opened(None, path) as (descriptor, found):
        before = stamp_of(found)
        if before.size > LARGEST:
            return None, before, True
        data = read_all(descriptor)
        after = stamp_of(os.fstat(descriptor))
    return data, after, before == after and len(data) == after.size


def text_of(root: Path, path: str) -> str | None:
    """The text of a note as it is now; None where it cannot be had."""
    try:
        data, _, _ = _bytes(f"{root}/{path}")
    except (OSError, PathError):
        return None
    return read(data) if data is not None else None


def _trusted(stamp: Stamp) -> Stamp:
    fresh = time.time_ns() - max(stamp.mtime_ns, stamp.ctime_ns) < RACY_NS
    return NEVER if fresh else stamp


def _reading(data: bytes, stamp: Stamp, known: bytes) -> Reading:
    digest = hashlib.blake2b(data, digest_size=12).digest()
    if digest == known:
        return Reading(stamp, digest, again=stamp == NEVER)
    text = read(data)
    return Reading(stamp, digest, scan(text), fold(text), again=stamp == NEVER)


def fold(text: str) -> str:
    """``text`` without what makes no difference for finding a name in it."""
    return " ".join(text.casefold().split())
