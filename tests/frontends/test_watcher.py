"""What is done to a folder arrives as hints."""

from __future__ import annotations

import asyncio
import logging
import warnings
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from loguru import logger
from watchdog.events import (
    DirCreatedEvent,
    DirDeletedEvent,
    DirModifiedEvent,
    DirMovedEvent,
    FileClosedNoWriteEvent,
    FileCreatedEvent,
    FileDeletedEvent,
    FileModifiedEvent,
    FileMovedEvent,
    FileOpenedEvent,
    FileSystemEvent,
)

from octopus.frontends.watcher import BURST, Watcher, _Handler
from tests.patience import PATIENCE


class Hints:
    """Collects hints, and lets a test wait for one."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        self._loop = asyncio.get_running_loop()
        self._changed = asyncio.Event()

    def __call__(self, path: str) -> None:
        self.paths.append(path)
        self._loop.call_soon_threadsafe(self._changed.set)

    async def until(self, path: str) -> None:
        async with asyncio.timeout(PATIENCE):
            while path not in self.paths:
                await self._changed.wait()
                self._changed.clear()


def state(watcher: Watcher) -> str:
    """As a word, since a property that changes by itself confuses the type checker."""
    return "watching" if watcher.watching else "scanning"


async def watches(watcher: Watcher) -> None:
    """Return once it watches: an observer that was just replaced is not there for a moment."""
    async with asyncio.timeout(PATIENCE):
        while state(watcher) == "scanning":
            await asyncio.sleep(0.01)


@pytest.fixture
async def hints() -> Hints:
    return Hints()


@pytest.fixture
async def watcher(tmp_path: Path, hints: Hints) -> AsyncIterator[Watcher]:
    watcher = Watcher(tmp_path, hints, poll_interval=0.05, check_interval=0.05)
    await watcher.open()
    assert hints.paths == [""]
    hints.paths.clear()
    yield watcher
    await watcher.close()


async def test_new_file(watcher: Watcher, hints: Hints, tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text("x")
    await hints.until("a.md")
    assert watcher.watching


async def test_atomic_save_hints_at_the_final_name(
    watcher: Watcher, hints: Hints, tmp_path: Path
) -> None:
    (tmp_path / ".a.md.tmp").write_text("x")
    (tmp_path / ".a.md.tmp").replace(tmp_path / "a.md")
    await hints.until("a.md")
    assert not any(path.startswith(".") for path in hints.paths)


async def test_folder_moved_in_asks_for_a_scan(
    watcher: Watcher, hints: Hints, tmp_path: Path
) -> None:
    (tmp_path / "sub").mkdir()
    await hints.until("")


async def test_hidden_folders_say_nothing(watcher: Watcher, hints: Hints, tmp_path: Path) -> None:
    (tmp_path / ".obsidian").mkdir()
    (tmp_path / ".obsidian" / "workspace.json").write_text("{}")
    (tmp_path / "b.md").write_text("x")
    await hints.until("b.md")
    assert set(hints.paths) == {"b.md"}


@pytest.mark.usefixtures("watcher")
def test_a_folder_that_is_found_twice_is_nothing_to_warn_of() -> None:
    module = "watchdog.observers.inotify"
    warnings.warn_explicit(
        "Callback with id '1' already exists for watch", RuntimeWarning, "inotify.py", 1, module
    )
    with pytest.raises(RuntimeWarning, match="another"):
        warnings.warn_explicit("another", RuntimeWarning, "inotify.py", 1, module)


async def test_dead_observer_is_replaced(watcher: Watcher, hints: Hints, tmp_path: Path) -> None:
    observer = watcher._observer
    assert observer is not None
    observer.stop()
    await hints.until("")
    hints.paths.clear()
    (tmp_path / "later.md").write_text("x")
    await hints.until("later.md")


async def test_unwatchable_folder_is_scanned(
    tmp_path: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("octopus.frontends.watcher._watches", lambda: 0)
    watcher = Watcher(tmp_path, hints, poll_interval=0.01)
    await watcher.open()
    hints.paths.clear()
    await hints.until("")
    assert not watcher.watching
    await watcher.close()


async def test_lost_events_ask_for_a_scan(watcher: Watcher, hints: Hints) -> None:
    logging.getLogger("watchdog.observers.inotify_c").warning(
        "Inotify queue overflowed; filesystem events were lost"
    )
    await hints.until("")
    await watches(watcher)


async def test_other_warnings_of_the_library_do_not(watcher: Watcher, hints: Hints) -> None:
    logging.getLogger("watchdog.observers.inotify_c").warning("something else")
    assert hints.paths == []
    assert watcher.watching


def test_burst_becomes_one_scan(tmp_path: Path) -> None:
    paths: list[str] = []
    handler = _Handler(tmp_path, paths.append, clock=lambda: 5.0)
    for number in range(3 * BURST):
        handler.on_any_event(FileModifiedEvent(str(tmp_path / f"n{number}.md")))
    assert len(paths) < BURST + 5
    assert paths.count("") == 3


def test_after_a_burst_files_are_named_again(tmp_path: Path) -> None:
    paths: list[str] = []
    now = [5.0]
    handler = _Handler(tmp_path, paths.append, clock=lambda: now[0])
    for _ in range(BURST):
        handler.on_any_event(FileModifiedEvent(str(tmp_path / "same.md")))
    now[0] = 6.0
    handler.on_any_event(FileModifiedEvent(str(tmp_path / "later.md")))
    assert paths[-1] == "later.md"


@pytest.mark.parametrize(
    ("event", "expected"),
    [
        (FileCreatedEvent("/v/a/b.md"), ["a/b.md"]),
        (FileMovedEvent("/v/old.md", "/v/new.md"), ["old.md", "new.md"]),
        (FileMovedEvent("/v/.tmp", "/v/new.md"), ["new.md"]),
        (FileMovedEvent("/v/old.md", "/elsewhere/new.md"), ["old.md"]),
        (FileDeletedEvent(b"/v/gone.md"), ["gone.md"]),
        (DirDeletedEvent("/v/folder"), [""]),
        (DirMovedEvent("/v/one", "/v/two"), ["", ""]),
        (DirModifiedEvent("/v/folder"), []),
        (DirCreatedEvent("/v/.git"), []),
        (FileOpenedEvent("/v/a.md"), []),
        (FileClosedNoWriteEvent("/v/a.md"), []),
        (FileModifiedEvent("/v"), []),
        (FileModifiedEvent("/vault/a.md"), []),
    ],
)
def test_events_as_hints(event: FileSystemEvent, expected: list[str]) -> None:
    paths: list[str] = []
    _Handler(Path("/v"), paths.append).on_any_event(event)
    assert paths == expected


async def test_vault_that_was_mounted_anew_is_watched_again(tmp_path: Path, hints: Hints) -> None:
    root = tmp_path / "vault"
    root.mkdir()
    watcher = Watcher(root, hints, poll_interval=0.05, check_interval=0.02)
    await watcher.open()
    hints.paths.clear()
    root.rename(tmp_path / "old")
    root.mkdir()
    await hints.until("")
    (root / "new.md").write_text("x")
    await hints.until("new.md")
    await watcher.close()


async def test_missing_vault_is_no_error(tmp_path: Path, hints: Hints) -> None:
    watcher = Watcher(tmp_path / "missing", hints, poll_interval=0.01, check_interval=0.01)
    await watcher.open()
    hints.paths.clear()
    await hints.until("")
    assert state(watcher) == "scanning"
    (tmp_path / "missing").mkdir()
    await watches(watcher)
    (tmp_path / "missing" / "new.md").write_text("x")
    await hints.until("new.md")
    await watcher.close()


async def test_one_warning_where_watching_is_impossible(
    tmp_path: Path, hints: Hints, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines: list[str] = []
    handle = logger.add(lambda message: lines.append(str(message)), format="{level} {message}")
    try:

        def exhausted(*_: object, **__: object) -> None:
            raise OSError(28, "inotify watch limit reached")

        monkeypatch.setattr("octopus.frontends.watcher.Observer.schedule", exhausted)
        watcher = Watcher(tmp_path, hints, poll_interval=0.005)
        await watcher.open()
        for _ in range(5):
            hints.paths.clear()
            await hints.until("")
        await watcher.close()
    finally:
        logger.remove(handle)
    warnings = [line for line in lines if line.startswith("WARNING")]
    assert len(warnings) == 1
    assert "max_user_watches" in warnings[0]
