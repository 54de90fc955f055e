"""What is known of the notes, as the rest of the program asks for it: asynchronous, and quick."""

from __future__ import annotations

import asyncio
import random
import sqlite3
from collections.abc import Callable, Collection, Coroutine, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import time
from functools import partial
from pathlib import Path
from typing import TypeVar

from loguru import logger

from octopus.backends.notes import query, schema
from octopus.backends.notes.around import mentioning, neighbourhood
from octopus.backends.notes.hints import EVERYTHING, Hints
from octopus.backends.notes.keeper import Followed, Keeper, Stopped
from octopus.backends.notes.reading import text_of
from octopus.core.graph import (
    ConflictCopy,
    Mention,
    Neighbourhood,
    OutlineEntry,
    Reference,
    Stats,
    TagNode,
)
from octopus.core.ports import Listener
from octopus.core.todo import Todo
from octopus.errors import VaultError, VaultUnavailable

T = TypeVar("T")
RETRY = 15.0  # seconds until the next attempt after the disk refused one


@dataclass(frozen=True, slots=True)
class NotesSettings:
    """How the tables are kept."""

    config_dir: str = ".obsidian"
    alarm: time = time(9)  # of alarms that have only a day, as in the Reminder plugin
    private: tuple[str, ...] = ()  # folders, and tags with their "#"
    debounce: float = 0.1  # seconds after a hint before the files are looked at
    scan_interval: float = 3600.0  # seconds between two looks at the whole vault


class SqliteNotes:
    """Fills the ``Notes`` port with tables derived from the vault at ``root``, kept in ``file``.

    One thread reads the vault and writes the tables, another answers. Exactly one process writes;
    others open the same file and read what is there. ``expected`` says whether the vault had notes
    in an earlier run.
    """

    def __init__(
        self,
        root: Path,
        file: Path,
        settings: NotesSettings | None = None,
        expected: Callable[[], bool] = lambda: False,
    ) -> None:
        self._root = root.absolute()
        self._file: Path | str = file
        self._settings = settings or NotesSettings()
        self._expected = expected
        self._keeper = self._kept_in(file)
        self._writer = ThreadPoolExecutor(1, "notes-writer")
        self._reader = ThreadPoolExecutor(1, "notes-reader")
        self._db: sqlite3.Connection | None = None  # for reading
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ready = asyncio.Event()  # the tables were equal to the vault once
        self._beside = False  # another process keeps the tables
        self._hints = Hints()
        self._listeners: list[Listener] = []
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def open(self, *, read_only: bool = False, once: bool = False) -> None:
        """Take up the tables; what changed since is caught up with in the background.

        ``once`` waits until they equal the vault, for a process that asks once. ``read_only``
        reads beside the process that keeps them, and where there is none yet, from the files.
        """
        self._loop = asyncio.get_running_loop()
        if read_only:
            await self._open_beside()
            return
        starting = self._spawn(self._start(once))
        if once:
            await starting

    async def close(self) -> None:
        """Stop following the vault and let go of the file."""
        if self._timer is not None:
            self._timer.cancel()
        self._keeper.closing.set()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._in(self._writer, self._keeper.close)
        if self._db is not None:
            await self._in(self._reader, self._db.close)
            self._db = None
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._reader.shutdown(wait=True, cancel_futures=True)

    def hint(self, path: str) -> None:
        """Something happened to ``path``; with an empty path: anything may have happened."""
        first = self._hints.add(path)
        loop = self._loop
        if first and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._schedule)

    def subscribe(self, listener: Listener) -> None:
        """Tell ``listener`` on the loop which notes changed, after each batch of changes."""
        self._listeners.append(listener)

    async def settle(self) -> None:
        """Return when every hint given so far is known."""
        await self._known()
        await self._follow()  # behind what is being read now

    async def todos(self, paths: Collection[str] | None = None) -> list[Todo]:
        """Every task line of the vault that the owner's settings take for one."""
        return await self._read(partial(query.todos, paths=paths))

    async def files(self) -> list[str]:
        """The paths of all files, sorted."""
        return await self._read(query.files)

    async def unread(self) -> Mapping[str, str]:
        """The notes of which nothing but the name is known, and why."""
        return await self._read(query.unread)

    async def find(self, path: str) -> str | None:
        """The path as the vault has it, where ".md" may be left out; None where there is none."""
        return await self._read(partial(query.find, path=path))

    async def links(self, path: str) -> list[Reference]:
        """The links in a note, in their order."""
        return await self._read(partial(query.links, path=path))

    async def backlinks(self, path: str) -> list[Reference]:
        """The links of other notes to this file."""
        return await self._read(partial(query.backlinks, path=path))

    async def seeking(self, paths: Sequence[str]) -> list[str]:
        """The notes with a link by the name of one of these files, as they are now."""
        self.hint(EVERYTHING)
        await self.settle()
        return await self._read(partial(query.seeking, paths=paths))

    async def unresolved(self) -> Mapping[str, tuple[Reference, ...]]:
        """The links that no file answers, by what they call it."""
        return await self._read(query.unresolved)

    async def orphans(self) -> list[str]:
        """The notes that no other note links to."""
        return await self._read(query.orphans)

    async def deadends(self) -> list[str]:
        """The notes that link to no other file."""
        return await self._read(query.deadends)

    async def tags(self, without: Collection[str] = ()) -> tuple[TagNode, ...]:
        """The tags of all notes but those ``without`` as a tree."""
        return await self._read(partial(query.tags, without=without))

    async def private(self) -> frozenset[str]:
        """The paths of the files that the owner has called private."""
        return await self._read(query.private)

    async def outline(self, path: str) -> list[OutlineEntry]:
        """The headings of a note."""
        return await self._read(partial(query.outline, path=path))

    async def stats(self) -> Stats:
        """The numbers of the vault."""
        return await self._read(query.stats)

    async def mentions(self, path: str, limit: int = 200) -> list[Mention]:
        """Where other notes have the name or an alias of this one in their text, not as a link."""
        return await self._read(partial(mentioning, root=self._root, path=path, limit=limit))

    async def neighbourhood(
        self, path: str, depth: int = 2, most: int = 200, without: Collection[str] = ()
    ) -> Neighbourhood:
        """The note, and what is up to ``depth`` links around it in either direction."""
        look = partial(neighbourhood, path=path, depth=depth, most=most, without=without)
        return await self._read(look)

    async def conflicts(self) -> list[ConflictCopy]:
        """The copies that sync tools left; at last those that only look like one."""
        found = await self._read(query.copies)
        suspects = await self._read(query.suspects)
        alike = partial(_alike, self._root)
        return found + await self._in(self._reader, lambda: list(filter(alike, suspects)))

    # How they are kept.

    def _kept_in(self, file: Path | str) -> Keeper:
        return Keeper(
            self._root,
            file,
            config_dir=self._settings.config_dir,
            alarm=self._settings.alarm,
            private=self._settings.private,
            expected=self._expected,
        )

    async def _start(self, once: bool) -> None:
        try:
            await self._in(self._writer, self._keeper.open)
            self._tell(await self._in(self._writer, partial(self._keeper.follow, {EVERYTHING})))
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001 - nobody awaits this; whoever asks is told
            logger.error("The notes cannot be kept track of: {}", error)
        self._ready.set()
        if not once:
            self._spawn(self._reconcile_now_and_then())
        self._schedule()

    async def _open_beside(self) -> None:
        """Beside the process that keeps the tables; without usable ones, in memory."""
        self._beside = True
        self._ready.set()
        await self._read(query.unread)

    def _schedule(self) -> None:
        """Look at the hinted files after a moment, in which more of them may come."""
        if self._timer is None and self._ready.is_set() and self._hints and self._loop:
            self._timer = self._loop.call_later(self._settings.debounce, self._due)

    def _due(self) -> None:
        self._timer = None
        self._spawn(self._follow())

    async def _follow(self) -> None:
        paths = self._hints.take()
        try:
            followed = await self._in(self._writer, partial(self._keeper.follow, paths))
        except Stopped:
            return
        except Exception as error:  # noqa: BLE001 - a full disk passes; the rest of the house goes on
            logger.warning("What is known of the notes could not be brought up to date: {}", error)
            assert self._loop is not None
            self._loop.call_later(RETRY, partial(self._hints_again, paths))
            return
        self._tell(followed)

    def _hints_again(self, paths: set[str]) -> None:
        for path in paths:
            self.hint(path)

    def _tell(self, followed: Followed) -> None:
        for path in followed.again:
            self.hint(path)
        if followed.changed:
            for listener in self._listeners:
                listener(frozenset(followed.changed))

    async def _reconcile_now_and_then(self) -> None:
        while True:
            spread = random.uniform(0.9, 1.1)  # noqa: S311 - jitter, not a secret
            await asyncio.sleep(self._settings.scan_interval * spread)
            self.hint(EVERYTHING)

    async def _known(self) -> None:
        await self._ready.wait()
        if self._keeper.missing:
            raise VaultUnavailable(
                "The vault {path} is empty or not there.", "error.vault_empty", path=self._root
            )

    async def _read(self, look: Callable[[sqlite3.Connection], T]) -> T:
        await self._known()
        if self._file == schema.IN_MEMORY:
            return await self._in(self._writer, lambda: look(self._keeper.connection))
        try:
            return await self._in(self._reader, partial(self._look, look))
        except (sqlite3.Error, schema.Unusable) as error:
            level = "DEBUG" if self._beside else "WARNING"
            logger.log(level, "What is known of the notes cannot be read: {}", error)
            await self._in(self._reader, self._drop)
            try:
                return await self._once_more(look)
            except (sqlite3.Error, schema.Unusable, OSError) as again:
                raise VaultError(
                    "The notes cannot be kept track of: {reason}", "error.notes", reason=str(again)
                ) from again

    async def _once_more(self, look: Callable[[sqlite3.Connection], T]) -> T:
        """The same question, after the file was damaged or replaced."""
        if self._beside:  # the process that keeps it makes it anew; we do not wait for that
            self._file = schema.IN_MEMORY
            self._keeper = self._kept_in(self._file)
            await self._in(self._writer, partial(self._keeper.follow, {EVERYTHING}))
            return await self._read(look)
        self._hints.take()
        await self._in(self._writer, self._keeper.renew)
        self._tell(await self._in(self._writer, partial(self._keeper.follow, {EVERYTHING})))
        return await self._in(self._reader, partial(self._look, look))

    def _look(self, look: Callable[[sqlite3.Connection], T]) -> T:
        if self._db is None:
            self._db = schema.open_existing(self._file, str(self._root), read_only=True)
        self._db.execute("BEGIN")
        try:
            return look(self._db)
        finally:
            if self._db.in_transaction:
                self._db.execute("ROLLBACK")  # nothing was written

    def _drop(self) -> None:
        if self._db is not None:
            self._db.close()
            self._db = None

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        assert self._loop is not None
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    @staticmethod
    async def _in(thread: ThreadPoolExecutor, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(thread, call)


def _alike(root: Path, suspect: ConflictCopy) -> bool:
    """Whether half of the lines of one of the two files are in the other one as well."""
    texts = [text_of(root, path) for path in (suspect.path, suspect.original)]
    if None in texts:
        return False
    copy, original = (
        {line.strip() for line in (text or "").splitlines() if line.strip()} for text in texts
    )
    return len(copy & original) * 2 > min(len(copy), len(original))
