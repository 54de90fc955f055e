"""Files reached from the descriptor of their folder: no link followed, no name taken."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import os
import secrets
import stat
import time
from collections.abc import Iterator

from octopus.backends.kernel import lease, take_name
from octopus.core.crash import crash_point
from octopus.errors import Conflict, PathError, TooLarge
from octopus.obsidian.path import key

#: Bytes. Larger files are left on disk: no note is that long, and the memory is the owner's.
MAX_FILE = 32 * 1024 * 1024

#: How the files begin that are not finished yet; a sweep removes them.
TEMPORARY = ".octopus-"

#: What a file system without hard links answers (FAT, some network disks).
_NO_LINKS = {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC

#: Seconds without a write after which a file counts as whole, where nothing tells of writers.
SETTLED = 0.05


class BeingWritten(Conflict):
    """Another program is writing this file at the moment."""


@contextlib.contextmanager
def opened(folder: int | None, name: str) -> Iterator[tuple[int, os.stat_result]]:
    """A descriptor of a plain file, with what was known of it when it was opened.

    Anything else is not even opened: that would let go whoever waits at the other end of a pipe,
    and with some devices it is a command. Without a ``folder`` the name is a whole path. Raises
    PathError where no plain file is, OSError for a link.
    """
    if not stat.S_ISLNK(mode := os.stat(name, dir_fd=folder, follow_symlinks=False).st_mode):
        _expect_file(mode, name)
    descriptor = os.open(name, os.O_RDONLY | NO_LINK | os.O_NONBLOCK, dir_fd=folder)
    try:
        found = os.fstat(descriptor)
        _expect_file(found.st_mode, name)  # another one, put there in this moment
        yield descriptor, found
    finally:
        os.close(descriptor)


def _expect_file(mode: int, name: str) -> None:
    if not stat.S_ISREG(mode):
        raise PathError(f"{name!r} is not a file.")


def content(
    folder: int, name: str, *, ours: tuple[int, ...] | None = None, hasty: bool = False
) -> bytes | None:
    """The whole file; None when there is none. ``hasty`` takes half a file, too, as it is.

    Raises BeingWritten while an editor writes it in place; ``ours`` is the identity of the file
    that we have written ourselves.
    """
    try:
        with opened(folder, name) as (descriptor, _):
            return whole(descriptor, name, ours=ours, hasty=hasty)
    except FileNotFoundError:
        return None


def whole(
    descriptor: int, name: str, *, ours: tuple[int, ...] | None = None, hasty: bool = False
) -> bytes:
    """As :func:`content`, of an open file."""
    before = os.fstat(descriptor)
    if before.st_size > MAX_FILE:
        raise TooLarge(f"{name} has more than {MAX_FILE // 2**20} MB; I leave it alone.")
    if hasty:
        return read_all(descriptor)
    try:
        with lease(descriptor) as others:
            data = read_all(descriptor)
    except BlockingIOError as error:
        raise BeingWritten from error
    if not others.held and identity_of(before) != ours:
        after = os.fstat(descriptor)
        if identity_of(after) != identity_of(before) or _just_now(after.st_mtime):
            raise BeingWritten
    return data


def read_all(descriptor: int) -> bytes:
    """From the first byte, wherever the descriptor stands."""
    os.lseek(descriptor, 0, os.SEEK_SET)
    with os.fdopen(descriptor, "rb", closefd=False) as file:
        return file.read()


def _just_now(moment: float) -> bool:
    return abs(time.time() - moment) < SETTLED


def content_hash(folder: int, name: str) -> str | None:
    """As ``digest`` of the content, without holding all of it."""
    try:
        with (
            opened(folder, name) as (descriptor, _),
            os.fdopen(descriptor, "rb", closefd=False) as file,
        ):
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def make_folder(parent: int, name: str) -> None:
    """Make a folder unless it is there."""
    with contextlib.suppress(FileExistsError):
        os.mkdir(name, 0o777, dir_fd=parent)
        give(os.fstat(parent), name, parent)
        sync(parent)


def create(folder: int, name: str, data: bytes, like: os.stat_result | None = None) -> None:
    """A new file that is there with all of its bytes on disk, or not at all.

    It gets its name last, so a crash leaves nothing behind where the file system can hold a
    file without a name; elsewhere a temporary one. It is made like the file that it replaces.
    Raises Conflict when the name is taken.
    """
    try:
        descriptor = os.open(".", os.O_WRONLY | os.O_TMPFILE | os.O_CLOEXEC, 0o666, dir_fd=folder)
    except OSError as error:
        if error.errno not in {errno.EOPNOTSUPP, errno.EISDIR, errno.ENOENT, errno.EINVAL}:
            raise
        _create_by_temporary(folder, name, data, like)
        return
    with os.fdopen(descriptor, "wb") as file:
        _put(folder, descriptor, data, like)
        crash_point("vault.written")
        try:
            os.link(f"/proc/self/fd/{descriptor}", name, dst_dir_fd=folder, follow_symlinks=True)
        except FileExistsError as error:
            raise Conflict(f"{name} exists already.") from error
        except OSError as error:
            if error.errno not in _NO_LINKS | {errno.ENOENT}:  # ENOENT: there is no /proc
                raise
            file.close()
            _create_by_temporary(folder, name, data, like)


def _create_by_temporary(folder: int, name: str, data: bytes, like: os.stat_result | None) -> None:
    temporary = f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | NO_LINK
    try:
        descriptor = os.open(temporary, flags, 0o666, dir_fd=folder)
        try:
            _put(folder, descriptor, data, like)
        finally:
            os.close(descriptor)
        crash_point("vault.written")
        link(folder, temporary, folder, name)
    finally:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(temporary, dir_fd=folder)


def _put(folder: int, descriptor: int, data: bytes, like: os.stat_result | None) -> None:
    """Fill a new file and wait until it is on disk."""
    place = like or os.fstat(folder)
    if os.geteuid() == 0 and (place.st_uid or place.st_gid):
        os.fchown(descriptor, place.st_uid, place.st_gid)
    if like:
        os.fchmod(descriptor, stat.S_IMODE(like.st_mode))
    with os.fdopen(descriptor, "wb", closefd=False) as file:
        file.write(data)
    os.fsync(descriptor)


class Spellings:
    """The names in a folder as a phone compares them, read again only when others changed it."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, ...], tuple[tuple[int, int], set[str]]] = {}

    def taken(self, folder: int, path: tuple[str, ...], name: str) -> bool:
        """Whether the folder has a file of this name, in whatever case or composition."""
        if identity(folder, name) is not None:
            return True
        version, names = self._known.get(path, (None, set()))
        if version != self._version(folder):
            version = self._version(folder)
            with os.scandir(folder) as entries:
                names = {key(entry.name) for entry in entries}
            self._known[path] = version, names
        return key(name) in names

    def add(self, folder: int, path: tuple[str, ...], name: str) -> None:
        """We made this file ourselves: no need to read the folder again."""
        if path in self._known:
            names = self._known[path][1]
            names.add(key(name))
            self._known[path] = self._version(folder), names

    @staticmethod
    def _version(folder: int) -> tuple[int, int]:
        found = os.fstat(folder)
        return found.st_ino, found.st_mtime_ns


def give(like: os.stat_result, name: str, folder: int) -> None:
    """Run by root, as in containers, we must not lock the owner out of what we write."""
    if os.geteuid() == 0 and (like.st_uid or like.st_gid):
        os.chown(name, like.st_uid, like.st_gid, dir_fd=folder, follow_symlinks=False)


def sync(folder: int) -> None:
    """Make a change of names durable, as far as the file system knows how to."""
    try:
        os.fsync(folder)
    except OSError as error:
        if error.errno not in {errno.EINVAL, errno.EOPNOTSUPP, errno.ENOSYS}:
            raise


def rename(source: int, old: str, target: int, new: str) -> None:
    """Move a file, never over another one: not even one that appears in this very moment."""
    taken = identity(target, new)
    if taken is not None:
        here = os.stat(old, dir_fd=source, follow_symlinks=False)
        if (here.st_ino, here.st_dev) != taken[:2]:
            raise Conflict(f"{new} exists already.")
        if here.st_nlink == 1:  # another spelling of its own name, on a disk that ignores case
            os.rename(old, new, src_dir_fd=source, dst_dir_fd=target)
            return
        os.unlink(old, dir_fd=source)  # a killed process had come as far as the second name
        return
    try:
        if take_name(source, old, target, new):
            return
    except FileExistsError as error:
        raise Conflict(f"{new} exists already.") from error
    link(source, old, target, new)
    with contextlib.suppress(FileNotFoundError):  # there was no link, but a rename
        os.unlink(old, dir_fd=source)


def link(source: int, old: str, target: int, new: str) -> None:
    """Give a file a name, never taking it from another. The old one goes where links cannot be."""
    try:
        os.link(old, new, src_dir_fd=source, dst_dir_fd=target, follow_symlinks=False)
    except FileExistsError as error:
        raise Conflict(f"{new} exists already.") from error
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        if identity(target, new) is not None:
            raise Conflict(f"{new} exists already.") from error
        os.rename(old, new, src_dir_fd=source, dst_dir_fd=target)


def identity(folder: int, name: str) -> tuple[int, ...] | None:
    """As :func:`identity_of` the file that has this name now."""
    try:
        return identity_of(os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        return None


def identity_of(found: os.stat_result | None) -> tuple[int, ...] | None:
    """Changes whenever somebody writes or replaces the file."""
    if found is None:
        return None
    return found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns, found.st_ctime_ns
