"""The files of the vault: read below its root only, replaced whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from loguru import logger

from octopus.core.crash import crash_point
from octopus.core.effect import digest
from octopus.errors import Conflict, PathError, Refused, VaultError, VaultUnavailable

T = TypeVar("T")

TEMPORARY = ".octopus-"
TRASH = ".trash"

#: What a full, read-only or vanished disk answers; it passes without our doing.
_PASSING = {
    errno.EROFS: "The vault is read-only at the moment.",
    errno.ENOSPC: "The disk of the vault is full.",
    errno.EDQUOT: "The disk quota of the vault is used up.",
    errno.EACCES: "I am not allowed to write there; check the permissions of the vault.",
    errno.EPERM: "I am not allowed to write there; check the permissions of the vault.",
    errno.EIO: "The disk of the vault does not answer properly.",
    errno.ESTALE: "The vault's network disk is gone.",
    errno.ENOTCONN: "The vault's network disk is gone.",
}

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_NO_LINK = os.O_NOFOLLOW | os.O_CLOEXEC


class VaultFiles:
    """Fills the ``Vault`` port.

    Every path is walked component by component from the descriptor of the root, without
    following links: neither ``..`` nor a link swapped in between leads out of the vault.
    """

    def __init__(
        self,
        root: Path,
        *,
        config_dir: str = ".obsidian",
        read_only: bool = False,
        had_notes: bool = False,
    ) -> None:
        self.root = root
        self._config_dir = config_dir
        self._read_only = read_only
        self.had_notes = had_notes  # an empty folder is then an unmounted one
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vault")

    async def read(self, path: str) -> bytes | None:
        """The whole file; None when there is none."""
        return await self._do(lambda: self._read(_visible(path)))

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        """Replace the file as a whole if its content has the hash ``expect``."""
        parts = _visible(path)
        self._refuse_if_read_only()
        await self._do(lambda: self._write(parts, data, expect))

    async def move(self, old: str, new: str, expect: str) -> None:
        """Rename; never over another file."""
        self._refuse_if_read_only()
        await self._do(lambda: self._move(_inside(old), _inside(new), expect))

    async def exists(self, path: str) -> bool:
        """Whether there is a file, in the trash too."""
        return await self._do(lambda: self._read(_inside(path)) is not None)

    async def notes(self) -> list[str]:
        """The paths of all notes, sorted."""
        return await self._do(lambda: sorted(self._walk("", ".md")))

    async def text_of(self, name: str) -> str | None:
        """A settings file below the vault's configuration folder, None when there is none."""
        parts = (self._config_dir, *_inside(name))
        data = await self._do(lambda: self._read(parts))
        return None if data is None else data.decode("utf-8", "replace")

    async def available(self) -> bool:
        """Whether the vault is there: not unmounted, not emptied behind our back."""
        try:
            await self._do(self._look)
        except VaultUnavailable as error:
            logger.warning("{}", error)
            return False
        return True

    async def sweep(self) -> int:
        """Remove what a killed process left half-written; returns how many files."""
        return await self._do(self._sweep)

    def close(self) -> None:
        """Wait for what is being written."""
        self._thread.shutdown()

    def _refuse_if_read_only(self) -> None:
        if self._read_only:
            raise Refused("The vault is set to read-only (vault.read_only), so I wrote nothing.")

    async def _do(self, work: Callable[[], T]) -> T:
        def guarded() -> T:
            try:
                return work()
            except OSError as error:
                raise _translate(error) from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)

    @contextlib.contextmanager
    def _folder(self, parts: tuple[str, ...], *, create: bool = False) -> Iterator[int]:
        """A descriptor of a folder below the root."""
        try:
            descriptor = os.open(self.root, _FOLDER)
        except OSError as error:
            raise VaultUnavailable(f"The vault {self.root} is not there.") from error
        try:
            if self.had_notes and _is_empty(descriptor):
                raise VaultUnavailable(
                    f"The vault {self.root} is empty, though it had notes; is its disk mounted?"
                )
            for part in parts:
                if create:
                    with contextlib.suppress(FileExistsError):
                        os.mkdir(part, 0o777, dir_fd=descriptor)
                        os.fsync(descriptor)
                deeper = os.open(part, _FOLDER | os.O_NOFOLLOW, dir_fd=descriptor)
                os.close(descriptor)
                descriptor = deeper
            yield descriptor
        finally:
            os.close(descriptor)

    def _look(self) -> None:
        with self._folder(()):
            pass

    def _read(self, parts: tuple[str, ...]) -> bytes | None:
        try:
            with self._folder(parts[:-1]) as folder:
                return _content(folder, parts[-1])[0]
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _write(self, parts: tuple[str, ...], data: bytes, expect: str | None) -> None:
        *folders, name = parts
        with self._folder(tuple(folders), create=True) as folder:
            now, before = _content(folder, name)
            if digest(now) != expect:
                raise Conflict(f"{'/'.join(parts)} was changed meanwhile.")
            temporary = f"{TEMPORARY}{secrets.token_hex(8)}.tmp"
            try:
                _put(folder, temporary, data, before)
                crash_point("vault.written")
                if _identity(folder, name) != _key(before):
                    raise Conflict(f"{'/'.join(parts)} was changed meanwhile.")
                if before is None:
                    _link(folder, temporary, name)
                else:
                    os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
            finally:
                with contextlib.suppress(FileNotFoundError):
                    os.unlink(temporary, dir_fd=folder)
            crash_point("vault.replaced")
            os.fsync(folder)
        self.had_notes = self.had_notes or name.endswith(".md")

    def _move(self, old: tuple[str, ...], new: tuple[str, ...], expect: str) -> None:
        with (
            self._folder(old[:-1]) as source,
            self._folder(new[:-1], create=True) as target,
        ):
            now, _ = _content(source, old[-1])
            if digest(now) != expect:
                raise Conflict(f"{'/'.join(old)} was changed meanwhile.")
            if _identity(target, new[-1]) is not None:
                raise Conflict(f"{'/'.join(new)} exists already.")
            os.rename(old[-1], new[-1], src_dir_fd=source, dst_dir_fd=target)
            os.fsync(target)
            os.fsync(source)

    def _walk(self, folder: str, suffix: str) -> Iterator[str]:
        parts = tuple(folder.split("/")) if folder else ()
        with self._folder(parts) as descriptor, os.scandir(descriptor) as entries:
            found = [(e.name, e.is_dir(follow_symlinks=False)) for e in entries]
        for name, is_folder in found:
            path = f"{folder}/{name}" if folder else name
            if name.startswith("."):
                continue
            if is_folder:
                yield from self._walk(path, suffix)
            elif name.lower().endswith(suffix):
                yield path

    def _sweep(self) -> int:
        removed = 0
        for folder, folders, files in os.walk(self.root):
            folders[:] = [name for name in folders if name not in {".git", self._config_dir}]
            for name in files:
                if name.startswith(TEMPORARY) and name.endswith(".tmp"):
                    (Path(folder) / name).unlink(missing_ok=True)
                    removed += 1
        return removed


def _inside(path: str) -> tuple[str, ...]:
    """The components of a path, none of which leads anywhere but down."""
    parts = tuple(path.split("/"))
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise PathError(f"{path!r} is not a path inside the vault.")
    if any(len(part.encode("utf-8", "surrogatepass")) > 255 for part in parts):
        raise PathError("This name is too long for a file.")
    return parts


def _visible(path: str) -> tuple[str, ...]:
    """As :func:`_inside`; hidden files and folders are not part of a vault."""
    parts = _inside(path)
    if any(part.startswith(".") for part in parts):
        raise PathError(f"{path!r} is hidden, so it is not part of the vault.")
    return parts


def _content(folder: int, name: str) -> tuple[bytes | None, os.stat_result | None]:
    try:
        descriptor = os.open(name, os.O_RDONLY | _NO_LINK | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        return None, None
    with os.fdopen(descriptor, "rb") as file:
        before = os.fstat(descriptor)
        if not stat.S_ISREG(before.st_mode):
            raise PathError(f"{name!r} is not a file.")
        return file.read(), before


def _put(folder: int, name: str, data: bytes, like: os.stat_result | None) -> None:
    """Write a new file and wait until it is on disk; it gets the mode of the one it replaces."""
    mode = stat.S_IMODE(like.st_mode) if like else 0o666
    descriptor = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _NO_LINK, mode, dir_fd=folder)
    with os.fdopen(descriptor, "wb") as file:
        if like:
            os.fchmod(descriptor, mode)
        file.write(data)
        file.flush()
        os.fsync(descriptor)


def _link(folder: int, temporary: str, name: str) -> None:
    """Give the file its name, never taking it from another."""
    try:
        os.link(temporary, name, src_dir_fd=folder, dst_dir_fd=folder, follow_symlinks=False)
    except FileExistsError as error:
        raise Conflict(f"{name} exists already.") from error
    except OSError as error:
        if error.errno not in {errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}:
            raise
        # A file system without hard links (FAT, some network disks).
        if _identity(folder, name) is not None:
            raise Conflict(f"{name} exists already.") from error
        os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)


def _identity(folder: int, name: str) -> tuple[int, ...] | None:
    try:
        return _key(os.stat(name, dir_fd=folder, follow_symlinks=False))
    except FileNotFoundError:
        return None


def _key(found: os.stat_result | None) -> tuple[int, ...] | None:
    """Changes whenever somebody writes or replaces the file."""
    if found is None:
        return None
    return found.st_ino, found.st_dev, found.st_size, found.st_mtime_ns, found.st_ctime_ns


def _is_empty(folder: int) -> bool:
    with os.scandir(folder) as entries:
        return next(iter(entries), None) is None


def _translate(error: OSError) -> VaultError:
    if error.errno in _PASSING:
        return VaultUnavailable(_PASSING[error.errno])
    if error.errno in {errno.ELOOP, errno.ENOTDIR}:
        return PathError("A link or a file stands where a folder is expected; I do not follow it.")
    if error.errno == errno.ENAMETOOLONG:
        return PathError("This name is too long for a file.")
    return VaultError(f"The vault answered: {error.strerror}.")
