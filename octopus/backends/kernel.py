"""What Linux can do beyond POSIX for files that others write too; each says where it cannot."""

from __future__ import annotations

import ctypes
import errno
import fcntl
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager

# renameat2(2); Python has no name for it.
_NOREPLACE, _EXCHANGE = 1, 2
_renameat2 = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)

#: What a system or a file system answers that does not know a call or its flags.
_UNKNOWN = {errno.ENOSYS, errno.EINVAL, errno.EOPNOTSUPP}


def exchange(folder: int, one: str, other: str) -> bool:
    """Let two names of a folder change places at one stroke; False where that cannot be done.

    Raises FileNotFoundError when one of them is gone.
    """
    return _rename(folder, one, folder, other, _EXCHANGE)


def take_name(source: int, old: str, target: int, new: str) -> bool:
    """Rename, unless the new name is taken: FileExistsError. False where that cannot be done."""
    return _rename(source, old, target, new, _NOREPLACE)


def _rename(source: int, old: str, target: int, new: str, flags: int) -> bool:
    if _renameat2 is None:
        return False
    if _renameat2(source, os.fsencode(old), target, os.fsencode(new), flags) == 0:
        return True
    code = ctypes.get_errno()
    if code in _UNKNOWN:
        return False
    raise OSError(code, os.strerror(code), old, None, new)


class Lease:
    """What is known of others who write into a file."""

    def __init__(self, descriptor: int, *, held: bool) -> None:
        self._descriptor = descriptor
        self.held = held  # False: the system does not tell, anybody may be writing

    @property
    def wanted(self) -> bool:
        """Whether somebody waits for us to let go, to open the file for writing."""
        held = fcntl.F_RDLCK
        return self.held and fcntl.fcntl(self._descriptor, fcntl.F_GETLEASE) != held


@contextmanager
def lease(descriptor: int) -> Iterator[Lease]:
    """While the block runs, nobody gets to open the file for writing (fcntl(2), "Leases").

    Raises BlockingIOError when somebody has it open for writing now. Leases are for the owner
    of a file, on disks of this machine: elsewhere nothing is held.
    """
    try:
        # Who waits for us is asked for. The signal that would tell has to be a harmless one.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except BlockingIOError:
        raise
    except OSError:
        yield Lease(descriptor, held=False)
        return
    try:
        yield Lease(descriptor, held=True)
    finally:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
