"""Keeps messages that show to-dos true: ticked in Obsidian, it is ticked on the phone."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from octopus.core.ports import Clock, Notes, Vault, Views
from octopus.errors import VaultError
from octopus.handlers.todos import refreshed
from octopus.language.todo_view import again
from octopus.obsidian.settings import TASKS, read_settings

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Habits:
    """How eagerly messages are kept true."""

    prefix: str = "telegram:"  # conversations whose messages can be changed
    debounce: float = 1.0  # seconds in which changes are collected
    again: float = 15.0  # seconds until another look: a message may have been on its way
    days: float = 3.0  # older messages stay as they are; the message of the day never does
    most: int = 30  # messages at once, the newest


class LiveViews:
    """Looks at the messages of the last days whenever notes change, and when the day does."""

    def __init__(
        self, notes: Notes, views: Views, vault: Vault, clock: Clock, habits: Habits | None = None
    ) -> None:
        self._notes = notes
        self._views = views
        self._vault = vault
        self._clock = clock
        self._habits = habits or Habits()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None
        notes.subscribe(lambda paths: self._changed.set())

    async def start(self) -> None:
        """Begin with what changed while nobody looked."""
        self._changed.set()
        self._task = asyncio.create_task(self._run(), name="live-views")

    async def close(self) -> None:
        """Stop; what was put out already is shown at the next start."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task

    async def _run(self) -> None:
        habits, pause = self._habits, 0.0
        while True:
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._changed.wait(), pause or self._to_midnight())
            changed = self._changed.is_set()
            if changed:
                await asyncio.sleep(habits.debounce)
            self._changed.clear()
            try:
                await self.refresh()
            except VaultError as error:
                log.info("messages stay as they are: %s", error)
            except Exception:
                log.exception("messages that show to-dos could not be looked at")
            pause = habits.again if changed else 0.0

    async def refresh(self) -> int:
        """Change every message that is not true any more; returns how many there were."""
        habits, now = self._habits, self._clock.now()
        since = now - timedelta(days=habits.days)
        standing = await self._views.standing(habits.prefix, since, habits.most)
        if not standing:
            return 0
        await self._notes.settle()
        todos = await self._notes.todos()
        settings = read_settings({TASKS: await self._vault.text_of(TASKS)}).tasks
        count, drifted = 0, []
        for message in standing:
            old = message.reply
            if old.view is None:
                continue
            new = refreshed(old.view, todos, now.date(), settings)
            reply = again(old, new)
            if reply is not None:
                count += await self._views.change(message, reply)
            elif new.view is not None and new.view.items != old.view.items:
                drifted.append((message, new.view))
        if drifted:
            await self._views.keep(drifted)
        return count

    def _to_midnight(self) -> float:
        """Seconds until the day changes; at most an hour, since the zone may change as well."""
        now = self._clock.now()
        midnight = datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)
        return min(max(1.0, (midnight - now).total_seconds() + 1.0), 3600.0)
