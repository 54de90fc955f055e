"""For moving a file to another disk, where no rename leads: copied, compared, then taken away."""

from __future__ import annotations

import contextlib
import hashlib
import os
import secrets
import shutil
import stat

from octopus.backends.files import (
    NO_LINK,
    TEMPORARY,
    content_hash,
    give,
    identity,
    identity_of,
    link,
    opened,
    sync,
)
from octopus.backends.swap import temporary_for
from octopus.errors import Conflict, VaultError


def carry(source: int, old: str, target: int, new: str) -> None:
    """Move a file to a folder on another disk, never over another file. Raises Conflict.

    Until the copy is on its disk and reads as the original does, the original is not touched;
    after a crash in between both are there, and the next try takes the original away.
    """
    with opened(source, old) as (descriptor, found):
        wanted = content_hash(source, old)
        if identity(target, new) is None:
            _copy(descriptor, found, target, new)
            sync(target)
        if content_hash(target, new) != wanted:
            raise Conflict("{path} exists already.", "error.taken", path=new)
        _take_away(source, old, identity_of(found), wanted or "")


def _copy(descriptor: int, found: os.stat_result, target: int, new: str) -> None:
    temporary = f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | NO_LINK
    try:
        copy = os.open(temporary, flags, 0o600, dir_fd=target)
        try:
            with (
                os.fdopen(descriptor, "rb", closefd=False) as original,
                os.fdopen(copy, "w+b", closefd=False) as file,
            ):
                shutil.copyfileobj(original, file)
                file.flush()
                os.fchmod(copy, stat.S_IMODE(found.st_mode))
                os.utime(copy, ns=(found.st_atime_ns, found.st_mtime_ns))
                os.fsync(copy)
                original.seek(0)
                file.seek(0)
                hashes = [hashlib.file_digest(each, "sha256").digest() for each in (original, file)]
            if hashes[0] != hashes[1]:
                raise VaultError(
                    "The copy of {path} on the other disk is not like it.", "error.copy", path=new
                )
        finally:
            os.close(copy)
        give(found, temporary, target)
        link(target, temporary, target, new)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=target)


def _take_away(source: int, old: str, known: tuple[int, ...] | None, wanted: str) -> None:
    """Remove the original, if it still is what was copied; a save in this moment is kept."""
    aside = temporary_for(old, wanted, wanted)
    if identity(source, old) != known:
        raise Conflict("{path} was changed meanwhile.", "error.changed", path=old)
    os.rename(old, aside, src_dir_fd=source, dst_dir_fd=source)
    taken = identity(source, aside)
    if taken is None or known is None or taken[:4] != known[:4]:
        link(source, aside, source, old)
        with contextlib.suppress(FileNotFoundError):
            os.unlink(aside, dir_fd=source)
        raise Conflict("{path} was changed meanwhile.", "error.changed", path=old)
    os.unlink(aside, dir_fd=source)
    sync(source)
