"""Keeps the alarms going: tells what is due, and copies those that stand in notes."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import datetime

from loguru import logger

from octopus.backends.sqlite import SqliteReminders
from octopus.core.ports import Clock, Notes
from octopus.core.reminder import Reminder, Teller
from octopus.errors import OctopusError

#: Seconds between two tries to copy what could not be copied.
AGAIN = 30.0


class Alarms:
    """What is due is told by :meth:`look`; the notes are followed while it is started."""

    def __init__(
        self,
        reminders: SqliteReminders,
        notes: Notes,
        clock: Clock,
        teller: Teller,
        home: Callable[[], Reminder],
    ) -> None:
        self._reminders = reminders
        self._notes = notes
        self._clock = clock
        self._teller = teller
        self._home = home
        self._noted = asyncio.Event()
        self._copying: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Follow the notes from now on."""
        self._notes.subscribe(lambda changed: self._noted.set())
        self._noted.set()
        self._copying = asyncio.create_task(self._follow(), name="alarms-of-notes")

    async def close(self) -> None:
        """Follow them no longer."""
        if self._copying is not None:
            self._copying.cancel()
            await asyncio.gather(self._copying, return_exceptions=True)

    async def look(self) -> datetime | None:
        """Tell what is due; returns when the next is."""
        now = self._clock.now()
        while await self._reminders.fire(now, self._teller):
            pass
        return await self._reminders.next_due()

    async def copy(self) -> None:
        """Make the alarms of to-dos what the notes say. Raises VaultUnavailable."""
        todos = await self._notes.todos()
        came, moved, gone = await self._reminders.sync(todos, self._home(), self._clock.now())
        if came or moved or gone:
            logger.debug("alarms in notes: {} new, {} moved, {} gone", came, moved, gone)

    async def _follow(self) -> None:
        while True:
            await self._noted.wait()
            self._noted.clear()
            try:
                await self.copy()
            except OctopusError as error:  # the vault is away: its alarms stay as they are
                logger.warning("the alarms in notes cannot be read: {}", error)
                self._noted.set()
                await asyncio.sleep(AGAIN)
            except Exception:  # noqa: BLE001 - the next change must still be followed
                logger.exception("the alarms in notes could not be copied")
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(self._noted.wait(), AGAIN)
                self._noted.set()
