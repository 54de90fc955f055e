"""The files of the vault: read below its root only, replaced whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import errno
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from loguru import logger

from octopus.backends import many
from octopus.backends.files import (
    TEMPORARY,
    Spellings,
    content,
    content_hash,
    create,
    make_folder,
    rename,
    replace,
    sync,
)
from octopus.core.crash import crash_point
from octopus.core.effect import Write
from octopus.errors import (
    Conflict,
    PathError,
    Refused,
    UserError,
    VaultError,
    VaultUnavailable,
)
from octopus.obsidian.name import TRASH

T = TypeVar("T")

#: What a full, read-only or vanished disk answers; it passes without our doing.
_PASSING = {
    errno.EROFS: "The vault is read-only at the moment.",
    errno.ENOSPC: "The disk of the vault is full.",
    errno.EDQUOT: "The disk quota of the vault is used up.",
    errno.EACCES: "I am not allowed to do that there; check the permissions of the vault.",
    errno.EPERM: "I am not allowed to do that there; check the permissions of the vault.",
    errno.EIO: "The disk of the vault does not answer properly.",
    errno.ESTALE: "The vault's network disk is gone.",
    errno.ENOTCONN: "The vault's network disk is gone.",
}

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC


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
        self._spellings = Spellings()
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vault")

    async def read(self, path: str) -> bytes | None:
        """The whole file; None when there is none. The trash is read to take files out of it."""
        return await self._do(lambda: self._read(_readable(path)))

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        """Replace the file as a whole if its content has the hash ``expect``."""
        parts = _visible(path)
        self._refuse_if_read_only()
        await self._do(lambda: self._write(parts, data, expect))

    async def read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """The files; None also for what is too large or behind a link."""
        files = [_readable(path) for path in paths]
        found = await self._do(lambda: many.read_all(self._folder, files))
        return [_file_or_none(each) for each in found]

    async def write_all(self, writes: Sequence[Write]) -> list[VaultError | UserError | None]:
        """Replace many files, each if it has the hash that is expected; in no order."""
        files = [_visible(write.path) for write in writes]
        self._refuse_if_read_only()
        failed = await self._do(lambda: many.replace_all(self._folder, files, writes))
        return [_translate(each) if isinstance(each, OSError) else each for each in failed]

    async def move(self, old: str, new: str, expect: str) -> None:
        """Rename; never over another file."""
        self._refuse_if_read_only()
        await self._do(lambda: self._move(_inside(old), _inside(new), expect))

    async def exists(self, path: str) -> bool:
        """Whether the name is taken, in the trash too, by anything and in any spelling.

        Phones and Macs take "Lamp.md" and "lamp.md" for one file, so two are never made.
        """
        return await self._do(lambda: self._exists(_inside(path)))

    async def notes(self) -> list[str]:
        """The paths of all notes, sorted."""
        return await self._do(lambda: sorted(self._walk("", ".md")))

    async def paths(self) -> list[str]:
        """The paths of all visible files, sorted."""
        return await self._do(lambda: sorted(self._walk("", "")))

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
                    make_folder(descriptor, part)
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
                return content(folder, parts[-1])[0]
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _exists(self, parts: tuple[str, ...]) -> bool:
        *folders, name = parts
        try:
            with self._folder(tuple(folders)) as folder:
                return self._spellings.taken(folder, tuple(folders), name)
        except (FileNotFoundError, NotADirectoryError):
            return False

    def _write(self, parts: tuple[str, ...], data: bytes, expect: str | None) -> None:
        (self._create if expect is None else self._replace)(parts, data, expect)
        self.had_notes = self.had_notes or parts[-1].endswith(".md")

    def _create(self, parts: tuple[str, ...], data: bytes, _: str | None) -> None:
        *folders, name = parts
        with self._folder(tuple(folders), create=True) as folder:
            if self._spellings.taken(folder, tuple(folders), name):
                raise Conflict(f"{'/'.join(parts)} exists already.")
            create(folder, name, data)
            self._spellings.add(folder, tuple(folders), name)
            crash_point("vault.replaced")
            sync(folder)

    def _replace(self, parts: tuple[str, ...], data: bytes, expect: str | None) -> None:
        with self._folder(parts[:-1]) as folder:
            replace(folder, parts, data, expect)
            crash_point("vault.replaced")
            sync(folder)

    def _move(self, old: tuple[str, ...], new: tuple[str, ...], expect: str) -> None:
        with (
            self._folder(old[:-1]) as source,
            self._folder(new[:-1], create=True) as target,
        ):
            if content_hash(source, old[-1]) != expect:
                raise Conflict(f"{'/'.join(old)} was changed meanwhile.")
            rename(source, old[-1], target, new[-1])
            sync(target)
            sync(source)

    def _walk(self, folder: str, suffix: str) -> Iterator[str]:
        parts = tuple(folder.split("/")) if folder else ()
        try:
            with self._folder(parts) as descriptor, os.scandir(descriptor) as entries:
                found = [(entry.name, _kind(entry)) for entry in entries]
        except OSError as error:  # moved or closed to us meanwhile; the others are still there
            if not folder:
                raise
            logger.warning("The folder {} is left out: {}", folder, error.strerror)
            return
        for name, kind in found:
            path = f"{folder}/{name}" if folder else name
            if name.startswith(".") or not _is_text(name):
                continue
            if kind == stat.S_IFDIR:
                yield from self._walk(path, suffix)
            elif kind == stat.S_IFREG and name.lower().endswith(suffix):
                yield path

    def _sweep(self) -> int:
        removed = 0
        for _, folders, files, descriptor in os.fwalk(self.root):
            folders[:] = [name for name in folders if name not in {".git", self._config_dir}]
            for name in files:
                if name.startswith(TEMPORARY) and name.endswith(".tmp"):
                    try:
                        os.unlink(name, dir_fd=descriptor)
                    except OSError as error:  # a vault that cannot be written can be read
                        logger.warning("A temporary file stays: {}", error)
                    else:
                        removed += 1
        return removed


def _inside(path: str) -> tuple[str, ...]:
    """The components of a path, none of which leads anywhere but down."""
    parts = tuple(path.split("/"))
    if "\0" in path or any(part in {"", ".", ".."} for part in parts):
        raise PathError(f"{path!r} is not a path inside the vault.")
    if not _is_text(path):
        raise PathError(f"{path!r} cannot be the name of a file.")
    if any(len(part.encode()) > 255 for part in parts):
        raise PathError("This name is too long for a file.")
    return parts


def _is_text(name: str) -> bool:
    """False for names with bytes that are no UTF-8: no other program could show them."""
    try:
        name.encode()
    except UnicodeEncodeError:
        return False
    return True


def _kind(entry: os.DirEntry[str]) -> int:
    """Folder, file or 0 for everything else; a link is never what it points to."""
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    return stat.S_IFREG if entry.is_file(follow_symlinks=False) else 0


def _visible(path: str) -> tuple[str, ...]:
    """As :func:`_inside`; hidden files and folders are not part of a vault."""
    parts = _inside(path)
    if any(part.startswith(".") for part in parts):
        raise PathError(f"{path!r} is hidden, so it is not part of the vault.")
    return parts


def _readable(path: str) -> tuple[str, ...]:
    """As :func:`_visible`, and the trash."""
    if path.startswith(f"{TRASH}/"):
        _visible(path[len(TRASH) + 1 :])
        return _inside(path)
    return _visible(path)


def _file_or_none(found: bytes | many.Failure | None) -> bytes | None:
    """None for what cannot be a note; that a vault does not answer is raised."""
    if isinstance(found, bytes):
        return found
    error = _translate(found) if isinstance(found, OSError) else found
    if isinstance(error, VaultUnavailable):
        raise error
    return None


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
