"""The files of the vault: read below its root only, replaced whole or not at all."""

from __future__ import annotations

import asyncio
import contextlib
import os
import stat
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from loguru import logger

from octopus.backends import many
from octopus.backends.across import carry
from octopus.backends.failure import translate
from octopus.backends.files import (
    TEMPORARY,
    BeingWritten,
    Spellings,
    content,
    content_hash,
    create,
    identity,
    make_folder,
    rename,
    sync,
)
from octopus.backends.place import inside, is_text, readable, visible
from octopus.backends.setting import read_setting
from octopus.backends.swap import Watched, beside, clear, replace
from octopus.core.crash import crash_point
from octopus.core.effect import Write, digest
from octopus.errors import Conflict, Refused, UserError, VaultError, VaultUnavailable
from octopus.obsidian.merge import merge3

T = TypeVar("T")

#: Seconds between two looks at a file that is being written.
PATIENCE = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.3, 0.3)

#: How often a text that was cut off is merged into a note that keeps changing.
TRIES = 20

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
        self._watched = Watched()
        self._warned: set[str] = set()  # settings that cannot be read
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="vault")

    async def read(self, path: str) -> bytes | None:
        """The whole file; None when there is none. The trash is read to take files out of it.

        While an editor writes it in place it is waited for; who takes longer than PATIENCE is
        not about to save, so it is taken as it is then. It cannot be replaced as long.
        """
        parts = readable(path)
        for pause in PATIENCE:
            try:
                return await self._do(lambda: self._read(parts))
            except BeingWritten:
                await asyncio.sleep(pause)
        return await self._do(lambda: self._read(parts, hasty=True))

    async def write(self, path: str, data: bytes, expect: str | None) -> None:
        """Replace the file as a whole if its content has the hash ``expect``."""
        parts = visible(path)
        self._refuse_if_read_only()
        await self._do(lambda: self._write(parts, data, expect))

    async def read_all(self, paths: Sequence[str]) -> list[bytes | None]:
        """The files; None also for what is too large or behind a link."""
        files = [readable(path) for path in paths]
        found = await self._do(lambda: many.read_all(self._folder, files))
        return [
            await self.read(path) if isinstance(each, BeingWritten) else _file_or_none(each)
            for path, each in zip(paths, found, strict=True)
        ]

    async def write_all(self, writes: Sequence[Write]) -> list[VaultError | UserError | None]:
        """Replace many files, each if it has the hash that is expected; in no order."""
        files = [visible(write.path) for write in writes]
        self._refuse_if_read_only()
        failed = await self._do(
            lambda: many.replace_all(self._folder, files, writes, self._watched)
        )
        return [translate(each) if isinstance(each, OSError) else each for each in failed]

    async def move(self, old: str, new: str, expect: str) -> None:
        """Rename; never over another file."""
        self._refuse_if_read_only()
        await self._do(lambda: self._move(inside(old), inside(new), expect))

    async def tidy(self, folders: Sequence[str]) -> None:
        """Remove those of the folders that are empty, the deepest first."""
        paths = sorted(map(inside, folders), key=len, reverse=True)
        self._refuse_if_read_only()
        await self._do(lambda: self._tidy(paths))

    async def exists(self, path: str) -> bool:
        """Whether the name is taken, in the trash too, by anything and in any spelling.

        Phones and Macs take "Lamp.md" and "lamp.md" for one file, so two are never made.
        """
        return await self._do(lambda: self._exists(inside(path)))

    async def notes(self) -> list[str]:
        """The paths of all notes, sorted."""
        return await self._do(lambda: sorted(self._walk("", ".md")))

    async def paths(self) -> list[str]:
        """The paths of all visible files, sorted."""
        return await self._do(lambda: sorted(self._walk("", "")))

    async def text_of(self, name: str) -> str | None:
        """A settings file below the vault's configuration folder, None when there is none.

        Whatever else stands in its place, a link, a folder, a giant, counts as none and is
        warned of once.
        """
        parts = (self._config_dir, *inside(name))
        return await self._do(lambda: self._setting(parts))

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

    async def rescue(self) -> int:
        """Bring back what somebody wrote in place into a file that we had just replaced.

        To be asked some seconds after a write. Returns how many texts were brought back.
        """
        return await self._do(self._rescue)

    async def saved(self, path: str) -> datetime | None:
        """When the text of a file was saved, on whatever device; None when there is none."""
        parts = visible(path)
        return await self._do(lambda: self._saved(parts))

    def close(self) -> None:
        """Wait for what is being written."""
        self._thread.submit(self._rescue, last=True)
        self._thread.submit(self._watched.close)
        self._thread.shutdown()

    def _refuse_if_read_only(self) -> None:
        if self._read_only:
            raise Refused(
                "The vault is set to read-only (vault.read_only), so I wrote nothing.",
                "error.read_only",
            )

    async def _do(self, work: Callable[[], T]) -> T:
        def guarded() -> T:
            try:
                return work()
            except OSError as error:
                raise translate(error) from error

        return await asyncio.get_running_loop().run_in_executor(self._thread, guarded)

    @contextlib.contextmanager
    def _folder(self, parts: tuple[str, ...], *, create: bool = False) -> Iterator[int]:
        """A descriptor of a folder below the root."""
        try:
            descriptor = os.open(self.root, _FOLDER)
        except OSError as error:
            raise VaultUnavailable(
                "The vault {path} is not there.", "error.no_vault", path=self.root
            ) from error
        try:
            if self.had_notes and _is_empty(descriptor):
                raise VaultUnavailable(
                    "The vault {path} is empty, though it had notes; is its disk mounted?",
                    "error.unmounted",
                    path=self.root,
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

    def _read(self, parts: tuple[str, ...], *, hasty: bool = False) -> bytes | None:
        try:
            with self._folder(parts[:-1]) as folder:
                return content(folder, parts[-1], ours=self._watched.ours, hasty=hasty)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def _setting(self, parts: tuple[str, ...]) -> str | None:
        self._look()
        try:
            return read_setting(self.root, *parts)
        except VaultError as error:
            path = "/".join(parts)
            if path not in self._warned:
                self._warned.add(path)
                logger.warning("{}: {}; using defaults.", path, error)
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
                raise Conflict("{path} exists already.", "error.taken", path="/".join(parts))
            create(folder, name, data)
            self._watched.ours = identity(folder, name)
            self._spellings.add(folder, tuple(folders), name)
            crash_point("vault.replaced")
            sync(folder)

    def _replace(self, parts: tuple[str, ...], data: bytes, expect: str | None) -> None:
        with self._folder(parts[:-1]) as folder:
            replace(folder, parts, data, expect, self._watched)
            crash_point("vault.replaced")
            sync(folder)

    def _rescue(self, *, last: bool = False) -> int:
        rescued = 0
        for replaced, theirs in self._watched.written(last=last):
            if theirs != replaced.version.data:
                parts = tuple(replaced.path.split("/"))
                self._bring_back(parts, replaced.version.data, theirs)
                logger.warning("An edit of {} that was cut off is back", replaced.path)
                rescued += 1
        return rescued

    def _bring_back(self, parts: tuple[str, ...], base: bytes, theirs: bytes) -> None:
        """Merge a text into the note; where both changed the same lines, keep it beside."""
        for _ in range(TRIES):
            now = self._read(parts)
            merged = merge3(base, now or b"", theirs, both=True)
            if now is None or merged.conflict:
                break
            try:
                return self._replace(parts, merged.data, digest(now))
            except Conflict:
                continue
        with self._folder(parts[:-1], create=True) as folder:
            for name in beside(parts[-1]):
                with contextlib.suppress(Conflict):
                    return create(folder, name, theirs)
        return None

    def _saved(self, parts: tuple[str, ...]) -> datetime | None:
        try:
            with self._folder(parts[:-1]) as folder:
                found = os.stat(parts[-1], dir_fd=folder, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        return datetime.fromtimestamp(found.st_mtime, UTC)

    def _move(self, old: tuple[str, ...], new: tuple[str, ...], expect: str) -> None:
        with (
            self._folder(old[:-1]) as source,
            self._folder(new[:-1], create=True) as target,
        ):
            if content_hash(source, old[-1]) != expect:
                raise Conflict("{path} was changed meanwhile.", "error.changed", path="/".join(old))
            if os.fstat(source).st_dev != os.fstat(target).st_dev:
                carry(source, old[-1], target, new[-1])
            else:
                rename(source, old[-1], target, new[-1])
            sync(target)
            sync(source)

    def _tidy(self, folders: Sequence[tuple[str, ...]]) -> None:
        for *above, name in folders:
            # Only an empty folder can be removed, and a link is none: no look is needed before.
            with contextlib.suppress(OSError), self._folder(tuple(above)) as folder:
                os.rmdir(name, dir_fd=folder)

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
            if name.startswith(".") or not is_text(name):
                continue
            if kind == stat.S_IFDIR:
                yield from self._walk(path, suffix)
            elif kind == stat.S_IFREG and name.lower().endswith(suffix):
                yield path

    def _sweep(self, parts: tuple[str, ...] = ()) -> int:
        try:
            with self._folder(parts) as folder:
                with os.scandir(folder) as entries:
                    found = [(entry.name, _kind(entry)) for entry in entries]
                files = [name for name, kind in found if kind == stat.S_IFREG]
                ours = [each for each in files if each.startswith(TEMPORARY)]
                removed = sum(_clear(folder, each, files) for each in ours)
        except OSError as error:  # moved or closed to us meanwhile
            logger.warning("{} is not looked through: {}", "/".join(parts), error.strerror)
            return 0
        for name, kind in found:
            if kind == stat.S_IFDIR and name not in {".git", self._config_dir}:
                removed += self._sweep((*parts, name))
        return removed


def _kind(entry: os.DirEntry[str]) -> int:
    """Folder, file or 0 for everything else; a link is never what it points to."""
    if entry.is_dir(follow_symlinks=False):
        return stat.S_IFDIR
    return stat.S_IFREG if entry.is_file(follow_symlinks=False) else 0


def _file_or_none(found: bytes | many.Failure | None) -> bytes | None:
    """None for what cannot be a note; that a vault does not answer is raised."""
    if isinstance(found, bytes):
        return found
    error = translate(found) if isinstance(found, OSError) else found
    if isinstance(error, VaultUnavailable):
        raise error
    return None


def _is_empty(folder: int) -> bool:
    with os.scandir(folder) as entries:
        return next(iter(entries), None) is None


def _clear(folder: int, temporary: str, files: list[str]) -> bool:
    """Remove what a killed process left; False where it stays."""
    if not temporary.endswith(".tmp"):
        return False
    try:
        kept = clear(folder, temporary, files)
    except OSError as error:  # a vault that cannot be written can be read
        logger.warning("A temporary file stays: {}", error)
        return False
    if kept:
        logger.warning("A text that a crash had cut off is back: {}", kept)
    return True
