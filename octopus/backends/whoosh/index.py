"""The search index as the rest of the program sees it: asynchronous, always answering."""

from __future__ import annotations

import asyncio
import random
import sys
import threading
import time
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from loguru import logger

from octopus.backends.whoosh.settings import EVERYTHING, IndexSettings
from octopus.core.search import Hits, IndexStatus, Skipped

if TYPE_CHECKING:
    from octopus.backends.whoosh.engine import Engine

T = TypeVar("T")
MOST_HINTS = 2000  # files; with more of them a scan of the whole vault is cheaper


class WhooshIndex:
    """Full-text search over the vault at ``vault_root``, kept in ``folder``.

    Indexing runs in one thread and searching in another; the event loop only waits for them.
    Exactly one process writes; others open the same folder and read what is there.
    """

    def __init__(self, vault_root: Path, folder: Path, settings: IndexSettings) -> None:
        self._root = vault_root.absolute()
        self._folder = folder
        self._settings = settings
        self._write_pool = ThreadPoolExecutor(1, "index-writer")
        self._read_pool = ThreadPoolExecutor(1, "index-reader")
        self._lock = threading.Lock()
        self._hints: set[str] = set()
        self._first_hint = 0.0
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._ready: asyncio.Future[None] | None = None

    async def open(self, *, read_only: bool = False, reconcile: bool = False) -> None:
        """Take up the index on disk; what changed since is caught up with in the background.

        ``reconcile`` waits until the index equals the vault, for a process that asks once.
        ``read_only`` never writes, and reads beside the process that does.
        """
        self._loop = asyncio.get_running_loop()
        if not read_only:
            self._previous_interval = sys.getswitchinterval()
            sys.setswitchinterval(self._settings.switch_interval)
        self._ready = self._loop.create_future()
        opening = self._spawn(self._start(read_only))
        if reconcile or read_only:
            await opening

    async def _start(self, read_only: bool) -> None:
        assert self._ready is not None
        try:
            self._engine = await self._write(
                partial(_load_engine, self._root, self._folder, self._settings)
            )
            await self._write(partial(self._engine.start, read_only))
        except Exception as error:  # noqa: BLE001 - logged, and told to every caller
            logger.exception("The search index cannot be kept; searches read the files instead")
            self._ready.set_exception(error)
            self._ready.exception()
            return
        self._ready.set_result(None)
        if not read_only:
            self._spawn(self._read(self._engine.warm))
            self._spawn(self._reconcile_now_and_then())
            if self._hints:
                self._schedule()

    async def close(self) -> None:
        """Stop following the vault and let go of the files."""
        if self._timer:
            self._timer.cancel()
        engine = getattr(self, "_engine", None)
        if engine:
            engine.stop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if engine:
            await self._write(engine.close)
        self._write_pool.shutdown(wait=True, cancel_futures=True)
        self._read_pool.shutdown(wait=True, cancel_futures=True)
        if hasattr(self, "_previous_interval"):
            sys.setswitchinterval(self._previous_interval)

    async def search(self, query: str, *, limit: int = 10, offset: int = 0) -> Hits:
        """The notes that answer ``query``, the best first. Never raises for what was typed."""
        await self._begun()
        return await self._read(partial(self._engine.search, query, max(0, limit), max(0, offset)))

    async def status(self) -> IndexStatus:
        """How well the index covers the vault."""
        await self._begun()
        lag = (time.monotonic() - self._first_hint) * 1000 if self._hints else 0.0
        indexer = self._engine.indexer
        skipped = tuple(Skipped(p, r) for p, r in sorted(indexer.skipped.items()))
        return IndexStatus(
            notes=indexer.notes,
            indexed=indexer.indexed_notes,
            skipped=skipped,
            lag_ms=lag,
            generation=indexer.snapshot.generation,
            rebuilding=indexer.progress,
        )

    async def rebuild(self, progress: Callable[[float], None] | None = None) -> None:
        """Build the index anew; searches are answered from the old one until it is done."""
        await self._prepared()
        await self._write(partial(self._engine.rebuild, progress))

    def hint(self, path: str) -> None:
        """Something happened to ``path``; with an empty path: anything may have happened."""
        with self._lock:
            if not self._hints:
                self._first_hint = time.monotonic()
            if len(self._hints) >= MOST_HINTS or path == EVERYTHING:
                self._hints = {EVERYTHING}
            elif EVERYTHING not in self._hints:
                self._hints.add(path)
        loop = getattr(self, "_loop", None)
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._schedule)

    async def settle(self) -> None:
        """Return when every hint given so far can be found."""
        await self._prepared()
        await self._flush()

    # Inside

    def _schedule(self) -> None:
        if self._timer is not None or self._ready is None or not self._ready.done():
            return
        self._timer = self._loop.call_later(self._settings.debounce, self._due)

    def _due(self) -> None:
        self._timer = None
        self._spawn(self._flush())

    async def _flush(self) -> None:
        with self._lock:
            hints, self._hints = self._hints, set()
        again = await self._write(partial(self._engine.follow, hints))
        for path in again:
            self.hint(path)

    async def _reconcile_now_and_then(self) -> None:
        while True:
            spread = random.uniform(0.9, 1.1)  # noqa: S311 - jitter, not a secret
            await asyncio.sleep(self._settings.scan_interval * spread)
            self.hint(EVERYTHING)

    async def _begun(self) -> None:
        """Wait until the engine is loaded; it may still be catching up."""
        while not hasattr(self, "_engine"):
            if self._ready is not None and self._ready.done():
                await self._ready
            await asyncio.sleep(0.005)

    async def _prepared(self) -> None:
        if self._ready is None:
            raise RuntimeError("the index is not open")
        await asyncio.shield(self._ready)

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def _write(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._write_pool, call)

    async def _read(self, call: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._read_pool, call)


def _load_engine(root: Path, folder: Path, settings: IndexSettings) -> Engine:
    # The engine takes a tenth of a second to import, which start-up can do without.
    from octopus.backends.whoosh.engine import Engine  # noqa: PLC0415

    return Engine(root, folder, settings)
