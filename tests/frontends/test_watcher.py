"""What is done to a folder arrives as hints."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from octopus.frontends.watcher import Watcher


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
        async with asyncio.timeout(10):
            while path not in self.paths:
                await self._changed.wait()
                self._changed.clear()


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
