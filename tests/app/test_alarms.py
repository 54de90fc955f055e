"""The alarms that stand in notes are followed while Octopus runs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from octopus.app import alarms as module
from octopus.app.alarms import Alarms
from octopus.backends.sqlite import Database, SqliteOutbox, SqliteReminders
from octopus.core.event import Bus
from octopus.core.ports import Notes
from octopus.core.reminder import Quiet, Reminder
from octopus.core.todo import Todo
from octopus.errors import VaultUnavailable
from octopus.language.reminding import Wording
from tests.fakes.ports import FakeClock
from tests.patience import PATIENCE

NOON = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)


class SomeNotes:
    """What is known of the notes, as far as alarms need it."""

    def __init__(self) -> None:
        self.found: list[Todo] = []
        self.listeners: list[Callable[[frozenset[str]], None]] = []
        self.away: list[Exception] = []

    async def todos(self) -> list[Todo]:
        if self.away:
            raise self.away.pop()
        return self.found

    def subscribe(self, listener: Callable[[frozenset[str]], None]) -> None:
        self.listeners.append(listener)

    def changed(self, *todos: Todo) -> None:
        self.found = list(todos)
        for listener in self.listeners:
            listener(frozenset({"Tasks.md"}))


class House:
    """The alarms over a real store."""

    def __init__(self, folder: Path) -> None:
        self.database = Database(folder / "octopus.db")
        self.reminders = SqliteReminders(self.database, Bus())
        self.outbox = SqliteOutbox(self.database)
        self.notes = SomeNotes()
        self.clock = FakeClock(NOON)
        self.copied = asyncio.Event()
        self.reminders.subscribe(self.copied.set)
        home = Reminder(0, "", NOON.replace(tzinfo=None), "UTC", NOON, "console", user="owner")
        self.alarms = Alarms(
            self.reminders, cast("Notes", self.notes), self.clock, Wording(Quiet()), lambda: home
        )

    async def armed(self) -> list[str]:
        """What is armed once the notes were copied anew."""
        async with asyncio.timeout(PATIENCE):
            await self.copied.wait()
        self.copied.clear()
        return [each.text for each in await self.reminders.armed()]


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[House]:
    monkeypatch.setattr(module, "AGAIN", 0.01)
    found = House(tmp_path)
    await found.database.open()
    await found.alarms.start()
    assert await found.armed() == []
    yield found
    await found.alarms.close()
    await found.database.close()


def todo(words: str, hours: float = 1) -> Todo:
    at = (NOON + timedelta(hours=hours)).replace(tzinfo=None)
    return Todo("Tasks.md", 1, " ", True, words, words, remind_at=at)


async def test_a_change_of_the_notes_is_followed(house: House) -> None:
    house.notes.changed(todo("feed the cat"))
    assert await house.armed() == ["feed the cat"]
    house.notes.changed()
    assert await house.armed() == []


@pytest.mark.parametrize("error", [VaultUnavailable("gone"), OSError("the disk")])
async def test_while_the_vault_is_away_its_alarms_stay(house: House, error: Any) -> None:
    house.notes.changed(todo("feed the cat"))
    assert await house.armed() == ["feed the cat"]
    house.notes.away = [error]
    house.notes.changed(todo("feed the cat"), todo("water the ferns", 2))
    assert await house.armed() == ["feed the cat", "water the ferns"]  # at the second try


async def test_a_look_tells_all_that_is_due_and_says_when_the_next_is(house: House) -> None:
    house.notes.changed(*(todo(f"n{number}", 1) for number in range(250)), todo("later", 3))
    assert len(await house.armed()) == 251
    assert await house.alarms.look() == NOON + timedelta(hours=1)
    house.clock.pass_(hours=1)
    assert await house.alarms.look() == NOON + timedelta(hours=3)
    assert len(await house.outbox.due("console", 500)) == 250
    house.clock.pass_(hours=2)
    assert await house.alarms.look() is None
    assert await house.alarms.look() is None
