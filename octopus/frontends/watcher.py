"""Notice what the owner, Obsidian or a synchroniser does to the vault, and pass it on as hints.

A hint may be missed, doubled or wrong: whoever takes it looks at the file, and scans the whole
vault now and then. So this never has to be complete, only quick, and honest when it is not.
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
import warnings
from collections.abc import Callable
from pathlib import Path

from loguru import logger
from watchdog.events import (
    EVENT_TYPE_CLOSED_NO_WRITE,
    EVENT_TYPE_OPENED,
    FileSystemEvent,
    FileSystemEventHandler,
)
from watchdog.observers import Observer
from watchdog.observers.api import BaseObserver

Hint = Callable[[str], None]  # a path within the vault; "" when anything may have changed

# The kernel drops events when 16,384 are waiting (max_queued_events). Nobody but a synchroniser
# makes this many within a second, and a scan then is cheaper than looking at each of them.
BURST = 2000
POLLS_BETWEEN_ATTEMPTS = 60  # at watching, where it was impossible
_REMEDY = "raise fs.inotify.max_user_watches and fs.inotify.max_user_instances with sysctl"


class Watcher:
    """Watches the folder ``root`` and calls ``hint`` from a thread of its own.

    Where the system cannot watch, ``hint("")`` every ``poll_interval`` seconds asks for a scan
    instead. ``check_interval`` is how often a dead observer or a remounted vault is looked for.
    """

    def __init__(
        self, root: Path, hint: Hint, *, poll_interval: float = 10.0, check_interval: float = 5.0
    ) -> None:
        self._root = root.absolute()
        self._hint = hint
        self._poll_interval = poll_interval
        self._check_interval = check_interval
        self._observer: BaseObserver | None = None
        self._identity: tuple[int, int] | None = None
        self._task: asyncio.Task[None] | None = None
        self._warned = False
        self._overflow = _OverflowListener(hint)

    async def open(self) -> None:
        """Start watching. Never fails: what cannot be watched is scanned."""
        # A folder made within a new folder is found twice, by its event and by the walk through
        # the new one. watchdog 7 watches it once, and warns: nobody has to do anything about it.
        warnings.filterwarnings("ignore", "Callback with id", RuntimeWarning, r"watchdog\.")
        logging.getLogger("watchdog").addHandler(self._overflow)
        await asyncio.to_thread(self._start)
        self._task = asyncio.create_task(self._look_after())
        self._hint("")  # what happened before the first watch was set is not known

    async def close(self) -> None:
        """Stop watching."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await asyncio.to_thread(self._stop)
        logging.getLogger("watchdog").removeHandler(self._overflow)

    @property
    def watching(self) -> bool:
        """True while changes are noticed at once, false while only scans find them."""
        observer = self._observer
        return (
            observer is not None
            and observer.is_alive()
            and all(emitter.is_alive() for emitter in observer.emitters)
        )

    def _start(self) -> None:
        observer = Observer()
        self._identity = _identity(self._root)
        try:
            observer.schedule(_Handler(self._root, self._hint), str(self._root), recursive=True)
            observer.start()
        except (OSError, RuntimeError) as error:
            self._warn(f"{error}")
            return
        self._observer = observer
        missing = _folders(self._root) - _watches()
        if missing > 0:
            self._warn(f"{missing} folders are not watched")
            self._stop()

    def _stop(self) -> None:
        observer, self._observer = self._observer, None
        if observer is not None:
            observer.stop()
            observer.join(timeout=5)

    def _warn(self, problem: str) -> None:
        if not self._warned:
            logger.warning(
                "The vault cannot be watched ({}); it is scanned every {} s instead; to mend it {}",
                problem,
                self._poll_interval,
                _REMEDY,
            )
        self._warned = True

    async def _look_after(self) -> None:
        polls = 0
        while True:
            if self._observer is None:
                await asyncio.sleep(self._poll_interval)
                polls += 1
                # The vault may have been mounted, or the limit been raised, meanwhile.
                if _identity(self._root) != self._identity or not polls % POLLS_BETWEEN_ATTEMPTS:
                    await asyncio.to_thread(self._start)
                self._hint("")
                continue
            await asyncio.sleep(self._check_interval)
            if not self.watching or _identity(self._root) != self._identity:
                logger.warning("Watching the vault stopped; it is started again")
                await asyncio.to_thread(self._stop)
                await asyncio.to_thread(self._start)
                self._hint("")


class _Handler(FileSystemEventHandler):
    def __init__(self, root: Path, hint: Hint, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._prefix = str(root) + os.sep
        self._hint = hint
        self._second = 0
        self._count = 0

    def on_any_event(self, event: FileSystemEvent) -> None:
        """Hint at every path that the event names."""
        if self._bursting():
            return
        if event.event_type in {EVENT_TYPE_OPENED, EVENT_TYPE_CLOSED_NO_WRITE}:
            return
        # An atomic save is a move: the name that counts is the one that it was moved to.
        for path in (event.src_path, event.dest_path):
            relative = self._relative(os.fsdecode(path))
            if relative is None:
                continue
            if not event.is_directory:
                self._hint(relative)
            elif event.event_type != "modified":
                self._hint("")  # everything below it came, went or moved with it

    def _bursting(self) -> bool:
        second = int(self._clock())
        if second != self._second:
            self._second, self._count = second, 0
        self._count += 1
        if self._count % BURST == 0:
            self._hint("")
        return self._count >= BURST

    def _relative(self, path: str) -> str | None:
        if not path.startswith(self._prefix):
            return None
        relative = path[len(self._prefix) :].replace(os.sep, "/")
        hidden = relative.startswith(".") or "/." in relative
        return None if hidden or not relative else relative


class _OverflowListener(logging.Handler):
    """The observer says in its log, and only there, that the kernel has dropped events."""

    def __init__(self, hint: Hint) -> None:
        super().__init__(logging.WARNING)
        self._hint = hint

    def emit(self, record: logging.LogRecord) -> None:
        """Ask for a scan when events were lost."""
        if "overflow" in record.getMessage():
            self._hint("")


def _identity(root: Path) -> tuple[int, int] | None:
    try:
        info = root.stat()
    except OSError:
        return None
    return info.st_dev, info.st_ino


def _folders(root: Path) -> int:
    return sum(1 for _ in os.walk(root))


def _watches() -> int:
    """How many inotify watches this process holds (proc(5), ``/proc/pid/fdinfo``)."""
    count = 0
    for path in Path("/proc/self/fdinfo").glob("*"):
        try:
            count += path.read_text("ascii").count("inotify wd:")
        except (OSError, ValueError):
            continue  # closed meanwhile: then it holds none
    return count
