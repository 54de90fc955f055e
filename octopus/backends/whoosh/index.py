"""The search index as the rest of the program sees it: asynchronous, always answering."""

from __future__ import annotations

import asyncio
import gc
import random
import sys
import threading
import time
from collections.abc import Callable, Coroutine, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from loguru import logger

from octopus.backends.whoosh.attachment import Attachments
from octopus.backends.whoosh.settings import EVERYTHING, RACY, IndexSettings
from octopus.core.search import Explanation, Hits, IndexStatus, Near
from octopus.errors import VaultError

if TYPE_CHECKING:
    from octopus.backends.whoosh.engine import Engine

T = TypeVar("T")
Progress = Callable[[float], None]
NOTES_A_FILE = 300  # notes that are indexed in the time that reading one attachment takes
LONGEST_READING = 600.0  # seconds that whoever asks for a new index waits for attachments
MOST_HINTS = 2000  # files; with more of them a scan of the whole vault is cheaper


class WhooshIndex:
    """Full-text search over the vault at ``vault_root``, kept in ``folder``.

    Indexing runs in one thread and searching in another; the event loop only waits for them.
    Exactly one process writes; others open the same folder and read what is there.
    """

    def __init__(
        self,
        vault_root: Path,
        folder: Path,
        settings: IndexSettings,
        attachments: Attachments | None = None,
    ) -> None:
        self._attachments = attachments
        self._root = vault_root.absolute()
        self._folder = folder
        self._settings = settings
        self._writer = ThreadPoolExecutor(1, "index-writer")
        self._reader = ThreadPoolExecutor(1, "index-reader")
        self._extractor = ThreadPoolExecutor(1, "index-extractor")
        self._patient = ThreadPoolExecutor(1, "index-patient")  # what nobody waits for
        self._merging: asyncio.Task[None] | None = None
        self._looked = asyncio.Event()  # attachments may have turned up that were not read
        self._hints = _Hints()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._engine: Engine | None = None
        self._begun = asyncio.Event()  # searches can be answered
        self._caught_up = asyncio.Event()  # the index was equal to the vault once
        self._failure: Exception | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._interval: float | None = None
        self._frozen = False

    async def open(self, *, read_only: bool = False, reconcile: bool = False) -> None:
        """Take up the index on disk; what changed since is caught up with in the background.

        ``reconcile`` waits until the index equals the vault, for a process that asks once.
        ``read_only`` never writes, and reads beside the process that does.
        """
        self._loop = asyncio.get_running_loop()
        if not read_only:
            # A thread that is busy lets go of the interpreter ten times sooner than by default.
            self._interval = sys.getswitchinterval()
            sys.setswitchinterval(self._settings.switch_interval)
        opening = self._spawn(self._start(read_only, once=reconcile))
        if reconcile or read_only:
            await opening

    async def _start(self, read_only: bool, once: bool) -> None:
        try:
            await self._start_engine(read_only, once)
        except Exception as error:  # noqa: BLE001 - nobody awaits this; whoever searches is told
            logger.exception("The search index cannot be opened")
            self._failure = error
            self._begun.set()
            self._caught_up.set()

    async def _start_engine(self, read_only: bool, once: bool) -> None:
        load = partial(_load_engine, self._root, self._folder, self._settings, self._attachments)
        self._engine = engine = await self._write(load)
        await self._write(partial(engine.open, read_only))
        self._begun.set()
        if not read_only:
            await self._write(engine.catch_up)
        self._caught_up.set()
        if not (read_only or once):
            self._spawn(self._warm(engine))
            self._spawn(self._reconcile_now_and_then())
            self._spawn(self._follow_settings(engine))
            self._spawn(self._read_attachments(engine))
        if not read_only:
            self._schedule()

    async def _warm(self, engine: Engine) -> None:
        """Have the words of the vault ready; no search waits for that."""
        loop = asyncio.get_running_loop()
        words = await loop.run_in_executor(self._patient, engine.prepare_words)
        await self._read(partial(engine.adopt, words))
        # What is known of the vault is no garbage; going through all of it stops everything for
        # tens of milliseconds each time.
        gc.freeze()
        self._frozen = True

    async def close(self) -> None:
        """Stop following the vault and let go of the files."""
        if self._timer is not None:
            self._timer.cancel()
        if self._engine is not None:
            self._engine.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._patient.shutdown(wait=True, cancel_futures=True)  # it writes into the index's folder
        if self._engine is not None:
            await self._write(self._engine.close)
        self._writer.shutdown(wait=True, cancel_futures=True)
        self._reader.shutdown(wait=True, cancel_futures=True)
        self._extractor.shutdown(wait=True, cancel_futures=True)
        if self._interval is not None:
            sys.setswitchinterval(self._interval)
        if self._frozen:
            gc.unfreeze()

    async def search(
        self, query: str, *, limit: int = 10, offset: int = 0, near: Sequence[Near] = ()
    ) -> Hits:
        """The notes that answer ``query``, the best first. Never raises for what was typed.

        ``near`` are notes that mean what was asked for, the closest first.
        """
        engine = await self._ready()
        return await self._read(partial(engine.search, query, max(0, limit), max(0, offset), near))

    async def stamps(self, paths: Iterable[str] | None) -> dict[str, tuple[int, int]]:
        """The versions of the notes that can be found, of all of them or of these."""
        await self.settle()
        engine = await self._ready()
        return await self._write(partial(engine.stamps, paths))

    async def explain(self, query: str, note: str) -> Explanation:
        """Why the note of this path or title is or is not among the answers."""
        engine = await self._ready()
        return await self._read(partial(engine.explain, query, note))

    async def similar(self, note: str, *, limit: int = 10) -> Hits:
        """The notes that share the most telling words with this one. Raises NotFound."""
        engine = await self._ready()
        return await self._read(partial(engine.similar, note, limit))

    async def status(self) -> IndexStatus:
        """How well the index covers the vault."""
        engine = await self._ready()
        return await self._read(partial(engine.status, self._hints.age() * 1000))

    async def rebuild(self, progress: Progress | None = None) -> None:
        """Build the index anew; searches are answered from the old one until it is done.

        Attachments whose text is missing are read before it returns, ten minutes long at most.
        """
        engine = await self._ready()
        await self._caught_up.wait()
        told = progress or _nobody
        notes, files = engine.work()
        share = notes / (notes + NOTES_A_FILE * files) if files else 1.0
        await self._write(partial(engine.rebuild, lambda done: told(done * share)))
        await self.read_attachments(LONGEST_READING, lambda done: told(share + done * (1 - share)))

    async def read_attachments(self, seconds: float, progress: Progress | None = None) -> bool:
        """Wait until the texts of attachments can be found too, at most for so long.

        ``progress`` is told the share that was read. Returns whether all of them were.
        """
        engine = await self._ready()
        await self._caught_up.wait()
        deadline = time.monotonic() + seconds
        whole, done = True, 0
        while (path := await self._read_attachment(engine, deadline)) is not None:
            if not path:
                whole = False
                break
            done += 1
            (progress or _nobody)(done / (done + engine.work()[1]))
        await self.settle()
        return whole

    async def _read_attachment(self, engine: Engine, deadline: float) -> str | None:
        """The one that was read; None where none is left, "" where time is up."""
        # One thread reads, so that none is left means none is being read either.
        reading = self._extract(engine)
        try:
            async with asyncio.timeout(max(0.0, deadline - time.monotonic())):
                return await asyncio.shield(reading)
        except TimeoutError:
            return ""

    def _extract(self, engine: Engine) -> asyncio.Future[str | None]:
        def read() -> str | None:
            path = engine.read_attachment()
            if path is not None:
                self.hint(path)
            return path

        return asyncio.get_running_loop().run_in_executor(self._extractor, read)

    def hint(self, path: str) -> None:
        """Something happened to ``path``; with an empty path: anything may have happened."""
        first = self._hints.add(path)
        loop = self._loop
        if first and loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._schedule)

    async def settle(self) -> None:
        """Return when every hint given so far can be found."""
        await self._ready()
        await self._caught_up.wait()
        await self._follow()

    async def _ready(self) -> Engine:
        await self._begun.wait()
        if self._failure is not None or self._engine is None:
            raise VaultError(
                "The search index cannot be opened: {reason}", "error.index", reason=self._failure
            )
        return self._engine

    def _schedule(self) -> None:
        """Look at the hinted files after a moment, in which more of them may come."""
        if self._timer is None and self._caught_up.is_set() and self._loop is not None:
            self._timer = self._loop.call_later(self._settings.debounce, self._due)

    def _due(self) -> None:
        self._timer = None
        self._spawn(self._follow())

    async def _follow(self) -> None:
        engine = await self._ready()
        hints = self._hints.take()
        try:
            again = await self._write(partial(engine.follow, hints))
        finally:
            self._hints.done()
        self._looked.set()
        if again:
            self._spawn(self._look_again(again))
        if self._merging is None or self._merging.done():
            self._merging = self._spawn(self._merge(engine, idle=EVERYTHING in hints))

    async def _look_again(self, paths: list[str]) -> None:
        """Look once more at files that were so fresh that another change would not be noticed."""
        await asyncio.sleep(RACY)
        for path in paths:
            self.hint(path)

    async def _merge(self, engine: Engine, idle: bool) -> None:
        """Make few segments of many; changes are taken in and found meanwhile."""
        loop = asyncio.get_running_loop()
        while (merging := await self._write(partial(engine.begin_merge, idle))) is not None:
            await loop.run_in_executor(self._patient, engine.prepare_merge, merging)
            await self._write(partial(engine.end_merge, merging))

    async def _read_attachments(self, engine: Engine) -> None:
        """Read the text of attachments one by one; notes never wait for it."""
        while True:
            while await self._extract(engine) is not None:
                pass
            await self._looked.wait()
            self._looked.clear()

    async def _reconcile_now_and_then(self) -> None:
        while True:
            spread = random.uniform(0.9, 1.1)  # noqa: S311 - jitter, not a secret
            await asyncio.sleep(self._settings.scan_interval * spread)
            self.hint(EVERYTHING)

    async def _follow_settings(self, engine: Engine) -> None:
        """Look at what is excluded: no hint comes from the folder of Obsidian's settings."""
        while True:
            await asyncio.sleep(self._settings.settings_interval)
            if await self._write(engine.excludes_others):
                self.hint(EVERYTHING)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        assert self._loop is not None
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _write(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._writer, call)

    async def _read(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._reader, call)


class _Hints:
    """Paths to look at, collected from any thread, each once."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._paths: set[str] = set()
        self._since: float | None = None  # of the oldest hint that is waiting
        self._working_since: float | None = None  # of the oldest that is being looked at

    def add(self, path: str) -> bool:
        """Note a path; true when it is the first one."""
        with self._lock:
            first = not self._paths
            if first:
                self._since = time.monotonic()
            if path == EVERYTHING or len(self._paths) >= MOST_HINTS:
                self._paths = {EVERYTHING}
            elif EVERYTHING not in self._paths:
                self._paths.add(path)
            return first

    def take(self) -> set[str]:
        """The paths so far, to be looked at now."""
        with self._lock:
            paths, self._paths = self._paths, set()
            self._working_since = self._working_since or self._since
            self._since = None
            return paths

    def done(self) -> None:
        """What was taken has been looked at."""
        with self._lock:
            self._working_since = None

    def age(self) -> float:
        """Seconds since the oldest change that may not be found yet."""
        with self._lock:
            since = self._working_since or self._since
        return time.monotonic() - since if since is not None else 0.0


def _nobody(share: float) -> None:
    """Nobody wants to know."""


def _load_engine(
    root: Path, folder: Path, settings: IndexSettings, attachments: Attachments | None
) -> Engine:
    # The engine takes a tenth of a second to import, which start-up can do without.
    from octopus.backends.whoosh.engine import Engine  # noqa: PLC0415

    return Engine(root, folder, settings, attachments)
